"""The way to GRDF: refused, reset, silent, slow, lost, or leading elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
import socket
from ssl import SSLContext, SSLError
from typing import Any, Final, override

from aiohttp import ClientSession, TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.grdf_adict.const import (
    CONF_ADDRESSES,
    CONF_API_URL,
    CONF_TOKEN_URL,
)
from custom_components.grdf_adict.contract import connection
from tests.integration.common import settle
from tests.integration.conftest import AddEntry
from tests.sandbox import HOUSE, Fault, Lie, Sandbox, Served, serve
from tests.sandbox.certificates import Authority

from .ordeal import Ordeal, Seen

_AWAY: Final = Seen("grdf_away", "cannot_connect")
# The list of rights was answered: it is about this meter.
_FAILING: Final = Seen("meter_failing", "cannot_connect")
_NONSENSE: Final = Seen("grdf_away", "bad_answer")

type Move = Callable[[Served], None]


async def test_a_reset_connection_is_asked_again(ordeal: Ordeal) -> None:
    assert await ordeal.fails(Fault.reset()) == _AWAY
    await ordeal.heals()


async def test_silence_before_an_answer_is_given_up(ordeal: Ordeal) -> None:
    with ordeal.impatient():
        assert await ordeal.fails(Fault.hang(60)) == _AWAY
    await ordeal.heals()


async def test_silence_within_an_answer_is_given_up(ordeal: Ordeal) -> None:
    hang = Fault.hang(60, after_objects=10)
    with ordeal.impatient():
        # What came before the silence is taken; the rest is asked for within hours.
        assert await ordeal.fails(hang, "informatives") == Seen("up_to_date")
    await ordeal.heals()


async def test_an_answer_that_trickles_is_given_up(ordeal: Ordeal) -> None:
    with ordeal.impatient():
        assert await ordeal.fails(Fault.trickle(0.05), "informatives") == _FAILING
    await ordeal.heals()


@pytest.mark.parametrize(
    "endless",
    [
        Fault.never_ends(b"\n", seconds=0.05),
        Fault.never_ends(b'{"a": "' + b"x" * 65_000),
    ],
    ids=["blanks", "one object"],
)
async def test_an_answer_without_end_is_given_up(
    ordeal: Ordeal, endless: Fault
) -> None:
    ordeal.sandbox.fail_next("informatives", endless, times=10)
    with ordeal.impatient():
        await ordeal.next_evening()
    # The days that came ahead of it are taken; nothing waits for its end.
    await ordeal.is_whole()
    await ordeal.heals()


async def test_gzip_that_is_none_is_asked_again(ordeal: Ordeal) -> None:
    assert await ordeal.fails(Fault.compressed(Lie.PLAIN), "informatives") == _FAILING
    await ordeal.heals()


async def test_gzip_that_breaks_off_is_asked_again(ordeal: Ordeal) -> None:
    seen = await ordeal.fails(Fault.compressed(Lie.CUT), "informatives")
    assert seen in (Seen("up_to_date"), _FAILING)
    await ordeal.heals()


async def test_gzip_that_swells_is_given_up(ordeal: Ordeal) -> None:
    assert await ordeal.fails(Fault.compressed(Lie.BOMB), "informatives") == _FAILING
    await ordeal.heals()


async def test_a_web_page_instead_of_data_is_asked_again(ordeal: Ordeal) -> None:
    assert await ordeal.fails(Fault.html()) == _NONSENSE
    await ordeal.heals()


async def test_an_empty_answer_is_asked_again(ordeal: Ordeal) -> None:
    assert await ordeal.fails(Fault.status(200)) == _NONSENSE
    await ordeal.heals()


@asynccontextmanager
async def _elsewhere() -> AsyncIterator[tuple[str, list[str]]]:
    """Give the address of another server, and what it was sent."""
    sent: list[str] = []

    async def note(request: web.Request) -> web.Response:
        sent.append(f"{request.headers} {await request.text()}")
        return web.Response(text="{}")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", note)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/")), sent


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_never_followed_with_the_token(
    ordeal: Ordeal, status: int
) -> None:
    async with _elsewhere() as (address, sent):
        assert await ordeal.fails(Fault.redirect(address, status)) == _NONSENSE
        assert sent == []
        await ordeal.heals()


async def test_a_redirect_is_never_followed_with_the_secret(ordeal: Ordeal) -> None:
    ordeal.sandbox.tokens.expire()
    ordeal.forget_token()
    async with _elsewhere() as (address, sent):
        assert await ordeal.fails(Fault.redirect(address, 307), "token") == _NONSENSE
        assert sent == []
        await ordeal.heals()


@pytest.fixture
def move(contract: dict[str, Any]) -> Move:
    """Let the contract be at another address."""

    def to(served: Served) -> None:
        contract[CONF_ADDRESSES] = {
            CONF_API_URL: served.api_url,
            CONF_TOKEN_URL: served.token_url,
        }

    return to


@pytest.fixture
def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        port: int = each.getsockname()[1]
        return port


async def test_a_refused_connection_is_asked_again(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    add_entry: AddEntry,
    move: Move,
    free_port: int,
) -> None:
    async with serve(sandbox, port=free_port) as there:
        move(there)
        entry = await add_entry(HOUSE)
        await settle(hass, entry)
        ordeal = Ordeal(hass, sandbox, clock, entry)

    assert await ordeal.fails(None) == _AWAY

    async with serve(sandbox, port=free_port):
        await ordeal.heals()


class _Names(AbstractResolver):
    """Knows every name, or none."""

    is_down = False

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self.is_down:
            raise OSError(None, "Temporary failure in name resolution")
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    @override
    async def close(self) -> None:
        return


async def test_a_name_that_is_not_found_is_asked_again(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    add_entry: AddEntry,
    move: Move,
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = _Names()
    connector = TCPConnector(resolver=names, use_dns_cache=False, force_close=True)
    async with ClientSession(connector=connector) as session:
        monkeypatch.setattr(connection, "async_get_clientsession", lambda _: session)
        port = served.root_url.rsplit(":", 1)[1]
        move(Served(f"http://grdf.example.com:{port}"))
        entry = await add_entry(HOUSE)
        await settle(hass, entry)
        ordeal = Ordeal(hass, sandbox, clock, entry)

        names.is_down = True
        assert await ordeal.fails(None) == _AWAY

        names.is_down = False
        await ordeal.heals()


@pytest.fixture
async def behind(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    add_entry: AddEntry,
    move: Move,
    free_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Callable[[Callable[[Authority], SSLContext]], Any]]:
    """Return what lets a house meet a certificate; a good one goes before and after."""
    authority = Authority()
    _let_handshakes_fail(hass.loop)
    connector = TCPConnector(ssl=authority.trusted(), force_close=True)
    async with ClientSession(connector=connector) as session:
        monkeypatch.setattr(connection, "async_get_clientsession", lambda _: session)

        async def meet(bad: Callable[[Authority], SSLContext]) -> None:
            async with serve(sandbox, port=free_port, tls=authority.server()) as there:
                move(there)
                entry = await add_entry(HOUSE)
                await settle(hass, entry)
                ordeal = Ordeal(hass, sandbox, clock, entry)
            spoken_to = len(sandbox.calls), len(sandbox.token_calls)
            async with serve(sandbox, port=free_port, tls=bad(authority)):
                assert await ordeal.fails(None) == _AWAY
            assert (len(sandbox.calls), len(sandbox.token_calls)) == spoken_to
            async with serve(sandbox, port=free_port, tls=authority.server()):
                await ordeal.heals()

        yield meet


def _let_handshakes_fail(loop: asyncio.AbstractEventLoop) -> None:
    """Have the server's side of a handshake that a client breaks off end unnoticed."""
    usual = loop.get_exception_handler()
    assert usual is not None

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), ConnectionResetError | SSLError):
            usual(loop, context)

    loop.set_exception_handler(handle)


async def test_a_self_signed_certificate_is_not_trusted(behind: Any) -> None:
    await behind(lambda authority: authority.server(is_self_signed=True))


async def test_an_expired_certificate_is_not_trusted(behind: Any) -> None:
    await behind(lambda authority: authority.server(is_expired=True))


async def test_a_certificate_of_another_host_is_not_trusted(behind: Any) -> None:
    await behind(lambda authority: authority.server("example.com"))
