"""The one call of a fleet's task, and what its outcome means for the task."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from ..adict import (
    CONTRACT_OVER,
    NO_RIGHT,
    AdictAccessRightError,
    AdictAlreadyExistsError,
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictBadRequestError,
    AdictClient,
    AdictError,
    AdictQuotaError,
    AdictUncertainError,
    InvalidDeclarationError,
    InvalidProofError,
    Priority,
    Proof,
    Urgency,
    differences,
)
from ..fleet import State, Task, Work
from ..helpers.errors import placeholders

# Daily readings go first, and keep their share of the day's calls.
_PATIENT: Final = Priority(Urgency.PATIENT)
FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
_PAUSE_WITHOUT_CONTRACT: Final = timedelta(hours=12)


class PausedError(Exception):
    """Nothing more can be asked of GRDF for a while.

    Attributes:
        wait: how long; None: as long as pauses have grown.
        in_doubt: whether GRDF may have done what was asked.
        cause: GRDF's error.
    """

    def __init__(
        self, cause: AdictError, wait: timedelta | None, *, in_doubt: bool
    ) -> None:
        """Keep what is known."""
        super().__init__(str(cause))
        self.cause = cause
        self.wait = wait
        self.in_doubt = in_doubt


async def async_call(client: AdictClient, task: Task, *, doubted: bool) -> Task:
    """Make a task's call, and return the task as it ended.

    Args:
        client: of the contract.
        task: what is to be done.
        doubted: whether its call may have been made before.

    Raises:
        PausedError: GRDF is to be left alone for a while.
    """
    try:
        return await _async_call(client, task)
    except AdictError as err:
        return _ended(task, err, doubted=doubted)


async def _async_call(client: AdictClient, task: Task) -> Task:
    if task.declaration is not None:
        declared = await client.declare_access_right(
            task.pce, task.declaration, place=_PATIENT
        )
        less = differences(task.declaration, declared.right)
        return task.ended(
            State.DONE,
            declared.code,
            declared.message,
            tuple(each.field.value for each in less),
        )
    right_id = task.right_id or ""
    if task.work is Work.PROVE:
        proofs = [Proof(Path(name)) for name in task.files]
        done = await client.send_proofs(right_id, proofs, place=_PATIENT)
    else:
        done = await client.revoke_access_right(right_id, place=_PATIENT)
    return task.ended(State.DONE, done.code, done.message)


def _ended(task: Task, error: AdictError, *, doubted: bool) -> Task:
    """Return the task that an error ends.

    Raises:
        PausedError: it ends none.
    """
    match error:
        case InvalidDeclarationError(problems=(problem, *_)):
            return task.ended(State.REFUSED, None, problem.value)
        case InvalidProofError(problems=(problem, *_)):
            return task.ended(State.REFUSED, None, f"proof_{problem.kind}")
        case AdictQuotaError():
            seconds = error.retry_after
            wait = None if seconds is None else timedelta(seconds=seconds)
            raise PausedError(error, wait, in_doubt=False)
        case AdictUncertainError() | AdictBadAnswerError():
            raise PausedError(error, None, in_doubt=True)
        case AdictAuthenticationError():
            raise PausedError(error, LONGEST_PAUSE, in_doubt=False)
        case AdictAccessRightError(code=code) if code == CONTRACT_OVER:
            raise PausedError(error, _PAUSE_WITHOUT_CONTRACT, in_doubt=False)
        case AdictAccessRightError(code=code) if code == NO_RIGHT and _has_ended(task):
            return task.ended(State.DONE, code, error.message)
        case AdictAlreadyExistsError() if doubted:
            # The one that exists is ours: the answer to the first call was lost.
            return task.ended(State.DONE, error.code, error.message)
        case AdictAccessRightError(code=str()) | AdictBadRequestError():
            code = placeholders(error)["code"]
            return task.ended(State.REFUSED, code, error.message)
        case _:
            raise PausedError(error, None, in_doubt=False)


def _has_ended(task: Task) -> bool:
    """Whether "no such right" is what a task wanted."""
    return task.work is Work.REVOKE
