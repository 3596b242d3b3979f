"""GRDF's client fed with bytes: everything but the network between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

from aiohttp import ClientSession
from multidict import CIMultiDict
import orjson

from custom_components.grdf_adict.adict import (
    PRODUCTION,
    AdictClient,
    Allowance,
    DateRange,
    Proof,
    Quota,
    RightsFilter,
    exchange_code,
)
from tests.adict.declarations import declaration
from tests.adict.payloads import PCE

NOW: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
CLIENT_ID: Final = "id-of-tests"
SECRET: Final = "secret-of-tests-that-is-as-long-as-a-hash"
RIGHT: Final = "e8d64bd4-9cab-4163-bde4-d128795898de"
TOKEN: Final = "token-of-tests"
_SHOWN: Final = 4_000
_PERIOD: Final = DateRange(date(2026, 8, 1), date(2026, 9, 1))
_GOOD_TOKEN: Final = orjson.dumps({"access_token": TOKEN, "expires_in": 14_399})


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back: a status, headers, and a body in pieces."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    piece: int = 65_536

    def __repr__(self) -> str:
        """Show the beginning of a body; a seed brings back the rest."""
        body = self.body[:_SHOWN]
        return f"Reply({body!r}, {self.status}, {self.headers}, {self.piece})"


@dataclass
class _Response:
    """As much of aiohttp's response as the client looks at."""

    reply: Reply

    @property
    def status(self) -> int:
        return self.reply.status

    @property
    def headers(self) -> CIMultiDict[str]:
        return CIMultiDict(self.reply.headers)

    @property
    def content(self) -> _Response:
        return self

    async def iter_any(self) -> AsyncIterator[bytes]:
        body, piece = self.reply.body, self.reply.piece
        for start in range(0, len(body), piece):
            yield body[start : start + piece]

    def iter_chunked(self, size: int) -> AsyncIterator[bytes]:
        assert self.reply.piece <= size
        return self.iter_any()


@dataclass
class Session:
    """As much of aiohttp's session as the client uses: no network."""

    token: Reply = Reply(_GOOD_TOKEN)
    api: Reply = Reply(b"")

    @asynccontextmanager
    async def post(self, *_: object, **__: object) -> AsyncIterator[_Response]:
        """Answer what is asked of the token server."""
        yield _Response(self.token)

    @asynccontextmanager
    async def request(self, *_: object, **__: object) -> AsyncIterator[_Response]:
        """Answer a call of the API."""
        yield _Response(self.api)


async def _no_sleep(_: float) -> None:
    return


@dataclass(frozen=True, slots=True)
class Callers:
    """The eleven calls and the token, each by its name, with its answer to come."""

    loop: asyncio.AbstractEventLoop
    session: Session
    client: AdictClient
    calls: dict[str, Callable[[], Awaitable[Any]]]

    def call(self, name: str, reply: Reply) -> Any:
        """Return what the client makes of an answer.

        Raises:
            AdictError: it makes nothing of it.
        """
        at_token = name in {"token", "exchange_code"}
        self.session.token = reply if at_token else Reply(_GOOD_TOKEN)
        self.session.api = reply
        return self.loop.run_until_complete(self.calls[name]())


@contextmanager
def callers() -> Iterator[Callers]:
    """Give a client whose session is none."""
    session = Session()
    http = cast("ClientSession", session)

    def client() -> AdictClient:
        quota = Quota(
            Allowance(calls_per_second=10**9, calls_per_day=10**9),
            clock=lambda: NOW,
            sleep=_no_sleep,
        )
        return AdictClient(
            http,
            PRODUCTION,
            client_id=CLIENT_ID,
            client_secret=SECRET,
            quota=quota,
            clock=lambda: NOW,
            sleep=_no_sleep,
        )

    async def token() -> str:
        fresh = client()
        await fresh.authenticate()
        return await fresh._tokens.get()  # noqa: SLF001 - what it made of the answer

    async def exchange() -> object:
        return await exchange_code(
            http,
            PRODUCTION,
            client_id=CLIENT_ID,
            client_secret=SECRET,
            code="code",
            redirect_uri="https://example.com/",
            clock=lambda: NOW,
        )

    with TemporaryDirectory() as folder:
        proof = Path(folder) / "consent.txt"
        proof.write_text("Oui.")
        held = client()
        calls: dict[str, Callable[[], Awaitable[Any]]] = {
            "access_rights": held.access_rights,
            "find_access_rights": lambda: held.find_access_rights(
                RightsFilter(pces=[PCE])
            ),
            "declare_access_right": lambda: held.declare_access_right(
                PCE, declaration()
            ),
            "revoke_access_right": lambda: held.revoke_access_right(RIGHT),
            "send_proofs": lambda: held.send_proofs(RIGHT, [Proof(proof)]),
            "published_consumption": lambda: held.published_consumption(PCE, _PERIOD),
            "informative_consumption": lambda: held.informative_consumption(
                PCE, _PERIOD
            ),
            "published_injections": lambda: held.published_injections(PCE, _PERIOD),
            "technical_data": lambda: held.technical_data(PCE),
            "contract_data": lambda: held.contract_data(PCE),
            "exchange_code": exchange,
            "token": token,
        }
        loop = asyncio.new_event_loop()
        try:
            yield Callers(loop, session, held, calls)
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()
