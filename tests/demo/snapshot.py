"""The statistics as a run left them, to prove that the next one changes nothing."""

from dataclasses import dataclass, replace
from datetime import date, datetime
import json
from pathlib import Path

from .rows import Days, Row, Rows, Truth, gas_day


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of each statistic, and what the sandbox then held.

    Attributes:
        rows: the rows, by statistic.
        truth: the sandbox's gas days, by statistic.
        next_update: when the next API call was due; None: unknown.
    """

    rows: Rows
    truth: Truth
    next_update: datetime | None


def save(path: Path, snapshot: Snapshot) -> None:
    """Write the snapshot for the next run."""
    due = snapshot.next_update
    content = {
        "next_update": None if due is None else due.isoformat(),
        "rows": {
            name: [
                [row.start.isoformat(), row.state, row.total, row.base] for row in rows
            ]
            for name, rows in snapshot.rows.items()
        },
        "truth": {
            name: {day.isoformat(): amount for day, amount in days.items()}
            for name, days in snapshot.truth.items()
        },
    }
    path.write_text(json.dumps(content))


def load(path: Path) -> Snapshot | None:
    """Return the earlier run's snapshot; None when this is the first."""
    if not path.exists():
        return None
    content = json.loads(path.read_text())
    due = content["next_update"]
    return Snapshot(
        rows={
            name: [
                Row(datetime.fromisoformat(start), *amounts) for start, *amounts in rows
            ]
            for name, rows in content["rows"].items()
        },
        truth={
            name: {date.fromisoformat(day): amount for day, amount in days.items()}
            for name, days in content["truth"].items()
        },
        next_update=None if due is None else datetime.fromisoformat(due),
    )


def changed_rows(earlier: Snapshot, now: Snapshot) -> list[str]:
    """Return each row of the earlier run that is gone or another now.

    A row counts from the day on which the sandbox itself tells something else than
    it did then: totals move with it.
    """
    return [
        f"{name} {gas_day(row.start)}"
        for name, before in earlier.rows.items()
        for row in _missing(
            _until(
                before,
                _first_news(earlier.truth.get(name, {}), now.truth.get(name, {})),
            ),
            now.rows.get(name, []),
        )
    ]


def _first_news(before: Days, now: Days) -> date | None:
    """Return the first day that the sandbox tells otherwise than before."""
    return min(
        (day for day, amount in before.items() if now.get(day, amount) != amount),
        default=None,
    )


def _until(rows: list[Row], end: date | None) -> list[Row]:
    return [row for row in rows if end is None or gas_day(row.start) < end]


def _missing(before: list[Row], now: list[Row]) -> list[Row]:
    """Return the rows that are gone or others now; an earlier version had no base."""
    kept = {replace(row, base=None) for row in now}
    return [row for row in before if replace(row, base=None) not in kept]
