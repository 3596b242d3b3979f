"""The one call of a fleet's task, and the task's outcome."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from ..adict import (
    NO_RIGHT,
    AdictAccessRightError,
    AdictAlreadyExistsError,
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictBadRequestError,
    AdictClient,
    AdictContractOverError,
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

# Daily readings have priority, and a reserved share of the day's calls.
_PATIENT: Final = Priority(Urgency.PATIENT)
FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=1)


class PausedError(Exception):
    """No call can be made for a while.

    Attributes:
        cause: GRDF's error.
        wait: how long; None: the runner's growing pause.
        in_doubt: whether GRDF may have executed the call.
    """

    def __init__(
        self,
        cause: AdictError,
        wait: timedelta | None = None,
        *,
        in_doubt: bool = False,
    ) -> None:
        """Keep the cause and the pause."""
        super().__init__(str(cause))
        self.cause = cause
        self.wait = wait
        self.in_doubt = in_doubt


async def async_call(client: AdictClient, task: Task, *, doubted: bool) -> Task:
    """Make a task's call, and return the task as it ended.

    `doubted` is whether the call may have been made before.

    Raises:
        PausedError: no call can be made for a while.
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
    """Return the task that an error ends; raise PausedError where it ends none."""
    match error:
        case InvalidDeclarationError(problems=(problem, *_)):
            return task.ended(State.REFUSED, None, problem.value)
        case InvalidProofError(problems=(problem, *_)):
            return task.ended(State.REFUSED, None, f"proof_{problem.kind}")
        case AdictQuotaError():
            seconds = error.retry_after
            wait = None if seconds is None else timedelta(seconds=seconds)
            raise PausedError(error, wait)
        case AdictUncertainError() | AdictBadAnswerError():
            raise PausedError(error, in_doubt=True)
        case AdictAuthenticationError() | AdictContractOverError():
            raise PausedError(error, LONGEST_PAUSE)
        case AdictAccessRightError(code=code) if (
            code == NO_RIGHT and task.work is Work.REVOKE
        ):
            # There is nothing left to revoke.
            return task.ended(State.DONE, code, error.message)
        case AdictAlreadyExistsError() if doubted:
            # The first call created it, and its answer was lost.
            return task.ended(State.DONE, error.code, error.message)
        case AdictAccessRightError(code=str()) | AdictBadRequestError():
            code = placeholders(error)["code"]
            return task.ended(State.REFUSED, code, error.message)
        case _:
            raise PausedError(error)
