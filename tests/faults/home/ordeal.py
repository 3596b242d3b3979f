"""One fault as a home meets it: what is seen, what is kept, when it heals."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
import os
from typing import Final
from unittest.mock import patch

from aiohttp import ClientTimeout
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.grdf_adict.adict import transport
from custom_components.grdf_adict.const import DOMAIN
from tests.integration.common import energies, held, settle
from tests.integration.conftest import NOW, AddEntry
from tests.sandbox import HOUSE, Fault, Sandbox
from tests.sandbox.faults import Faults

STATE: Final = "sensor.meter_0001_state"
NEWEST: Final = "sensor.meter_0001_energy_of_the_last_gas_day"
# GRDF is left alone for an hour after a failure, for most of a day after a refusal.
HEALS: Final = timedelta(hours=2)
HEALS_AFTER_REFUSAL: Final = timedelta(hours=21)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a user sees.

    Attributes:
        state: the meter's, in a word.
        error: the key of the translated error that its last refresh ended with.
        repairs: the keys of the repairs that are shown.
        asks_secret: whether Home Assistant asks for the contract's secret.
    """

    state: str
    error: str | None = None
    repairs: frozenset[str] = frozenset()
    asks_secret: bool = False


def look(hass: HomeAssistant, entry: MockConfigEntry) -> Seen:
    """Return what is seen of the house's meter."""
    (meter,) = entry.runtime_data.meters.values()
    state = hass.states.get(STATE)
    assert state is not None
    error = None if meter.last_update_success else meter.last_exception
    return Seen(
        state=state.state,
        error=getattr(error, "translation_key", None),
        repairs=frozenset(
            str(issue.translation_key)
            for issue in ir.async_get(hass).issues.values()
            if issue.domain == DOMAIN and issue.active
        ),
        asks_secret=any(
            flow["context"]["source"] == SOURCE_REAUTH
            for flow in hass.config_entries.flow.async_progress()
        ),
    )


@dataclass
class Ordeal:
    """A house with its history imported, and days on which calls fail."""

    hass: HomeAssistant
    sandbox: Sandbox
    clock: FrozenDateTimeFactory
    entry: MockConfigEntry
    before: dict[date, float | None] = field(default_factory=dict)

    async def fails(self, fault: Fault | None, path: str | None = None) -> Seen:
        """Let a day pass on which every call of a path fails; return what is seen.

        Nothing may be lost: neither rows nor the state that is shown. Without a fault,
        something else is wrong than what the sandbox answers.
        """
        self.sandbox.faults = Faults()
        if fault is not None:
            self.sandbox.fail_next(path, fault, times=10_000)
        self.before = await energies(self.hass, HOUSE)
        assert self.before
        await self.next_evening()
        await self.is_kept()
        return look(self.hass, self.entry)

    def forget_token(self) -> None:
        """Let the next call need a new token."""
        self.entry.runtime_data.account.client._tokens._token = None  # noqa: SLF001

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Let silences that are borne for a minute be borne for a moment.

        Time stands still in these tests, for timers too: here alone it runs.
        """
        loop = self.hass.loop
        stands, began = loop.time(), os.times().elapsed
        exchange = self.entry.runtime_data.account.client._transport  # noqa: SLF001
        with (
            patch.object(loop, "time", lambda: stands + os.times().elapsed - began),
            patch.object(exchange, "_timeout", ClientTimeout(sock_read=0.5)),
            patch.object(transport, "_OBJECT_TIMEOUT", 1.0),
        ):
            yield

    async def next_evening(self) -> None:
        """Let it be the next evening, when everything due on that day is there."""
        now = dt_util.now()
        evening = now.replace(hour=NOW.hour, minute=NOW.minute) + timedelta(days=1)
        await self.passes(evening - now)

    async def is_kept(self) -> None:
        """Make sure that every row is as it was, and that the newest day is shown."""
        assert await energies(self.hass, HOUSE) == self.before
        shown = self.hass.states.get(NEWEST)
        assert shown is not None
        assert shown.state not in {"unavailable", "unknown"}

    async def heals(
        self, after: timedelta = HEALS, repairs: frozenset[str] = frozenset()
    ) -> None:
        """Let the fault be gone, and some time pass: everything must be there."""
        self.sandbox.faults = Faults()
        await self.passes(after)
        # What waited for one call to be answered.
        await self.passes(timedelta(seconds=2))
        await self.is_whole(repairs)

    async def passes(self, time: timedelta) -> None:
        """Let some time pass, and what is due be asked for."""
        self.clock.tick(time)
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await self.entry.runtime_data.account.async_refresh()
        await settle(self.hass, self.entry)

    async def is_whole(self, repairs: frozenset[str] = frozenset()) -> None:
        """Make sure that the rows are what the sandbox holds, and that all is well."""
        stored = await energies(self.hass, HOUSE)
        known = held(self.sandbox, HOUSE)
        assert {day: stored.get(day) for day in known} == known
        seen = look(self.hass, self.entry)
        assert seen == Seen("up_to_date", repairs=repairs), seen


@pytest.fixture
async def ordeal(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    import_meters: AddEntry,
) -> Ordeal:
    """Return a house with its history imported."""
    return Ordeal(hass, sandbox, clock, await import_meters(HOUSE))
