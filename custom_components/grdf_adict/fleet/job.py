"""A fleet's job: its tasks in their order, how each stands, what is kept of whom.

The job is written before calls are made: a task that is `started` may have reached
GRDF, whatever became of Home Assistant since.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from ..adict import AccessRight, AccessRightState, Declaration, ProofState

# So many tasks are marked as started with one write.
BLOCK: Final = 20


class Work(StrEnum):
    """What a task does."""

    DECLARE = "declare"
    RENEW = "renew"
    REVOKE = "revoke"
    FOLLOW = "follow"
    PROVE = "prove"


class State(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    STARTED = "started"
    """Its call may have been made."""
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


ENDED: Final = frozenset({State.DONE, State.REFUSED, State.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done of one PCE, and what came of it.

    Attributes:
        line: where it stands in the table; a file's name for proofs.
        pce: the metering point.
        work: what is done.
        declaration: of a declaration or a renewal; gone once the task has ended.
        right_id: the right that is revoked, or proved.
        known: the rights on the PCE from before: any other one is the task's own.
        files: the paths of proofs.
        title: how the meter is called; None: as meters are.
        state: where it stands.
        code: GRDF's.
        message: GRDF's own words, masked; or the name of our reason.
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
    state: State = State.WAITING
    code: str | None = None
    message: str | None = field(default=None, repr=False)
    less: tuple[str, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is done of it."""
        return self.state in ENDED

    def ended(
        self,
        state: State,
        code: str | None = None,
        message: str | None = None,
        less: tuple[str, ...] = (),
    ) -> Task:
        """Return the task with its outcome, and without the people in it."""
        return replace(
            self,
            state=state,
            code=code,
            message=message,
            less=less,
            declaration=None,
            files=(),
            title=None,
        )

    def found_among(self, rights: Iterable[AccessRight]) -> bool:
        """Whether GRDF's list shows that the task's call was heard."""
        match self.work:
            case Work.DECLARE | Work.RENEW:
                return any(self._is_own(right) for right in rights)
            case Work.REVOKE:
                return any(
                    right.id == self.right_id
                    and right.state is AccessRightState.REVOKED
                    for right in rights
                )
            case Work.PROVE:
                return any(
                    right.id == self.right_id
                    and right.proof_state is not ProofState.AWAITED
                    for right in rights
                )
            case _:
                return False

    def _is_own(self, right: AccessRight) -> bool:
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
    """

    created: datetime
    tasks: tuple[Task, ...] = ()

    @property
    def counts(self) -> Counter[State]:
        """How many tasks stand where."""
        return Counter(task.state for task in self.tasks)

    @property
    def left(self) -> int:
        """How many tasks have not ended."""
        return sum(not task.has_ended for task in self.tasks)

    @property
    def progress(self) -> int:
        """How much is done, in percent; 100 only when all is."""
        done = len(self.tasks) - self.left
        return 100 * done // len(self.tasks) if self.tasks else 100

    @property
    def started(self) -> tuple[int, ...]:
        """The places of the tasks whose calls may have been made."""
        return self._in(State.STARTED)

    def next_block(self) -> tuple[int, ...]:
        """Return the places of the tasks to mark as started next."""
        return self._in(State.WAITING)[:BLOCK]

    def mark(self, places: Iterable[int], state: State) -> Job:
        """Return the job with tasks in another state."""
        changed = {place: replace(self.tasks[place], state=state) for place in places}
        return self._with(changed)

    def end(self, place: int, task: Task) -> Job:
        """Return the job with a task as it ended."""
        return self._with({place: task})

    def cancelled(self) -> Job:
        """Return the job with all that has not ended cancelled."""
        return self._with(
            {
                place: task.ended(State.CANCELLED)
                for place, task in enumerate(self.tasks)
                if not task.has_ended
            }
        )

    def _in(self, state: State) -> tuple[int, ...]:
        return tuple(
            place for place, task in enumerate(self.tasks) if task.state is state
        )

    def _with(self, changed: dict[int, Task]) -> Job:
        tasks = [changed.get(place, task) for place, task in enumerate(self.tasks)]
        return replace(self, tasks=tuple(tasks))


NO_JOB: Final = Job(datetime.min.replace(tzinfo=UTC))


def by_customer(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Return tasks with each customer's together, in the order of their first ones.

    Declarations that follow one another within a minute are told in one mail (deck,
    annexe 2).
    """
    listed = list(tasks)
    first: dict[object, int] = {}
    for place, task in enumerate(listed):
        first.setdefault(_customer(task) or place, place)
    order = sorted(
        range(len(listed)), key=lambda place: first[_customer(listed[place]) or place]
    )
    return tuple(listed[place] for place in order)


def mails(tasks: Iterable[Task]) -> int:
    """Return how many mails GRDF sends to customers, if nothing interrupts the job.

    Who declares on their own meter is asked nothing.
    """
    return len({_customer(task) for task in tasks if _is_written_to(task)})


def customers(tasks: Iterable[Task]) -> int:
    """Return how many customers there are: as many as have mail addresses."""
    return len({_customer(task) for task in tasks} - {None})


def _customer(task: Task) -> tuple[str, bool] | None:
    """Return whom GRDF writes to: a person's mail is not an organisation's."""
    declared = task.declaration
    if declared is None:
        return None
    return declared.mail.strip().casefold(), declared.holder_company is not None


def _is_written_to(task: Task) -> bool:
    declared = task.declaration
    return declared is not None and not declared.role.value.endswith("_holder")


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long a job takes.

    Attributes:
        calls: that it makes.
        today: how many of them fit into this day.
        days: on how many days it works, this one included.
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
        left: the calls of this day that nobody needs more.
        per_day: the calls of any later day that nobody needs more.
        gap: seconds between two calls.
    """
    calls = sum(task.work is not Work.FOLLOW for task in tasks)
    today = min(calls, max(0, left))
    later = calls - today
    more_days = -(-later // max(1, per_day))
    return Forecast(
        calls, today, (1 if today or not later else 0) + more_days, _minutes(calls, gap)
    )


def _minutes(calls: int, gap: float) -> int:
    return -(-int(calls * gap) // 60)
