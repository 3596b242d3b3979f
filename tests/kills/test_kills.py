"""A few of the kills that `scripts/soak --kills` makes by the fifty."""

from datetime import timedelta

import pytest

from tests.oracle import expected_days
from tests.sandbox import HOUSE
from tests.sandbox.clock import gas_day_start

from .cycle import EVENING, killer

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
