"""When each call is due again."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.grdf_adict.adict import PARIS, Frequency
from custom_components.grdf_adict.metering.ledger import Ledger
from custom_components.grdf_adict.metering.schedule.slots import (
    Coverage,
    Share,
    coverage,
    expected_publication,
    next_informative,
    next_monthly,
    next_publication,
    next_published_day,
    next_rights,
)

from .factory import (
    absent,
    answered as ledger_of,
    informative as informative_block,
    published,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Of a contract that may not make one call more on this day.
BUSY = Share(meters=5_000, calls_today=6_000)
LONG_AGO = date(2026, 11, 1)


def at(
    month: int, day: int, hour: int, minute: int = 0, *, year: int = 2026
) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def informative(
    answered: datetime,
    newest: date | None = None,
    share: Share = BUSY,
    frequency: Frequency = Frequency.MONTHLY,
    phase: float = 0.5,
) -> datetime:
    return next_informative(frequency, answered, phase, newest=newest, share=share)


def published_day(
    answered: datetime, newest: date, *, meters: int = 1, phase: float = 0.0
) -> datetime:
    return next_published_day(
        answered, phase, newest=newest, share=Share(meters=meters, calls_per_day=6_000)
    )


def publication(
    answered: datetime,
    newest: date | None,
    frequency: Frequency = Frequency.MONTHLY,
    share: Share = BUSY,
    *,
    is_doubted: bool = False,
) -> datetime:
    return next_publication(
        frequency, answered, 0.5, newest=newest, share=share, is_doubted=is_doubted
    )


@pytest.mark.parametrize(
    ("answered", "again"),
    [
        (at(11, 20, 19), at(11, 21, 19)),
        # A slot that is still to come today, and far enough away, serves.
        (at(11, 20, 15), at(11, 20, 19)),
        (at(11, 20, 15, 1), at(11, 21, 19)),
        (at(11, 20, 23, 59), at(11, 21, 19)),
        # Each clock change, the leap day and the end of the year.
        (at(3, 28, 19), at(3, 29, 19)),
        (at(10, 24, 19), at(10, 25, 19)),
        (at(2, 28, 19, year=2028), at(2, 29, 19, year=2028)),
        (at(12, 31, 19), at(1, 1, 19, year=2027)),
        # Half past midnight in France, which is still the day before in UTC.
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), at(11, 21, 19)),
    ],
)
def test_informative_days_are_asked_for_every_evening(
    answered: datetime, again: datetime
) -> None:
    assert informative(answered) == again


@pytest.mark.parametrize(
    ("frequency", "newest", "tries_again"),
    [
        (Frequency.MONTHLY, date(2026, 11, 16), True),
        (Frequency.MONTHLY, date(2026, 11, 17), False),
        (Frequency.MONTHLY, None, True),
        (Frequency.BUSINESS_MONTHLY, date(2026, 11, 17), True),
        (Frequency.BUSINESS_MONTHLY, date(2026, 11, 18), False),
    ],
)
def test_an_evening_without_its_day_has_two_tries(
    frequency: Frequency,
    newest: date | None,
    tries_again: bool,  # noqa: FBT001
) -> None:
    share = Share(meters=100, calls_today=100)

    again = informative(at(11, 20, 19, 5), newest, share, frequency, phase=0.0)

    assert again == (at(11, 20, 20, 45) if tries_again else at(11, 21, 17, 30))


@pytest.mark.parametrize(
    ("share", "tries_again"),
    [
        (Share(meters=1_000, calls_today=1_149), True),
        (Share(meters=1_000, calls_today=1_150), False),
        # One meter alone has no call to spare; fifty thousand fill the evening.
        (Share(meters=1, calls_today=1), False),
        (Share(meters=50_000, calls_per_day=60_000, calls_today=9), False),
    ],
)
def test_the_second_try_keeps_within_the_calls_of_all_meters(
    share: Share,
    tries_again: bool,  # noqa: FBT001
) -> None:
    again = informative(at(11, 20, 19, 30), LONG_AGO, share)

    assert (again < at(11, 21, 0)) is tries_again


def test_there_is_no_third_try() -> None:
    share = Share(meters=1_000, calls_today=0)

    assert informative(at(11, 20, 21, 20), LONG_AGO, share) == at(11, 21, 19)


def test_the_slot_grows_with_the_meters_up_to_a_whole_day() -> None:
    few = Share(meters=7_000)
    many = Share(meters=50_000, calls_per_day=60_000)
    most = Share(meters=200_000, calls_per_day=240_000, calls_per_second=3)

    answered = at(11, 20, 21)

    assert informative(answered, share=few, phase=0) == at(11, 21, 17, 30)
    assert informative(answered, share=many, phase=0) < at(11, 21, 3)
    # The first of a slot that begins on the evening before.
    assert informative(answered, share=most, phase=0) == at(11, 21, 21, 45)
    assert informative(answered, share=most, phase=0.75) == at(11, 21, 15, 45)


@pytest.mark.parametrize(
    ("answered", "newest", "again"),
    [
        # Yesterday has come: tomorrow, after 15:00.
        (at(11, 20, 15, 5), date(2026, 11, 19), at(11, 21, 15, 5)),
        (at(11, 20, 8), date(2026, 11, 18), at(11, 20, 15, 5)),
        # It has not: once an hour, three times in all.
        (at(11, 20, 15, 5), date(2026, 11, 18), at(11, 20, 16, 5)),
        (at(11, 20, 16, 6), date(2026, 11, 18), at(11, 20, 17, 5)),
        (at(11, 20, 17, 5), date(2026, 11, 18), at(11, 21, 15, 5)),
    ],
)
def test_a_published_day_is_asked_for_hourly_three_times_until_it_has_come(
    answered: datetime, newest: date, again: datetime
) -> None:
    assert published_day(answered, newest) == again


def test_three_tries_are_for_contracts_that_spend_a_tenth_on_them_at_most() -> None:
    first = at(11, 20, 15, 5)

    assert published_day(first, LONG_AGO, meters=200) == first + HOUR
    assert published_day(first, LONG_AGO, meters=201) > at(11, 21, 15)


def test_many_published_days_wait_for_the_afternoon_too() -> None:
    again = published_day(at(11, 20, 21), LONG_AGO, meters=60_000)

    assert again == at(11, 21, 15, 5)


@pytest.mark.parametrize(
    ("frequency", "end", "expected"),
    [
        (Frequency.MONTHLY, date(2026, 10, 22), date(2026, 11, 23)),
        (Frequency.UNKNOWN, date(2026, 10, 22), date(2026, 11, 23)),
        (Frequency.MONTHLY, date(2026, 1, 31), date(2026, 3, 1)),
        (Frequency.MONTHLY, date(2026, 12, 15), date(2027, 1, 16)),
        (Frequency.SIX_MONTHLY, date(2026, 8, 31), date(2027, 3, 1)),
        (Frequency.SIX_MONTHLY, date(2027, 8, 31), date(2028, 3, 1)),
        (Frequency.BUSINESS_MONTHLY, date(2026, 11, 1), date(2026, 12, 1)),
        (Frequency.BUSINESS_MONTHLY, date(2026, 12, 9), date(2027, 1, 1)),
    ],
)
def test_a_publication_is_expected_from_the_end_of_the_one_before(
    frequency: Frequency, end: date, expected: date
) -> None:
    assert expected_publication(frequency, end) == expected


def test_a_publication_is_asked_for_on_the_evening_on_which_it_is_expected() -> None:
    again = publication(at(10, 23, 19), date(2026, 10, 21))

    assert again == at(11, 23, 19)


def test_a_publication_that_has_not_come_is_asked_for_ever_less_often() -> None:
    expected = at(11, 23, 19)
    asked = [expected]
    while asked[-1] < expected + 60 * DAY:
        asked.append(publication(asked[-1], date(2026, 10, 21)))

    waits = [(moment - expected).days for moment in asked]
    assert waits == [0, 1, 3, 7, 15, 31, 63]


@pytest.mark.parametrize("newest", [date(2026, 11, 19), date(2019, 1, 1)])
def test_published_data_are_read_again_within_five_weeks_whatever_is_expected(
    newest: date,
) -> None:
    again = publication(at(11, 20, 19), newest, Frequency.SIX_MONTHLY)

    assert again == at(12, 25, 19)


def test_before_the_first_publication_one_is_asked_for_twice_a_month() -> None:
    assert publication(at(11, 20, 19), None) == at(12, 5, 19)


def test_an_implausible_value_is_asked_for_on_the_next_evening() -> None:
    newest, frequency = date(2026, 6, 30), Frequency.SIX_MONTHLY

    assert publication(at(7, 3, 19), newest, frequency, is_doubted=True) == at(7, 4, 19)


def test_published_months_are_not_asked_for_in_the_night_even_by_many() -> None:
    share = Share(meters=200_000, calls_per_day=240_000, calls_per_second=3)

    again = next_publication(
        Frequency.MONTHLY,
        at(10, 23, 19),
        0.0,
        newest=date(2026, 10, 21),
        share=share,
    )

    assert again == at(11, 23, 13, 45)


@given(
    st.integers(0, 400).map(lambda days: at(1, 1, 14) + days * DAY),
    st.floats(0, 1, exclude_max=True),
)
def test_a_monthly_call_finds_its_own_day_and_keeps_it(
    answered: datetime, phase: float
) -> None:
    first = next_monthly(answered, phase, offset=0)
    second = next_monthly(first, phase, offset=0)
    delayed = next_monthly(first + 3 * DAY, phase, offset=0)

    assert timedelta(days=15) < first - answered < timedelta(days=47)
    assert (second.date() - first.date()).days == 30
    assert delayed == second


def test_monthly_calls_of_many_meters_spread_over_the_month() -> None:
    answered = at(11, 20, 10)
    days = {next_monthly(answered, lot / 500, offset=0).date() for lot in range(500)}

    assert len(days) == 30


def test_technical_and_contractual_data_fall_on_different_days() -> None:
    answered = at(11, 20, 10)

    technical, contract = (
        next_monthly(answered, 0.3, offset=offset).date() for offset in (0, 15)
    )

    assert abs((technical - contract).days) == 15


def test_rights_are_read_once_a_day_in_the_daytime() -> None:
    assert next_rights(at(11, 20, 13), 0.5) == at(11, 21, 13)
    assert next_rights(at(11, 20, 21), 0.0) == at(11, 21, 9)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([Frequency.MONTHLY, Frequency.BUSINESS_MONTHLY]),
    st.datetimes(
        min_value=datetime(2024, 1, 1),  # noqa: DTZ001
        max_value=datetime(2032, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, PARIS]),
    ),
    st.floats(0, 1, exclude_max=True),
)
@example(
    Frequency.MONTHLY,
    datetime(2026, 3, 29, 2, 30, tzinfo=PARIS),
    0.999_999_999_999_999_9,
)
@example(Frequency.MONTHLY, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 0.0)
def test_no_draw_puts_a_call_outside_its_slot_or_too_soon(
    frequency: Frequency, answered: datetime, phase: float
) -> None:
    evening = informative(answered, frequency=frequency, phase=phase)
    afternoon = published_day(answered, LONG_AGO, meters=5_000, phase=phase)

    assert time(17, 30) <= evening.astimezone(PARIS).time() <= time(20, 30)
    assert time(15, 5) <= afternoon.astimezone(PARIS).time() <= time(20, 30)
    for again in (evening, afternoon):
        # An hour less on the wall clock's account, at a clock change.
        assert again.astimezone(UTC) - answered.astimezone(UTC) >= 3 * HOUR
        assert again.astimezone(UTC) - answered.astimezone(UTC) <= 29 * HOUR


def test_coverage_is_the_newest_day_of_each_source() -> None:
    blocks = [
        informative_block(8, date(2026, 11, 16)),
        # GRDF answered that it has nothing: that is an answer too.
        absent(informative_block(None, date(2026, 11, 17))),
        published(900, date(2026, 9, 22), days=30),
        # No month was published by saying that there is none.
        absent(published(None, date(2026, 10, 22), days=12)),
    ]

    injected = ledger_of(published(70_000, date(2026, 11, 18)))

    assert coverage(ledger_of(*blocks), injected) == Coverage(
        informative=date(2026, 11, 17),
        published=date(2026, 10, 21),
        injected=date(2026, 11, 18),
    )


def test_an_empty_ledger_has_no_coverage() -> None:
    assert coverage(Ledger(), Ledger()) == Coverage()
