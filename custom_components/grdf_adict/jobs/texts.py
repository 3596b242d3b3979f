"""The texts about a fleet: its rows that are left out, its plan, its outcome."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from ..adict import mask_pce
from ..fleet import (
    BadRow,
    Campaign,
    ColumnUse,
    FleetFileError,
    Forecast,
    Job,
    State,
    Task,
    Unread,
    Work,
    customers,
    mails,
    unasked,
)
from ..helpers.texts import NOTHING, Texts, bullets, escaped, shown_names
from .plan import Plan

_MOST_LINES: Final = 200
_MOST_NAMES: Final = 5
# Not a colon: in French alone a space comes before it.
_BETWEEN: Final = " · "


def plan_texts(plan: Plan, expected: Forecast, texts: Texts) -> dict[str, str]:
    """Return the placeholders of the preview of a table."""
    return {
        "works": _works(plan.tasks, texts),
        "rows": str(len(plan.tasks)),
        "customers": str(customers(plan.tasks)),
        "mails": str(mails(plan.tasks)),
        **_unasked(plan.tasks),
        **forecast_texts(expected),
        "columns": _columns(plan.columns, texts),
        **unread_texts(plan.unread),
        "bad": str(len(plan.bad)),
        "bad_rows": _listed(_bad_row(row, texts) for row in plan.bad),
        "zeros": str(plan.zeros_lost),
    }


def _unasked(tasks: Iterable[Task]) -> dict[str, str]:
    """Return how many rows no customer is asked about, and whom they name."""
    declared = unasked(tasks)
    names = dict.fromkeys(
        task.declaration.holder_name or task.declaration.holder_company or NOTHING
        for task in declared
        if task.declaration is not None
    )
    shown = list(names)[:_MOST_NAMES]
    more = [f"… (+ {len(names) - len(shown)})"] if len(names) > len(shown) else []
    return {
        "unasked": str(len(declared)),
        "unasked_names": shown_names([*shown, *more]),
    }


def _columns(columns: Iterable[ColumnUse], texts: Texts) -> str:
    """Return a table in Markdown: each column, its meaning, and a cell of it."""
    heads = (texts[f"fleet_text.{head}"] for head in ("column", "meaning", "sample"))
    rows = (
        (
            escaped(each.name),
            texts[f"fleet_meaning.{each.column}"],
            escaped(each.sample) or NOTHING,
        )
        for each in columns
    )
    return "\n".join(
        f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * 3, *rows)
    )


def unread_texts(unread: Unread) -> dict[str, str]:
    """Return what a table has that is not read: names, and a number of rows."""
    return {
        "unknown": shown_names(unread.columns),
        "hidden_rows": str(unread.hidden_rows),
        "hidden_columns": shown_names(unread.hidden_columns),
        "hidden_sheets": shown_names(unread.hidden_sheets),
        "other_sheets": shown_names(unread.other_sheets),
        "skipped_rows": str(unread.skipped_rows),
        "landlines": str(unread.landlines),
    }


def table_error_texts(error: FleetFileError) -> dict[str, str]:
    """Return the placeholders of the text of a table's refusal."""
    return {"column": escaped(error.name or "-"), "near": error.near or "-"}


def forecast_texts(expected: Forecast) -> dict[str, str]:
    """Return the placeholders about how long a job takes."""
    return {name: str(value) for name, value in asdict(expected).items()}


def campaign_texts(found: Campaign, texts: Texts) -> dict[str, str]:
    """Return the placeholders of the preview of a campaign's folder."""
    refused = [
        f"{each.name}{_BETWEEN}{texts[f'fleet_reason.proof_{each.kind}']}"
        for each in found.refused
    ]
    return {
        "matched": str(len(found.tasks)),
        "unanswered": str(len(found.unanswered)),
        "unanswered_pces": shown_names(map(mask_pce, found.unanswered[:_MOST_LINES])),
        "extra": str(len(found.extra)),
        "extra_files": shown_names(found.extra[:_MOST_LINES]),
        "refused": str(len(found.refused)),
        "refused_files": _listed(refused),
        "zeros": str(found.zeros_lost),
    }


def job_texts(job: Job) -> dict[str, str]:
    """Return how many tasks of a job are in each state."""
    counts = job.counts
    return {
        "total": str(len(job.tasks)),
        "done": str(counts[State.DONE]),
        "refused": str(counts[State.REFUSED]),
        "cancelled": str(counts[State.CANCELLED]),
        "left": str(job.left),
        "left_out": str(job.left_out),
        "progress": str(job.progress),
    }


def reason_text(task: Task, texts: Texts) -> str:
    """Return GRDF's message on a task, or ours where no call was made."""
    message = task.message or ""
    return texts.get(f"fleet_reason.{message}", message)


def bad_reasons(row: BadRow, texts: Texts) -> list[str]:
    """Return the reasons why a row is left out."""
    return [texts[f"fleet_reason.{reason}"] for reason in row.reasons]


def _bad_row(row: BadRow, texts: Texts) -> str:
    line = texts["fleet_text.line"]
    return _BETWEEN.join(
        (f"{line} {row.line} ({row.shown_pce})", *bad_reasons(row, texts))
    )


def _works(tasks: Iterable[Task], texts: Texts) -> str:
    by_work = Counter(task.work for task in tasks)
    counts = [
        f"{texts[f'fleet_work.{work}']}{_BETWEEN}{by_work[work]}"
        for work in Work
        if by_work[work]
    ]
    return shown_names(counts)


def _listed(lines: Iterable[str]) -> str:
    return bullets(lines, _MOST_LINES) or NOTHING
