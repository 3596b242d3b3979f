"""Another integration's history, adopted in a form of the meter's menu."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
import voluptuous as vol

from custom_components.grdf_adict.helpers.recorder import RecorderBusyError
from custom_components.grdf_adict.meters import adoption
from tests.sandbox import HOUSE, PRODUCER, Sandbox

from .common import energies, held
from .conftest import AddEntry
from .file_flow import send
from .price_flow import choose, reconfigure
from .test_adopt import FIRST, OTHER, _other_statistic
from .test_statistics import _no_space


async def _open(hass: HomeAssistant, entry: Any) -> dict[str, Any]:
    return await choose(hass, await reconfigure(hass, entry), "adopt")


def _form(**more: Any) -> dict[str, Any]:
    return {"statistic_id": OTHER, "delay": 0, **more}


async def test_missing_days_are_adopted_after_a_preview_and_only_once(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    known = held(sandbox, HOUSE)
    first = min(known)
    start = first - timedelta(days=3)
    theirs = [known[first], known[first + timedelta(days=1)]]
    await _other_statistic(
        hass, 1.0, 2.0, -3.0, *(kwh or 0 for kwh in theirs), first=start
    )

    result = await _open(hass, entry)
    assert result["step_id"] == "adopt"
    result = await send(hass, result, _form())

    assert result["step_id"] == "adopt_preview"
    assert await energies(hass, HOUSE) == known
    shown = result["description_placeholders"]
    day_before = start - timedelta(days=1)
    assert shown["preview"] == (
        f"**6 days, from {day_before} to {first + timedelta(days=1)}, 3 kWh more:"
        " 2 new, 2 that the history has already and keeps, 2 refused**\n"
        "\n"
        "Of the days that the history has already (2), those with nearly the same"
        " amount in both: 2.\n"
        "\n"
        "**Days refused**\n"
        "\n"
        "- rows before or after are missing: the amount may be of other days too · 1\n"
        "- a negative amount · 1"
    )
    result = await send(hass, result, {})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "adopted"
    assert result["description_placeholders"] == {
        "meter": "Meter 0001",
        "days": "2",
        "energy": "3",
    }
    await hass.async_block_till_done(wait_background_tasks=True)
    expected = known | {start: 1.0, start + timedelta(days=1): 2.0}
    expected[start + timedelta(days=2)] = None
    assert await energies(hass, HOUSE) == expected

    again = await send(hass, await _open(hass, entry), _form())

    assert (
        "0 kWh more: 2 adopted before, the same"
        in (again["description_placeholders"]["preview"])
    )
    again = await send(hass, again, {})
    assert again["description_placeholders"]["days"] == "0"
    assert await energies(hass, HOUSE) == expected


async def test_amounts_unlike_those_of_grdf_are_doubted(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    hass.config.language = "fr"
    entry = await import_meters(HOUSE)
    known = {day: kwh for day, kwh in held(sandbox, HOUSE).items() if kwh is not None}
    first, *others = sorted(known)[:4]
    amounts = [3 * known[day] for day in (first, *others)]
    await _other_statistic(hass, *amounts, first=first)

    result = await send(hass, await _open(hass, entry), _form())

    shown = result["description_placeholders"]["preview"]
    assert shown.startswith("**5 jours, du ")
    assert "0 kWh de plus : 4 que l'historique a déjà et garde, 1 refusé**" in shown
    assert "presque égales : 0. C'est peu : vérifiez la statistique" in shown


async def test_volumes_take_the_coefficient_given_and_days_late_their_own_day(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    sandbox.right(HOUSE).consumption_from = sandbox.today
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, 2.0, unit="m³", unit_class="volume")
    result = await _open(hass, entry)
    assert result["description_placeholders"]["coefficient"] == "—"

    result = await send(hass, result, _form())
    assert result["errors"] == {"coefficient": "adopt_coefficient_unknown"}
    result = await send(hass, result, _form(coefficient=11.2, delay=2))
    result = await send(hass, result, {})

    assert result["reason"] == "adopted"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await energies(hass, HOUSE) == {FIRST - timedelta(days=2): 22.4}


async def test_the_known_coefficient_is_shown_and_used(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    hass.config.language = "fr"
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    await _other_statistic(hass, 200.0, unit="m³", unit_class="volume")

    result = await _open(hass, entry)
    shown = result["description_placeholders"]["coefficient"]
    result = await send(hass, result, _form())

    assert float(shown.replace(",", ".")) == pytest.approx(
        meter.data.coefficient, abs=0.005
    )
    assert "," in shown
    assert result["step_id"] == "adopt_preview"


async def test_what_cannot_be_adopted_is_refused_beside_its_field(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    result = await _open(hass, entry)
    # The frontend cannot show a form that requires a statistic.
    assert not any(
        isinstance(field, vol.Required) and field == "statistic_id"
        for field in result["data_schema"].schema
    )
    result = await send(hass, result, {"delay": 0})
    assert result["errors"] == {"statistic_id": "statistic_missing"}
    errors = []

    for statistic_id in ("gazette:none", f"grdf_adict:sandbox_{HOUSE}_energy"):
        result = await send(hass, result, _form(statistic_id=statistic_id))
        errors.append((result["step_id"], result["errors"]))

    assert errors == [
        ("adopt", {"statistic_id": "adopt_unknown"}),
        ("adopt", {"statistic_id": "adopt_ours"}),
    ]


async def test_a_full_disk_and_a_busy_recorder_are_told_and_the_form_can_be_sent_again(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    first = min(held(sandbox, HOUSE)) - timedelta(days=3)
    await _other_statistic(hass, 5.0, first=first)
    result = await _open(hass, entry)

    async def busy(*_: object) -> list[Any]:
        raise RecorderBusyError

    with monkeypatch.context() as patched:
        patched.setattr(adoption, "async_list_statistic_ids", busy)
        result = await send(hass, result, _form())
    assert result["errors"] == {"statistic_id": "adopt_recorder_busy"}
    result = await send(hass, result, _form())
    with monkeypatch.context() as patched:
        patched.setattr(
            "homeassistant.helpers.storage.Store._async_write_data", _no_space
        )
        result = await send(hass, result, {})
    assert result["errors"] == {"base": "write_failed"}
    with monkeypatch.context() as patched:
        patched.setattr(adoption, "async_list_statistic_ids", busy)
        result = await send(hass, result, {})
    assert (result["step_id"], result["errors"]) == (
        "adopt",
        {"statistic_id": "adopt_recorder_busy"},
    )
    result = await send(hass, result, _form())
    result = await send(hass, result, {})

    assert result["reason"] == "adopted"


async def test_a_meter_that_only_injects_is_offered_no_other_history(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry: ConfigEntry = await import_meters(PRODUCER)

    menu = await reconfigure(hass, entry)  # type: ignore[arg-type]

    assert "files" in menu["menu_options"]
    assert "adopt" not in menu["menu_options"]


async def test_a_form_that_outlives_its_entry_says_so(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, 5.0)
    result = await _open(hass, entry)
    assert await hass.config_entries.async_unload(entry.entry_id)

    result = await send(hass, result, _form())

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "entry_not_loaded"
