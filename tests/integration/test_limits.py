"""More gas than a meter can pass: held back until GRDF repeats it (decision 15)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from tests.sandbox import HOUSE, Amendment, Sandbox

from .common import amounts, energies, held, next_day
from .conftest import AddEntry
from .test_doorstep import diagnosed


def _measured(sandbox: Sandbox) -> list[date]:
    days = sandbox.available_days(HOUSE).items()
    return [day for day, row in days if row.kwh is not None]


def _describe(sandbox: Sandbox, **site: Any) -> None:
    """Change what GRDF says of the house's meter and contract."""
    house = sandbox.meters[HOUSE]
    sandbox.meters[HOUSE] = replace(house, site=replace(house.site, **site))


@pytest.mark.parametrize(
    "site",
    [
        {"flow_rate": "", "calibre": "G4"},
        {"flow_rate": "", "calibre": "", "annual_reference": 10_400},
        {"flow_rate": "", "calibre": "", "annual_reference": 0},
    ],
    ids=["calibre", "reference", "history"],
)
async def test_an_enormous_day_waits_until_grdf_repeats_it(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    site: dict[str, Any],
) -> None:
    _describe(sandbox, **site)
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    assert before == held(sandbox, HOUSE)
    day = _measured(sandbox)[-10]
    sandbox.correct(HOUSE, day, kwh=9_100_000)

    await next_day(hass, clock, entry)
    assert (await energies(hass, HOUSE))[day] == before[day]
    (suspect,) = (await diagnosed(hass, entry))["held"].values()
    assert suspect[0] == 9_100_000

    await next_day(hass, clock, entry)
    assert (await energies(hass, HOUSE))[day] == 9_100_000


@pytest.mark.parametrize(
    "excess",
    [
        pytest.param(499_766, id="more than all its days can hold"),
        pytest.param(30_000, id="more than its missing days can hold"),
    ],
)
async def test_a_block_too_large_for_its_missing_days_waits_until_grdf_repeats_it(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    excess: int,
) -> None:
    newest = sandbox.available_published(HOUSE)[-1]
    assert newest.kwh is not None
    enormous = newest.kwh + excess
    for number in (4, 5):
        sandbox.withdraw(HOUSE, newest.start + timedelta(days=number))
    measured = _measured(sandbox)
    days = [
        newest.start + timedelta(days=number)
        for number in range((newest.end - newest.start).days)
    ]
    missing = [day for day in days if day not in measured]
    change = Amendment(kwh=enormous)
    sandbox.amend_published(HOUSE, newest.start, change)

    entry = await import_meters(HOUSE)
    rows = await energies(hass, HOUSE)
    assert {rows[day] for day in missing} == {None}
    assert max(kwh or 0 for kwh in rows.values()) < 1000
    (suspect,) = (await diagnosed(hass, entry))["held"].values()
    assert suspect[0] == enormous

    await next_day(hass, clock, entry)
    rows = await energies(hass, HOUSE)
    assert sum(rows[day] or 0 for day in missing) == pytest.approx(excess, abs=1000)


async def test_a_volume_beyond_the_meter_waits_and_its_energy_counts(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    day = _measured(sandbox)[-10]
    sandbox.raw(HOUSE, day, volume_brut=5000)

    entry = await import_meters(HOUSE)
    assert (await energies(hass, HOUSE))[day] == held(sandbox, HOUSE)[day]
    assert (await amounts(hass, HOUSE, "volume"))[day] is None

    await next_day(hass, clock, entry)
    assert (await amounts(hass, HOUSE, "volume"))[day] == 5000
