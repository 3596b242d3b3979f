"""Which call is due, when, for which meter."""

from datetime import date, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import Frequency, Place, Urgency
from custom_components.grdf_adict.metering.gas_day import PARIS
from custom_components.grdf_adict.metering.schedule.calls import (
    AT_ONCE,
    Call,
    Due,
    Mark,
    Perimeter,
    agenda,
    calls_for,
    first_due,
    has_daily_data,
    place_in_line,
    rights_due,
)
from custom_components.grdf_adict.metering.schedule.slots import Held, Share

from .factory import covering

EVERYTHING = covering(Call.TECHNICAL, Call.CONTRACT, Call.INFORMATIVE, Call.PUBLISHED)
HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 20, 19, tzinfo=PARIS)


# Half-way through the slot of every evening.
EVENING = datetime(2026, 11, 21, 19, tzinfo=PARIS)


def in_france(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def due(call: Call, mark: Mark, frequency: Frequency = Frequency.MONTHLY) -> datetime:
    (found,) = agenda(
        frequency,
        covering(call),
        {call: mark},
        0.5,
        share=Share(calls_today=2),
    )
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
    perimeter = covering(Call.CONTRACT, Call.INFORMATIVE)

    assert calls_for(Frequency.MONTHLY, perimeter) == (Call.INFORMATIVE, Call.CONTRACT)
    assert calls_for(Frequency.DAILY, perimeter) == (Call.CONTRACT,)
    assert calls_for(Frequency.MONTHLY, Perimeter()) == ()


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

    assert calls == [Call.CONTRACT, Call.PUBLISHED, Call.INFORMATIVE, Call.TECHNICAL]


def test_a_meter_without_a_right_has_nothing_on_its_agenda() -> None:
    marks = {Call.PUBLISHED: Mark().after_answer(NOW, complete=True)}

    assert agenda(Frequency.MONTHLY, Perimeter(), marks, 0.5) == ()


def test_a_call_that_was_put_off_lets_the_others_pass() -> None:
    until = NOW + HOUR
    marks = {Call.TECHNICAL: Mark().after_failure(until, refused=True)}

    found = agenda(Frequency.MONTHLY, EVERYTHING, marks, 0.5)

    assert found[0] == Due(Call.INFORMATIVE, AT_ONCE)
    assert found[-1] == Due(Call.TECHNICAL, until)


@pytest.mark.parametrize(
    ("until", "at"),
    [
        (in_france(11, 21, 10), EVENING),
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
    assert due(Call.INFORMATIVE, mark) == EVENING


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
    assert rights_due(read, 0.5) == in_france(11, 21, 13)


def test_rights_that_could_not_be_read_wait_their_time() -> None:
    mark = Mark().after_failure(NOW + HOUR, refused=False)

    assert rights_due(mark, 0.5) == NOW + HOUR


@pytest.mark.parametrize(
    ("call", "frequency", "is_daily"),
    [
        (Call.INFORMATIVE, Frequency.MONTHLY, True),
        (Call.INFORMATIVE, Frequency.BUSINESS_MONTHLY, True),
        (Call.PUBLISHED, Frequency.DAILY, True),
        (Call.PUBLISHED, Frequency.MONTHLY, False),
        (Call.INJECTIONS, Frequency.DAILY, True),
        (Call.INJECTIONS, Frequency.BUSINESS_MONTHLY, False),
        (Call.TECHNICAL, Frequency.DAILY, False),
    ],
)
def test_daily_data_are_informative_days_and_published_days_of_jj(
    call: Call,
    frequency: Frequency,
    is_daily: bool,  # noqa: FBT001
) -> None:
    assert has_daily_data(call, frequency) is is_daily


@pytest.mark.parametrize(
    ("call", "days_ago", "urgency"),
    [
        (Call.INFORMATIVE, 1, Urgency.DAILY),
        (Call.INFORMATIVE, None, Urgency.DAILY),
        (Call.PUBLISHED, 30, Urgency.PATIENT),
        (Call.PUBLISHED, None, Urgency.DAILY),
        (Call.TECHNICAL, None, Urgency.DAILY),
        (Call.TECHNICAL, 59, Urgency.PATIENT),
        # Put off for so long that it counts as much as any.
        (Call.TECHNICAL, 60, Urgency.DAILY),
        (Call.CONTRACT, None, Urgency.PATIENT),
        (Call.CONTRACT, 61, Urgency.DAILY),
    ],
)
def test_daily_data_and_first_answers_go_before_what_can_wait(
    call: Call, days_ago: int | None, urgency: Urgency
) -> None:
    answered = None if days_ago is None else NOW - timedelta(days=days_ago)

    place = place_in_line(call, Frequency.MONTHLY, Mark(answered=answered), NOW)

    assert place == Place(urgency, answered or AT_ONCE)


def test_who_was_answered_longest_ago_stands_further_ahead() -> None:
    places = [
        place_in_line(Call.INFORMATIVE, Frequency.MONTHLY, Mark(answered=at), NOW)
        for at in (None, NOW - 2 * HOUR, NOW - HOUR)
    ]

    assert places == sorted(places)


def test_each_meter_asks_by_what_its_own_ledger_and_contract_tell() -> None:
    marks = {
        call: Mark().after_answer(in_france(11, 20, 19, 30), complete=True)
        for call in EVERYTHING.calls
    }

    dues = agenda(
        Frequency.MONTHLY,
        EVERYTHING,
        marks,
        0.5,
        known=Held(informative=date(2026, 11, 16), published=date(2026, 10, 21)),
        share=Share(meters=100, calls_today=0),
    )

    # The 17th has not come: a second look. A month ended on the 22nd of October.
    assert dues[:2] == (
        Due(Call.INFORMATIVE, in_france(11, 20, 21, 2) + timedelta(seconds=30)),
        Due(Call.PUBLISHED, in_france(11, 23, 19)),
    )


def test_a_daily_meter_is_asked_for_its_published_days() -> None:
    mark = Mark().after_answer(in_france(11, 20, 16), complete=True)

    assert due(Call.PUBLISHED, mark, Frequency.DAILY) == (
        in_france(11, 20, 16, 32) + timedelta(seconds=30)
    )


@pytest.mark.parametrize("frequency", sorted(Frequency))
def test_injections_are_asked_for_whatever_the_frequency(frequency: Frequency) -> None:
    perimeter = covering(Call.INJECTIONS, Call.CONTRACT)

    assert calls_for(frequency, perimeter) == (Call.INJECTIONS, Call.CONTRACT)


def test_a_site_that_does_both_is_asked_for_each() -> None:
    assert calls_for(Frequency.DAILY, covering(*Call)) == (
        Call.TECHNICAL,
        Call.PUBLISHED,
        Call.INJECTIONS,
        Call.CONTRACT,
    )


def test_injections_of_a_month_are_due_on_the_first_of_the_next_one() -> None:
    mark = Mark().after_answer(in_france(11, 1, 19), complete=True)

    (found,) = agenda(
        Frequency.BUSINESS_MONTHLY,
        covering(Call.INJECTIONS),
        {Call.INJECTIONS: mark},
        0.5,
        known=Held(injected=date(2026, 10, 31)),
    )

    assert found.at.astimezone(PARIS).date() == date(2026, 12, 1)


@given(
    st.datetimes(
        datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        datetime(2030, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        timezones=st.just(PARIS),
    ),
    st.sampled_from([Frequency.BUSINESS_MONTHLY, Frequency.DAILY, Frequency.UNKNOWN]),
    st.floats(0, 1, exclude_max=True),
    st.none() | st.integers(0, 70),
    st.integers(1, 5000),
)
def test_injections_are_due_as_published_gas_is(
    answered: datetime,
    frequency: Frequency,
    draw: float,
    age: int | None,
    meters: int,
) -> None:
    mark = Mark().after_answer(answered, complete=True)
    newest = None if age is None else answered.date() - timedelta(days=age)

    used, injected = (
        agenda(frequency, covering(call), {call: mark}, draw, known=known, share=share)[
            0
        ].at
        for share in (Share(meters=meters),)
        for call, known in (
            (Call.PUBLISHED, Held(published=newest)),
            (Call.INJECTIONS, Held(injected=newest)),
        )
    )

    assert used == injected > answered


def test_of_several_due_calls_the_most_urgent_is_made_first() -> None:
    marks = {
        Call.TECHNICAL: Mark(answered=NOW - timedelta(days=31)),
        Call.INFORMATIVE: Mark(answered=NOW - timedelta(days=1)),
    }
    dues = (
        Due(Call.TECHNICAL, NOW - 10 * HOUR),
        Due(Call.INFORMATIVE, NOW - HOUR),
        Due(Call.PUBLISHED, NOW + HOUR),
    )

    assert first_due(dues, Frequency.MONTHLY, marks, NOW) == (
        Call.INFORMATIVE,
        Place(Urgency.DAILY, NOW - timedelta(days=1)),
    )


def test_nothing_is_made_before_it_is_due() -> None:
    dues = (Due(Call.TECHNICAL, NOW + HOUR),)

    assert first_due(dues, Frequency.MONTHLY, {}, NOW) is None
