"""A few days of weather on three meters; `scripts/soak --weather` has weeks on ten."""

from datetime import date

import pytest

from .conftest import Endure
from .inspection import breaches_of
from .weather import INFORMATIVE, LIST, PUBLISHED, Schedule, Spell

_NAMES = ("house_1", "industry", "flat")


# Some seconds of work: more on a machine that is busy with other tests.
@pytest.mark.timeout(300)
async def test_weather_of_some_harms_nobody_else_and_each_says_how_it_is(
    endure: Endure,
) -> None:
    schedule = Schedule(
        name="short",
        first_day=date(2026, 10, 23),
        days=4,
        weather=(
            Spell(meter="house_1", call=INFORMATIVE, kind="http_500", first=1, last=3),
            Spell(meter="industry", call=PUBLISHED, kind="future_day", first=0, last=3),
        ),
    )

    runs = await endure(schedule, seed=1, names=_NAMES)

    assert breaches_of(schedule, runs) == []
    met = {(met.call, met.kind) for met in runs.troubled.met if met.kind}
    assert met == {(INFORMATIVE, "http_500"), (PUBLISHED, "future_day")}
    assert LIST in {met.call for met in runs.troubled.met}
