"""Rows that were imported by hand: what stays of them beside gas days."""

from datetime import date, datetime
import json
from math import inf, nan
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from custom_components.grdf_adict.metering import (
    EarlierRow,
    EarlierRows,
    earlier_rows_from_json,
    earlier_rows_to_json,
    with_rows,
)

PARIS: Final = ZoneInfo("Europe/Paris")


def _month(number: int, total: float, *, hour: int = 0) -> EarlierRow:
    start = datetime(2020, number, 1, hour, tzinfo=PARIS).timestamp()
    return EarlierRow(start, 100.0, total)


MONTHS: Final = EarlierRows(
    tuple(_month(number, 100.0 * number) for number in (1, 2, 3))
)


def test_before_any_gas_day_is_known_gas_days_follow_the_newest_row() -> None:
    assert MONTHS.written_from(date(2020, 1, 5)) == date(2020, 3, 1)
    assert MONTHS.written_from(date(2021, 1, 5)) == date(2021, 1, 5)


def test_gas_days_that_become_known_later_wait_behind_the_first_one() -> None:
    begun = MONTHS.begun(date(2020, 6, 1))

    assert begun.begun(date(2020, 1, 5)) == begun
    assert begun.written_from(date(2020, 1, 5)) == date(2020, 6, 1)
    assert begun.covered_by(date(2020, 1, 5))
    assert not begun.covered_by(date(2020, 6, 1))


def test_a_row_that_begins_before_the_gas_days_stays_and_holds_back_its_days() -> None:
    left = MONTHS.begun(date(2020, 6, 1)).replaced_from(date(2020, 1, 15))

    assert left is not None
    assert left.rows == MONTHS.rows[:1]
    assert left.written_from(date(2020, 1, 15)) == date(2020, 2, 1)
    assert not left.covered_by(date(2020, 1, 15))


def test_none_stays_where_gas_days_begin_before_all() -> None:
    assert MONTHS.replaced_from(date(2019, 12, 1)) is None


def test_a_row_is_replaced_by_the_one_that_was_imported_again() -> None:
    again = _month(2, 250.0)

    merged = with_rows(MONTHS, [again])

    assert merged.rows == (MONTHS.rows[0], again, MONTHS.rows[2])
    assert with_rows(MONTHS, MONTHS.rows) is MONTHS


def test_they_come_back_from_storage_as_they_were() -> None:
    for earlier in (MONTHS, MONTHS.begun(date(2020, 6, 1))):
        stored = json.loads(json.dumps(earlier_rows_to_json(earlier)))
        assert earlier_rows_from_json(stored) == earlier


@pytest.mark.parametrize("wrong", [[], None, [[1, 2]], [[1, nan, 3]], [["a", 1, inf]]])
def test_what_is_no_row_is_refused(wrong: Any) -> None:
    stored = {**earlier_rows_to_json(MONTHS), "rows": wrong}

    with pytest.raises((TypeError, ValueError)):
        earlier_rows_from_json(stored)
