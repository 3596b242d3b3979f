"""The result of a call, and how a stream becomes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .errors import (
    DONE,
    NO_DATA,
    PARTIAL_ERROR,
    UNREADABLE_CODE,
    WAITING,
    AdictBadAnswerError,
    AdictEmptyAnswerError,
    AdictUnavailableError,
    error_from_code,
)
from .free_text import is_code, masked
from .models.consumption import gas_day_of
from .models.wire import ImpossibleValueError, JsonObject, section
from .stream import Defect, Event


@dataclass(frozen=True, slots=True)
class Refused:
    """A well-formed object with an impossible value; `reason` names the field."""

    reason: str
    gas_day: date | None = None


@dataclass(frozen=True, slots=True)
class Answer[T]:
    """The items of an answer, in GRDF's order.

    `complete` is False when the stream was cut, an object could not be read, or GRDF
    reported an error half-way: more data may exist then. Refused objects do not make an
    answer incomplete.
    """

    items: tuple[T, ...]
    complete: bool
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """GRDF's code and text on a request; personal data in the text are masked."""

    code: str
    message: str | None = None


class CutEarlyError(Exception):
    """The stream ended before its first object; another try may succeed."""


def status_of(wire: JsonObject) -> Status | None:
    """Return the status in an object, None for plain data (API notes §7)."""
    if (code := _code(wire.get("code_statut_traitement"), 10)) is not None:
        return Status(code, _masked(wire.get("message_retour_traitement")))
    restitution = section(wire.get("statut_restitution"))
    if (code := _code(restitution.get("code"), 7)) is not None:
        return Status(code, _masked(restitution.get("message")))
    return None


def _words_alone(wire: JsonObject) -> Status | None:
    """Return the status of a refusal that gives no code."""
    message = _masked(section(wire.get("statut_restitution")).get("message"))
    return Status(UNREADABLE_CODE, message) if message else None


def read_status(wire: JsonObject) -> Status:
    """Return the status of an answer that holds nothing else.

    Raises:
        ImpossibleValueError: it holds none.
    """
    if (status := status_of(wire)) is None:
        raise ImpossibleValueError("code_statut_traitement: missing")
    return status


def _code(value: object, digits: int) -> str | None:
    """Return a code as text; a number has lost its leading zeros."""
    if type(value) is int:
        value = str(value).zfill(digits)
    if not isinstance(value, str) or not (code := value.strip()):
        return None
    return code if is_code(code) else UNREADABLE_CODE


def _masked(message: object) -> str | None:
    return masked(message) if isinstance(message, str) and message else None


class Intake[T]:
    """Collects the events of one stream into an answer.

    Args:
        read: makes an item of an object, or raises `ImpossibleValueError`.
        content: the key without which an object holds no data.
        belongs: whether an item belongs to the request.
        nothing: the code of an answer without data.
        most: of so many objects and more, the answer is cut: GRDF keeps five years of
            gas days.
    """

    def __init__(
        self,
        read: Callable[[JsonObject], T],
        *,
        content: str,
        belongs: Callable[[T], bool] = lambda _: True,
        nothing: str = NO_DATA,
        most: int = 20_000,
    ) -> None:
        """Create an intake for one stream."""
        self._read = read
        self._content = content
        self._belongs = belongs
        self._no_error = frozenset({DONE, WAITING, NO_DATA, nothing})
        self._items: list[T] = []
        self._refused: list[Refused] = []
        self._complete = True
        self._understood = False
        self._defects: set[Defect] = set()
        self._most = most
        self._objects = 0

    @property
    def has_objects(self) -> bool:
        """Whether an object has come."""
        return self._objects > 0

    @property
    def is_full(self) -> bool:
        """Whether more objects have come than an answer has."""
        return self._objects >= self._most

    def take(self, event: Event) -> None:
        """Process an object, or the report of a broken one.

        Raises:
            AdictError: GRDF answered with an error, ahead of any data.
        """
        if isinstance(event, Defect):
            self._defects.add(event)
            self._complete = False
            return
        self._objects += 1
        status = status_of(event)
        if status is None and event.get(self._content) is None:
            status = _words_alone(event)
        if status is not None:
            self._take_status(status)
        if status is not None or not event:
            self._understood = True
        if event.get(self._content) is not None:
            self._understood = True
            self._take_item(event)
        elif status is None and self._content in event:
            self._understood = True
            self._refused.append(Refused(f"{self._content}: missing"))
        elif status is None and event:
            self._complete = False

    def cut(self) -> None:
        """Record that the connection broke."""
        self._complete = False

    def answer(self) -> Answer[T]:
        """Return the whole answer, once the stream has ended.

        Raises:
            CutEarlyError: it was cut before its first object was whole.
            AdictEmptyAnswerError: there was nothing in it.
            AdictBadAnswerError: nothing in it could be understood.
        """
        if not self.has_objects and self._defects == {Defect.CUT}:
            raise CutEarlyError
        if not self.has_objects and not self._defects:
            raise AdictEmptyAnswerError("GRDF's answer is empty")
        if not self._understood:
            raise AdictBadAnswerError("GRDF's answer cannot be understood")
        return Answer(tuple(self._items), self._complete, tuple(self._refused))

    def _take_status(self, status: Status) -> None:
        if status.code in self._no_error or not status.code.strip("0"):
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


def only[T](answer: Answer[T]) -> T:
    """Return the one item of an answer.

    Raises:
        AdictUnavailableError: the answer is incomplete.
        AdictBadAnswerError: the answer holds no item, or refused ones only.
    """
    if answer.items:
        return answer.items[0]
    if answer.refused:
        raise AdictBadAnswerError(
            f"GRDF's answer is refused: {answer.refused[0].reason}"
        )
    kind = AdictBadAnswerError if answer.complete else AdictUnavailableError
    raise kind("GRDF's answer holds no data")
