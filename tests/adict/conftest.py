"""A server with scripted ADICT answers, and a client of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer
from hypothesis import settings
import orjson
import pytest
from yarl import URL

from custom_components.grdf_adict.adict import (
    AdictClient,
    Allowance,
    Endpoints,
    Quota,
    quota as quota_module,
)

# A busy machine is slow at times; that is no finding.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

TOKEN_PATH = "/oauth2/v1/token"
API_PATH = "/adict/v2"


@dataclass
class Clock:
    """A clock that tests move; sleeping moves it too."""

    now: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        """Return the time now."""
        return self.now

    def monotonic(self) -> float:
        """Return the time now in seconds."""
        return self.now.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Let time pass, and others run."""
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@dataclass(kw_only=True)
class Reply:
    """What the server answers once."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    # Ends the connection after the body, as if more were to come.
    cut: bool = False
    # Seconds between one line of the body and the next.
    pauses: float = 0.0
    # Sends nothing at all.
    silent: bool = False
    # Ends the connection instead of an answer.
    dropped: bool = False
    # Happens before the answer.
    meanwhile: Callable[[], object] = bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file that the server was sent."""

    part: str
    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that the server received."""

    method: str
    path: str
    query: dict[str, str]
    pairs: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    json: Any
    form: dict[str, str]
    files: tuple[Part, ...]


def token_reply(token: str, **more: Any) -> Reply:
    body = {"access_token": token, "token_type": "Bearer", "expires_in": 14399} | more
    return Reply(body=orjson.dumps(body))


@dataclass
class Script:
    """The answers of the server, in order, and the requests that it received."""

    replies: list[Reply] = field(default_factory=list)
    tokens: list[Reply] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    token_calls: list[Call] = field(default_factory=list)
    was_silent: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer_api(self, request: web.Request) -> web.StreamResponse:
        """Answer a data call with the next reply."""
        self.calls.append(await _call(request))
        return await self._send(request, self.replies.pop(0))

    async def answer_token(self, request: web.Request) -> web.StreamResponse:
        """Answer a token request with the next reply, a good one by default."""
        self.token_calls.append(await _call(request))
        number = len(self.token_calls)
        reply = self.tokens.pop(0) if self.tokens else token_reply(f"token-{number}")
        return await self._send(request, reply)

    async def _send(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        reply.meanwhile()
        if reply.silent:
            self.was_silent.set()
            await asyncio.sleep(5)
        if reply.dropped:
            assert request.transport is not None
            request.transport.close()
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        response.enable_chunked_encoding()
        await response.prepare(request)
        for part in reply.body.splitlines(keepends=True) if reply.pauses else ():
            await response.write(part)
            await asyncio.sleep(reply.pauses)
        if reply.body and not reply.pauses:
            await response.write(reply.body)
        if reply.cut:
            # The body must have left before the connection goes.
            await asyncio.sleep(0.005)
            assert request.transport is not None
            request.transport.close()
        return response


async def _call(request: web.Request) -> Call:
    fields = list((await request.post()).items())
    is_json = request.content_type == "application/json"
    return Call(
        method=request.method,
        path=request.path,
        query=dict(request.query),
        pairs=tuple(request.query.items()),
        headers=request.headers,
        json=orjson.loads(await request.read()) if is_json else None,
        form={name: value for name, value in fields if isinstance(value, str)},
        files=tuple(
            Part(
                part=name,
                name=value.filename,
                content_type=value.content_type,
                content=value.file.read(),
            )
            for name, value in fields
            if isinstance(value, web.FileField)
        ),
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota_module, "PACE_MARGIN", 0)


@pytest.fixture
async def endpoints(
    socket_enabled: None,  # noqa: ARG001
    script: Script,
) -> AsyncIterator[Endpoints]:
    app = web.Application(client_max_size=16_000_000)
    app.router.add_post(TOKEN_PATH, script.answer_token)
    app.router.add_route("*", API_PATH + "/{tail:.*}", script.answer_api)
    async with TestServer(app, host="127.0.0.1") as server:
        root = URL(f"http://127.0.0.1:{server.port}")
        yield Endpoints(
            api=root / API_PATH[1:],
            token=root / TOKEN_PATH[1:],
            scope="/adict/v2",
            authorize=root / "authorize",
        )


@pytest.fixture
async def http(endpoints: Endpoints) -> AsyncIterator[ClientSession]:  # noqa: ARG001
    async with ClientSession() as session:
        yield session


@pytest.fixture
def quota(no_pace: None, clock: Clock) -> Quota:  # noqa: ARG001
    return Quota(
        Allowance(calls_per_second=1, calls_per_day=6_000),
        clock=clock,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
    )


@pytest.fixture
def client(
    http: ClientSession, endpoints: Endpoints, quota: Quota, clock: Clock
) -> AdictClient:
    return AdictClient(
        http,
        endpoints,
        client_id="id-of-tests",
        client_secret="secret-of-tests",
        quota=quota,
        clock=clock,
        sleep=clock.sleep,
        timeout=ClientTimeout(total=None, sock_read=0.2),
    )
