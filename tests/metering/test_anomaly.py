"""Which findings are news, and what is kept of them."""

from dataclasses import replace
from datetime import date
from typing import Final

from hypothesis import given, strategies as st

from custom_components.grdf_adict.metering.insight.anomaly import (
    Anomaly,
    AnomalyKind,
    Confidence,
    news,
    remember,
)
from custom_components.grdf_adict.metering.insight.insight_json import (
    findings_from_json,
    findings_to_json,
)

from .factory import DAY, later

RISE: Final = Anomaly(
    AnomalyKind.SUSTAINED,
    DAY,
    later(7),
    expected=700.0,
    actual=950.5,
    days=8,
    provisional=8,
    confidence=Confidence.MEDIUM,
)
LEAK: Final = replace(RISE, kind=AnomalyKind.BASE_LOAD)
ODD: Final = replace(RISE, kind=AnomalyKind.DAY, last=DAY, days=1)


def moved(finding: Anomaly, first: int, last: int) -> Anomaly:
    return replace(finding, first=later(first), last=later(last))


def test_what_was_not_announced_is_news() -> None:
    assert news([RISE, ODD], ()) == (RISE,)
    assert news([moved(ODD, -3, -3), RISE], ()) == (moved(ODD, -3, -3), RISE)


def test_what_goes_on_is_no_news() -> None:
    assert news([moved(RISE, 1, 9)], (RISE,)) == ()
    assert news([moved(LEAK, -2, 9)], (RISE,)) == ()


def test_what_comes_back_within_a_month_is_the_same_matter() -> None:
    assert news([moved(RISE, 37, 44)], (RISE,)) == ()
    assert news([moved(RISE, 38, 45)], (RISE,)) == (moved(RISE, 38, 45),)


def test_a_day_within_a_known_rise_is_no_news_and_a_rise_around_a_known_day_is() -> (
    None
):
    assert news([moved(ODD, 3, 3)], (RISE,)) == ()
    assert news([RISE], (ODD,)) == (RISE,)


def test_two_odd_days_are_two_news() -> None:
    assert news([ODD, moved(ODD, 1, 1)], (ODD,)) == (moved(ODD, 1, 1),)


def test_of_two_findings_on_the_same_days_the_first_is_news() -> None:
    assert news([LEAK, RISE], ()) == (LEAK,)


def test_a_rise_that_goes_on_for_months_is_announced_once() -> None:
    announced: tuple[Anomaly, ...] = ()
    count = 0

    for day in range(120):
        found = [moved(RISE, max(0, day - 60), day)]
        count += len(news(found, announced))
        announced = remember(found, announced)

    assert count == 1
    assert announced == (moved(RISE, 0, 119),)


def test_an_announced_day_stays_a_day() -> None:
    assert remember([RISE], (ODD,)) == (ODD, RISE)


def test_what_was_announced_more_than_a_year_ago_is_dropped() -> None:
    again = moved(RISE, 500, 507)

    assert remember([again], (RISE,)) == (again,)
    assert remember([moved(RISE, 300, 307)], (RISE,)) == (RISE, moved(RISE, 300, 307))
    assert remember([], (RISE,)) == (RISE,)


# GRDF's years.
_DATES = st.dates(date(1946, 1, 1), date(2199, 12, 31))


@given(
    st.lists(
        st.builds(
            Anomaly,
            kind=st.sampled_from(AnomalyKind),
            first=_DATES,
            last=_DATES,
            expected=st.floats(0, 1e6),
            actual=st.floats(0, 1e6),
            days=st.integers(1, 400),
            provisional=st.integers(0, 400),
            confidence=st.sampled_from(Confidence),
        ),
        max_size=3,
    ).map(tuple)
)
def test_findings_survive_json(findings: tuple[Anomaly, ...]) -> None:
    assert findings_from_json(findings_to_json(findings)) == findings


def test_no_findings_are_read_where_none_were_kept() -> None:
    assert findings_from_json(None) == ()
