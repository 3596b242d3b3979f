"""The sandbox's four-hour tokens (API notes §2)."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import count
import re
from typing import Final

LIFE: Final = timedelta(hours=4)
_SHAPE: Final = re.compile(r"Bearer [\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class TokenState(Enum):
    """What an Authorization header is worth."""

    VALID = auto()
    MISSING = auto()
    MALFORMED = auto()
    UNKNOWN = auto()
    EXPIRED = auto()


class Tokens:
    """Tokens given out, each with its end on the sandbox's clock."""

    def __init__(self) -> None:
        """Start without any."""
        self._ends: dict[str, datetime] = {}
        self._numbers = count(1)

    def issue(self, now: datetime) -> str:
        """Return a new token that holds for four hours."""
        body = f"sandbox-token-{next(self._numbers)}".encode()
        token = f"eyJraWQiOiJiYXMifQ.{urlsafe_b64encode(body).decode().rstrip('=')}.s"
        self._ends[token] = now + LIFE
        return token

    def expire(self) -> None:
        """End every token now."""
        self._ends.clear()

    def state(self, header: str | None, now: datetime) -> TokenState:
        """Judge an Authorization header at an aware moment."""
        if not header:
            return TokenState.MISSING
        if not _SHAPE.fullmatch(header):
            return TokenState.MALFORMED
        end = self._ends.get(header.removeprefix("Bearer "))
        if end is None:
            return TokenState.UNKNOWN
        return TokenState.VALID if now < end else TokenState.EXPIRED
