"""Another statistic's days, adopted where a meter's series has none."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_add_external_statistics
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.grdf_adict.adict import PARIS
from custom_components.grdf_adict.const import (
    CONF_ENVIRONMENT,
    CONF_PCE,
    DOMAIN,
    SUBENTRY_TYPE_METER,
)
from custom_components.grdf_adict.metering.ledger import Source
from tests.sandbox import HOUSE, PRODUCER, Sandbox

from .actions import act, device_of
from .common import energies, held, next_day, series_of, settle, stored_rows
from .conftest import AddEntry

OTHER: Final = "gazette:old_meter"
FIRST: Final = date(2025, 3, 1)


def _metadata(unit: str, unit_class: str | None, *, has_sum: bool) -> StatisticMetaData:
    return StatisticMetaData(
        has_sum=has_sum,
        mean_type=StatisticMeanType.NONE if has_sum else StatisticMeanType.ARITHMETIC,
        name="Old meter",
        source="gazette",
        statistic_id=OTHER,
        unit_class=unit_class,
        unit_of_measurement=unit,
    )


async def _other_statistic(
    hass: HomeAssistant,
    *amounts: float,
    first: date = FIRST,
    unit: str = "kWh",
    unit_class: str | None = "energy",
) -> None:
    """Put a row a day into the recorder: one before the first, then these amounts."""
    total = 100.0
    rows = [StatisticData(start=_midnight(first - timedelta(days=1)), sum=total)]
    for place, amount in enumerate(amounts):
        total += amount
        start = _midnight(first + timedelta(days=place))
        rows.append(StatisticData(start=start, state=total, sum=total))
    metadata = _metadata(unit, unit_class, has_sum=True)
    async_add_external_statistics(hass, metadata, rows)
    await async_wait_recording_done(hass)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), PARIS).astimezone(UTC)


async def test_a_preview_returns_what_would_be_done_and_does_nothing(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    await _other_statistic(hass, 10.0, 11.5, -3.0, 12.0)

    response = await act(
        hass,
        "adopt_statistics",
        device_id=device_of(hass, entry, HOUSE),
        statistic_id=OTHER,
    )

    assert response == {
        "preview": True,
        "new": 3,
        "changed": 0,
        "equal": 0,
        "kept": 0,
        "refused": 2,
        "energy": 33.5,
        "first": "2025-03-01",
        "last": "2025-03-04",
        "refusals": [
            {"gas_day": "2025-02-28", "reason": "gap"},
            {"gas_day": "2025-03-03", "reason": "negative"},
        ],
    }
    assert await energies(hass, HOUSE) == before


async def test_days_that_the_series_lacks_are_filled_and_no_other_is_touched(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    known = held(sandbox, HOUSE)
    start = min(known) - timedelta(days=2)
    await _other_statistic(hass, 1.0, 2.0, 3.0, 4.0, first=start)
    source = await stored_rows(hass, OTHER)
    data: dict[str, Any] = {
        "device_id": device_of(hass, entry, HOUSE),
        "statistic_id": OTHER,
        "preview": False,
    }

    response = await act(hass, "adopt_statistics", **data)

    assert (response["new"], response["kept"], response["energy"]) == (2, 2, 3.0)
    expected = known | {start: 1.0, start + timedelta(days=1): 2.0}
    assert await energies(hass, HOUSE) == expected
    rows = await stored_rows(hass, f"grdf_adict:sandbox_{HOUSE}_energy")
    assert rows[0] == (start, 1.0, 1.0)
    assert await stored_rows(hass, OTHER) == source

    again = await act(hass, "adopt_statistics", **data)

    assert (again["new"], again["equal"], again["kept"]) == (0, 2, 2)
    assert await energies(hass, HOUSE) == expected


async def test_adopted_values_have_a_source_of_their_own_and_survive_a_restart(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, 10.0)
    await act(
        hass,
        "adopt_statistics",
        device_id=device_of(hass, entry, HOUSE),
        statistic_id=OTHER,
        preview=False,
    )

    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)

    (meter,) = entry.runtime_data.meters.values()
    ledger = (await meter.book.async_read()).ledger
    assert {
        day: value.energy for day, value in ledger.daily[Source.ADOPTED].items()
    } == {FIRST: 10.0}
    assert (await energies(hass, HOUSE))[FIRST] == 10.0


async def test_later_values_of_grdf_replace_adopted_ones(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    sandbox: Sandbox,
    import_meters: AddEntry,
) -> None:
    entry = await import_meters(HOUSE)
    newest = max(day for day, kwh in held(sandbox, HOUSE).items() if kwh is not None)
    tomorrow = newest + timedelta(days=1)
    await _other_statistic(hass, 777.0, first=tomorrow)
    await act(
        hass,
        "adopt_statistics",
        device_id=device_of(hass, entry, HOUSE),
        statistic_id=OTHER,
        preview=False,
    )
    assert (await energies(hass, HOUSE))[tomorrow] == 777.0

    while held(sandbox, HOUSE).get(tomorrow) is None:
        await next_day(hass, clock, entry)

    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)


@pytest.mark.parametrize(
    ("unit", "unit_class", "amount"),
    [("MWh", "energy", 0.0105), ("Wh", "energy", 10_500.0)],
)
async def test_other_units_of_energy_are_converted(
    hass: HomeAssistant,
    import_meters: AddEntry,
    unit: str,
    unit_class: str,
    amount: float,
) -> None:
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, amount, unit=unit, unit_class=unit_class)

    response = await act(
        hass,
        "adopt_statistics",
        device_id=device_of(hass, entry, HOUSE),
        statistic_id=OTHER,
    )

    assert response["energy"] == 10.5


@pytest.mark.parametrize(("unit", "amount"), [("m³", 2.0), ("L", 2000.0)])
async def test_volumes_take_the_coefficient_given(
    hass: HomeAssistant, import_meters: AddEntry, unit: str, amount: float
) -> None:
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, amount, unit=unit, unit_class="volume")

    await act(
        hass,
        "adopt_statistics",
        device_id=device_of(hass, entry, HOUSE),
        statistic_id=OTHER,
        coefficient=11.2,
        preview=False,
    )

    assert (await energies(hass, HOUSE))[FIRST] == 22.4
    volumes = await stored_rows(hass, f"grdf_adict:sandbox_{HOUSE}_volume")
    assert volumes[0][:2] == (FIRST, 2.0)


async def test_volumes_take_the_meters_own_coefficient_where_none_is_given(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, 2.0, unit="m³", unit_class="volume")
    (meter,) = entry.runtime_data.meters.values()

    response = await act(
        hass,
        "adopt_statistics",
        device_id=device_of(hass, entry, HOUSE),
        statistic_id=OTHER,
    )

    assert response["energy"] == pytest.approx(2 * meter.data.coefficient, rel=0.05)


async def test_days_can_be_bounded_and_moved(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, 1.0, 2.0, 3.0)

    response = await act(
        hass,
        "adopt_statistics",
        device_id=device_of(hass, entry, HOUSE),
        statistic_id=OTHER,
        delay=1,
        start_date=FIRST,
        end_date=FIRST,
    )

    assert (response["new"], response["energy"], response["first"]) == (
        1,
        2.0,
        "2025-03-01",
    )


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"statistic_id": "gazette:none"}, "adopt_unknown"),
        ({"statistic_id": f"grdf_adict:sandbox_{HOUSE}_energy"}, "adopt_ours"),
        ({"statistic_id": "sensor.meter_0001_energy"}, "adopt_ours"),
        ({"start_date": "2026-01-02", "end_date": "2026-01-01"}, "period_reversed"),
        ({"start_date": "2019-01-02", "end_date": "2019-01-03"}, "adopt_no_rows"),
    ],
)
async def test_what_cannot_be_adopted_is_refused_with_a_reason(
    hass: HomeAssistant, import_meters: AddEntry, data: dict[str, Any], key: str
) -> None:
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, 1.0)

    with pytest.raises(HomeAssistantError) as raised:
        await act(
            hass,
            "adopt_statistics",
            device_id=device_of(hass, entry, HOUSE),
            **{"statistic_id": OTHER, **data},
        )

    assert raised.value.translation_key == key


@pytest.mark.parametrize(
    ("unit", "unit_class", "has_sum"),
    [("°C", "temperature", False), ("kWh", "energy", False), ("EUR", None, True)],
)
async def test_what_counts_no_gas_is_refused(
    hass: HomeAssistant,
    import_meters: AddEntry,
    unit: str,
    unit_class: str | None,
    has_sum: bool,  # noqa: FBT001
) -> None:
    entry = await import_meters(HOUSE)
    metadata = _metadata(unit, unit_class, has_sum=has_sum)
    async_add_external_statistics(hass, metadata, [])
    await async_wait_recording_done(hass)

    with pytest.raises(HomeAssistantError) as raised:
        await act(
            hass,
            "adopt_statistics",
            device_id=device_of(hass, entry, HOUSE),
            statistic_id=OTHER,
        )

    assert raised.value.translation_key == "adopt_not_gas"


async def test_a_volume_without_a_coefficient_is_refused(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    sandbox.right(HOUSE).consumption_from = sandbox.today
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, 2.0, unit="m³", unit_class="volume")

    with pytest.raises(HomeAssistantError) as raised:
        await act(
            hass,
            "adopt_statistics",
            device_id=device_of(hass, entry, HOUSE),
            statistic_id=OTHER,
        )

    assert raised.value.translation_key == "adopt_coefficient_unknown"


async def test_nothing_is_adopted_by_a_meter_that_only_injects(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(PRODUCER)
    await _other_statistic(hass, 2.0, unit="m³", unit_class="volume")
    before = set(hass.states.async_entity_ids())

    with pytest.raises(HomeAssistantError) as raised:
        await act(
            hass,
            "adopt_statistics",
            device_id=device_of(hass, entry, PRODUCER),
            statistic_id=OTHER,
            coefficient=11.2,
            preview=False,
        )

    assert raised.value.translation_key == "adopt_injects_only"
    assert "only injects gas" in str(raised.value)
    await settle(hass, entry)
    assert await series_of(hass, PRODUCER) == {"injection"}
    assert set(hass.states.async_entity_ids()) == before


async def test_only_an_administrator_may_adopt(
    hass: HomeAssistant, import_meters: AddEntry, hass_read_only_user: MockUser
) -> None:
    entry = await import_meters(HOUSE)
    await _other_statistic(hass, 1.0)

    with pytest.raises(Unauthorized):
        await act(
            hass,
            "adopt_statistics",
            Context(user_id=hass_read_only_user.id),
            device_id=device_of(hass, entry, HOUSE),
            statistic_id=OTHER,
        )


async def test_a_household_without_a_contract_adopts_days_and_exports_them(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Files",
        data={CONF_ENVIRONMENT: "production"},
        subentries_data=[
            ConfigSubentryData(
                subentry_type=SUBENTRY_TYPE_METER,
                title="Home",
                unique_id=HOUSE,
                data={CONF_PCE: HOUSE},
            )
        ],
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await _other_statistic(hass, 10.0, 11.5)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, HOUSE), entry.entry_id
    )
    assert device is not None

    adopted = await act(
        hass,
        "adopt_statistics",
        device_id=device.id,
        statistic_id=OTHER,
        preview=False,
    )
    response = await act(hass, "export", path=str(tmp_path / "gas.csv"), by="day")

    assert (adopted["new"], adopted["energy"]) == (2, 21.5)
    rows = await stored_rows(hass, f"grdf_adict:{HOUSE}_energy")
    assert [(day, kwh) for day, kwh, _ in rows] == [
        (FIRST, 10.0),
        (FIRST + timedelta(days=1), 11.5),
    ]
    assert (response["meters"], response["rows"]) == (1, 2)
    assert "Another statistic" in (tmp_path / "gas.csv").read_text("utf-8-sig")
