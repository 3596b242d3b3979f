"""Data that are late: the repair, the state on the device page, what is logged."""

from datetime import date, timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.watch import issue_keeper as right_issues
from tests.sandbox import FLAT, HOUSE, INDUSTRY, WAITING, Fault, Sandbox
from tests.sandbox.faults import Faults

from .common import next_day, settle
from .conftest import AddEntry


def _late(hass: HomeAssistant) -> list[ir.IssueEntry]:
    return [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN
        and issue.active
        and str(issue.translation_key).startswith("data_late")
    ]


def _state(hass: HomeAssistant, meter: str = "meter_0001") -> str | None:
    state = hass.states.get(f"sensor.{meter}_state")
    return state.state if state else None


def _withhold(sandbox: Sandbox, pce: str, newest: date) -> None:
    """Let GRDF publish nothing newer than a gas day for two months."""
    for days in range(1, 40):
        day = newest + timedelta(days=days)
        sandbox.delay(pce, day, newest + timedelta(days=60))


async def test_a_meter_is_up_to_date_and_nothing_is_late(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    assert _state(hass) == "up_to_date"
    assert _late(hass) == []


async def test_a_few_days_of_delay_are_no_repair_a_week_is(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    newest = max(sandbox.available_days(HOUSE))
    _withhold(sandbox, HOUSE, newest)

    for _ in range(5):
        await next_day(hass, clock, entry)
    assert _late(hass) == []
    assert _state(hass) == "up_to_date"

    await next_day(hass, clock, entry)

    (issue,) = _late(hass)
    assert issue.severity is ir.IssueSeverity.WARNING
    assert not issue.is_fixable
    placeholders = issue.translation_placeholders or {}
    assert placeholders["date"] == newest.isoformat()
    assert HOUSE not in str(placeholders)
    assert _state(hass) == "data_late"


async def test_the_repair_goes_by_itself_once_the_days_have_come(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    newest = max(sandbox.available_days(HOUSE))
    _withhold(sandbox, HOUSE, newest)
    clock.tick(timedelta(days=7))
    await next_day(hass, clock, entry)
    assert _late(hass)

    for days in range(1, 40):
        sandbox.restore(HOUSE, newest + timedelta(days=days))
    await next_day(hass, clock, entry)

    assert _late(hass) == []
    assert _state(hass) == "up_to_date"


async def test_many_late_meters_have_one_repair_that_names_them(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(right_issues, "MOST_SINGLE_REPAIRS", 1)
    entry = await import_meters(HOUSE, INDUSTRY)
    for pce in (HOUSE, INDUSTRY):
        _withhold(sandbox, pce, max(sandbox.available_days(pce)))

    clock.tick(timedelta(days=8))
    await next_day(hass, clock, entry)

    (issue,) = _late(hass)
    assert issue.translation_key == "data_late_many"
    named = (issue.translation_placeholders or {})["meters"]
    assert "Meter 0001" in named
    assert f"Meter {INDUSTRY[-4:]}" in named


async def test_a_right_that_ended_makes_no_data_late(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.right(HOUSE).state = "Révoquée"

    clock.tick(timedelta(days=30))
    await next_day(hass, clock, entry)

    assert _late(hass) == []
    assert _state(hass) == "right_ended"


async def test_who_waits_for_the_customer_sees_so(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(WAITING)

    assert _state(hass, f"meter_{WAITING[-4:]}") == "waiting_for_consent"


async def test_a_first_import_that_cannot_go_on_shows_the_reason(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.fail_next("informatives", Fault.status(503), times=1000)
    entry = await import_meters(HOUSE)
    assert _state(hass) == "meter_failing"

    sandbox.faults = Faults()
    clock.tick(timedelta(hours=2))
    await settle(hass, entry)
    assert _state(hass) == "up_to_date"


async def test_grdf_away_is_logged_once_and_its_return_once(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "custom_components.grdf_adict")
    entry = await import_meters(HOUSE, FLAT)
    sandbox.fail_next(None, Fault.status(503), times=1000)
    caplog.clear()

    for _ in range(3):
        await next_day(hass, clock, entry)
    assert len(_logged(caplog, "Error fetching")) == 1

    sandbox.faults = Faults()
    for _ in range(2):
        await next_day(hass, clock, entry)
    assert len(_logged(caplog, "Error fetching")) == 1
    assert _state(hass) == "up_to_date"


def _logged(caplog: pytest.LogCaptureFixture, what: str) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == "custom_components.grdf_adict" and what in record.getMessage()
    ]
