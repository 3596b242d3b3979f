"""Which call is due, when, for which meter."""

from datetime import date, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import PARIS, Frequency, Priority, Urgency
from custom_components.grdf_adict.metering.schedule.calls import (
    AT_ONCE,
    DataFamily,
    Due,
    Perimeter,
    agenda,
    calls_for,
    first_due,
    has_daily_data,
    priority_of,
    rights_due,
)
from custom_components.grdf_adict.metering.schedule.records import (
    CallFailure,
    CallRecord,
)
from custom_components.grdf_adict.metering.schedule.slots import Coverage, Share

from .factory import covering

EVERYTHING = covering(
    DataFamily.TECHNICAL,
    DataFamily.CONTRACT,
    DataFamily.INFORMATIVE,
    DataFamily.PUBLISHED,
)
HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 20, 19, tzinfo=PARIS)
FAILURE = CallFailure("1000099", "Exemple")


# Half-way through the slot of every evening.
EVENING = datetime(2026, 11, 21, 19, tzinfo=PARIS)


def in_france(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def due(
    call: DataFamily, record: CallRecord, frequency: Frequency = Frequency.MONTHLY
) -> datetime:
    (found,) = agenda(
        frequency,
        covering(call),
        {call: record},
        0.5,
        share=Share(calls_today=2),
    )
    return found.at


@pytest.mark.parametrize(
    ("frequency", "calls"),
    [
        (
            Frequency.SIX_MONTHLY,
            (DataFamily.TECHNICAL, DataFamily.PUBLISHED, DataFamily.CONTRACT),
        ),
        (
            Frequency.MONTHLY,
            (
                DataFamily.TECHNICAL,
                DataFamily.INFORMATIVE,
                DataFamily.PUBLISHED,
                DataFamily.CONTRACT,
            ),
        ),
        (
            Frequency.BUSINESS_MONTHLY,
            (
                DataFamily.TECHNICAL,
                DataFamily.INFORMATIVE,
                DataFamily.PUBLISHED,
                DataFamily.CONTRACT,
            ),
        ),
        (
            Frequency.DAILY,
            (DataFamily.TECHNICAL, DataFamily.PUBLISHED, DataFamily.CONTRACT),
        ),
        (
            Frequency.UNKNOWN,
            (
                DataFamily.TECHNICAL,
                DataFamily.INFORMATIVE,
                DataFamily.PUBLISHED,
                DataFamily.CONTRACT,
            ),
        ),
    ],
)
def test_a_meter_has_the_calls_of_its_frequency(
    frequency: Frequency, calls: tuple[DataFamily, ...]
) -> None:
    assert calls_for(frequency, EVERYTHING) == calls


def test_a_meter_is_asked_only_what_its_right_covers() -> None:
    perimeter = covering(DataFamily.CONTRACT, DataFamily.INFORMATIVE)

    assert calls_for(Frequency.MONTHLY, perimeter) == (
        DataFamily.INFORMATIVE,
        DataFamily.CONTRACT,
    )
    assert calls_for(Frequency.DAILY, perimeter) == (DataFamily.CONTRACT,)
    assert calls_for(Frequency.MONTHLY, Perimeter()) == ()


def test_the_first_calls_of_a_meter_are_due_at_once_what_it_is_ahead_of_the_rest() -> (
    None
):
    assert agenda(Frequency.UNKNOWN, EVERYTHING, {}, 0.5) == (
        Due(DataFamily.TECHNICAL, AT_ONCE),
        Due(DataFamily.INFORMATIVE, AT_ONCE),
        Due(DataFamily.PUBLISHED, AT_ONCE),
        Due(DataFamily.CONTRACT, AT_ONCE),
    )


def test_the_agenda_begins_with_the_call_that_is_due_next() -> None:
    records = {
        DataFamily.TECHNICAL: CallRecord().after_answer(
            in_france(11, 20, 12), complete=True
        ),
        DataFamily.INFORMATIVE: CallRecord().after_answer(
            in_france(11, 20, 12), complete=True
        ),
        DataFamily.PUBLISHED: CallRecord().after_answer(
            in_france(10, 25, 12), complete=True
        ),
    }

    calls = [due.call for due in agenda(Frequency.MONTHLY, EVERYTHING, records, 0.5)]

    assert calls == [
        DataFamily.CONTRACT,
        DataFamily.PUBLISHED,
        DataFamily.INFORMATIVE,
        DataFamily.TECHNICAL,
    ]


def test_a_meter_without_a_right_has_nothing_on_its_agenda() -> None:
    records = {DataFamily.PUBLISHED: CallRecord().after_answer(NOW, complete=True)}

    assert agenda(Frequency.MONTHLY, Perimeter(), records, 0.5) == ()


def test_a_call_that_was_put_off_does_not_delay_the_others() -> None:
    until = NOW + HOUR
    records = {DataFamily.TECHNICAL: CallRecord().put_off(until)}

    found = agenda(Frequency.MONTHLY, EVERYTHING, records, 0.5)

    assert found[0] == Due(DataFamily.INFORMATIVE, AT_ONCE)
    assert found[-1] == Due(DataFamily.TECHNICAL, until)


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
    record = CallRecord().after_answer(NOW, complete=True).put_off(until)

    assert due(DataFamily.INFORMATIVE, record) == at


@pytest.mark.parametrize(
    ("cuts", "wait"),
    [
        (1, timedelta(seconds=30)),
        (2, timedelta(minutes=1)),
        (3, HOUR),
        (4, 4 * HOUR),
        (5, 16 * HOUR),
        (6, 24 * HOUR),
        (400, 24 * HOUR),
    ],
)
def test_a_cut_answer_is_asked_for_again_at_once_then_ever_later_then_daily(
    cuts: int, wait: timedelta
) -> None:
    record = CallRecord()
    for _ in range(cuts):
        record = record.after_answer(NOW, complete=False)

    assert due(DataFamily.PUBLISHED, record) == NOW + wait


def test_a_cut_answer_waits_for_what_a_failure_put_off() -> None:
    record = CallRecord().after_answer(NOW, complete=False)
    record = record.put_off(NOW + 2 * HOUR)

    assert due(DataFamily.PUBLISHED, record) == NOW + 2 * HOUR


def test_a_whole_answer_ends_the_retries() -> None:
    record = (
        CallRecord().after_answer(NOW, complete=False).after_answer(NOW, complete=True)
    )

    assert record == CallRecord(answered=NOW, whole=True)
    assert due(DataFamily.INFORMATIVE, record) == EVENING


def test_a_cut_answer_does_not_unmake_a_whole_one() -> None:
    record = (
        CallRecord().after_answer(NOW, complete=True).after_answer(NOW, complete=False)
    )

    assert record == CallRecord(answered=NOW, whole=True, cut=1)


def test_an_answer_forgets_failures() -> None:
    record = CallRecord().after_refusal(NOW, HOUR, FAILURE)

    assert record.after_answer(NOW, complete=True) == CallRecord(
        answered=NOW, whole=True
    )


def test_a_failure_leaves_what_was_answered() -> None:
    record = CallRecord(answered=NOW, whole=True, cut=2)

    assert record.put_off(NOW + HOUR) == CallRecord(
        answered=NOW, whole=True, cut=2, not_before=NOW + HOUR
    )


@pytest.mark.parametrize(
    ("record", "settled"),
    [
        (CallRecord(), False),
        (CallRecord().after_answer(NOW, complete=True), True),
        (CallRecord(answered=NOW, cut=4), False),
        (CallRecord(answered=NOW, cut=5), True),
        (CallRecord(answered=NOW, whole=True, cut=1), True),
        (CallRecord().put_off(NOW), False),
        (CallRecord().after_refusal(NOW, HOUR, FAILURE), True),
    ],
)
def test_the_first_history_is_settled_once_waiting_is_of_no_use(
    record: CallRecord,
    settled: bool,  # noqa: FBT001
) -> None:
    assert record.is_settled is settled


def test_a_refusal_is_kept_while_grdf_is_away() -> None:
    refused = CallRecord().after_refusal(NOW, HOUR, FAILURE)

    assert refused.put_off(NOW + HOUR).is_settled


def test_rights_are_due_at_once_then_daily() -> None:
    never, read = CallRecord(), CallRecord().after_answer(NOW, complete=True)

    assert rights_due(never, 0.5) == AT_ONCE
    assert rights_due(read, 0.5) == in_france(11, 21, 13)


def test_rights_that_could_not_be_read_wait_their_time() -> None:
    record = CallRecord().put_off(NOW + HOUR)

    assert rights_due(record, 0.5) == NOW + HOUR


@pytest.mark.parametrize(
    ("call", "frequency", "is_daily"),
    [
        (DataFamily.INFORMATIVE, Frequency.MONTHLY, True),
        (DataFamily.INFORMATIVE, Frequency.BUSINESS_MONTHLY, True),
        (DataFamily.PUBLISHED, Frequency.DAILY, True),
        (DataFamily.PUBLISHED, Frequency.MONTHLY, False),
        (DataFamily.INJECTIONS, Frequency.DAILY, True),
        (DataFamily.INJECTIONS, Frequency.BUSINESS_MONTHLY, False),
        (DataFamily.TECHNICAL, Frequency.DAILY, False),
    ],
)
def test_daily_data_are_informative_days_and_published_days_of_jj(
    call: DataFamily,
    frequency: Frequency,
    is_daily: bool,  # noqa: FBT001
) -> None:
    assert has_daily_data(call, frequency) is is_daily


@pytest.mark.parametrize(
    ("call", "days_ago", "urgency"),
    [
        (DataFamily.INFORMATIVE, 1, Urgency.DAILY),
        (DataFamily.INFORMATIVE, None, Urgency.DAILY),
        (DataFamily.PUBLISHED, 30, Urgency.PATIENT),
        (DataFamily.PUBLISHED, None, Urgency.DAILY),
        (DataFamily.TECHNICAL, None, Urgency.DAILY),
        (DataFamily.TECHNICAL, 59, Urgency.PATIENT),
        # Put off for so long that it counts as much as any.
        (DataFamily.TECHNICAL, 60, Urgency.DAILY),
        (DataFamily.CONTRACT, None, Urgency.PATIENT),
        (DataFamily.CONTRACT, 61, Urgency.DAILY),
    ],
)
def test_daily_data_and_first_answers_go_before_what_can_wait(
    call: DataFamily, days_ago: int | None, urgency: Urgency
) -> None:
    answered = None if days_ago is None else NOW - timedelta(days=days_ago)

    place = priority_of(call, Frequency.MONTHLY, CallRecord(answered=answered), NOW)

    assert place == Priority(urgency, answered or AT_ONCE)


def test_who_was_answered_longest_ago_stands_further_ahead() -> None:
    places = [
        priority_of(
            DataFamily.INFORMATIVE, Frequency.MONTHLY, CallRecord(answered=at), NOW
        )
        for at in (None, NOW - 2 * HOUR, NOW - HOUR)
    ]

    assert places == sorted(places)


def test_each_meters_calls_follow_its_own_ledger_and_contract() -> None:
    records = {
        call: CallRecord().after_answer(in_france(11, 20, 19, 30), complete=True)
        for call in EVERYTHING.calls
    }

    dues = agenda(
        Frequency.MONTHLY,
        EVERYTHING,
        records,
        0.5,
        known=Coverage(informative=date(2026, 11, 16), published=date(2026, 10, 21)),
        share=Share(meters=100, calls_today=0),
    )

    # The 17th has not come: a second try. A month ended on the 22nd of October.
    assert dues[:2] == (
        Due(DataFamily.INFORMATIVE, in_france(11, 20, 21, 2) + timedelta(seconds=30)),
        Due(DataFamily.PUBLISHED, in_france(11, 23, 19)),
    )


def test_a_daily_meter_is_asked_for_its_published_days() -> None:
    record = CallRecord().after_answer(in_france(11, 20, 16), complete=True)

    assert due(DataFamily.PUBLISHED, record, Frequency.DAILY) == (
        in_france(11, 20, 16, 32) + timedelta(seconds=30)
    )


@pytest.mark.parametrize("frequency", sorted(Frequency))
def test_injections_are_asked_for_whatever_the_frequency(frequency: Frequency) -> None:
    perimeter = covering(DataFamily.INJECTIONS, DataFamily.CONTRACT)

    assert calls_for(frequency, perimeter) == (
        DataFamily.INJECTIONS,
        DataFamily.CONTRACT,
    )


def test_a_site_that_does_both_is_asked_for_each() -> None:
    assert calls_for(Frequency.DAILY, covering(*DataFamily)) == (
        DataFamily.TECHNICAL,
        DataFamily.PUBLISHED,
        DataFamily.INJECTIONS,
        DataFamily.CONTRACT,
    )


def test_injections_of_a_month_are_due_on_the_first_of_the_next_one() -> None:
    record = CallRecord().after_answer(in_france(11, 1, 19), complete=True)

    (found,) = agenda(
        Frequency.BUSINESS_MONTHLY,
        covering(DataFamily.INJECTIONS),
        {DataFamily.INJECTIONS: record},
        0.5,
        known=Coverage(injected=date(2026, 10, 31)),
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
    phase: float,
    age: int | None,
    meters: int,
) -> None:
    record = CallRecord().after_answer(answered, complete=True)
    newest = None if age is None else answered.date() - timedelta(days=age)

    used, injected = (
        agenda(
            frequency, covering(call), {call: record}, phase, known=known, share=share
        )[0].at
        for share in (Share(meters=meters),)
        for call, known in (
            (DataFamily.PUBLISHED, Coverage(published=newest)),
            (DataFamily.INJECTIONS, Coverage(injected=newest)),
        )
    )

    assert used == injected > answered


def test_of_several_due_calls_the_most_urgent_is_made_first() -> None:
    records = {
        DataFamily.TECHNICAL: CallRecord(answered=NOW - timedelta(days=31)),
        DataFamily.INFORMATIVE: CallRecord(answered=NOW - timedelta(days=1)),
    }
    dues = (
        Due(DataFamily.TECHNICAL, NOW - 10 * HOUR),
        Due(DataFamily.INFORMATIVE, NOW - HOUR),
        Due(DataFamily.PUBLISHED, NOW + HOUR),
    )

    assert first_due(dues, Frequency.MONTHLY, records, NOW) == (
        DataFamily.INFORMATIVE,
        Priority(Urgency.DAILY, NOW - timedelta(days=1)),
    )


def test_nothing_is_made_before_it_is_due() -> None:
    dues = (Due(DataFamily.TECHNICAL, NOW + HOUR),)

    assert first_due(dues, Frequency.MONTHLY, {}, NOW) is None


def test_a_call_that_fails_is_made_again_after_growing_waits() -> None:
    at, record, waits = NOW, CallRecord(), []
    for _ in range(6):
        record = record.after_fault(at, timedelta(), FAILURE)
        assert record.not_before is not None
        waits.append(record.not_before - at)
        at = record.not_before

    assert waits == [HOUR, 4 * HOUR, *[12 * HOUR] * 4]
    assert record.after_answer(at, complete=True).failures == 0


def test_a_call_that_fails_waits_as_long_as_grdf_asks() -> None:
    record = CallRecord().after_fault(NOW, 3 * HOUR, FAILURE)

    assert record.not_before == NOW + 3 * HOUR
