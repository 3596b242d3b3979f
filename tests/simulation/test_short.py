"""Sixty days of one seed; `scripts/soak` runs more of both."""

import pytest

from .conftest import Simulate


# Half a minute of work: more on a machine that is busy with other tests.
@pytest.mark.timeout(600)
async def test_sixty_troubled_days_end_each_evening_with_what_the_oracle_holds(
    simulate: Simulate,
) -> None:
    # From October to December: a clock change, a new meter, a week without GRDF.
    report = await simulate(seed=4, days=60)

    assert report.is_right, "\n".join(map(str, [report, *report.differences]))
