"""What nobody foresaw: it stops neither another meter, nor a set-up, nor for good."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
import logging
from random import Random
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from tests.oracle import Amounts
from tests.sandbox import FLAT, HOUSE, Sandbox

from .common import energies, held, next_day
from .conftest import AddEntry
from .injection import RIGHTS, Injection, Place

# In so many tests each place is met once; one by one, days would become years.
_PARTS: Final = 20
_SAMPLE: Final = 4
_LOOKS: Final = 6
# Refreshes in half a day where each fails: at once, after an hour, after four more, and
# one that a change of rights causes.
_MOST_REFRESHES: Final = 4
# Home Assistant says so of each entity, once.
_NOT_ADDED: Final = "Error adding entity"

type Choose = Callable[[list[Place]], list[Place]]


def _sample(places: list[Place]) -> list[Place]:
    return Random(20261120).sample(places, _SAMPLE)  # noqa: S311


def _part(number: int) -> Choose:
    return lambda places: places[number::_PARTS]


CHOICES: Final = [
    pytest.param(_sample, id="sample"),
    *(
        pytest.param(
            _part(number),
            id=f"part{number}of{_PARTS}",
            marks=(pytest.mark.slow, pytest.mark.timeout(1800)),
        )
        for number in range(_PARTS)
    ),
]


@pytest.fixture
def spoiled() -> str:
    """Return whose calls raise: the house's."""
    return HOUSE


@pytest.fixture
def injection(spoiled: str) -> Iterator[Injection]:
    """See what is called for the house, or for the rights."""
    injection = Injection(spoiled)
    with injection.watching():
        yield injection


@dataclass
class Trial:
    """Two meters; the calls made for one of them raise, one kind after another.

    `problems` are what went wrong, with the place of the exception.
    """

    hass: HomeAssistant
    sandbox: Sandbox
    clock: FrozenDateTimeFactory
    caplog: pytest.LogCaptureFixture
    injection: Injection
    entry: MockConfigEntry
    problems: list[str] = field(default_factory=list)

    async def next_day(self) -> None:
        """Let a day pass, and refresh."""
        await next_day(self.hass, self.clock, self.entry)

    async def reload(self) -> None:
        """Set the entry up anew."""
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def half_a_day(self, place: Place, *pces: str) -> None:
        """Let half a day pass; note a gas day that these meters lack by then.

        A request for a token that fails is that of every meter that waits for it: they
        ask again after an hour.
        """
        known = {pce: held(self.sandbox, pce) for pce in pces}
        for _ in range(_LOOKS):
            self.clock.tick(timedelta(hours=12) / _LOOKS)
            async_fire_time_changed(self.hass, dt_util.utcnow())
            await self.hass.async_block_till_done(wait_background_tasks=True)
        for pce, days in known.items():
            await self.has_its_days(place, pce, days)

    async def has_its_days(
        self, place: Place, pce: str, known: Amounts | None = None
    ) -> None:
        """Note a gas day that lacks: of those that GRDF has given so far, or these."""
        stored = await energies(self.hass, pce)
        known = held(self.sandbox, pce) if known is None else known
        self.expect(place, f"days of {pce}", {d: stored.get(d) for d in known} == known)

    def is_bounded(self, place: Place, lines: int = 1) -> None:
        """Note refreshes, calls and lines in the log that are too many."""
        calls = [call for call in self.sandbox.calls if HOUSE in call.path]
        errors = [
            record.getMessage().partition("\n")[0]
            for record in self.caplog.records
            if record.levelno >= logging.ERROR
            and not record.getMessage().startswith(_NOT_ADDED)
        ]
        refreshes = self.injection.refreshes
        rights = len([call for call in self.sandbox.calls if "droits" in call.path])
        self.expect(place, f"{rights} calls for rights", rights <= _MOST_REFRESHES)
        self.expect(place, f"{refreshes} refreshes", refreshes <= _MOST_REFRESHES)
        self.expect(place, f"{len(calls)} calls", len(calls) <= _MOST_REFRESHES)
        self.expect(place, f"in the log: {errors}", len(errors) <= lines)

    def expect(self, place: Place, what: str, is_right: object) -> None:
        """Note what is not as it should be."""
        if not is_right:
            self.problems.append(f"{place.function} from {place.caller}: {what}")


@pytest.fixture
async def trial(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    injection: Injection,
) -> Trial:
    """Return two meters with their history imported."""
    # The test plugin has the loop trace all it does: several times slower.
    hass.loop.set_debug(enabled=False)
    entry = await import_meters(HOUSE, FLAT)
    injection.places.clear()
    return Trial(hass, sandbox, clock, caplog, injection, entry)


@pytest.mark.parametrize("choose", CHOICES)
async def test_an_exception_anywhere_in_a_refresh_stops_no_other_meter_and_heals(
    trial: Trial, choose: Choose
) -> None:
    meters = trial.entry.runtime_data.meters.values()
    house = next(meter for meter in meters if meter.pce == HOUSE)
    await trial.next_day()
    places = list(trial.injection.places)
    chosen = choose(places)
    for place in chosen:
        trial.caplog.clear()
        trial.sandbox.reset_calls()
        with trial.injection.at(place):
            await trial.next_day()
            await trial.half_a_day(place, FLAT)
            trial.is_bounded(place)
            trial.expect(place, "not met", trial.injection.number)
        trial.clock.tick(timedelta(hours=12))
        await trial.next_day()
        await trial.has_its_days(place, HOUSE)
        trial.expect(place, f"still {house.guard.failing}", not house.unforeseen)
    print(f"{len(chosen)} of {len(places)} places in a refresh")  # noqa: T201
    assert not trial.problems, "\n".join(trial.problems)


@pytest.mark.parametrize("choose", CHOICES)
@pytest.mark.parametrize("spoiled", [RIGHTS])
async def test_an_exception_anywhere_in_reading_the_rights_stops_no_meter_and_heals(
    trial: Trial, choose: Choose
) -> None:
    contract = trial.entry.runtime_data.account
    await trial.next_day()
    places = list(trial.injection.places)
    chosen = choose(places)
    for place in chosen:
        trial.caplog.clear()
        trial.sandbox.reset_calls()
        with trial.injection.at(place):
            await trial.next_day()
            await trial.half_a_day(place, HOUSE, FLAT)
            # A token that fails is told by both who wait for it.
            trial.is_bounded(place, lines=2)
            trial.expect(place, "not met", trial.injection.number)
        trial.clock.tick(timedelta(hours=12))
        await trial.next_day()
        trial.expect(place, "no success", contract.last_update_success)
        trial.expect(place, f"still {contract.guard.failing}", not contract.unforeseen)
    print(f"{len(chosen)} of {len(places)} places in reading rights")  # noqa: T201
    assert not trial.problems, "\n".join(trial.problems)


@pytest.mark.parametrize("choose", CHOICES)
async def test_an_exception_anywhere_in_a_set_up_stops_no_other_meter_and_heals(
    trial: Trial, choose: Choose
) -> None:
    await trial.reload()
    places = list(trial.injection.places)
    chosen = choose(places)
    for place in chosen:
        trial.caplog.clear()
        trial.sandbox.reset_calls()
        with trial.injection.at(place):
            await trial.reload()
            is_loaded = trial.entry.state is ConfigEntryState.LOADED
            trial.expect(place, "not set up", is_loaded)
            trial.expect(place, "calls", not trial.sandbox.calls)
            trial.expect(place, "not met", trial.injection.number)
            if is_loaded:
                await trial.next_day()
                await trial.has_its_days(place, FLAT)
            trial.is_bounded(place)
        await trial.reload()
        await trial.next_day()
        await trial.has_its_days(place, HOUSE)
    print(f"{len(chosen)} of {len(places)} places in a set-up")  # noqa: T201
    assert not trial.problems, "\n".join(trial.problems)
