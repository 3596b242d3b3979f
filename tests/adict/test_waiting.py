"""The order of waiting calls, and which ones are deferred."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.grdf_adict.adict import (
    PROMPT,
    AdictDeferredError,
    AdictQuotaError,
    Allowance,
    Priority,
    Quota,
    Urgency,
)

from .conftest import Clock

TODAY = datetime(2026, 11, 20, tzinfo=UTC)
DAILY = Priority(Urgency.DAILY, TODAY)
PATIENT = Priority(Urgency.PATIENT, TODAY)


ONE_A_SECOND = Allowance(calls_per_second=1, calls_per_day=6_000)


def make(clock: Clock, allowance: Allowance = ONE_A_SECOND) -> Quota:
    return Quota(allowance, clock=clock, monotonic=clock.monotonic, sleep=clock.sleep)


async def order_of(clock: Clock, places: list[Priority]) -> list[int]:
    """Return the order of calls that arrive during the turn of another."""
    order: list[int] = []
    all_have_arrived = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await all_have_arrived.wait()
        await clock.sleep(seconds)

    quota = Quota(ONE_A_SECOND, clock=clock, monotonic=clock.monotonic, sleep=sleep)

    async def caller(number: int, place: Priority) -> None:
        await quota.turn(place)
        order.append(number)

    await quota.turn()
    first = asyncio.create_task(quota.turn())
    await asyncio.sleep(0)
    callers = [
        asyncio.create_task(caller(number, place))
        for number, place in enumerate(places)
    ]
    await asyncio.sleep(0)
    all_have_arrived.set()
    await asyncio.gather(first, *callers)
    return order


async def test_urgent_calls_go_first(clock: Clock) -> None:
    assert await order_of(clock, [PATIENT, DAILY, PROMPT]) == [2, 1, 0]


async def test_among_equals_the_oldest_success_goes_first(clock: Clock) -> None:
    places = [Priority(Urgency.DAILY, TODAY - timedelta(days=ago)) for ago in (1, 3, 2)]

    assert await order_of(clock, places) == [1, 2, 0]


async def test_equal_places_go_in_the_order_of_arrival(clock: Clock) -> None:
    assert await order_of(clock, [DAILY] * 5) == [0, 1, 2, 3, 4]


async def test_in_a_shortage_no_meter_starves(clock: Clock) -> None:
    quota = make(clock, Allowance(1, 5))
    last_served = dict.fromkeys(range(5), TODAY)
    days_served = dict.fromkeys(range(5), 0)

    async def caller(number: int) -> None:
        try:
            await quota.turn(Priority(Urgency.DAILY, last_served[number]))
        except AdictQuotaError:
            return
        last_served[number] = clock()
        days_served[number] += 1

    for _ in range(5):
        clock.now += timedelta(days=1)
        # Two more calls make the meters wait for one another.
        await asyncio.gather(quota.turn(), quota.turn(), *map(caller, last_served))

    assert set(days_served.values()) == {3}


async def test_a_patient_call_leaves_the_day_s_last_calls_to_daily_ones(
    clock: Clock,
) -> None:
    quota = make(clock, Allowance(1, 10))
    quota.daily_calls_left = lambda: 8
    await quota.turn(PATIENT)
    await quota.turn(PATIENT)

    with pytest.raises(AdictDeferredError) as caught:
        await quota.turn(PATIENT)

    # Until midnight in France, at 23:00 UTC.
    assert caught.value.retry_after == pytest.approx(14 * 3_600, abs=5)
    await quota.turn(DAILY)
    assert quota.calls_today == 3


async def test_a_patient_call_leaves_the_day_s_last_seconds_to_daily_ones(
    clock: Clock,
) -> None:
    quota = make(clock)
    clock.now = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    quota.daily_calls_left = lambda: 49
    await quota.turn(PATIENT)
    quota.daily_calls_left = lambda: 60

    with pytest.raises(AdictDeferredError):
        await quota.turn(PATIENT)


async def test_a_patient_call_does_not_join_a_long_line(clock: Clock) -> None:
    quota = make(clock)
    await quota.turn()
    waiting = [asyncio.create_task(quota.turn(DAILY)) for _ in range(502)]
    await asyncio.sleep(0)
    assert quota.waiting == 501

    with pytest.raises(AdictDeferredError) as caught:
        await quota.turn(PATIENT)

    assert caught.value.retry_after == 4 * 3_600
    await asyncio.gather(*waiting)
    await quota.turn(PATIENT)
    assert quota.calls_today == 504


async def test_a_call_admitted_and_cancelled_at_once_admits_the_next(
    clock: Clock,
) -> None:
    slept = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await slept.wait()
        await clock.sleep(seconds)

    quota = Quota(ONE_A_SECOND, clock=clock, monotonic=clock.monotonic, sleep=sleep)
    await quota.turn()

    async def call_then_cancel_the_second() -> None:
        await quota.turn()
        second.cancel()

    first = asyncio.create_task(call_then_cancel_the_second())
    await asyncio.sleep(0)
    second, third = (asyncio.create_task(quota.turn()) for _ in range(2))
    await asyncio.sleep(0)
    slept.set()

    await asyncio.gather(first, second, third, return_exceptions=True)

    assert second.cancelled()
    assert third.exception() is None
    assert quota.calls_today == 3


async def test_the_wait_of_a_call_is_estimated(clock: Clock) -> None:
    slept = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await slept.wait()
        await clock.sleep(seconds)

    quota = Quota(ONE_A_SECOND, clock=clock, monotonic=clock.monotonic, sleep=sleep)
    assert quota.seconds_to_turn() == 0
    await quota.turn()
    assert quota.seconds_to_turn() == pytest.approx(1.2)

    waiting = [asyncio.create_task(quota.turn(DAILY)) for _ in range(100)]
    await asyncio.sleep(0)

    # One has been let in; a prompt call goes before the others.
    assert quota.seconds_to_turn() == pytest.approx(2.4)
    assert quota.seconds_to_turn(PATIENT) > 100
    slept.set()
    await asyncio.gather(*waiting)
    quota.throttled(600)
    assert quota.seconds_to_turn() == pytest.approx(600)
