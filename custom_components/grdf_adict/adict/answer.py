"""What a call brings back, and how a stream becomes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from .errors import (
    DONE,
    NO_DATA,
    PARTIAL_ERROR,
    WAITING,
    AdictBadAnswerError,
    AdictError,
    AdictUnavailableError,
    error_from_code,
    masked,
)
from .models.consumption import gas_day_of
from .models.wire import ImpossibleValueError, JsonObject, section
from .stream import Broken, Defect, Event

_DONE: Final = frozenset({DONE, WAITING})


@dataclass(frozen=True, slots=True)
class Refused:
    """A well-formed object with a value that cannot be; `reason` names the field."""

    reason: str
    gas_day: date | None = None


@dataclass(frozen=True, slots=True)
class Answer[T]:
    """The items of an answer, in GRDF's order.

    `complete` is False when the stream was cut, an object could not be read, or GRDF
    reported an error half-way: what is missing then may exist. Refused objects do not
    make an answer incomplete.
    """

    items: tuple[T, ...]
    complete: bool
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """GRDF's word that it did what was asked; personal data in it are masked."""

    code: str
    message: str | None = None


class CutEarlyError(Exception):
    """The stream ended before its first object: worth another try."""


@dataclass(frozen=True, slots=True)
class Status:
    """A code and a message in the place of data, or behind them."""

    code: str
    message: str | None


def status_of(wire: JsonObject) -> Status | None:
    """Return the code that an object carries, None for plain data (API notes §7)."""
    if (code := _code(wire.get("code_statut_traitement"), 10)) is not None:
        return Status(code, _message(wire.get("message_retour_traitement")))
    restitution = section(wire.get("statut_restitution"))
    if (code := _code(restitution.get("code"), 7)) is not None:
        return Status(code, _message(restitution.get("message")))
    return None


def read_done(wire: JsonObject) -> Done:
    """Return the code and the message of an answer that holds nothing else."""
    status = status_of(wire)
    if status is None:
        raise ImpossibleValueError("code_statut_traitement: missing")
    return Done(status.code, masked(status.message) if status.message else None)


def _code(value: object, digits: int) -> str | None:
    """Return a code as text; a number has lost its leading zeros."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value).zfill(digits)
    return None


def _message(value: object) -> str | None:
    return value if isinstance(value, str) else None


class Intake[T]:
    """Takes the events of one stream and makes an answer of them.

    Args:
        read: makes an item of an object, or raises `ImpossibleValueError`.
        content: the key without which an object holds no data.
        belongs: whether an item is what was asked for.
        nothing: the code that says that there is nothing to give.
    """

    def __init__(
        self,
        read: Callable[[JsonObject], T],
        *,
        content: str,
        belongs: Callable[[T], bool] = lambda _: True,
        nothing: str = NO_DATA,
    ) -> None:
        """Start with nothing."""
        self._read = read
        self._content = content
        self._belongs = belongs
        self._nothing = nothing
        self._items: list[T] = []
        self._refused: list[Refused] = []
        self._complete = True
        self._understood = False
        self._objects = 0
        self._defects: set[Defect] = set()

    @property
    def has_objects(self) -> bool:
        """Return whether an object has arrived."""
        return self._objects > 0

    def take(self, event: Event) -> None:
        """Take one object, or the report of a broken one.

        Raises:
            AdictError: GRDF answered with an error, ahead of any data.
        """
        if isinstance(event, Broken):
            self._defects.add(event.defect)
            self._complete = False
            return
        self._objects += 1
        status = status_of(event)
        if status is not None:
            self._understood = True
            self._note(status)
        elif not event:
            self._understood = True
        if event.get(self._content) is not None:
            self._understood = True
            self._take_item(event)
        elif status is None and event:
            self._take_empty(event)

    def cut(self) -> None:
        """Take note that the connection broke."""
        self._complete = False

    def answer(self) -> Answer[T]:
        """Return the whole answer, once the stream has ended.

        Raises:
            CutEarlyError: it was cut before its first object was whole.
            AdictBadAnswerError: nothing in it could be understood.
        """
        if not self._objects and self._defects == {Defect.CUT}:
            raise CutEarlyError
        if not self._understood:
            raise AdictBadAnswerError("GRDF's answer cannot be understood")
        return Answer(tuple(self._items), self._complete, tuple(self._refused))

    def _note(self, status: Status) -> None:
        if status.code in _DONE or not status.code.strip("0"):
            return
        if status.code in {NO_DATA, self._nothing}:
            return
        if status.code != PARTIAL_ERROR and not self._items and not self._refused:
            raise error_from_code(status.code, status.message)
        self._complete = False

    def _take_item(self, wire: JsonObject) -> None:
        try:
            item = self._read(wire)
        except ImpossibleValueError as err:
            self._refused.append(Refused(str(err), gas_day_of(wire)))
            return
        if self._belongs(item):
            self._items.append(item)
        else:
            reason = "id_pce: another PCE than asked for"
            self._refused.append(Refused(reason, gas_day_of(wire)))

    def _take_empty(self, wire: JsonObject) -> None:
        """Take an object without data and without a status that says why."""
        if self._content in wire:
            self._understood = True
            self._refused.append(Refused(f"{self._content}: missing"))
        else:
            self._complete = False


def only[T](answer: Answer[T]) -> T:
    """Return the one item of an answer.

    Raises:
        AdictUnavailableError: GRDF could not give it this time.
        AdictBadAnswerError: there is none, or what there is cannot be.
    """
    if answer.items:
        return answer.items[0]
    if answer.refused:
        raise AdictBadAnswerError(
            f"GRDF's answer is refused: {answer.refused[0].reason}"
        )
    error: type[AdictError] = AdictBadAnswerError
    if not answer.complete:
        error = AdictUnavailableError
    raise error("GRDF's answer holds no data")
