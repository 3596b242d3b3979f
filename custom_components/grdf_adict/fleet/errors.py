"""What can be wrong with a fleet's table: the whole of it, or single rows.

No error has the content of the rows: they name people.
"""

from enum import StrEnum


class FleetProblem(StrEnum):
    """Why a table is refused as a whole; each has a translated text."""

    NOT_A_WORKBOOK = "not_a_workbook"
    OLD_WORKBOOK = "old_workbook"
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105 - names a state of a file
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    EXTERNAL_ENTITY = "external_entity"
    DAMAGED = "damaged"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    """The file is missing, or may not be read."""
    HEADER_MISSING = "header_missing"
    """No row names the columns."""
    COLUMN_MISSING = "column_missing"
    COLUMN_MISSPELT = "column_misspelt"
    COLUMN_TWICE = "column_twice"
    NO_ROWS = "no_rows"
    TOO_MANY_ROWS = "too_many_rows"


class RowProblem(StrEnum):
    """Why one row is not taken; what GRDF's rules refuse has names of its own."""

    PCE_MISSING = "pce_missing"
    PCE_TWICE = "pce_twice"
    """The same PCE in another row that differs."""
    ROW_TWICE = "row_twice"
    """The same row again."""
    ZERO_LOST = "zero_lost"
    """A PCE, postcode or mobile number that lacks a zero, not confirmed yet."""
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
