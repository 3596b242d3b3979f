"""What can be wrong with a fleet's table: the whole of it, or single rows.

No error has the content of the rows: they name people.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class FleetProblem(StrEnum):
    """Why a table is refused as a whole; each has a translated text."""

    NOT_A_WORKBOOK = "not_a_workbook"
    OLD_WORKBOOK = "old_workbook"
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105 - names a state of a file
    STRICT_WORKBOOK = "strict_workbook"
    OTHER_WORKBOOK = "other_workbook"
    ARCHIVE = "archive"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    EXTERNAL_ENTITY = "external_entity"
    DAMAGED = "damaged"
    EMPTY = "empty"
    ALL_HIDDEN = "all_hidden"
    UNREADABLE = "unreadable"
    """The file is missing, or may not be read."""
    HEADER_MISSING = "header_missing"
    """No row names the columns."""
    COLUMN_MISSING = "column_missing"
    COLUMN_HIDDEN = "column_hidden"
    """It is there, and the user does not see it."""
    COLUMN_MISSPELT = "column_misspelt"
    COLUMN_TWICE = "column_twice"
    LIST_OF_RIGHTS = "list_of_rights"
    """The list of rights that GRDF's portal exports, to be declared: they exist."""
    NO_ROWS = "no_rows"
    TOO_MANY_ROWS = "too_many_rows"
    TWO_TABLES = "two_tables"
    """One sheet has a second table, with columns of its own."""


class RowProblem(StrEnum):
    """Why one row is not taken; what GRDF's rules refuse has names of its own."""

    PCE_MISSING = "pce_missing"
    PCE_TWICE = "pce_twice"
    """The same PCE in another row that differs."""
    ROW_TWICE = "row_twice"
    """The same row again."""
    ZERO_LOST = "zero_lost"
    """A PCE, postcode or mobile number that lacks a zero, not confirmed yet."""
    ROLE_AMBIGUOUS = "role_ambiguous"
    """ "Titulaire" as our role, beside a person's name: one's own contract, or hers?"""
    NAME_IS_NONE = "name_is_none"
    """A number, yes or no, an error, "vacant" as the customer's name."""
    ACTION_UNKNOWN = "action_unknown"
    START_MISSING = "start_missing"
    END_MISSING = "end_missing"
    DATA_FROM_MISSING = "data_from_missing"
    DATE_FORMAT = "date_format"
    FLAG_FORMAT = "flag_format"
    """A kind of data that is neither yes nor no."""
    TEXT_TOO_LONG = "text_too_long"
    RIGHT_EXISTS = "right_exists"
    """The contract has an open right on the PCE: to follow or to renew."""
    RIGHT_WAITING = "right_waiting"
    """A declaration waits for the customer's answer."""
    RIGHT_CLOSED = "right_closed"
    """Revoked, refused or obsolete: a renewal would write to who does not want it."""
    NO_RIGHT = "no_right"
    ALREADY_A_METER = "already_a_meter"


class FleetFileError(Exception):
    """A table that cannot be taken.

    Attributes:
        problem: what is wrong.
        name: of the column in question; empty where there is none.
        near: the name that was probably meant.
    """

    def __init__(
        self, problem: FleetProblem, *, name: str = "", near: str = ""
    ) -> None:
        """Keep what is wrong."""
        super().__init__(problem)
        self.problem = problem
        self.name = name
        self.near = near


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """One of several sheets with a table of PCE.

    Attributes:
        name: what the user calls it.
        rows: how many it has below its header.
    """

    name: str = field(repr=False)
    rows: int


class FleetSheetsError(Exception):
    """Several sheets have a table of PCE: which one is meant, or are all?

    Attributes:
        sheets: those that can be chosen.
    """

    def __init__(self, sheets: tuple[SheetChoice, ...]) -> None:
        """Keep the choices; `str()` has nothing of the file."""
        super().__init__(f"{len(sheets)} sheets")
        self.sheets = sheets
