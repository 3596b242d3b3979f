"""Which call is due, when, for which meter."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.grdf_adict.adict import Frequency
from custom_components.grdf_adict.metering.cadence import (
    AT_ONCE,
    Call,
    Due,
    Mark,
    Perimeter,
    agenda,
    calls_for,
    due_at,
    rights_due,
)
from custom_components.grdf_adict.metering.gas_day import PARIS

EVERYTHING = Perimeter(
    frozenset({Call.TECHNICAL, Call.CONTRACT, Call.INFORMATIVE, Call.PUBLISHED})
)
HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 20, 12, tzinfo=PARIS)
MONTHLY_CALLS = [
    (Call.TECHNICAL, Frequency.DAILY),
    (Call.CONTRACT, Frequency.MONTHLY),
    (Call.PUBLISHED, Frequency.SIX_MONTHLY),
    (Call.PUBLISHED, Frequency.MONTHLY),
    (Call.PUBLISHED, Frequency.BUSINESS_MONTHLY),
    (Call.PUBLISHED, Frequency.UNKNOWN),
]


def in_france(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def due(call: Call, mark: Mark, frequency: Frequency = Frequency.MONTHLY) -> datetime:
    (found,) = agenda(frequency, Perimeter(frozenset({call})), {call: mark}, 0.5)
    return found.at


@pytest.mark.parametrize(
    ("frequency", "calls"),
    [
        (
            Frequency.SIX_MONTHLY,
            (Call.TECHNICAL, Call.PUBLISHED, Call.CONTRACT),
        ),
        (
            Frequency.MONTHLY,
            (Call.TECHNICAL, Call.INFORMATIVE, Call.PUBLISHED, Call.CONTRACT),
        ),
        (
            Frequency.BUSINESS_MONTHLY,
            (Call.TECHNICAL, Call.INFORMATIVE, Call.PUBLISHED, Call.CONTRACT),
        ),
        (Frequency.DAILY, (Call.TECHNICAL, Call.PUBLISHED, Call.CONTRACT)),
        (
            Frequency.UNKNOWN,
            (Call.TECHNICAL, Call.INFORMATIVE, Call.PUBLISHED, Call.CONTRACT),
        ),
    ],
)
def test_a_meter_is_asked_what_its_frequency_knows(
    frequency: Frequency, calls: tuple[Call, ...]
) -> None:
    assert calls_for(frequency, EVERYTHING) == calls


def test_a_meter_is_asked_only_what_its_right_covers() -> None:
    perimeter = Perimeter(frozenset({Call.CONTRACT, Call.INFORMATIVE}))

    assert calls_for(Frequency.MONTHLY, perimeter) == (Call.INFORMATIVE, Call.CONTRACT)
    assert calls_for(Frequency.DAILY, perimeter) == (Call.CONTRACT,)
    assert calls_for(Frequency.MONTHLY, Perimeter(frozenset())) == ()


@pytest.mark.parametrize(
    ("answered", "again"),
    [
        (in_france(11, 20, 13, 30), in_france(11, 21, 13, 30)),
        # A slot that is still to come today, and far enough away, serves.
        (in_france(11, 20, 9, 30), in_france(11, 20, 13, 30)),
        (in_france(11, 20, 9, 31), in_france(11, 21, 13, 30)),
        (in_france(11, 20, 23, 59), in_france(11, 21, 13, 30)),
        # The night of each clock change, the leap day and the end of the year.
        (in_france(3, 28, 13, 30), in_france(3, 29, 13, 30)),
        (in_france(10, 24, 13, 30), in_france(10, 25, 13, 30)),
        (
            datetime(2028, 2, 28, 13, 30, tzinfo=PARIS),
            datetime(2028, 2, 29, 13, 30, tzinfo=PARIS),
        ),
        (in_france(12, 31, 13, 30), datetime(2027, 1, 1, 13, 30, tzinfo=PARIS)),
        # Half past midnight in France, which is still the day before in UTC.
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), in_france(11, 21, 13, 30)),
    ],
)
def test_informative_days_are_asked_for_once_a_day(
    answered: datetime, again: datetime
) -> None:
    assert due_at(Call.INFORMATIVE, Frequency.MONTHLY, answered, 0.5) == again


@pytest.mark.parametrize(
    ("answered", "draw", "again"),
    [
        (in_france(11, 20, 16), 0.0, in_france(11, 21, 15, 5)),
        (in_france(11, 20, 8), 0.0, in_france(11, 20, 15, 5)),
        (in_france(11, 20, 8), 0.5, in_france(11, 20, 16, 35)),
    ],
)
def test_published_days_of_a_daily_meter_are_asked_for_in_the_afternoon(
    answered: datetime, draw: float, again: datetime
) -> None:
    assert due_at(Call.PUBLISHED, Frequency.DAILY, answered, draw) == again


@pytest.mark.parametrize(("call", "frequency"), MONTHLY_CALLS)
def test_a_monthly_call_is_due_thirty_days_after_its_last_slot(
    call: Call, frequency: Frequency
) -> None:
    again = due_at(call, frequency, in_france(11, 1, 13, 30), 0.5)

    assert again == in_france(12, 1, 13, 30)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(Call),
    st.sampled_from(Frequency),
    st.datetimes(
        min_value=datetime(2024, 1, 1),  # noqa: DTZ001
        max_value=datetime(2032, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, PARIS]),
    ),
    st.floats(0, 1, exclude_max=True),
)
@example(
    Call.INFORMATIVE,
    Frequency.MONTHLY,
    datetime(2026, 3, 29, 2, 30, tzinfo=PARIS),
    0.999_999_999_999_999_9,
)
@example(
    Call.PUBLISHED, Frequency.DAILY, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 0.0
)
def test_no_draw_puts_a_call_outside_its_slot_or_too_soon(
    call: Call, frequency: Frequency, answered: datetime, draw: float
) -> None:
    again = due_at(call, frequency, answered, draw).astimezone(PARIS)

    in_afternoon = call is Call.PUBLISHED and frequency is Frequency.DAILY
    opens, closes = (time(15, 5), time(18, 5)) if in_afternoon else (time(9), time(18))
    assert opens <= again.time() <= closes
    # An hour less on the wall clock's account, at a clock change.
    assert again.astimezone(UTC) - answered.astimezone(UTC) >= 3 * HOUR


def test_the_first_calls_of_a_meter_are_due_at_once_what_it_is_ahead_of_the_rest() -> (
    None
):
    assert agenda(Frequency.UNKNOWN, EVERYTHING, {}, 0.5) == (
        Due(Call.TECHNICAL, AT_ONCE),
        Due(Call.INFORMATIVE, AT_ONCE),
        Due(Call.PUBLISHED, AT_ONCE),
        Due(Call.CONTRACT, AT_ONCE),
    )


def test_the_agenda_begins_with_the_call_that_is_due_next() -> None:
    marks = {
        Call.TECHNICAL: Mark().after_answer(in_france(11, 20, 12), complete=True),
        Call.INFORMATIVE: Mark().after_answer(in_france(11, 20, 12), complete=True),
        Call.PUBLISHED: Mark().after_answer(in_france(10, 25, 12), complete=True),
    }

    calls = [due.call for due in agenda(Frequency.MONTHLY, EVERYTHING, marks, 0.5)]

    assert calls == [Call.CONTRACT, Call.INFORMATIVE, Call.PUBLISHED, Call.TECHNICAL]


def test_a_meter_without_a_right_has_nothing_on_its_agenda() -> None:
    marks = {Call.PUBLISHED: Mark().after_answer(NOW, complete=True)}

    assert agenda(Frequency.MONTHLY, Perimeter(frozenset()), marks, 0.5) == ()


def test_a_call_that_was_put_off_lets_the_others_pass() -> None:
    until = NOW + HOUR
    marks = {Call.TECHNICAL: Mark().after_failure(until, refused=True)}

    found = agenda(Frequency.MONTHLY, EVERYTHING, marks, 0.5)

    assert found[0] == Due(Call.INFORMATIVE, AT_ONCE)
    assert found[-1] == Due(Call.TECHNICAL, until)


@pytest.mark.parametrize(
    ("until", "at"),
    [
        (in_france(11, 21, 10), in_france(11, 21, 13, 30)),
        (in_france(11, 22, 10), in_france(11, 22, 10)),
    ],
)
def test_a_failure_may_put_a_call_off_but_never_hastens_it(
    until: datetime, at: datetime
) -> None:
    mark = Mark().after_answer(NOW, complete=True).after_failure(until, refused=False)

    assert due(Call.INFORMATIVE, mark) == at


@pytest.mark.parametrize(
    ("cuts", "wait"),
    [
        (1, HOUR),
        (2, 4 * HOUR),
        (3, 16 * HOUR),
        (4, 24 * HOUR),
        (5, 24 * HOUR),
        (400, 24 * HOUR),
    ],
)
def test_a_cut_answer_is_asked_for_again_soon_then_ever_later_then_daily(
    cuts: int, wait: timedelta
) -> None:
    mark = Mark()
    for _ in range(cuts):
        mark = mark.after_answer(NOW, complete=False)

    assert due(Call.PUBLISHED, mark) == NOW + wait


def test_a_cut_answer_waits_for_what_a_failure_put_off() -> None:
    mark = Mark().after_answer(NOW, complete=False)
    mark = mark.after_failure(NOW + 2 * HOUR, refused=False)

    assert due(Call.PUBLISHED, mark) == NOW + 2 * HOUR


def test_a_whole_answer_ends_the_retries() -> None:
    mark = Mark().after_answer(NOW, complete=False).after_answer(NOW, complete=True)

    assert mark == Mark(answered=NOW, whole=True)
    assert due(Call.INFORMATIVE, mark) == in_france(11, 21, 13, 30)


def test_a_cut_answer_does_not_unmake_a_whole_one() -> None:
    mark = Mark().after_answer(NOW, complete=True).after_answer(NOW, complete=False)

    assert mark == Mark(answered=NOW, whole=True, cut=1)


def test_an_answer_forgets_failures() -> None:
    mark = Mark().after_failure(NOW + HOUR, refused=True)

    assert mark.after_answer(NOW, complete=True) == Mark(answered=NOW, whole=True)


def test_a_failure_leaves_what_was_answered() -> None:
    mark = Mark(answered=NOW, whole=True, cut=2)

    assert mark.after_failure(NOW + HOUR, refused=False) == Mark(
        answered=NOW, whole=True, cut=2, not_before=NOW + HOUR
    )


@pytest.mark.parametrize(
    ("mark", "settled"),
    [
        (Mark(), False),
        (Mark().after_answer(NOW, complete=True), True),
        (Mark(answered=NOW, cut=2), False),
        (Mark(answered=NOW, cut=3), True),
        (Mark(answered=NOW, whole=True, cut=1), True),
        (Mark().after_failure(NOW, refused=False), False),
        (Mark().after_failure(NOW, refused=True), True),
    ],
)
def test_the_first_history_is_settled_once_waiting_is_of_no_use(
    mark: Mark,
    settled: bool,  # noqa: FBT001
) -> None:
    assert mark.is_settled is settled


def test_a_refusal_stays_grdfs_last_word_while_grdf_is_away() -> None:
    refused = Mark().after_failure(NOW, refused=True)

    assert refused.after_failure(NOW + HOUR, refused=False).is_settled


def test_rights_are_due_at_once_then_daily() -> None:
    never, read = Mark(), Mark().after_answer(NOW, complete=True)

    assert rights_due(never, 0.5) == AT_ONCE
    assert rights_due(read, 0.5) == in_france(11, 21, 13, 30)


def test_rights_that_could_not_be_read_wait_their_time() -> None:
    mark = Mark().after_failure(NOW + HOUR, refused=False)

    assert rights_due(mark, 0.5) == NOW + HOUR
