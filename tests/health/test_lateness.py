"""When data that have not come are late: by the calendar, then by habit."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import Frequency, Qualification
from custom_components.grdf_adict.health import Arrivals, arrived, first_unknown
from custom_components.grdf_adict.health.lateness import late_from
from custom_components.grdf_adict.metering import DayValue, Ledger, Source

NEWEST = date(2026, 11, 10)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("frequency", "informative", "expected"),
    [
        # The 11th comes on the 14th, and may be five days late.
        (Frequency.MONTHLY, True, date(2026, 11, 19)),
        # Those of a month until the 20th of the next (API notes, section 8).
        (Frequency.BUSINESS_MONTHLY, True, date(2026, 12, 25)),
        (Frequency.DAILY, False, date(2026, 11, 17)),
        # What ends on the 11th is followed by a month, read and published a day on.
        (Frequency.MONTHLY, False, date(2026, 12, 27)),
        (Frequency.BUSINESS_MONTHLY, False, date(2026, 12, 16)),
        (Frequency.SIX_MONTHLY, False, date(2027, 6, 26)),
        (Frequency.UNKNOWN, True, date(2027, 6, 26)),
    ],
)
def test_each_frequency_has_its_delay_and_some_days_more(
    *, frequency: Frequency, informative: bool, expected: date
) -> None:
    assert late_from(frequency, NEWEST, informative=informative) == expected


@given(
    frequency=st.sampled_from(Frequency),
    informative=st.booleans(),
    newest=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_a_newer_day_is_never_late_sooner(
    *, frequency: Frequency, informative: bool, newest: date
) -> None:
    late = late_from(frequency, newest, informative=informative)
    later = late_from(frequency, newest + DAY, informative=informative)

    assert newest + timedelta(days=6) < late <= later


def _seen(arrivals: list[tuple[date, date]], frequency: Frequency) -> list[date]:
    """Return the evenings on which a meter that is asked daily reads late.

    Args:
        arrivals: when a gas day came, and which; the last one is never followed.
        frequency: the meter's.
    """
    known, newest = Arrivals(), arrivals[0][1]
    came = dict(arrivals)
    late = []
    today, asked = arrivals[0][0], None
    while today <= arrivals[-1][0] + timedelta(days=120):
        after = max(newest, came.get(today, newest))
        known = arrived(known, newest, after, today, asked)
        newest, asked = after, today
        if late_from(frequency, newest, informative=True, gaps=known.gaps) <= today:
            late.append(today)
        today += DAY
    return late


def test_days_that_come_as_the_deck_says_are_never_late_and_a_stop_soon_is() -> None:
    days = [(NEWEST + n * DAY, NEWEST + (n - 3) * DAY) for n in range(30)]

    late = _seen(days, Frequency.MONTHLY)

    habit, stopped = 4, days[-1][1]
    assert stopped + habit * DAY < late[0] <= stopped + 2 * habit * DAY


def test_months_that_come_weeks_later_are_no_false_alarm_and_a_stop_is_noticed() -> (
    None
):
    # As Jeedom's documents have it: an MM meter's month between the 10th and the 20th.
    ends = [date(2026, month, 1) - DAY for month in range(2, 13)]
    comes = [16, 12, 20, 18, 10, 20, 14, 17, 20, 11, 19]
    days = [
        (end + timedelta(days=late_by), end)
        for end, late_by in zip(ends, comes, strict=True)
    ]

    late = _seen(days, Frequency.BUSINESS_MONTHLY)

    last_came, last = days[-1]
    assert late[0] > last_came
    # The next month was to come by the 20th of the month after it.
    assert late[0] <= last + timedelta(days=31 + 20 + 45)


def test_a_meter_that_dies_slowly_does_not_teach_that_silence_is_normal() -> None:
    came, days, silence = NEWEST, [], 1
    for _ in range(20):
        days.append((came, came - 3 * DAY))
        came += DAY
    for _ in range(6):
        silence *= 2
        days.append((came, came - 3 * DAY))
        came += silence * DAY

    late = _seen(days, Frequency.MONTHLY)

    # Each silence that is twice the one before is noticed before it ends.
    for (begins, newest), (ends, _) in pairwise(days[20:]):
        if (ends - newest).days > 12:
            assert any(begins < day < ends for day in late), (begins, ends)


def test_a_habit_needs_four_arrivals_and_is_not_made_of_our_own_absence() -> None:
    known = Arrivals()
    for n in range(1, 5):
        known = arrived(
            known, NEWEST, NEWEST + n * DAY, NEWEST + 4 * DAY, NEWEST + 3 * DAY
        )
        assert (known.habit is None) is (n < 4)
    before = known

    # Nothing was asked for three weeks.
    known = arrived(
        known, NEWEST, NEWEST + 9 * DAY, NEWEST + 30 * DAY, NEWEST + 9 * DAY
    )

    assert known == before


@given(gaps=st.lists(st.integers(1, 400), min_size=4, max_size=6))
def test_a_stop_is_noticed_within_twice_the_habit_and_45_days_beyond_it(
    gaps: list[int],
) -> None:
    habit = Arrivals(gaps=tuple(gaps)).habit
    assert habit is not None

    late = late_from(Frequency.MONTHLY, NEWEST, informative=True, gaps=gaps)

    silence = (late - NEWEST).days
    assert habit + 3 <= silence <= max(2 * habit, habit + 3)
    assert silence <= habit + 45


def _ledger(*days: date) -> Ledger:
    value = DayValue(10.0, 1.0, 10.0, Qualification.MEASURED, final=False)
    absent = DayValue(None, None, None, Qualification.ABSENT, final=False)
    found = dict.fromkeys(days, value)
    return Ledger(daily={Source.INFORMATIVE: {**found, days[-1]: absent}})


def test_a_day_in_between_is_unknown_unless_grdf_says_that_it_is_absent() -> None:
    days = [NEWEST + n * DAY for n in (0, 1, 3, 4)]

    first = NEWEST - 20 * DAY
    assert first_unknown(_ledger(*days), first, days[-1]) == NEWEST + 2 * DAY
    assert first_unknown(_ledger(*days[:2]), first, days[1]) is None
    assert first_unknown(_ledger(*days), NEWEST + 3 * DAY, days[-1]) is None
