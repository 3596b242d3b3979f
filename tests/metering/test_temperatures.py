"""The temperatures of exported files in a ledger: merged, stored, read again."""

from datetime import date
import json
from typing import Any, Final

import pytest

from custom_components.grdf_adict.metering.exported import ExportedMeter, ExportKind
from custom_components.grdf_adict.metering.file_merge import merge_file
from custom_components.grdf_adict.metering.ledger import Ledger
from custom_components.grdf_adict.metering.ledger_json import (
    ledger_from_json,
    ledger_to_json,
)
from custom_components.grdf_adict.metering.series import rows
from custom_components.grdf_adict.metering.stored import PartReader

from .factory import DAY, exported_day, later

EARLY: Final = date(2026, 11, 14)
LATE: Final = date(2026, 11, 19)


def file_of(
    *celsius: float | None, on: date = EARLY, first: date = DAY
) -> ExportedMeter:
    """Return a file whose days, from the first on, have these temperatures."""
    return ExportedMeter(
        ExportKind.DAILY,
        None,
        on,
        tuple(
            exported_day(later(place, first), each)
            for place, each in enumerate(celsius)
        ),
    )


def merged(*files: ExportedMeter) -> Ledger:
    ledger = Ledger()
    for file in files:
        ledger = merge_file(ledger, file)
    return ledger


def known(ledger: Ledger) -> dict[date, float]:
    return {day: celsius for day, (_, celsius) in ledger.temperatures.items()}


def written(ledger: Ledger) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(json.dumps(ledger_to_json(ledger)))
    return stored


def read_back(stored: dict[str, Any]) -> tuple[Ledger, PartReader]:
    reader = PartReader()
    return ledger_from_json(stored, reader), reader


def test_a_later_export_replaces_a_temperature_and_a_blank_erases_none() -> None:
    early, late = file_of(4.0, 5.0, 6.0), file_of(None, 5.5, on=LATE)
    expected = {DAY: 4.0, later(1): 5.5, later(2): 6.0}

    assert known(merged(early, late)) == expected
    assert known(merged(late, early)) == expected
    assert merged(early, late, early, late) == merged(late, early)


def test_of_two_exports_of_one_day_the_order_does_not_matter() -> None:
    one, other = file_of(4.0), file_of(3.0)

    assert merged(one, other) == merged(other, one)


def test_a_file_without_temperatures_leaves_those_that_are_known() -> None:
    before = merged(file_of(4.0, 5.0))

    after = merge_file(before, file_of(None, None, None, on=LATE))

    assert after.temperatures is before.temperatures


def test_temperatures_change_no_row() -> None:
    with_them, without = file_of(4.0, 5.0, -1.5), file_of(None, None, None)

    assert rows(merged(with_them)) == rows(merged(without))


def test_temperatures_come_back_from_a_file_as_they_were() -> None:
    ledger = merged(
        file_of(4.0, None, -5.5, 0.0),
        file_of(7.5, on=LATE, first=later(1)),
        file_of(1.0, 2.0, first=later(400)),
    )

    after, reader = read_back(written(ledger))

    assert not reader.unreadable
    assert after == ledger
    assert list(after.temperatures) == sorted(ledger.temperatures)


def test_a_year_of_temperatures_takes_little_more_than_a_number_a_day() -> None:
    year = [round(12.5 + place % 90 / 10, 1) for place in range(365)]
    without = json.dumps(written(merged(file_of(*[None] * 365))))

    size = len(json.dumps(written(merged(file_of(*year))))) - len(without)

    assert size < 365 * len("12.5, ") + 60


def test_a_ledger_of_before_temperatures_were_kept_has_none() -> None:
    stored = written(merged(file_of(4.0)))
    del stored["temperatures"]

    ledger, reader = read_back(stored)

    assert not reader.unreadable
    assert ledger.temperatures == {}
    assert ledger.files


@pytest.mark.parametrize(
    "run",
    [
        "4.0",
        ["2026-11-14", "2026-11-10"],
        ["2026-11-14", "2026-11-10", 4.0],
        ["2026-11-14", "2026-11-10", [4.0, None]],
        ["2026-11-14", "2026-11-10", ["4.0"]],
        ["2026-11-14", "2026-11-10", [True]],
        ["2026-11-14", "2026-11-10", [60.1]],
        ["2026-11-14", "2026-11-10", [-60.1]],
        ["2026-11-14", "2026-11-31", [4.0]],
        [None, "2026-11-10", [4.0]],
        ["2026-11-14", "2199-12-31", [4.0, 5.0]],
    ],
)
def test_a_run_that_is_unreadable_is_left_out_and_named(run: Any) -> None:
    stored = written(merged(file_of(4.0, 5.0)))
    stored["temperatures"].append(run)

    ledger, reader = read_back(stored)

    assert known(ledger) == {DAY: 4.0, later(1): 5.0}
    assert reader.unreadable == {"temperatures": 1}


def test_temperatures_of_another_shape_leave_the_energies() -> None:
    whole = merged(file_of(4.0))

    ledger, reader = read_back(written(whole) | {"temperatures": {"a": 1}})

    assert reader.unreadable == {"temperatures": 1}
    assert ledger.files == whole.files
