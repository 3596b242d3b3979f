"""The reminder that a meter's files have ended, and how it goes."""

from datetime import date, timedelta
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.exchange.take_in import async_take_files
from custom_components.grdf_adict.files import read_export
from tests.exports import build_daily, invented_days
from tests.sandbox import HOUSE, Sandbox

from .common import next_day
from .conftest import AddEntry
from .repair import repair, shown

TODAY: Final = date(2026, 11, 20)
PCES: Final = tuple(f"099999999{number:05}" for number in range(6))


async def _files_entry(hass: HomeAssistant, *pces: str) -> MockConfigEntry:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Exported files",
        unique_id="files",
        data={"environment": "production"},
        subentries_data=[
            ConfigSubentryData(
                subentry_type="meter",
                title=f"Meter {pce[-4:]}",
                unique_id=pce,
                data={"pce": pce},
            )
            for pce in pces
        ],
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def _take(hass: HomeAssistant, entry: MockConfigEntry, last: date) -> None:
    """Import a file into each meter that ends on a day."""
    for meter in entry.runtime_data.meters.values():
        days = invented_days(last - timedelta(days=9), last)
        content = build_daily(days, pce=meter.pce, exported_on=last)
        await async_take_files(meter, read_export(content, today=TODAY).meters)
    await hass.async_block_till_done(wait_background_tasks=True)


def _reminders(hass: HomeAssistant) -> set[str]:
    return {text for text in shown(hass) if text.startswith("files_end")}


@pytest.mark.parametrize(("days_ago", "texts"), [(39, set()), (40, {"files_end"})])
async def test_files_that_ended_forty_days_ago_are_reported(
    hass: HomeAssistant, days_ago: int, texts: set[str]
) -> None:
    entry = await _files_entry(hass, HOUSE)

    await _take(hass, entry, TODAY - timedelta(days=days_ago))

    assert _reminders(hass) == texts
    if texts:
        issue = repair(hass, "files_end")
        placeholders: dict[str, Any] = issue.translation_placeholders or {}
        assert placeholders["date"] == "2026-10-11"
        assert placeholders["pce"] == "…0001"
        assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.WARNING, False)


async def test_the_reminder_comes_with_time_and_goes_with_a_new_file(
    hass: HomeAssistant, clock: FrozenDateTimeFactory
) -> None:
    entry = await _files_entry(hass, HOUSE)
    await _take(hass, entry, TODAY - timedelta(days=39))
    assert not _reminders(hass)

    await next_day(hass, clock, entry)
    assert _reminders(hass) == {"files_end"}

    await _take(hass, entry, TODAY - timedelta(days=3))
    assert not _reminders(hass)


async def test_a_reminder_that_is_ignored_does_not_come_back(
    hass: HomeAssistant, clock: FrozenDateTimeFactory
) -> None:
    entry = await _files_entry(hass, HOUSE)
    await _take(hass, entry, TODAY - timedelta(days=40))
    issue_id = repair(hass, "files_end").issue_id
    ir.async_ignore_issue(hass, DOMAIN, issue_id, ignore=True)

    await _take(hass, entry, TODAY - timedelta(days=38))
    for _ in range(3):
        await next_day(hass, clock, entry)

    issue = repair(hass, "files_end")
    assert issue.issue_id == issue_id
    assert issue.dismissed_version is not None


async def test_many_meters_have_one_reminder(hass: HomeAssistant) -> None:
    entry = await _files_entry(hass, *PCES)

    await _take(hass, entry, TODAY - timedelta(days=50))

    assert _reminders(hass) == {"files_end_many"}
    placeholders = repair(hass, "files_end_many").translation_placeholders or {}
    assert placeholders["count"] == "6"


async def test_a_contract_is_reminded_of_files_once_its_right_is_gone(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    await _take(hass, entry, TODAY - timedelta(days=130))
    assert not _reminders(hass)

    sandbox.right(HOUSE).state = "Révoquée"
    await entry.runtime_data.account.async_reread()
    await hass.async_block_till_done(wait_background_tasks=True)
    # GRDF's own gas days end a few days ago.
    assert not _reminders(hass)

    clock.tick(timedelta(days=45))
    await next_day(hass, clock, entry)
    assert _reminders(hass) == {"files_end"}
