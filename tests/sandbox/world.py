"""The sandbox itself: what GRDF holds, who calls and what goes wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import time

from .blocks import Block
from .connect import Connect
from .consents import Consents
from .faults import Fault, Faults
from .holdings import INFORMATIVE_YEARS, PUBLISHED_YEARS, Truth, TruthDay
from .quota import CallQuota
from .replay import Replay
from .rights import Perimeter
from .switches import Switches
from .tokens import Tokens

__all__ = [
    "INFORMATIVE_YEARS",
    "PUBLISHED_YEARS",
    "Answer",
    "Call",
    "Journal",
    "Sandbox",
    "Switches",
    "Truth",
    "TruthDay",
]


@dataclass(slots=True)
class Call:
    """One HTTP call as it came; `monotonic` in seconds, status 0 if it was dropped."""

    at: datetime
    monotonic: float
    method: str
    path: str
    query: Mapping[str, str]
    status: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of amounts as it was sent: what came through, and to the end?"""

    at: datetime
    pce: str
    family: Perimeter
    blocks: tuple[Block, ...]
    is_whole: bool


@dataclass(slots=True)
class Journal:
    """The calls that came, and the answers of amounts that were sent."""

    api: list[Call] = field(default_factory=list)
    token: list[Call] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


class Sandbox(Consents):
    """A GRDF of our own; `serve` puts it on HTTP."""

    def __init__(
        self,
        seed: int = 1,
        now: datetime | None = None,
        *,
        quota: bool = False,
        calls_per_day: int = 6000,
        calls_per_second: int = 1,
        client_id: str = "demo",
        client_secret: str = "demo-secret",  # noqa: S107 - of the demo
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Build the fleet around an aware moment; None follows the machine's clock."""
        super().__init__(seed, now)
        self.has_quota = quota
        self.quota = CallQuota(calls_per_second, calls_per_day, monotonic)
        self.client_id = client_id
        self.client_secret = client_secret
        self.tokens = Tokens()
        self.faults = Faults()
        self.journal = Journal()
        self.connect = Connect()
        # Where there is one, calls are answered from it and not from the fleet.
        self.replay: Replay | None = None

    @property
    def calls(self) -> list[Call]:
        """The API calls, oldest first."""
        return self.journal.api

    @property
    def token_calls(self) -> list[Call]:
        """The calls of the token address, oldest first."""
        return self.journal.token

    def reset_calls(self) -> None:
        """Forget the calls that came."""
        self.journal.api.clear()
        self.journal.token.clear()
        self.journal.answers.clear()

    def fail_next(self, path_part: str | None, fault: Fault, times: int = 1) -> None:
        """Let the next calls fail whose path holds a text.

        None means any API call; "token" reaches the token address.
        """
        self.faults.plan(path_part, fault, times)
