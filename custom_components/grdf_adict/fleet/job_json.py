"""A fleet's job as plain values, for a file, and back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from ..adict import Declaration, Role
from ..metering import Json, known_fields
from .job import Job, State, Task, Work

_DAYS = frozenset({"start", "end", "data_from", "data_to"})


def job_to_json(job: Job) -> Json:
    """Return a job as plain values."""
    return {
        "created": job.created.isoformat(),
        "tasks": [_task_json(task) for task in job.tasks],
    }


def job_from_json(stored: Mapping[str, Any]) -> Job:
    """Return the job that was stored."""
    return Job(
        datetime.fromisoformat(stored["created"]),
        tuple(_task(task) for task in stored["tasks"]),
    )


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


def _task(stored: Mapping[str, Any]) -> Task:
    values: Json = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in known_fields(Task, stored).items()
    }
    values["work"] = Work(stored["work"])
    values["state"] = State(stored["state"])
    if declared := stored.get("declaration"):
        values["declaration"] = _declaration(declared)
    return Task(**values)


def _declaration(stored: Mapping[str, Any]) -> Declaration:
    values: Json = {
        name: date.fromisoformat(value) if name in _DAYS else value
        for name, value in known_fields(Declaration, stored).items()
    }
    values["role"] = Role(stored["role"])
    return Declaration(**values)
