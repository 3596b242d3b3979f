"""A fleet's job as plain values, for a file, and back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from ..adict import Declaration, Role
from ..metering import Json
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
    """Return a task without what it does not have: thousands are kept."""
    values = {
        "line": task.line,
        "pce": task.pce,
        "work": task.work.value,
        "declaration": task.declaration and _declaration_json(task.declaration),
        "right_id": task.right_id,
        "known": list(task.known),
        "files": list(task.files),
        "title": task.title,
        "state": task.state.value,
        "code": task.code,
        "message": task.message,
        "less": list(task.less),
    }
    return {name: value for name, value in values.items() if value not in (None, [])}


def _task(stored: Mapping[str, Any]) -> Task:
    declared = stored.get("declaration")
    return Task(
        line=stored["line"],
        pce=stored["pce"],
        work=Work(stored["work"]),
        declaration=declared and _declaration(declared),
        right_id=stored.get("right_id"),
        known=tuple(stored.get("known", ())),
        files=tuple(stored.get("files", ())),
        title=stored.get("title"),
        state=State(stored["state"]),
        code=stored.get("code"),
        message=stored.get("message"),
        less=tuple(stored.get("less", ())),
    )


def _declaration_json(declaration: Declaration) -> Json:
    values = {
        each.name: getattr(declaration, each.name) for each in fields(declaration)
    }
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _declaration(stored: Mapping[str, Any]) -> Declaration:
    values: Json = {
        name: date.fromisoformat(value) if name in _DAYS else value
        for name, value in stored.items()
    }
    values["role"] = Role(stored["role"])
    return Declaration(**values)
