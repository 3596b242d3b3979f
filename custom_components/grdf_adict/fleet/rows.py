"""One row of a fleet's table: what is to be done of which PCE, or what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
import re
from typing import Any, Final

from ..adict import DeclarationProblem, Role, mask_pce
from ..files import MAX_CELL, CellError, Cells, Form, is_blank, pce, period, words
from ..metering import PceGuess
from .columns import Column, Header
from .consent import Consent
from .errors import RowProblem

type Reason = RowProblem | DeclarationProblem
type At = tuple[int, int]
"""The sheet, from 1, and the line in it, from 1."""

_POSTCODE_DIGITS: Final = 5
_MOBILE_DIGITS: Final = 10
_MOBILE_WITHOUT_ZERO: Final = re.compile(r"[67][0-9]{8}")
_YES: Final = frozenset({"oui", "o", "yes", "y", "vrai", "true", "x", "1", "v"})
_NO: Final = frozenset({"non", "n", "no", "faux", "false", "0", "f"})


class Action(StrEnum):
    """What is done of a PCE."""

    DECLARE = "declare"
    RENEW = "renew"
    REVOKE = "revoke"
    FOLLOW = "follow"


# The beginnings of the words that a cell says it with.
_ACTIONS: Final = (
    ("declar", Action.DECLARE),
    ("renew", Action.RENEW),
    ("renouvel", Action.RENEW),
    ("revo", Action.REVOKE),
    ("follow", Action.FOLLOW),
    ("suivi", Action.FOLLOW),
    ("suivre", Action.FOLLOW),
)
_HOLDER: Final = ("detent", "titulaire", "holder")
_AUTHORISED: Final = ("autoris", "authoris", "authoriz", "mandat")
_INJECTION: Final = ("inject", "product")


@dataclass(frozen=True, slots=True)
class FleetRow:
    """A row that can be taken.

    Attributes:
        at: its sheet and line.
        pce: the metering point.
        action: what is done of it.
        consent: what it tells of one.
        title: how the meter is called; None: as meters are.
    """

    at: At
    pce: str = field(repr=False)
    action: Action
    consent: Consent = field(default_factory=Consent)
    title: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be taken, and why."""

    order: At
    pce: str | None = field(default=None, repr=False)
    reasons: tuple[Reason, ...] = ()

    @property
    def line(self) -> str:
        """Where it stands, as a person looks for it."""
        return line_of(self.order)

    @property
    def shown_pce(self) -> str:
        """The end of its PCE."""
        return mask_pce(self.pce) if self.pce else "-"


def line_of(at: At) -> str:
    """Return where a row stands: its line, and its sheet unless it is the first."""
    sheet, line = at
    return str(line) if sheet == 1 else f"{sheet}:{line}"


class _RowError(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read_row(
    at: At,
    cells: Cells,
    header: Header,
    otherwise: Action,
    *,
    zeros_confirmed: bool,
) -> FleetRow | Bad | None:
    """Return what a row says; None where it says nothing in the columns that are read.

    Args:
        at: its sheet and line.
        cells: its cells.
        header: where the columns stand.
        otherwise: what is done where the row does not say it.
        zeros_confirmed: whether zeros that a spreadsheet took are put back.
    """
    told = {
        column: cells[place]
        for column, place in header.places.items()
        if place < len(cells) and not is_blank(cells[place])
    }
    if not told.keys() - {Column.ACTION, Column.ROLE}:
        return None
    reading = _Reading(told)
    guess = reading.pce()
    action = reading.take(Column.ACTION, _action) or otherwise
    consent = reading.consent()
    title = reading.take(Column.TITLE, _text)
    reasons = list(reading.reasons)
    if reading.zero_lost and not zeros_confirmed:
        reasons.append(RowProblem.ZERO_LOST)
    if reasons or guess is None:
        pce_read = None if guess is None else guess.pce
        return Bad(at, pce_read, tuple(dict.fromkeys(reasons)))
    return FleetRow(at, guess.pce, action, consent, title)


class _Reading:
    """The cells of one row, what is wrong with them on the way."""

    def __init__(self, told: Mapping[Column, object]) -> None:
        self._told = told
        self.reasons: list[Reason] = []
        self.zero_lost = False

    def pce(self) -> PceGuess | None:
        """Return the PCE; 13 digits are proposed with a zero."""
        if Column.PCE not in self._told:
            self.reasons.append(RowProblem.PCE_MISSING)
            return None
        guess = pce(self._told[Column.PCE])
        if guess is None:
            self.reasons.append(DeclarationProblem.PCE_FORMAT)
        elif guess.zero_lost:
            self.zero_lost = True
        return guess

    def consent(self) -> Consent:
        """Return what the row tells of a consent."""
        return Consent(
            role=self.take(Column.ROLE, _role),
            holder_name=self.take(Column.HOLDER_NAME, _text),
            holder_company=self.take(Column.HOLDER_COMPANY, _text),
            postcode=self.take(Column.POSTCODE, self._postcode),
            mail=self.take(Column.MAIL, _text),
            mobile=self.take(Column.MOBILE, self._mobile),
            start=self.take(Column.START, _day),
            end=self.take(Column.END, _day),
            data_from=self.take(Column.DATA_FROM, _day),
            data_to=self.take(Column.DATA_TO, _day),
            contractual=self.take(Column.CONTRACTUAL, _flag),
            technical=self.take(Column.TECHNICAL, _flag),
            informative=self.take(Column.INFORMATIVE, _flag),
            published=self.take(Column.PUBLISHED, _flag),
        )

    def take[T](self, column: Column, read: Callable[[Any], T]) -> T | None:
        """Return what a cell says; None where it is blank, or cannot be read."""
        if column not in self._told:
            return None
        try:
            return read(self._told[column])
        except _RowError as err:
            self.reasons.append(err.reason)
            return None

    def _postcode(self, cell: object) -> str:
        text = _text(cell)
        if len(text) == _POSTCODE_DIGITS - 1 and text.isdecimal():
            self.zero_lost = True
            return f"0{text}"
        return text

    def _mobile(self, cell: object) -> str:
        text = _text(cell)
        if _MOBILE_WITHOUT_ZERO.fullmatch("".join(text.split())):
            self.zero_lost = True
            return f"0{''.join(text.split())}"
        return text


def _text(cell: object) -> str:
    """Return a cell as text; a number of whole value has no decimals."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str(cell).split()) if isinstance(cell, str | int) else ""
    if len(text) > MAX_CELL:
        raise _RowError(RowProblem.TEXT_TOO_LONG)
    return text


def _day(cell: object) -> date:
    try:
        covered = period(cell)
    except CellError:
        raise _RowError(RowProblem.DATE_FORMAT) from None
    if covered.form is not Form.DAY:
        raise _RowError(RowProblem.DATE_FORMAT)
    return covered.first


def _flag(cell: object) -> bool:
    said = _text(cell).casefold()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise _RowError(RowProblem.FLAG_FORMAT)


def _action(cell: object) -> Action:
    said = words(cell)
    for beginning, action in _ACTIONS:
        if any(word.startswith(beginning) for word in said):
            return action
    raise _RowError(RowProblem.ACTION_UNKNOWN)


def _role(cell: object) -> Role:
    said = words(str(cell).replace("_", " "))
    holds, authorised, injects = (
        any(word.startswith(beginnings) for word in said)
        for beginnings in (_HOLDER, _AUTHORISED, _INJECTION)
    )
    if holds is authorised and not (authorised and _names_a_mandate(said)):
        raise _RowError(DeclarationProblem.ROLE_UNKNOWN)
    if injects:
        return Role.INJECTION_AUTHORISED if authorised else Role.INJECTION_HOLDER
    return Role.SUPPLY_AUTHORISED if authorised else Role.SUPPLY_HOLDER


def _names_a_mandate(said: frozenset[str]) -> bool:
    """Whether "authorised by the holder" is meant, not "holder"."""
    return bool(said & {"par", "by"})
