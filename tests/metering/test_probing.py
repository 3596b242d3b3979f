"""A right that only an answer tells to be open, and one whose dates have ended."""

from datetime import UTC, date, datetime, timedelta

import pytest

from custom_components.grdf_adict.metering.schedule.calls import (
    Call,
    Due,
    Mark,
    is_past_late_days,
    probed,
)

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
LATER = NOW + timedelta(days=90)
DUES = (Due(Call.CONTRACT, LATER), Due(Call.PUBLISHED, LATER + timedelta(days=1)))


def test_gas_is_asked_for_a_day_after_the_last_answer() -> None:
    first, second = probed(DUES, {Call.TECHNICAL: Mark(answered=NOW)})

    assert first == Due(Call.PUBLISHED, NOW + timedelta(days=1))
    assert second == DUES[0]


def test_what_is_due_sooner_is_left_as_it_is() -> None:
    due = Due(Call.INFORMATIVE, NOW + timedelta(hours=1))

    assert probed((due,), {Call.INFORMATIVE: Mark(answered=NOW)}) == (due,)


def test_a_probe_that_was_refused_waits_as_long_as_it_must() -> None:
    until = NOW + timedelta(days=2)
    marks = {
        Call.TECHNICAL: Mark(answered=NOW),
        Call.PUBLISHED: Mark(not_before=until, refused=True),
    }

    assert probed(DUES, marks)[0] == Due(Call.PUBLISHED, until)


@pytest.mark.parametrize("marks", [{}, {Call.PUBLISHED: Mark()}])
def test_before_the_first_answer_nothing_changes(marks: dict[Call, Mark]) -> None:
    assert probed(DUES, marks) == DUES


def test_without_calls_there_is_none_to_probe() -> None:
    assert probed((), {Call.TECHNICAL: Mark(answered=NOW)}) == ()


@pytest.mark.parametrize(
    ("last", "past"),
    [(None, False), (date(2026, 9, 19), False), (date(2026, 9, 18), True)],
)
def test_late_days_are_expected_for_62_days(last: date | None, past: bool) -> None:  # noqa: FBT001
    assert is_past_late_days(last, date(2026, 11, 20)) is past
