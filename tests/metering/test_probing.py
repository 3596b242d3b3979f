"""A right that only an answer shows to be open, and one whose dates have ended."""

from datetime import UTC, date, datetime, timedelta

import pytest

from custom_components.grdf_adict.metering.schedule.calls import (
    DataFamily,
    Due,
    is_past_late_days,
    probed,
)
from custom_components.grdf_adict.metering.schedule.records import CallRecord

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
LATER = NOW + timedelta(days=90)
DUES = (
    Due(DataFamily.CONTRACT, LATER),
    Due(DataFamily.PUBLISHED, LATER + timedelta(days=1)),
)


def test_gas_is_asked_for_a_day_after_the_last_answer() -> None:
    first, second = probed(DUES, {DataFamily.TECHNICAL: CallRecord(answered=NOW)})

    assert first == Due(DataFamily.PUBLISHED, NOW + timedelta(days=1))
    assert second == DUES[0]


def test_what_is_due_sooner_is_left_as_it_is() -> None:
    due = Due(DataFamily.INFORMATIVE, NOW + timedelta(hours=1))

    assert probed((due,), {DataFamily.INFORMATIVE: CallRecord(answered=NOW)}) == (due,)


def test_a_probe_that_was_refused_waits_as_long_as_it_must() -> None:
    until = NOW + timedelta(days=2)
    records = {
        DataFamily.TECHNICAL: CallRecord(answered=NOW),
        DataFamily.PUBLISHED: CallRecord(not_before=until, refused=True),
    }

    assert probed(DUES, records)[0] == Due(DataFamily.PUBLISHED, until)


@pytest.mark.parametrize("records", [{}, {DataFamily.PUBLISHED: CallRecord()}])
def test_before_the_first_answer_nothing_changes(
    records: dict[DataFamily, CallRecord],
) -> None:
    assert probed(DUES, records) == DUES


def test_without_calls_there_is_none_to_probe() -> None:
    assert probed((), {DataFamily.TECHNICAL: CallRecord(answered=NOW)}) == ()


@pytest.mark.parametrize(
    ("last", "past"),
    [(None, False), (date(2026, 9, 19), False), (date(2026, 9, 18), True)],
)
def test_late_days_are_expected_for_62_days(last: date | None, past: bool) -> None:  # noqa: FBT001
    assert is_past_late_days(last, date(2026, 11, 20)) is past
