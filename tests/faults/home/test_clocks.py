"""Clocks that jump: this machine's, ahead and back again, and behind."""

from datetime import timedelta

from homeassistant.util import dt as dt_util

from tests.integration.common import energies
from tests.sandbox import HOUSE

from .ordeal import Ordeal


async def test_a_clock_a_year_ahead_stops_nothing_once_it_is_right(
    ordeal: Ordeal,
) -> None:
    right = dt_util.utcnow()
    before = await energies(ordeal.hass, HOUSE)
    # GRDF's clock stays right: it refuses dates of the future.
    ordeal.sandbox.now = right
    await ordeal.passes(timedelta(days=365))
    assert {day: (await energies(ordeal.hass, HOUSE)).get(day) for day in before} == (
        before
    )

    ordeal.clock.move_to(right)
    ordeal.sandbox.now = None
    await ordeal.next_evening()
    await ordeal.is_whole()


async def test_a_clock_a_month_behind_loses_nothing(ordeal: Ordeal) -> None:
    right = dt_util.utcnow()
    before = await energies(ordeal.hass, HOUSE)
    ordeal.sandbox.now = right
    ordeal.clock.move_to(right - timedelta(days=30))
    await ordeal.passes(timedelta(hours=1))
    assert {day: (await energies(ordeal.hass, HOUSE)).get(day) for day in before} == (
        before
    )

    ordeal.clock.move_to(right)
    ordeal.sandbox.now = None
    await ordeal.next_evening()
    await ordeal.is_whole()


async def test_a_clock_that_was_ahead_at_the_start_is_forgotten_too(
    ordeal: Ordeal,
) -> None:
    right = dt_util.utcnow()
    ordeal.sandbox.now = right
    await ordeal.passes(timedelta(days=365))
    await ordeal.hass.config_entries.async_reload(ordeal.entry.entry_id)
    await ordeal.hass.async_block_till_done(wait_background_tasks=True)

    ordeal.clock.move_to(right)
    ordeal.sandbox.now = None
    await ordeal.hass.config_entries.async_reload(ordeal.entry.entry_id)
    await ordeal.next_evening()
    await ordeal.is_whole()
