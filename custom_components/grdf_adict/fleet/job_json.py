"""A fleet's job as plain values, for a file, and back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from ..adict import Declaration, Role, is_pce
from ..metering import (
    Json,
    PartReader,
    checked,
    known_fields,
    of_type,
    stored_day,
    stored_moment,
)
from .job import Job, State, Task, Work

_DAYS: Final = frozenset({"start", "end", "data_from", "data_to"})
# Without which a task that has not ended cannot be done.
_NEEDED: Final[Mapping[Work, tuple[str, ...]]] = {
    Work.DECLARE: ("declaration",),
    Work.RENEW: ("declaration",),
    Work.REVOKE: ("right_id",),
    Work.FOLLOW: (),
    Work.PROVE: ("right_id", "files"),
}


def job_to_json(job: Job) -> Json:
    """Return a job as plain values."""
    return {
        "created": job.created.isoformat(),
        "tasks": [_task_json(task) for task in job.tasks],
        "left_out": job.left_out,
    }


def job_from_json(stored: Json, reader: PartReader, now: datetime) -> Job:
    """Return what can be read of the job that was stored.

    Args:
        stored: what `job_to_json` returned.
        reader: of the file.
        now: stands for a time of its confirmation that is unreadable; aware.
    """
    created = reader.field(stored, "created", stored_moment, now)
    tasks = tuple(reader.list_field(stored, "tasks", _task))
    left_out = reader.field(stored, "left_out", partial(of_type, int), 0, may_miss=True)
    return Job(created, tasks, left_out)


def _task_json(task: Task) -> Json:
    """Return a task without its empty fields: thousands are kept."""
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in _values(task).items()
        if value not in (None, ())
    }
    if task.declaration is not None:
        values["declaration"] = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in _values(task.declaration).items()
        }
    return values


def _values(of: Task | Declaration) -> Json:
    return {each.name: getattr(of, each.name) for each in fields(of)}


def _task(stored: Any) -> Task:
    values: Json = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in known_fields(Task, of_type(dict, stored)).items()
    }
    values["work"] = Work(stored["work"])
    values["state"] = State(stored["state"])
    if "declaration" in stored:
        values["declaration"] = _declaration(stored["declaration"])
    task = checked(Task(**values))
    needed = () if task.has_ended else _NEEDED[task.work]
    if not is_pce(task.pce) or not all(getattr(task, name) for name in needed):
        raise ValueError(needed)
    return task


def _declaration(stored: Mapping[str, Any]) -> Declaration:
    values: Json = {
        name: stored_day(value) if name in _DAYS and value is not None else value
        for name, value in known_fields(Declaration, stored).items()
    }
    values["role"] = Role(stored["role"])
    return checked(Declaration(**values))
