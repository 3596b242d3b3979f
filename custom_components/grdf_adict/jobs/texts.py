"""What is said of a fleet: its rows that are left out, its plan, its outcome."""

from collections.abc import Iterable
from typing import Final

from ..adict import mask_pce
from ..fleet import BadRow, Campaign, Forecast, Job, State, Task, Work, customers, mails
from ..helpers.texts import NOTHING, Texts, bullets
from .plan import Plan

_MOST_LINES: Final = 200
# Not a colon: in French alone a space comes before it.
_BETWEEN: Final = " · "


def plan_texts(plan: Plan, expected: Forecast, words: Texts) -> dict[str, str]:
    """Return what fills the preview of a table.

    Args:
        plan: what the table comes to.
        expected: how long it takes.
        words: of the selectors, `fleet_reason.pce_twice` for instance.
    """
    return {
        "works": _works(plan.tasks, words),
        "rows": str(len(plan.tasks)),
        "customers": str(customers(plan.tasks)),
        "mails": str(mails(plan.tasks)),
        **forecast_texts(expected),
        "bad": str(len(plan.bad)),
        "bad_rows": _listed(_bad_row(row, words) for row in plan.bad),
        "unknown": ", ".join(plan.unknown) or NOTHING,
        "zeros": str(plan.zeros_lost),
    }


def forecast_texts(expected: Forecast) -> dict[str, str]:
    """Return what is said of how long a job takes."""
    return {
        "calls": str(expected.calls),
        "today": str(expected.today),
        "days": str(expected.days),
        "minutes": str(expected.minutes),
    }


def campaign_texts(found: Campaign, words: Texts) -> dict[str, str]:
    """Return what fills the preview of a campaign's folder."""
    refused = [
        f"{each.name}{_BETWEEN}{words[f'fleet_reason.proof_{each.kind}']}"
        for each in found.refused
    ]
    return {
        "matched": str(len(found.tasks)),
        "unanswered": str(len(found.unanswered)),
        "unanswered_pces": ", ".join(map(mask_pce, found.unanswered[:_MOST_LINES]))
        or NOTHING,
        "extra": str(len(found.extra)),
        "extra_files": ", ".join(found.extra[:_MOST_LINES]) or NOTHING,
        "refused": str(len(found.refused)),
        "refused_files": _listed(refused),
        "zeros": str(found.zeros_lost),
    }


def job_texts(job: Job) -> dict[str, str]:
    """Return how a job stands, in figures."""
    counts = job.counts
    return {
        "total": str(len(job.tasks)),
        "done": str(counts[State.DONE]),
        "refused": str(counts[State.REFUSED]),
        "cancelled": str(counts[State.CANCELLED]),
        "left": str(job.left),
        "progress": str(job.progress),
    }


def reason_text(task: Task, words: Texts) -> str:
    """Return GRDF's words on a task, or ours where it was never asked."""
    message = task.message or ""
    return words.get(f"fleet_reason.{message}", message)


def bad_reasons(row: BadRow, words: Texts) -> list[str]:
    """Return why a row is left out, in words."""
    return [words[f"fleet_reason.{reason}"] for reason in row.reasons]


def _bad_row(row: BadRow, words: Texts) -> str:
    line = words["fleet_text.line"]
    return _BETWEEN.join(
        (f"{line} {row.line} ({row.shown_pce})", *bad_reasons(row, words))
    )


def _works(tasks: Iterable[Task], words: Texts) -> str:
    listed = list(tasks)
    told = [
        f"{words[f'fleet_work.{work}']}{_BETWEEN}{count}"
        for work in Work
        if (count := sum(task.work is work for task in listed))
    ]
    return ", ".join(told) or NOTHING


def _listed(lines: Iterable[str]) -> str:
    return bullets(lines, _MOST_LINES) or NOTHING
