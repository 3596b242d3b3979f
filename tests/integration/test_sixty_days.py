"""Sixty evenings over a clock change: the rows end up as GRDF's, whatever it does."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from tests.sandbox import HOUSE, INDUSTRY, Fault, Sandbox
from tests.sandbox.faults import Faults

from .common import held, settle, stored_rows
from .conftest import AddEntry

PARIS = ZoneInfo("Europe/Paris")
FIRST_EVENING = date(2027, 2, 10)
METERS = (HOUSE, INDUSTRY)
AWAY = (Fault.status(503), Fault.reset(), Fault.html())
BROKEN = (Fault.cut(after_objects=20), Fault.partial_error(), Fault.status(429))


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(19), PARIS)


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> FrozenDateTimeFactory:
    """Start in winter, so that the clocks change on the way."""
    freezer.move_to(_evening(FIRST_EVENING))
    return freezer


async def _wait_until(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    moment: datetime,
) -> None:
    clock.move_to(moment)
    async_fire_time_changed(hass, dt_util.utcnow())
    await entry.runtime_data.account.async_refresh()
    await settle(hass, entry)


def _something_happens(sandbox: Sandbox, chance: Random) -> None:
    """Let GRDF correct, withdraw, hold back or restore days of the last weeks."""
    for pce in METERS:
        day = sandbox.today - timedelta(days=chance.randint(4, 55))
        match chance.randrange(6):
            case 0:
                sandbox.correct(pce, day, kwh=chance.randint(0, 60))
            case 1:
                sandbox.withdraw(pce, day)
            case 2:
                sandbox.restore(pce, day)
            case 3:
                late = sandbox.today + timedelta(days=1)
                sandbox.delay(pce, late, late + timedelta(days=chance.randint(5, 40)))
            case _:
                pass


async def _rows(hass: HomeAssistant, pce: str) -> list[tuple[date, object, object]]:
    return list(await stored_rows(hass, f"grdf_adict:sandbox_{pce.lower()}_energy"))


def _oracle(sandbox: Sandbox, pce: str) -> list[tuple[date, object, object]]:
    total = 0.0
    rows: list[tuple[date, object, object]] = []
    for day, amount in held(sandbox, pce).items():
        total = round(total + (amount or 0), 3)
        rows.append((day, amount, total))
    return rows


@pytest.mark.parametrize("seed", [1, 2])
async def test_sixty_evenings_end_with_grdfs_own_rows(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    seed: int,
) -> None:
    chance = Random(seed)  # noqa: S311 - a story that can be told again
    # The months that GRDF publishes are read monthly, not on the evening they come.
    sandbox.right(HOUSE).published = False
    entry = await import_meters(*METERS)
    for n in range(1, 61):
        evening = _evening(FIRST_EVENING + timedelta(days=n))
        before = {pce: await _rows(hass, pce) for pce in METERS}
        _something_happens(sandbox, chance)
        trouble = chance.randrange(5)
        if trouble == 0:
            sandbox.fail_next(None, chance.choice(AWAY), times=1000)
        elif trouble == 1:
            sandbox.fail_next("donnees_consos", chance.choice(BROKEN), times=1)
        await _wait_until(hass, clock, entry, evening)
        if trouble == 0:
            assert {pce: await _rows(hass, pce) for pce in METERS} == before
            sandbox.faults = Faults()
        if chance.randrange(8) == 0:
            await hass.config_entries.async_reload(entry.entry_id)
        for hours in (2, 4):
            await _wait_until(hass, clock, entry, evening + timedelta(hours=hours))
        for pce in METERS:
            assert await _rows(hass, pce) == _oracle(sandbox, pce), (n, pce)
