"""The demo's comparison with the sandbox, its memory of earlier runs, its processes."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
import socket
import sys

import pytest

from tests.demo.check import calls_finding
from tests.demo.comparison import TOLERANCE, compare, table, totals, year_lines
from tests.demo.folder import STATE_FILE, prepare
from tests.demo.log import complaints, tracebacks
from tests.demo.processes import Child, running, while_up
from tests.demo.rows import Days, Row, gas_day, reaches, row_problems
from tests.demo.saying import DemoError
from tests.demo.snapshot import Snapshot, changed_rows, load, save
from tests.demo.waiting import look_until
from tests.demo.witness import Meter, with_memory

NEW_YEARS_EVE = date(2024, 12, 31)
NEW_YEAR = date(2025, 1, 1)
DAYS = {NEW_YEARS_EVE: 40.0, NEW_YEAR: None, date(2025, 1, 2): 30.0}
STATISTIC = "grdf_adict:sandbox_gi990001_energy"
LOG = """\
2026-11-24 00:00:03.234 WARNING (MainThread) [haffmpeg.tools] Error starting FFmpeg.
2026-11-24 00:00:03.500 WARNING (SyncWorker_0) [homeassistant.loader] We found a \
custom integration grdf_adict which has not been tested by Home Assistant.
2026-11-24 00:00:04.000 INFO (MainThread) [custom_components.grdf_adict] Meter read
2026-11-24 00:00:05.000 ERROR (MainThread) [homeassistant] Error doing job
Traceback (most recent call last):
  File "custom_components/grdf_adict/meters/coordinator.py", line 1, in refresh
ValueError
2026-11-24 00:00:06.000 WARNING (MainThread) [custom_components.grdf_adict] Late
"""


def rows_of(days: Days) -> list[Row]:
    """Return the rows that show these gas days rightly, in winter time."""
    rows, total = [], 0.0
    for day, amount in days.items():
        base, total = total, total + (amount or 0.0)
        start = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        rows.append(Row(start, amount, total, base))
    return rows


def snapshot_of(days: Days, next_update: datetime | None = None) -> Snapshot:
    """Return a snapshot in which one statistic shows the sandbox's days rightly."""
    return Snapshot({STATISTIC: rows_of(days)}, {STATISTIC: days}, next_update)


def child_that(code: str, folder: Path) -> Child:
    """Return a process that runs a line of Python."""
    return Child("child", (sys.executable, "-c", code), folder, folder / "log")


def test_gas_days_are_summed_by_the_month_and_year_of_their_name() -> None:
    assert totals(DAYS, "month") == {date(2024, 12, 1): 40.0, NEW_YEAR: 30.0}
    assert totals(DAYS, "year") == {date(2024, 1, 1): 40.0, NEW_YEAR: 30.0}


def test_equal_sums_make_equal_lines() -> None:
    same = compare({"month": totals(DAYS, "month"), "year": totals(DAYS, "year")}, DAYS)

    lines = year_lines("house", same, same)

    assert [(line.year, line.months, line.equal) for line in lines] == [
        (2024, 1, True),
        (2025, 1, True),
    ]


@pytest.mark.parametrize(
    ("error", "equal"), [(TOLERANCE / 2, True), (2 * TOLERANCE, False)]
)
def test_a_thousandth_of_a_kilowatt_hour_is_where_a_difference_begins(
    error: float, *, equal: bool
) -> None:
    stored = {start: total + error for start, total in totals(DAYS, "year").items()}
    good = compare({"month": totals(DAYS, "month"), "year": totals(DAYS, "year")}, DAYS)
    wrong = compare({"month": totals(DAYS, "month"), "year": stored}, DAYS)

    assert all(line.equal is equal for line in year_lines("house", wrong, good))
    assert all(line.equal is equal for line in year_lines("house", good, wrong))


def test_two_wrong_months_that_make_a_right_year_are_told() -> None:
    days: dict[date, float | None] = {NEW_YEAR: 10.0, date(2025, 2, 1): 10.0}
    months = {NEW_YEAR: 15.0, date(2025, 2, 1): 5.0}
    wrong = compare({"month": months, "year": totals(days, "year")}, days)

    (line,) = year_lines("house", wrong, wrong)

    assert line.energy.equal
    assert (line.months, line.equal_months, line.equal) == (2, 0, False)


def test_a_year_that_home_assistant_lacks_differs() -> None:
    nothing = compare({"month": {}, "year": {}}, DAYS)

    assert not any(line.equal for line in year_lines("house", nothing, nothing))


def test_the_table_names_meter_year_and_difference() -> None:
    wrong = compare({"month": {}, "year": {NEW_YEAR: 31.5}}, {NEW_YEAR: 30.0})

    _, row = table(year_lines("house (1M)", wrong, wrong)).splitlines()

    assert row.startswith("house (1M)")
    assert row.split()[2:] == [
        *("2025", "0", "of", "1"),
        *("31.500", "30.000", "+1.500") * 2,
        "DIFFERENT",
    ]


@pytest.mark.parametrize(
    ("hour", "day"),
    [
        (datetime(2025, 1, 1, 5, tzinfo=UTC), NEW_YEAR),
        (datetime(2025, 1, 1, 4, tzinfo=UTC), NEW_YEARS_EVE),
        (datetime(2025, 7, 1, 4, tzinfo=UTC), date(2025, 7, 1)),
    ],
)
def test_an_hour_belongs_to_the_gas_day_that_began_at_six_in_france(
    hour: datetime, day: date
) -> None:
    assert gas_day(hour) == day


def test_rows_that_show_the_gas_days_have_no_problem() -> None:
    assert row_problems(rows_of(DAYS), DAYS) == []


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (rows_of(DAYS)[1:], "2024-12-31: no row"),
        (rows_of({**DAYS, NEW_YEAR: 0.0}), "2025-01-01: 0.0 instead of None"),
        (
            rows_of({**DAYS, date(2025, 1, 3): 1.0}),
            "2025-01-03: a row for a day that the sandbox does not know",
        ),
        (
            [
                replace(row, start=row.start + timedelta(hours=1))
                for row in rows_of(DAYS)
            ],
            "2024-12-31: a row at 2024-12-31T06:00:00+00:00, not 06:00 in France",
        ),
        (
            [replace(row, total=row.total + 1) for row in rows_of(DAYS)],
            "2024-12-31: running total 41.0 instead of 40.0",
        ),
        (
            [replace(row, base=None) for row in rows_of(DAYS)],
            "2024-12-31: base None instead of 0.0",
        ),
        (
            [replace(row, base=row.total) for row in rows_of(DAYS)],
            "2024-12-31: base 40.0 instead of 0.0",
        ),
    ],
)
def test_each_wrong_row_is_told(rows: list[Row], problem: str) -> None:
    assert problem in row_problems(rows, DAYS)


def test_absent_days_at_the_ends_need_no_row() -> None:
    measured = {NEW_YEAR: 1.0}
    days = {NEW_YEARS_EVE: None, **measured, date(2025, 1, 2): None}

    assert row_problems(rows_of(measured), days) == []
    assert reaches(rows_of(measured), days)


def test_a_sandbox_without_any_amount_is_a_problem() -> None:
    assert row_problems([], {NEW_YEAR: None})
    assert not reaches([], {NEW_YEAR: None})


def test_a_snapshot_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    snapshot = snapshot_of(DAYS, datetime(2025, 1, 3, 9, 30, tzinfo=UTC))

    save(tmp_path / "snapshot", snapshot)

    assert load(tmp_path / "snapshot") == snapshot


def test_a_first_run_has_no_snapshot(tmp_path: Path) -> None:
    assert load(tmp_path / "snapshot") is None


def test_new_days_change_no_earlier_row() -> None:
    later = {**DAYS, date(2025, 1, 3): 5.0}

    assert changed_rows(snapshot_of(DAYS), snapshot_of(later)) == []


def test_a_row_that_changed_by_itself_is_told() -> None:
    now = Snapshot(
        {STATISTIC: rows_of({**DAYS, date(2025, 1, 2): 31.0})}, {STATISTIC: DAYS}, None
    )

    assert changed_rows(snapshot_of(DAYS), now) == [f"{STATISTIC} 2025-01-02"]


def test_rows_may_change_from_the_day_that_the_sandbox_corrected() -> None:
    corrected = {**DAYS, NEW_YEAR: 7.0}

    assert changed_rows(snapshot_of(DAYS), snapshot_of(corrected)) == []
    assert changed_rows(
        snapshot_of(DAYS), Snapshot({STATISTIC: []}, {STATISTIC: corrected}, None)
    ) == [f"{STATISTIC} 2024-12-31"]


def test_days_that_left_the_window_of_years_are_remembered() -> None:
    meter = Meter("house", "GI990001", "MM", {NEW_YEAR: 1.0}, {NEW_YEAR: 2.0})

    known = with_memory(meter, {STATISTIC: {NEW_YEARS_EVE: 9.0, NEW_YEAR: 8.0}})

    assert known.energy == {NEW_YEARS_EVE: 9.0, NEW_YEAR: 1.0}
    assert known.volume == {NEW_YEAR: 2.0}


@pytest.mark.parametrize(
    ("earlier", "calls", "good"),
    [
        (None, 13, True),
        (None, 0, False),
        (snapshot_of(DAYS, datetime(2025, 1, 3, 10, tzinfo=UTC)), 0, True),
        (snapshot_of(DAYS, datetime(2025, 1, 3, 10, tzinfo=UTC)), 1, False),
        (snapshot_of(DAYS, datetime(2025, 1, 3, 8, tzinfo=UTC)), 1, True),
    ],
)
def test_a_restart_may_cost_calls_only_when_they_were_due(
    earlier: Snapshot | None, calls: int, *, good: bool
) -> None:
    now = datetime(2025, 1, 3, 9, tzinfo=UTC)

    assert calls_finding(earlier, calls, now).good is good


def test_the_log_is_searched_for_warnings_and_tracebacks_of_the_integration() -> None:
    assert [record.split()[-1] for record in complaints(LOG)] == ["ValueError", "Late"]


def test_a_traceback_is_told_whoever_it_is_from() -> None:
    bare = "Traceback (most recent call last):\nValueError"

    assert tracebacks(bare) == [bare]
    assert len(tracebacks(LOG)) == 1


@pytest.mark.usefixtures("socket_enabled")
def test_a_second_run_finds_the_ports_of_the_first(tmp_path: Path) -> None:
    first = prepare(tmp_path / "demo", "en")

    assert prepare(tmp_path / "demo", "fr") == first
    assert first.ports.home != first.ports.sandbox


@pytest.mark.usefixtures("socket_enabled")
def test_what_home_assistant_wrote_survives_a_second_run(tmp_path: Path) -> None:
    storage = prepare(tmp_path / "demo", "en").config / ".storage" / "onboarding"
    storage.write_text("user done")

    prepare(tmp_path / "demo", "en")

    assert storage.read_text() == "user done"


@pytest.mark.usefixtures("socket_enabled")
def test_a_second_demo_does_not_disturb_the_first(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "demo", "en")

    with (
        socket.create_server(("127.0.0.1", folder.ports.home)),
        pytest.raises(DemoError, match=f"port {folder.ports.home}"),
    ):
        prepare(tmp_path / "demo", "en")


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")

    with pytest.raises(DemoError, match="not a demo's folder"):
        prepare(tmp_path, "en")

    assert not (tmp_path / STATE_FILE).exists()


async def test_a_process_is_stopped_at_the_end_of_the_block(tmp_path: Path) -> None:
    child = child_that(
        "import signal, sys;"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0));"
        "print('ready', flush=True); signal.pause()",
        tmp_path,
    )

    async def ready() -> bool | None:
        return "ready" in child.read_log() or None

    async with running(child):
        await look_until(ready, seconds=10, every=0.005, complaint=child.last_lines)

    assert child.exit_code == 0


async def test_work_ends_with_the_last_words_of_a_process_that_died(
    tmp_path: Path,
) -> None:
    child = child_that("import sys; print('port taken'); sys.exit(3)", tmp_path)

    async with running(child):
        with pytest.raises(DemoError, match=r"(?s)code 3.*port taken"):
            await while_up(asyncio.sleep(60), child)


async def test_work_that_failed_because_a_process_died_tells_of_the_process(
    tmp_path: Path,
) -> None:
    child = child_that("import sys; sys.exit(3)", tmp_path)

    async def work() -> None:
        raise ConnectionError

    async with running(child):
        with pytest.raises(DemoError, match="code 3"):
            await while_up(work(), child)


async def test_a_wait_in_vain_ends_with_the_complaint() -> None:
    async def nothing() -> None:
        return None

    with pytest.raises(DemoError, match="nobody came"):
        await look_until(
            nothing, seconds=0.01, every=0.001, complaint=lambda: "nobody came"
        )


async def test_work_is_done_while_the_process_is_up(tmp_path: Path) -> None:
    child = child_that("import time; time.sleep(60)", tmp_path)

    async def work() -> int:
        return 7

    async with running(child):
        assert await while_up(work(), child) == 7
