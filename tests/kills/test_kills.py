"""A few of the kills that `scripts/soak --kills` makes by the fifty."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.oracle import expected_days
from tests.sandbox import HOUSE, Sandbox, serve
from tests.sandbox.clock import gas_day_start

from .cycle import EVENING, killer
from .house import House

pytestmark = [
    pytest.mark.usefixtures("forks"),
    # Home Assistant is imported anew first: a busy machine takes its time.
    pytest.mark.timeout(240),
]


async def test_a_home_assistant_that_is_killed_loses_no_row_and_forgets_no_call() -> (
    None
):
    async with killer(seed=1) as kills:
        done = [await kills.kill(number) for number in range(4)]
        first, _ = kills.scenarios

        assert [kill for kill in done if not kill.is_harmless] == []
        # What the killed runs are compared with is right itself.
        kills.sandbox.now = EVENING
        days = kills.sandbox.available_days(HOUSE).items()
        since = kills.sandbox.right(HOUSE).consumption_from
        assert since is not None
        wanted = expected_days(
            {day: row.kwh for day, row in days if day >= since},
            [
                (block.start, block.end, block.kwh)
                for block in kills.sandbox.available_published(HOUSE)
                if block.kwh is not None and block.end - block.start > timedelta(days=1)
            ],
        )
        stored = {
            start: state
            for series, start, state, _ in first.rows
            if series == f"grdf_adict:sandbox_{HOUSE}_energy"
        }
        starts = {gas_day_start(day).timestamp(): kwh for day, kwh in wanted.items()}
        # An hour before each, a row without an amount.
        assert stored == {**starts, **dict.fromkeys(at - 3600 for at in starts)}


async def test_a_kill_in_the_middle_of_adding_base_rows_leaves_none_out(
    tmp_path: Path,
) -> None:
    sandbox = Sandbox(1, EVENING)
    async with serve(sandbox) as served:
        house = House.furnished(tmp_path / "whole", served, (HOUSE,))
        await house.run(EVENING)
        whole = house.rows()
        sandbox.reset_calls()
        house = house.copied(tmp_path / "without")
        removed = house.remove_base_rows()
        assert removed > 2 * 1000

        added = 0
        async with house.running(EVENING) as process:
            while process.is_alive() and not added:
                await asyncio.sleep(0.001)
                added = len(house.rows()) - (len(whole) - removed)
        left = len(whole) - len(house.rows())
        assert 0 < left < removed
        await house.run(EVENING)

        assert house.rows() == whole
        assert sandbox.calls == []
