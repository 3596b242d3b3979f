"""The name of an access right."""

import re
from typing import Final

from .errors import AdictBadRequestError

# GRDF gives UUID. Nothing that could change the path of a call is let through.
_RIGHT_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")


class InvalidRightIdError(AdictBadRequestError):
    """What was given cannot be the id of an access right."""


def parse_right_id(text: str) -> str:
    """Return the id of an access right without surrounding blanks.

    Raises:
        InvalidRightIdError: the text is none.
    """
    right_id = text.strip()
    if not _RIGHT_ID.fullmatch(right_id):
        raise InvalidRightIdError("the id of an access right is letters and digits")
    return right_id
