"""The dates that consumption is asked for."""

from datetime import date

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.grdf_adict.metering.schedule.calls import (
    HISTORY,
    DataFamily,
    Perimeter,
    Span,
    Window,
    consumption_window,
)
from custom_components.grdf_adict.metering.series import DayRow

from .factory import TODAY, covering, later, row

UNBOUNDED = covering(*HISTORY)


def window(
    call: DataFamily = DataFamily.INFORMATIVE,
    perimeter: Perimeter = UNBOUNDED,
    rows: tuple[DayRow, ...] = (),
    *,
    first_time: bool = False,
    answered: date | None = TODAY,
    today: date = TODAY,
) -> Window | None:
    return consumption_window(
        call,
        perimeter,
        rows,
        first_time=first_time,
        answered=answered if today == TODAY else today,
        today=today,
    )


def start(rows: tuple[DayRow, ...], call: DataFamily = DataFamily.INFORMATIVE) -> date:
    found = window(call, rows=rows)
    assert found is not None
    assert found.end == TODAY
    return found.start


@pytest.mark.parametrize(
    ("call", "today", "start"),
    [
        (DataFamily.INFORMATIVE, date(2026, 11, 20), date(2023, 11, 21)),
        (DataFamily.PUBLISHED, date(2026, 11, 20), date(2021, 11, 21)),
        (DataFamily.INJECTIONS, date(2026, 11, 20), date(2021, 11, 21)),
        (DataFamily.INFORMATIVE, date(2026, 12, 31), date(2024, 1, 1)),
    ],
)
def test_the_first_time_all_that_grdf_keeps_is_asked_for(
    call: DataFamily, today: date, start: date
) -> None:
    assert window(call, first_time=True, today=today) == Window(start, today)


@pytest.mark.parametrize(
    ("call", "years", "today"),
    [
        (DataFamily.INFORMATIVE, 3, date(2026, 2, 28)),
        (DataFamily.INFORMATIVE, 3, date(2027, 2, 28)),
        (DataFamily.INFORMATIVE, 3, date(2028, 2, 28)),
        (DataFamily.INFORMATIVE, 3, date(2028, 2, 29)),
        (DataFamily.PUBLISHED, 5, date(2028, 2, 29)),
        (DataFamily.PUBLISHED, 5, date(2029, 2, 28)),
    ],
)
def test_a_call_that_waits_past_midnight_into_march_is_not_too_deep(
    call: DataFamily, years: int, today: date
) -> None:
    found = window(call, first_time=True, today=today)

    assert found is not None
    year = today.year - years
    assert date(year, 3, 1) <= found.start <= date(year, 3, 2)


def test_the_first_time_known_rows_do_not_narrow_the_window() -> None:
    assert window(rows=(row(8),), first_time=True) == Window(date(2023, 11, 21), TODAY)


@pytest.mark.parametrize(
    ("call", "days"),
    [
        (DataFamily.INFORMATIVE, 62),
        (DataFamily.PUBLISHED, 400),
        (DataFamily.INJECTIONS, 400),
    ],
)
def test_later_a_generous_window_is_asked_for_again(
    call: DataFamily, days: int
) -> None:
    settled = tuple(row(8, later(-place, TODAY)) for place in range(900, 2, -1))

    assert window(call) == Window(later(-days, TODAY), TODAY)
    assert window(call, rows=settled) == Window(later(-days, TODAY), TODAY)


@pytest.mark.parametrize("call", sorted(HISTORY))
def test_the_window_widens_to_the_oldest_day_without_a_value(call: DataFamily) -> None:
    rows = (
        row(8, later(-701, TODAY)),
        row(None, later(-700, TODAY)),
        row(None, later(-650, TODAY)),
        row(8, later(-3, TODAY)),
    )

    assert start(rows, call) == later(-700, TODAY)


@pytest.mark.parametrize("call", sorted(HISTORY))
def test_the_window_widens_to_the_oldest_provisional_day(call: DataFamily) -> None:
    rows = (
        row(8, later(-701, TODAY)),
        row(8, later(-700, TODAY), final=False),
        row(8, later(-3, TODAY), final=False),
    )

    assert start(rows, call) == later(-700, TODAY)


@pytest.mark.parametrize("days", range(1, 7))
def test_an_old_missing_day_is_asked_for_once_a_week_only(days: int) -> None:
    missing = later(-700, TODAY)
    rows = (row(8, later(-701, TODAY)), row(None, missing), row(8, later(-3, TODAY)))

    assert start(rows) == missing
    today = later(days, TODAY)
    assert window(rows=rows, today=today) == Window(later(-62, today), today)


def test_a_missing_day_that_the_right_does_not_cover_is_not_asked_for() -> None:
    perimeter = covering(*HISTORY, first=later(-100, TODAY))
    rows = (row(None, later(-700, TODAY)), row(None, later(-70, TODAY)))

    assert window(perimeter=perimeter, rows=rows) == Window(later(-70, TODAY), TODAY)


@pytest.mark.parametrize(
    ("call", "days"), [(DataFamily.INFORMATIVE, 262), (DataFamily.PUBLISHED, 600)]
)
def test_after_a_gap_the_window_is_that_before_the_newest_answer(
    call: DataFamily, days: int
) -> None:
    settled = tuple(row(8, later(-place, TODAY)) for place in range(900, 2, -1))

    found = window(call, rows=settled, answered=later(-200, TODAY))

    assert found == Window(later(-days, TODAY), TODAY)


@pytest.mark.parametrize("days", range(7))
def test_after_a_cut_answer_the_window_begins_at_what_is_missing(days: int) -> None:
    last = later(-300 - days, TODAY)

    found = window(rows=(row(8, last),), answered=None)
    missing = window(rows=(row(8, last), row(None, later(1, last))), answered=None)

    assert found == Window(last, TODAY)
    assert missing == Window(later(1, last), TODAY)


def test_an_answer_of_the_future_does_not_narrow_the_window() -> None:
    assert start(()) == later(-62, TODAY)
    found = window(answered=later(900, TODAY))
    assert found == Window(later(-62, TODAY), TODAY)


def test_a_newly_missing_day_does_not_narrow_the_window() -> None:
    assert start((row(None, later(-3, TODAY)),)) == later(-62, TODAY)


def test_the_window_never_widens_beyond_what_grdf_keeps() -> None:
    informative, published = date(2023, 11, 21), date(2021, 11, 21)
    for call, oldest in (
        (DataFamily.INFORMATIVE, informative),
        (DataFamily.PUBLISHED, published),
    ):
        rows = tuple(row(None, later(days, oldest)) for days in range(-30, 8))
        first = next(
            later(days, oldest)
            for days in range(8)
            if (TODAY - later(days, oldest)).days % 7 == 0
        )
        assert start(rows[:30], call) == later(
            -62 if call is DataFamily.INFORMATIVE else -400, TODAY
        )
        assert start(rows[30 + (first - oldest).days :], call) == first


def test_the_window_stays_within_the_right() -> None:
    perimeter = covering(*HISTORY, first=date(2025, 1, 1), last=date(2026, 6, 30))

    assert window(perimeter=perimeter, first_time=True) == Window(
        date(2025, 1, 1), date(2026, 6, 30)
    )


def test_a_right_that_is_wider_than_the_window_does_not_widen_it() -> None:
    perimeter = covering(*HISTORY, first=date(2019, 1, 1), last=date(2030, 1, 1))

    assert window(perimeter=perimeter) == Window(later(-62, TODAY), TODAY)


@pytest.mark.parametrize(
    "perimeter",
    [
        covering(*HISTORY, first=TODAY),
        covering(*HISTORY, first=later(30, TODAY)),
        covering(*HISTORY, last=date(2023, 11, 21)),
        covering(*HISTORY, last=date(2019, 1, 1)),
    ],
    ids=["from today", "in future", "at the depth", "long over"],
)
def test_nothing_is_asked_for_that_the_right_does_not_cover(
    perimeter: Perimeter,
) -> None:
    assert window(perimeter=perimeter, first_time=True) is None


dates = st.dates(date(2018, 1, 1), date(2032, 12, 31))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [
            (DataFamily.INFORMATIVE, 3),
            (DataFamily.PUBLISHED, 5),
            (DataFamily.INJECTIONS, 5),
        ]
    ),
    st.builds(Span, st.none() | dates, st.none() | dates),
    st.lists(st.builds(row, st.none() | st.just(8.0), dates, final=st.booleans())),
    st.booleans(),
    st.dates(date(2024, 1, 1), date(2032, 12, 31)),
)
@example((DataFamily.INFORMATIVE, 3), Span(), [], True, date(2028, 2, 29))  # noqa: FBT003
def test_no_window_is_one_that_grdf_would_refuse(
    depth: tuple[DataFamily, int],
    span: Span,
    rows: list[DayRow],
    first_time: bool,  # noqa: FBT001
    today: date,
) -> None:
    call, years = depth
    in_order = tuple(sorted(rows, key=lambda row: row.gas_day))
    perimeter = Perimeter({call: span})
    found = window(call, perimeter, in_order, first_time=first_time, today=today)

    if found is not None:
        oldest = (today.year - years, today.month, today.day)
        start = found.start
        assert (start.year, start.month, start.day) > oldest
        assert start >= (span.first or start)
        assert start < found.end <= min(today, span.last or today)
