"""A short cut of each part: that it works, and tells what it is to tell.

Bounds are for a quiet machine and the whole: only counts are asserted here.
"""

from collections.abc import Iterator
from importlib.util import find_spec
import logging

import pytest

from .asked import Asked
from .figures import Figure
from .parts import PARTS

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    # A real Home Assistant starts in each of most of these.
    pytest.mark.timeout(900),
]
needs_frontend = pytest.mark.skipif(
    find_spec("hass_frontend") is None, reason="only requirements.lock has the frontend"
)
QUICK = Asked(seed=7, quick=True)

type Told = dict[str, Figure]


def told_by(part: str) -> Told:
    return {figure.name: figure for figure in PARTS[part](QUICK)}


def judged(told: Told) -> list[Figure]:
    return [figure for figure in told.values() if figure.bound is not None]


@pytest.fixture(autouse=True)
def _plain_logging() -> Iterator[None]:
    """The test plugin raises what some libraries say while they stop."""
    before = logging.raiseExceptions
    yield
    logging.raiseExceptions = before


def test_a_stream_is_split_and_read_beside_orjson_and_a_public_client() -> None:
    told = told_by("stream")

    assert told["blocks"].value == 109
    assert len(judged(told)) == 14
    assert all(figure.value > 0 for figure in told.values())


def test_streaming_holds_little_beside_the_models_it_yields() -> None:
    told = told_by("memory")

    # Five years to this day; the last days may not have come yet.
    assert 5 * 365 - 2 <= told["days"].value <= 5 * 365 + 2
    (peak,) = judged(told)
    assert 1 <= peak.value <= 2


def test_an_answer_that_changes_nothing_costs_less_than_a_first_one() -> None:
    told = told_by("series")

    assert told["gas days"].value == 365
    assert all(0 < figure.value < 1 for figure in judged(told))


@needs_frontend
def test_a_workbook_is_read_beside_openpyxl() -> None:
    told = told_by("files")

    assert told["rows of a daily workbook"].value == 366
    assert len(judged(told)) == 4


@needs_frontend
def test_the_loop_of_a_real_home_assistant_is_watched() -> None:
    told = told_by("loop")

    assert len(judged(told)) == 6
    assert told["1 meters: first import, longest work of the loop"].value > 0


@needs_frontend
def test_a_first_import_makes_six_calls() -> None:
    told = told_by("first_import")

    assert told["calls"].value == 6
    assert told["first call to last row"].value >= told["the pace imposes"].value


@needs_frontend
def test_a_start_makes_no_call() -> None:
    told = told_by("start_up")

    assert told["calls to GRDF"].value == 0
    assert told["1 meters, set-up by Home Assistant's count"].value > 0


@needs_frontend
def test_meters_are_counted_as_they_become_many() -> None:
    told = told_by("scale")

    assert "2 meters: memory of one more" in told
    assert told["200 meters on one contract, 2 days: not as it must be"].ok


@needs_frontend
def test_engines_hold_equal_rows() -> None:
    told = told_by("engines")

    assert told["SQLite: rows"].value > 300
    for engine in ("PostgreSQL", "MariaDB"):
        if f"{engine}: LEFT OUT, no server here" in told:
            continue
        assert told[f"{engine}: rows"].value == told["SQLite: rows"].value
        assert told[f"{engine}: rows unlike SQLite's"].value == 0


def test_faults_and_false_alarms_are_counted() -> None:
    told = told_by("unusual")

    assert told["homes"].value == 5
