"""The quota: paced starts, a day's count, and its memory."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from custom_components.grdf_adict.adict import (
    AdictQuotaError,
    Allowance,
    Quota,
    QuotaState,
    allowance_for,
)
from custom_components.grdf_adict.adict.quota import SAVE_BLOCK

from .conftest import Clock

ONE_A_SECOND = Allowance(calls_per_second=1, calls_per_day=6_000)
TODAY = date(2026, 11, 20)


def make(
    clock: Clock,
    allowance: Allowance = ONE_A_SECOND,
    state: QuotaState | None = None,
    saved: list[QuotaState] | None = None,
) -> Quota:
    async def save(ahead: QuotaState) -> None:
        assert saved is not None
        saved.append(ahead)

    return Quota(
        allowance,
        clock=clock,
        state=state,
        save=None if saved is None else save,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
    )


async def starts(quota: Quota, clock: Clock, turns: int) -> list[float]:
    began = clock.monotonic()
    found = []
    for _ in range(turns):
        await quota.turn()
        found.append(round(clock.monotonic() - began, 3))
    return found


@pytest.mark.parametrize(
    ("pce_count", "per_second", "per_day"),
    [
        (0, 1, 6_000),
        (5_000, 1, 6_000),
        (5_001, 1, 60_000),
        (50_000, 1, 60_000),
        (50_001, 3, 240_000),
    ],
)
def test_the_allowance_follows_the_number_of_pce(
    pce_count: int, per_second: int, per_day: int
) -> None:
    assert allowance_for(pce_count) == Allowance(per_second, per_day)


async def test_starts_are_1_2_seconds_apart(clock: Clock) -> None:
    assert await starts(make(clock), clock, 3) == [0.0, 1.2, 2.4]


async def test_the_largest_tier_starts_three_times_as_often(clock: Clock) -> None:
    quota = make(clock, allowance_for(100_000))
    assert await starts(quota, clock, 4) == [0.0, 0.4, 0.8, 1.2]


async def test_no_wait_when_the_last_call_is_long_ago(clock: Clock) -> None:
    quota = make(clock)
    await quota.turn()
    clock.now += timedelta(seconds=5)
    assert await starts(quota, clock, 1) == [0.0]


async def test_concurrent_callers_get_their_turn_in_the_order_of_arrival(
    clock: Clock,
) -> None:
    quota = make(clock)
    order: list[int] = []

    async def caller(number: int) -> None:
        await quota.turn()
        order.append(number)

    await asyncio.gather(*(caller(number) for number in range(10)))
    assert order == list(range(10))
    assert sum(clock.slept) == pytest.approx(9 * 1.2)


async def test_calls_that_wait_for_one_token_do_not_start_together(
    clock: Clock,
) -> None:
    quota = make(clock)
    token = asyncio.Lock()
    has_come = False
    sent: list[float] = []

    async def get() -> None:
        nonlocal has_come
        async with token:
            if not has_come:
                await clock.sleep(20)
                has_come = True

    async def call() -> None:
        await quota.turn(ready=get)
        await get()
        quota.started()
        sent.append(clock.monotonic())

    await asyncio.gather(*(call() for _ in range(3)))

    assert [round(later - sooner, 3) for sooner, later in pairwise(sent)] == [1.2, 1.2]


async def test_a_cancelled_waiter_neither_counts_nor_blocks_the_others(
    clock: Clock,
) -> None:
    quota = make(clock)
    await quota.turn()
    waiters = [asyncio.create_task(quota.turn()) for _ in range(3)]
    await asyncio.sleep(0)
    waiters[0].cancel()
    waiters[1].cancel()
    await asyncio.gather(*waiters, return_exceptions=True)
    assert [waiter.cancelled() for waiter in waiters] == [True, True, False]
    assert quota.calls_today == 2


async def test_the_day_s_allowance_ends_just_after_midnight_in_paris(
    clock: Clock,
) -> None:
    clock.now = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    quota = make(clock, Allowance(1, 2))
    await quota.turn()
    await quota.turn()
    with pytest.raises(AdictQuotaError) as caught:
        await quota.turn()
    assert caught.value.retry_after == pytest.approx(1_800 - 1.2 + 5)
    assert (quota.calls_today, quota.remaining) == (2, 0)

    clock.now = datetime(2026, 11, 20, 23, tzinfo=UTC)
    await quota.turn()
    assert quota.state == QuotaState(date(2026, 11, 21), 1)


async def test_the_night_of_a_clock_change_is_an_hour_longer(clock: Clock) -> None:
    paris = ZoneInfo("Europe/Paris")
    clock.now = datetime(2026, 10, 25, 1, tzinfo=paris)
    quota = make(clock, Allowance(1, 0))
    with pytest.raises(AdictQuotaError) as caught:
        await quota.turn()
    assert caught.value.retry_after == 24 * 3_600 + 5


async def test_a_call_is_saved_before_it_is_made_in_blocks(clock: Clock) -> None:
    saved: list[QuotaState] = []
    quota = make(clock, saved=saved)
    for made in range(1, 2 * SAVE_BLOCK + 1):
        await quota.turn()
        assert saved[-1].calls >= made
    assert saved == [QuotaState(TODAY, SAVE_BLOCK), QuotaState(TODAY, 2 * SAVE_BLOCK)]
    assert quota.state == QuotaState(TODAY, 2 * SAVE_BLOCK)


async def test_a_restart_counts_no_fewer_calls_than_were_made(clock: Clock) -> None:
    saved: list[QuotaState] = []
    first = make(clock, saved=saved)
    for _ in range(5):
        await first.turn()
    second = make(clock, state=saved[-1], saved=saved)
    assert second.calls_today >= 5
    await second.turn()
    assert saved[-1].calls >= second.calls_today


async def test_a_new_day_is_saved_anew(clock: Clock) -> None:
    saved: list[QuotaState] = []
    quota = make(clock, saved=saved)
    await quota.turn()
    clock.now += timedelta(days=1)
    await quota.turn()
    assert saved[-1] == QuotaState(TODAY + timedelta(days=1), SAVE_BLOCK)


async def test_no_call_is_made_after_a_save_that_failed(clock: Clock) -> None:
    async def fail(_: QuotaState) -> None:
        raise OSError("disk full")

    quota = Quota(ONE_A_SECOND, clock=clock, save=fail, sleep=clock.sleep)
    with pytest.raises(OSError, match="disk full"):
        await quota.turn()
    assert quota.calls_today == 0


def test_yesterday_s_calls_are_forgotten(clock: Clock) -> None:
    quota = make(clock, state=QuotaState(TODAY - timedelta(days=1), 5_000))
    assert quota.calls_today == 0


def test_a_clock_that_starts_in_the_past_keeps_the_count(clock: Clock) -> None:
    quota = make(clock, state=QuotaState(TODAY + timedelta(days=1), 5_000))
    assert quota.calls_today == 5_000


def test_a_count_from_the_far_future_is_forgotten(clock: Clock) -> None:
    quota = make(clock, state=QuotaState(TODAY + timedelta(days=400), 6_000))
    assert quota.calls_today == 0


async def test_a_new_allowance_holds_at_once(clock: Clock) -> None:
    quota = make(clock, Allowance(1, 1))
    await quota.turn()
    quota.allowance = allowance_for(60_000)
    assert await starts(quota, clock, 2) == [0.4, 0.8]


async def test_after_a_429_the_gap_doubles_and_narrows_again_slowly(
    clock: Clock,
) -> None:
    quota = make(clock)
    await quota.turn()
    quota.throttled()
    assert await starts(quota, clock, 2) == [2.4, 4.8]
    quota.succeeded()
    (gap,) = await starts(quota, clock, 1)
    assert 1.2 < gap < 2.4
    for _ in range(50):
        quota.succeeded()
    assert await starts(quota, clock, 1) == [1.2]


async def test_the_gap_never_passes_a_minute(clock: Clock) -> None:
    quota = make(clock)
    await quota.turn()
    for _ in range(50):
        quota.throttled()
    assert await starts(quota, clock, 1) == [60.0]


async def test_a_short_pause_that_grdf_asks_for_is_respected(clock: Clock) -> None:
    quota = make(clock)
    quota.throttled(30)
    assert await starts(quota, clock, 1) == [30.0]


async def test_a_long_pause_is_an_error_instead_of_a_wait(clock: Clock) -> None:
    quota = make(clock)
    quota.throttled(600)
    with pytest.raises(AdictQuotaError) as caught:
        await quota.turn()
    assert caught.value.retry_after == 600
    assert (quota.calls_today, clock.slept) == (0, [])


async def test_a_429_delays_the_call_that_waits_already(clock: Clock) -> None:
    quota: Quota

    async def sleep(seconds: float) -> None:
        if not clock.slept:
            quota.throttled(10)
        await clock.sleep(seconds)

    quota = Quota(ONE_A_SECOND, clock=clock, monotonic=clock.monotonic, sleep=sleep)
    await quota.turn()
    assert await starts(quota, clock, 1) == [10.0]


async def test_a_429_below_our_own_count_means_another_client(clock: Clock) -> None:
    quota = make(clock, Allowance(1, 1))
    quota.throttled()
    assert quota.throttled_below_own_count == 1
    await quota.turn()
    quota.throttled()
    assert quota.throttled_below_own_count == 1
    clock.now += timedelta(days=1)
    assert quota.throttled_below_own_count == 0


@pytest.mark.parametrize(
    ("kept", "calls"),
    [
        (QuotaState(TODAY, 40), 42),
        (QuotaState(TODAY - timedelta(days=1), 40), 2),
        (None, 2),
    ],
)
async def test_the_calls_of_a_flow_are_added_to_the_stored_count_of_the_day(
    clock: Clock, kept: QuotaState | None, calls: int
) -> None:
    async def save(_: QuotaState) -> None:
        pass

    quota = make(clock)
    await starts(quota, clock, 2)

    quota.resume(kept, save)
    assert quota.calls_today == calls

    quota.resume(kept, save)
    assert quota.calls_today == calls, "once only"
