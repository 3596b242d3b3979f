"""A fleet's job: its tasks in their order, and the state of each.

The job is written before calls are made: a task that is `started` may have reached
GRDF, even if Home Assistant stopped since.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from typing import Final

from ..adict import AccessRight, AccessRightState, Declaration, ProofState, masked

# Tasks that are marked as started with one write.
BLOCK: Final = 20


class Work(StrEnum):
    """What a task does."""

    DECLARE = "declare"
    RENEW = "renew"
    REVOKE = "revoke"
    FOLLOW = "follow"
    PROVE = "prove"


class State(StrEnum):
    """The state of a task."""

    WAITING = "waiting"
    STARTED = "started"
    """Its call may have been made."""
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done for one PCE, and the outcome.

    Attributes:
        line: its line in the table; a file's name for proofs.
        pce: the metering point.
        work: what is done.
        declaration: of a declaration or a renewal; removed once the task has ended.
        right_id: the right that is revoked, or proved.
        known: the earlier rights on the PCE: any other one is the task's own.
        files: the paths of proofs.
        title: the meter's name; None: the default one.
        building: where the meter is, in the user's words; None: not said.
        state: waiting, started, or the outcome.
        code: GRDF's.
        message: GRDF's own text, masked; or the name of our reason.
        less: what GRDF granted otherwise than declared, by name.
    """

    line: str
    pce: str = field(repr=False)
    work: Work
    declaration: Declaration | None = field(default=None, repr=False)
    right_id: str | None = None
    known: tuple[str, ...] = ()
    files: tuple[str, ...] = field(default=(), repr=False)
    title: str | None = field(default=None, repr=False)
    building: str | None = field(default=None, repr=False)
    state: State = State.WAITING
    code: str | None = None
    message: str | None = field(default=None, repr=False)
    less: tuple[str, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether it is done, refused or cancelled."""
        return self.state not in {State.WAITING, State.STARTED}

    def ended(
        self,
        state: State,
        code: str | None = None,
        message: str | None = None,
        less: tuple[str, ...] = (),
    ) -> Task:
        """Return the task with its outcome, and without personal data."""
        declared = self.declaration
        if message is not None and declared is not None:
            message = masked(message, declared.holder_name, declared.holder_company)
        return replace(
            self,
            state=state,
            code=code,
            message=message,
            less=less,
            declaration=None,
            files=(),
            title=None,
            building=None,
        )

    def found_among(self, rights: Iterable[AccessRight]) -> bool:
        """Whether GRDF's list shows that it received the task's call."""
        return any(map(self._shows_in, rights))

    def _shows_in(self, right: AccessRight) -> bool:
        if self.work is Work.REVOKE:
            is_revoked = right.state is AccessRightState.REVOKED
            return right.id == self.right_id and is_revoked
        if self.work is Work.PROVE:
            is_answered = right.proof_state is not ProofState.AWAITED
            return right.id == self.right_id and is_answered
        declared = self.declaration
        return (
            declared is not None
            and right.pce == self.pce
            and right.id not in self.known
            and right.role.is_injection is declared.role.is_injection
            and right.start in {None, declared.start}
        )


@dataclass(frozen=True, slots=True)
class Job:
    """Tasks in the order in which they are done.

    Attributes:
        created: when it was confirmed, aware.
        tasks: all of them, those that have ended included.
        left_out: how many rows of the table were invalid, or not seen by the user.
    """

    created: datetime
    tasks: tuple[Task, ...] = ()
    left_out: int = 0

    @property
    def counts(self) -> Counter[State]:
        """How many tasks are in each state."""
        return Counter(task.state for task in self.tasks)

    @property
    def left(self) -> int:
        """How many tasks have not ended."""
        return sum(not task.has_ended for task in self.tasks)

    @property
    def progress(self) -> int:
        """The share of tasks that have ended, in percent; 100 only when all have."""
        total = len(self.tasks)
        return 100 * (total - self.left) // total if total else 100

    @property
    def started(self) -> tuple[int, ...]:
        """The positions of the tasks whose calls may have been made."""
        return self._in(State.STARTED)

    def next_block(self) -> tuple[int, ...]:
        """Return the positions of the tasks to mark as started next."""
        return self._in(State.WAITING)[:BLOCK]

    def mark(self, positions: Iterable[int], state: State) -> Job:
        """Return the job with tasks in another state."""
        return self._with(
            {at: replace(self.tasks[at], state=state) for at in positions}
        )

    def end(self, position: int, task: Task) -> Job:
        """Return the job with a task as it ended."""
        return self._with({position: task})

    def cancelled(self) -> Job:
        """Return the job with all tasks cancelled that have not ended."""
        tasks = [
            task if task.has_ended else task.ended(State.CANCELLED)
            for task in self.tasks
        ]
        return replace(self, tasks=tuple(tasks))

    def _in(self, state: State) -> tuple[int, ...]:
        return tuple(at for at, task in enumerate(self.tasks) if task.state is state)

    def _with(self, changed: dict[int, Task]) -> Job:
        tasks = [changed.get(at, task) for at, task in enumerate(self.tasks)]
        return replace(self, tasks=tuple(tasks))


NO_JOB: Final = Job(datetime.min.replace(tzinfo=UTC))


def by_customer(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Return tasks with each customer's together, in the order of their first ones.

    GRDF announces declarations that follow one another within a minute in one mail
    (deck, annexe 2).
    """
    groups: dict[object, list[Task]] = {}
    for position, task in enumerate(tasks):
        groups.setdefault(_customer(task) or position, []).append(task)
    return tuple(chain.from_iterable(groups.values()))


def mails(tasks: Iterable[Task]) -> int:
    """Return how many mails GRDF sends to customers, if nothing interrupts the job.

    Holders who declare their own meter get none.
    """
    return len({_customer(task) for task in tasks if _needs_mail(task)})


def unasked(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Return the tasks that declare a right which no customer is asked to agree to.

    We declare that we are the holder; GRDF then asks nobody (API notes §4).
    """
    return tuple(
        task
        for task in tasks
        if task.declaration is not None and task.declaration.role.is_holder
    )


def customers(tasks: Iterable[Task]) -> int:
    """Return how many customers there are: as many as have mail addresses."""
    return len({_customer(task) for task in tasks} - {None})


def _customer(task: Task) -> tuple[str, bool] | None:
    """Return the addressee of GRDF's mail: a person's differs from a company's."""
    declared = task.declaration
    if declared is None:
        return None
    return declared.mail.strip().casefold(), declared.holder_company is not None


def _needs_mail(task: Task) -> bool:
    declared = task.declaration
    return declared is not None and not declared.role.is_holder


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long a job takes.

    Attributes:
        calls: that it makes.
        today: how many of them fit into this day.
        days: on how many days it makes calls, this one included.
        minutes: how long its calls take at the contract's pace, without pauses.
    """

    calls: int
    today: int
    days: int
    minutes: int


def forecast(tasks: Iterable[Task], *, left: int, per_day: int, gap: float) -> Forecast:
    """Return how long a job takes.

    Args:
        tasks: of the job.
        left: the calls of this day that daily readings leave.
        per_day: the calls of any later day that daily readings leave.
        gap: seconds between two calls.
    """
    calls = sum(task.work is not Work.FOLLOW for task in tasks)
    today = min(calls, max(0, left))
    later = calls - today
    days = -(-later // max(1, per_day)) + (1 if today or not later else 0)
    return Forecast(calls, today, days, minutes=-(-int(calls * gap) // 60))
