"""One row of a fleet's table: what is to be done for a PCE, or what is wrong."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
import re
from typing import Any, Final, NamedTuple

from ..adict import DeclarationProblem, Role, folded, mask_pce
from ..files import (
    MAX_CELL,
    CellError,
    Cells,
    is_blank,
    read_pce,
    read_period,
)
from ..metering import ExportKind, PceGuess
from .columns import Column, Header
from .consent import Consent
from .errors import RowProblem
from .words import Action, action_of, names_nobody, role_of, says_just_holder

type Reason = RowProblem | DeclarationProblem

_POSTCODE_DIGITS: Final = 5
_MOBILE_WITHOUT_ZERO: Final = re.compile(r"[67][0-9]{8}")
_LANDLINE: Final = re.compile(r"(?:0|33|0033|330)?[1-589][0-9]{8}")
_YES: Final = frozenset({"oui", "o", "yes", "y", "vrai", "true", "x", "1", "v"})
_NO: Final = frozenset({"non", "n", "no", "faux", "false", "0", "f"})
# What people type where there is nothing; "0" and "x" may be something.
_NOTHING: Final = frozenset(
    {"-", "--", "\N{EN DASH}", "\N{EM DASH}", "/", ".", "n/a", "na", "nc", "n.c."}
    | {"neant", "aucun", "aucune", "sans", "none", "nil"}
)
# Not the kinds of data: "-" may well mean no there.
_MAY_BE_NOTHING: Final = frozenset(
    {Column.HOLDER_NAME, Column.HOLDER_COMPANY, Column.MAIL, Column.MOBILE}
    | {Column.DATA_TO, Column.TITLE, Column.BUILDING}
)


class Position(NamedTuple):
    """Where a row is: its sheet and its line in it, both from 1."""

    sheet: int
    line: int

    def __str__(self) -> str:
        """Return the line, and the sheet unless it is the first."""
        return str(self.line) if self.sheet == 1 else f"{self.sheet}:{self.line}"


@dataclass(frozen=True, slots=True)
class FleetRow:
    """A valid row."""

    at: Position
    pce: str = field(repr=False)
    action: Action
    consent: Consent = field(default_factory=Consent)
    title: str | None = field(default=None, repr=False)
    """The meter's name; None: the default one."""
    building: str | None = field(default=None, repr=False)
    """Where the meter is, in the user's words."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """An invalid row, and why."""

    at: Position
    pce: str | None = field(default=None, repr=False)
    reasons: tuple[Reason, ...] = ()

    @property
    def line(self) -> str:
        """Its position, for the user."""
        return str(self.at)

    @property
    def shown_pce(self) -> str:
        """The end of its PCE."""
        return mask_pce(self.pce) if self.pce else "-"


class _RowError(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read_row(
    at: Position,
    cells: Cells,
    header: Header,
    default: Action,
    *,
    zeros_confirmed: bool,
) -> FleetRow | BadRow | None:
    """Return a row; None where it is blank in the columns that are read.

    `default` is the action of a row without one; zeros that a spreadsheet removed are
    put back if `zeros_confirmed`.
    """
    filled = {
        column: cells[position]
        for column, position in header.positions.items()
        if position < len(cells) and not _is_nothing(column, cells[position])
    }
    if not filled.keys() - {Column.ACTION, Column.ROLE}:
        return None
    if has_landline(cells, header):
        del filled[Column.MOBILE]
    reading = _Reading(filled)
    guess = reading.pce()
    action = reading.take(Column.ACTION, _action) or default
    consent = reading.consent()
    title = reading.take(Column.TITLE, _text)
    building = reading.take(Column.BUILDING, _text)
    reasons = reading.reasons
    if action in {Action.DECLARE, Action.RENEW}:
        reasons += reading.doubts(consent)
    if reading.zero_lost and not zeros_confirmed:
        reasons.append(RowProblem.ZERO_LOST)
    if reasons or guess is None:
        pce = None if guess is None else guess.pce
        return BadRow(at, pce, tuple(dict.fromkeys(reasons)))
    return FleetRow(at, guess.pce, action, consent, title, building)


def has_landline(cells: Cells, header: Header) -> bool:
    """Return whether a row has no mobile number, but a landline's.

    Only where the column is one of phones: in one of mobiles, that is a mistake.
    """
    position = header.positions.get(Column.MOBILE)
    if position is None or position >= len(cells) or not header.has_any_phone:
        return False
    cell = cells[position]
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return _LANDLINE.fullmatch(re.sub(r"[\s.+()/-]", "", str(cell))) is not None


class _Reading:
    """The filled cells of one row, and the problems found while reading them."""

    def __init__(self, filled: Mapping[Column, object]) -> None:
        self._filled = filled
        self.reasons: list[Reason] = []
        self.zero_lost = False

    def pce(self) -> PceGuess | None:
        """Return the PCE; 13 digits get a zero, to be confirmed."""
        if Column.PCE not in self._filled:
            self.reasons.append(RowProblem.PCE_MISSING)
            return None
        guess = read_pce(self._filled[Column.PCE])
        if guess is None:
            self.reasons.append(DeclarationProblem.PCE_FORMAT)
        elif guess.zero_lost:
            self.zero_lost = True
        return guess

    def consent(self) -> Consent:
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

    def doubts(self, consent: Consent) -> Iterator[Reason]:
        """Yield what makes it doubtful whom a declaration names."""
        name, company = consent.holder_name, consent.holder_company
        # "Holder" as the role may be said of the person who is named.
        if name is not None and says_just_holder(self._filled.get(Column.ROLE)):
            yield RowProblem.ROLE_AMBIGUOUS
        is_no_name = name is not None and (
            not any(map(str.isalpha, name)) or name.casefold() in _YES | _NO
        )
        if is_no_name or any(names_nobody(each) for each in (name, company) if each):
            yield RowProblem.NAME_IS_NONE

    def take[T](self, column: Column, read: Callable[[Any], T]) -> T | None:
        """Return a cell's value; None where it is blank or invalid."""
        if column not in self._filled:
            return None
        try:
            return read(self._filled[column])
        except _RowError as err:
            self.reasons.append(err.reason)
            return None

    def _postcode(self, cell: object) -> str:
        text = _text(cell)
        if len(text) == _POSTCODE_DIGITS - 1 and text.isdecimal():
            return self._with_zero(text)
        return text

    def _mobile(self, cell: object) -> str:
        text = _text(cell)
        digits = "".join(text.split())
        return (
            self._with_zero(digits) if _MOBILE_WITHOUT_ZERO.fullmatch(digits) else text
        )

    def _with_zero(self, digits: str) -> str:
        self.zero_lost = True
        return f"0{digits}"


def _is_nothing(column: Column, cell: object) -> bool:
    """Return whether a cell is blank, or says that there is nothing."""
    says_so = isinstance(cell, str) and folded(cell) in _NOTHING
    return is_blank(cell) or (says_so and column in _MAY_BE_NOTHING)


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
        period = read_period(cell)
    except CellError:
        raise _RowError(RowProblem.DATE_FORMAT) from None
    if period.kind is not ExportKind.DAILY:
        raise _RowError(RowProblem.DATE_FORMAT)
    return period.first


def _flag(cell: object) -> bool:
    text = _text(cell).casefold()
    if text in _YES | _NO:
        return text in _YES
    raise _RowError(RowProblem.FLAG_FORMAT)


def _action(cell: object) -> Action:
    if (action := action_of(cell)) is None:
        raise _RowError(RowProblem.ACTION_UNKNOWN)
    return action


def _role(cell: object) -> Role:
    if (role := role_of(cell)) is None:
        raise _RowError(DeclarationProblem.ROLE_UNKNOWN)
    return role
