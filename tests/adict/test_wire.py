"""Single values: numbers, flags, dates and times in all their spellings."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict.models.wire import (
    ImpossibleValueError,
    amount,
    count,
    day,
    flag,
    moment,
    size,
    text,
)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (None, None),
        ("", None),
        (" ", None),
        (0, 0),
        ("0", 0),
        ("12,5", 12.5),
        (" 12.5 ", 12.5),
        ("1\u202f234,5", 1234.5),
        ("1e3", 1000),
    ],
)
def test_a_number_is_read_in_every_spelling(written: object, number: float) -> None:
    assert amount(written) == number


@pytest.mark.parametrize("written", ["1_000", "1.234,5", "٣", "0x10", [], {}, "1e9999"])
def test_a_text_that_is_no_number_is_refused(written: object) -> None:
    with pytest.raises(ImpossibleValueError):
        amount(written)


@given(st.floats(min_value=0, max_value=1e11))
def test_a_number_written_as_text_keeps_its_value(number: float) -> None:
    assert amount(repr(number)) == amount(repr(number).replace(".", ",")) == number


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_any_value_is_read_or_refused(value: Any) -> None:
    for read in (amount, count, size):
        try:
            number = read(value)
        except ImpossibleValueError:
            continue
        assert number is None or 0 <= number < float("inf")
    assert flag(value) in {True, False, None}
    assert (at := moment(value)) is None or at.utcoffset() is not None
    assert (on := day(value)) is None or isinstance(on, date)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (True, True),
        ("Vrai", True),
        ("OUI ", True),
        ("true", True),
        (False, False),
        ("Faux", False),
        ("Non", False),
        ("false", False),
        ("peut-être", None),
        (None, None),
        (1, None),
    ],
)
def test_a_yes_or_no_is_read_in_every_spelling(
    written: object,
    value: bool | None,  # noqa: FBT001
) -> None:
    assert flag(written) is value


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("2021-07-02", date(2021, 7, 2)),
        (" 2021-07-02 ", date(2021, 7, 2)),
        ("2020-12-20 00:00:00", date(2020, 12, 20)),
        ("02/07/2021", None),
        (None, None),
    ],
)
def test_a_date_is_read_with_its_blanks_and_its_midnight(
    written: object, on: date | None
) -> None:
    assert day(written) == on


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2021-07-02 16:41:14", datetime(2021, 7, 2, 14, 41, 14, tzinfo=UTC)),
        ("2021-01-02T16:41:14", datetime(2021, 1, 2, 15, 41, 14, tzinfo=UTC)),
        ("2021-07-02T06:00:00Z", datetime(2021, 7, 2, 6, tzinfo=UTC)),
        ("2021-07-02 16:41:99", None),
        ("2021-07-02", datetime(2021, 7, 1, 22, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_the_time_in_paris(
    written: str, at: datetime | None
) -> None:
    assert moment(written) == at


@pytest.mark.parametrize(
    "written",
    [
        *("9999-12-31", "0001-01-01", "1900-01-01", "2999-12-31", ""),
        *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"),
        *("9999-12-31 23:59:59", "0001-01-01 00:00:00", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_date_that_stands_for_no_bound_is_none(written: str) -> None:
    assert day(written) is None
    assert moment(written) is None


@pytest.mark.parametrize("written", ["1946-01-01", "2199-12-31"])
def test_the_dates_next_to_no_bound_leave_a_century_for_arithmetic(
    written: str,
) -> None:
    on, at = day(written), moment(f"{written}T23:59:59-14:00")
    assert on is not None
    assert at is not None
    for by in (timedelta(days=-36_525), timedelta(days=36_525)):
        assert on + by
        assert at.astimezone(UTC) + by


@pytest.mark.parametrize("written", [1e12, "1e307", 10**400, "9" * 10_000, "-1e307"])
def test_a_number_beyond_what_france_burns_is_refused(written: object) -> None:
    for read in (amount, count, size):
        with pytest.raises(ImpossibleValueError):
            read(written)


def test_a_text_is_bounded() -> None:
    assert text(" ab" * 100_000) == (" ab" * 100)[1:201]


def test_a_structure_is_no_text() -> None:
    assert text({"a": 1}) is None
