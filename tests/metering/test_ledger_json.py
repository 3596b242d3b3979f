"""Ledgers and summaries as JSON, and back."""

from datetime import date
import json
from types import MappingProxyType
from typing import Any

from hypothesis import given, settings
import pytest

from custom_components.grdf_adict.adict import Consumption
from custom_components.grdf_adict.metering.ledger import Ledger
from custom_components.grdf_adict.metering.ledger_json import (
    ledger_from_json,
    ledger_to_json,
    summary_from_json,
    summary_to_json,
)
from custom_components.grdf_adict.metering.series import rows
from custom_components.grdf_adict.metering.stored import PartReader
from custom_components.grdf_adict.metering.summary import Summary, summarise

from .factory import DAY, answered, informative, published, read, row, six_o_clock
from .strategies import informative_answers, ledgers, published_answers

quick = settings(max_examples=60, deadline=None)

LEDGER = ledger_to_json(
    answered(
        read(informative(8), 1325, six_o_clock(DAY)),
        published(200, days=22),
    )
)


def read_back(stored: dict[str, Any]) -> Ledger:
    reader = PartReader()
    ledger = ledger_from_json(stored, reader)
    assert not reader.unreadable
    return ledger


def through_a_file(value: dict[str, Any]) -> dict[str, Any]:
    written = json.dumps(value)
    stored: dict[str, Any] = json.loads(written)
    return stored


@quick
@given(ledgers)
def test_a_ledger_comes_back_from_its_file_as_it_was(ledger: Ledger) -> None:
    assert read_back(through_a_file(ledger_to_json(ledger))) == ledger


def test_a_ledger_of_before_files_could_be_read_has_none() -> None:
    stored = {name: part for name, part in LEDGER.items() if name != "files"}

    assert read_back(stored) == read_back(LEDGER)
    assert read_back(stored).files == {}


@quick
@given(informative_answers, published_answers)
def test_what_grdf_gave_comes_back_with_the_same_rows_and_figures(
    daily: list[Consumption], billed: list[Consumption]
) -> None:
    ledger = answered(*billed, ledger=answered(*daily))
    summary = summarise(rows(ledger), counted_from=DAY)

    stored = read_back(through_a_file(ledger_to_json(ledger)))

    assert rows(stored) == rows(ledger)
    assert summary_from_json(through_a_file(summary_to_json(summary))) == summary


def test_a_ledger_that_came_back_takes_the_next_answer_as_before() -> None:
    ledger = answered(published(200, days=22), informative(8))
    stored = read_back(through_a_file(ledger_to_json(ledger)))

    answer = (published(210, days=22), informative(9))

    assert answered(*answer, ledger=stored) == answered(*answer, ledger=ledger)


@pytest.mark.parametrize(
    "summary",
    [
        Summary(),
        Summary(counted_from=date(2028, 2, 29), absent=3),
        Summary(
            last=row(8),
            total=0.0,
            counted_from=DAY,
            months=MappingProxyType({(2026, 11): 8.0, (2025, 12): 0.0}),
            days=1,
            coefficient=11.16,
        ),
    ],
    ids=["empty", "absent only", "full"],
)
def test_a_summary_comes_back_from_its_file_as_it_was(summary: Summary) -> None:
    assert summary_from_json(through_a_file(summary_to_json(summary))) == summary


@pytest.mark.parametrize(
    "broken",
    [
        {},
        LEDGER | {"daily": {"weather": []}},
        LEDGER | {"daily": {"informative": [["2026-11-31", 8, 1, 11, "measured", 1]]}},
        LEDGER | {"daily": {"informative": [["2026-11-10", 8]]}},
        LEDGER | {"daily": None},
        LEDGER | {"daily": []},
        LEDGER | {"blocks": None},
        LEDGER | {"blocks": [["2026-11-10T06:00:00+01:00"]]},
        LEDGER | {"held": {"2026-11-10/2026-11-10": 5000}},
        LEDGER | {"held": []},
        LEDGER | {"reading": [1325]},
        LEDGER | {"files": {"file_daily": [["2026-11-10", "2026-11-11"]]}},
        LEDGER | {"files": []},
        {name: part for name, part in LEDGER.items() if name != "reading"},
    ],
)
def test_what_is_not_a_ledgers_is_left_out_and_named(broken: dict[str, Any]) -> None:
    whole, reader = read_back(LEDGER), PartReader()

    ledger = ledger_from_json(broken, reader)

    assert reader.unreadable
    # What is readable beside it is there.
    if "reading" in broken and broken["reading"] == LEDGER["reading"]:
        assert ledger.reading == whole.reading


@pytest.mark.parametrize(
    "broken",
    [
        {},
        summary_to_json(Summary()) | {"last": ["2026-11-10"]},
        summary_to_json(Summary()) | {"months": [[2026, 8.0]]},
        summary_to_json(Summary()) | {"counted_from": "yesterday"},
    ],
)
def test_values_that_are_not_a_summarys_are_refused(broken: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        summary_from_json(broken)
