"""Blocks whose bounds are off 06:00: every kWh is in the recorder, on its gas days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.adict import PARIS
from custom_components.grdf_adict.diagnostics import (
    async_get_config_entry_diagnostics,
)
from tests.sandbox import HOUSE, INDUSTRY, Amendment, Block, Sandbox

from .common import amounts, energies, held, next_day, stored_rows
from .conftest import AddEntry

type Write = Callable[[date], str]

_DAY: Final = timedelta(days=1)


def _paris(day: date, hour: int, minute: int = 0) -> str:
    return datetime.combine(day, time(hour, minute), PARIS).isoformat()


_STYLES: Final[dict[str, Write]] = {
    "06:00 in UTC": lambda day: datetime.combine(day, time(6), UTC).isoformat(),
    "midnight": lambda day: _paris(day, 0),
    "midnight without a zone": lambda day: f"{day}T00:00:00",
    "a bare date": date.isoformat,
    "06:00": lambda day: _paris(day, 6),
}


def _bounds(start: str, end: str, **more: object) -> dict[str, Any]:
    return {
        "date_debut_consommation": start,
        "date_fin_consommation": end,
        "journee_gaziere": None,
        **more,
    }


def _rewrite(sandbox: Sandbox, pce: str) -> None:
    """Let no day name its gas day, and write their bounds in one style after another.

    Half of the days are at midnight, some of them one after the other.
    """
    styles = [*_STYLES.values(), *[_STYLES["midnight"]] * 4]
    for place, day in enumerate(sandbox.available_days(pce)):
        write = styles[place % len(styles)]
        sandbox.raw(pce, day, **_bounds(write(day), write(day + _DAY)))


def _months_alone(sandbox: Sandbox) -> list[Block]:
    """Let the house have its published months and no informative day."""
    sandbox.right(HOUSE).informative = False
    return sandbox.available_published(HOUSE)


async def _sums(hass: HomeAssistant, pce: str, series: str) -> tuple[Decimal, Decimal]:
    """Return the sum of a series' states, and its last running total."""
    rows = await stored_rows(hass, f"grdf_adict:sandbox_{pce.lower()}_{series}")
    states = sum((Decimal(repr(state or 0.0)) for _, state, _ in rows), Decimal(0))
    return states, Decimal(repr(rows[-1][2]))


async def _diagnosed(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    (meter,) = (await async_get_config_entry_diagnostics(hass, entry))["meters"]
    assert isinstance(meter, dict)
    return meter


async def test_published_months_keep_every_kwh_and_m3_whatever_their_bounds(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    months = _months_alone(sandbox)
    styles = _STYLES["06:00 in UTC"], _STYLES["midnight"]
    # With a tenth of a kWh, and through the end of summer time.
    for place, month in enumerate(months):
        write = styles[place % 2]
        raw = _bounds(write(month.start), write(month.end), energie=f"{600 + place}.7")
        sandbox.amend_published(HOUSE, month.start, Amendment(raw=raw))
    assert len(months) >= 2

    await import_meters(HOUSE)

    first, after = months[0].start, months[-1].end
    days = {first + n * _DAY for n in range((after - first).days)}
    stored = await energies(hass, HOUSE)
    assert stored.keys() == days
    for place, month in enumerate(months):
        of_month = [
            Decimal(repr(kwh))
            for day, kwh in stored.items()
            if month.start <= day < month.end
        ]
        assert sum(of_month) == 600 + place + Decimal("0.7")
        assert max(of_month) - min(of_month) <= Decimal("0.001")
    whole = sum(600 + place + Decimal("0.7") for place in range(len(months)))
    assert await _sums(hass, HOUSE, "energy") == (whole, whole)
    m3 = sum(Decimal(month.m3 or 0) for month in months)
    assert await _sums(hass, HOUSE, "volume") == (m3, m3)


async def test_published_days_that_name_no_gas_day_are_those_nearest(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    _rewrite(sandbox, INDUSTRY)
    known = held(sandbox, INDUSTRY)

    entry = await import_meters(INDUSTRY)

    assert await energies(hass, INDUSTRY) == known
    whole = sum(Decimal(repr(kwh or 0.0)) for kwh in known.values())
    assert await _sums(hass, INDUSTRY, "energy") == (whole, whole)
    assert (await _diagnosed(hass, entry))["refused"] == {}


async def test_informative_days_that_name_no_gas_day_are_those_nearest(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    _rewrite(sandbox, HOUSE)
    known = held(sandbox, HOUSE)
    # One is given with two days before it in one value.
    last = max(known)
    start, end = _paris(last - 2 * _DAY, 6), _paris(last + _DAY, 6)
    sandbox.raw(HOUSE, last, **_bounds(start, end))

    entry = await import_meters(HOUSE)

    stored = await energies(hass, HOUSE)
    assert stored == {day: kwh for day, kwh in known.items() if day != last}
    assert (await _diagnosed(hass, entry))["refused"]["informative"]["newest"] == [
        [(last - 2 * _DAY).isoformat(), "date_fin: more than a gas day"]
    ]


def _change_the_meter(sandbox: Sandbox, month: Block) -> None:
    """Let a change of meter at 14:30 of its eleventh day cut a month in two."""
    change = month.start + 10 * _DAY
    sandbox.amend_published(HOUSE, month.start, Amendment(until=date(2099, 1, 1)))
    at = _paris(change, 14, 30)
    sandbox.publish(
        HOUSE,
        replace(
            month,
            end=change + _DAY,
            kwh=100,
            raw=_bounds(_paris(month.start, 6), at, volume_brut=10),
        ),
        replace(
            month,
            start=change,
            kwh=321,
            raw=_bounds(at, _paris(month.end, 6), volume_brut=30),
        ),
    )


async def test_a_month_cut_by_a_change_of_meter_has_the_energy_of_both_parts(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    month, days_before = _months_alone(sandbox)[-1], 10
    _change_the_meter(sandbox, month)

    await import_meters(HOUSE)

    for series, before, after in (("energy", 100, 321), ("volume", 10, 30)):
        stored = await amounts(hass, HOUSE, series)
        cut = month.start + days_before * _DAY
        parts = [
            [
                Decimal(repr(amount))
                for day, amount in stored.items()
                if month.start <= day < month.end and (day < cut) is early
            ]
            for early in (True, False)
        ]
        assert [len(part) for part in parts] == [
            days_before,
            (month.end - cut).days,
        ]
        assert [sum(part) for part in parts] == [before, after]


async def test_two_halves_of_a_gas_day_add_up_also_when_they_come_one_by_one(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    known = held(sandbox, INDUSTRY)
    whole = next(
        block
        for block in sandbox.available_published(INDUSTRY)
        if block.start == max(known) - 3 * _DAY
    )
    day, change = whole.start, _paris(whole.start, 14, 30)
    sandbox.delay(INDUSTRY, day, date(2099, 1, 1))
    first, second = (
        replace(whole, kwh=1000, m3=90, raw=_bounds(_paris(day, 6), change)),
        replace(whole, kwh=2345, m3=210, raw=_bounds(change, _paris(day + _DAY, 6))),
    )
    sandbox.publish(INDUSTRY, first)
    entry = await import_meters(INDUSTRY)
    assert (await energies(hass, INDUSTRY))[day] == 1000

    sandbox.publish(INDUSTRY, second)
    await next_day(hass, clock, entry)

    assert (await energies(hass, INDUSTRY))[day] == 3345
    assert (await amounts(hass, INDUSTRY, "volume"))[day] == 300
    stored = await energies(hass, INDUSTRY)
    assert {each: stored[each] for each in known if each != day} == {
        each: kwh for each, kwh in known.items() if each != day
    }
    (rows, total) = await _sums(hass, INDUSTRY, "energy")
    assert rows == total


async def test_a_month_published_anew_with_other_bounds_replaces_itself(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    months = _months_alone(sandbox)
    entry = await import_meters(HOUSE)
    month = months[-1]
    raw = _bounds(_paris(month.start, 0), _paris(month.end, 0), energie="999.9")
    sandbox.amend_published(HOUSE, month.start, Amendment(raw=raw))

    (meter,) = entry.runtime_data.meters.values()
    await meter.book.async_forget_answers()
    await next_day(hass, clock, entry)

    others = sum(Decimal(block.kwh or 0) for block in months[:-1])
    whole = others + Decimal("999.9")
    assert await _sums(hass, HOUSE, "energy") == (whole, whole)
    assert (await _diagnosed(hass, entry))["published_blocks"] == len(months)
    assert (await _diagnosed(hass, entry))["differences"] == []
