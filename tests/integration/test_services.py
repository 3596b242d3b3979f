"""The actions, as an automation or a person calls them."""

from datetime import timedelta
from typing import Any

from homeassistant.components.recorder.db_schema import Statistics
from homeassistant.components.recorder.statistics import async_add_external_statistics
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers.recorder import get_instance, session_scope
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import HOUSE, Fault, Sandbox

from .actions import device_of
from .common import held, stored_rows
from .conftest import AddEntry

ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"


async def _rebuild(hass: HomeAssistant, device_id: str, **data: Any) -> None:
    await hass.services.async_call(
        DOMAIN,
        "rebuild_statistics",
        {"device_id": device_id, **data},
        blocking=True,
        context=data.pop("context", None),
    )


async def test_rebuilding_writes_all_rows_anew_without_a_call(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)
    sandbox.reset_calls()
    written: list[int] = []

    def counting(home: HomeAssistant, metadata: Any, rows: list[Any]) -> None:
        written.append(len(rows))
        async_add_external_statistics(home, metadata, rows)

    monkeypatch.setattr(
        "custom_components.grdf_adict.external_statistics.rows.async_add_external_statistics",
        counting,
    )

    await _rebuild(hass, device_of(hass, entry, HOUSE))

    # Of each gas day, its row and the base row before it.
    assert written == [2 * len(before)] * 2
    assert await stored_rows(hass, ENERGY) == before
    assert sandbox.calls == []


async def test_rebuilding_from_grdf_asks_for_all_it_keeps(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.correct(HOUSE, sandbox.today - timedelta(days=90), kwh=77)
    sandbox.reset_calls()

    await _rebuild(hass, device_of(hass, entry, HOUSE), from_grdf=True)

    rows = {day: state for day, state, _ in await stored_rows(hass, ENERGY)}
    assert rows == held(sandbox, HOUSE)
    assert len(sandbox.calls) == 4


async def test_rebuilding_loses_nothing_while_grdf_is_unavailable(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)
    sandbox.fail_next(None, Fault.status(503), times=100)

    with pytest.raises(HomeAssistantError) as failure:
        await _rebuild(hass, device_of(hass, entry, HOUSE), from_grdf=True)

    assert failure.value.translation_key == "rebuild_failed"
    assert await stored_rows(hass, ENERGY) == before


async def test_rebuilding_needs_an_administrator(
    hass: HomeAssistant, add_entry: AddEntry, hass_read_only_user: MockUser
) -> None:
    entry = await add_entry(HOUSE)

    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "rebuild_statistics",
            {"device_id": device_of(hass, entry, HOUSE)},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )


async def test_rebuilding_an_unknown_device_is_refused(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    await add_entry(HOUSE)

    with pytest.raises(ServiceValidationError):
        await _rebuild(hass, "nonsense")


async def test_doubled_rows_are_corrected(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)

    def double() -> None:
        with session_scope(hass=hass) as session:
            for row in session.query(Statistics):
                row.sum = 2 * (row.sum or 0)

    await get_instance(hass).async_add_executor_job(double)
    await _rebuild(hass, device_of(hass, entry, HOUSE))

    assert await stored_rows(hass, ENERGY) == before


@pytest.mark.parametrize(
    ("key", "data"),
    [
        ("not_confirmed", {"statistic_id": ENERGY, "confirm": False}),
        ("not_a_series", {"statistic_id": "sensor.gas", "confirm": True}),
        ("series_in_use", {"statistic_id": ENERGY, "confirm": True}),
    ],
)
async def test_the_reason_why_nothing_was_erased_has_a_text_in_both_languages(
    hass: HomeAssistant, import_meters: AddEntry, key: str, data: dict[str, Any]
) -> None:
    await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)

    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(DOMAIN, "forget_meter", data, blocking=True)

    error = refused.value
    assert error.translation_domain == DOMAIN
    place = f"component.{DOMAIN}.exceptions.{error.translation_key}.message"
    english, french = [
        (await async_get_translations(hass, language, "exceptions", [DOMAIN]))[place]
        for language in ("en", "fr")
    ]
    assert error.translation_key == key
    assert str(error) == english
    assert " " in english
    assert " " in french
    assert french != english
    assert await stored_rows(hass, ENERGY) == before
