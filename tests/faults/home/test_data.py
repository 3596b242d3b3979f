"""Answers that arrive, and tell of the gas days what is not so, or not all."""

from datetime import timedelta

from tests.integration.common import energies, held
from tests.sandbox import HOUSE, Fault
from tests.sandbox.storm import Storm

from .ordeal import Ordeal


async def test_todays_data_twice_and_yesterdays_never_heal_by_themselves(
    ordeal: Ordeal,
) -> None:
    ordeal.sandbox.fail_next("informatives", Fault.newest_twice())
    await ordeal.next_evening()
    known = held(ordeal.sandbox, HOUSE)
    newest, before = sorted(known, reverse=True)[:2]
    stored = await energies(ordeal.hass, HOUSE)
    assert stored[newest] == known[newest]
    assert stored.get(before) in (None, known[before])

    await ordeal.next_evening()
    await ordeal.is_whole()


async def test_a_broken_object_costs_its_day_only(ordeal: Ordeal) -> None:
    ordeal.sandbox.fail_next("informatives", Fault.malformed(at_object=5))
    await ordeal.next_evening()
    await ordeal.is_whole()


async def test_a_partial_error_takes_nothing_away(ordeal: Ordeal) -> None:
    before = await energies(ordeal.hass, HOUSE)
    ordeal.sandbox.fail_next("informatives", Fault.partial_error(after_objects=3))
    await ordeal.next_evening()
    stored = await energies(ordeal.hass, HOUSE)
    assert {day: stored[day] for day in before} == before

    await ordeal.passes(timedelta(hours=2))
    await ordeal.is_whole()


async def test_a_list_of_rights_that_is_cut_closes_no_meter(ordeal: Ordeal) -> None:
    ordeal.sandbox.fail_next("droits_acces", Fault.cut(after_objects=2))
    await ordeal.next_evening()
    await ordeal.is_whole()


async def test_a_week_of_storms_leaves_the_rows_right(ordeal: Ordeal) -> None:
    storm = Storm(seed=3, share=0.4)
    ordeal.sandbox.faults.weather = storm
    for _ in range(7):
        await ordeal.next_evening()
        await ordeal.passes(timedelta(hours=2))
    assert len({name for name, _ in storm.met}) > 3

    ordeal.sandbox.faults.weather = None
    await ordeal.next_evening()
    await ordeal.next_evening()
    stored = await energies(ordeal.hass, HOUSE)
    known = held(ordeal.sandbox, HOUSE)
    assert {day: stored.get(day) for day in known} == known
