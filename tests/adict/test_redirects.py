"""Redirects are not followed: neither a secret nor a token is sent elsewhere."""

from collections.abc import AsyncIterator
from datetime import date

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.grdf_adict.adict import (
    AdictClient,
    AdictError,
    DateRange,
    Endpoints,
    exchange_code,
)

from .conftest import Clock, Reply, Script
from .payloads import PCE

# Those that repeat a request with its body, and those that do not.
REDIRECTS = (301, 302, 303, 307, 308)


@pytest.fixture
async def asked(socket_enabled: None) -> list[str]:  # noqa: ARG001
    """The paths that were requested of a foreign server."""
    return []


@pytest.fixture
async def elsewhere(asked: list[str]) -> AsyncIterator[str]:
    """The address of that server."""

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response({"access_token": "t", "id_token": "t"})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    async with TestServer(app, host="127.0.0.1") as server:
        yield f"http://127.0.0.1:{server.port}/elsewhere"


@pytest.mark.parametrize("status", REDIRECTS)
async def test_a_redirect_of_the_token_server_is_not_followed(
    client: AdictClient, script: Script, elsewhere: str, asked: list[str], status: int
) -> None:
    script.tokens = [Reply(status=status, headers={"Location": elsewhere})] * 3

    with pytest.raises(AdictError):
        await client.authenticate()

    assert script.token_calls
    assert asked == []


@pytest.mark.parametrize("status", REDIRECTS)
async def test_a_redirect_of_a_call_is_not_followed(
    client: AdictClient, script: Script, elsewhere: str, asked: list[str], status: int
) -> None:
    script.replies = [Reply(status=status, headers={"Location": elsewhere})] * 3
    august = DateRange(date(2026, 8, 1), date(2026, 9, 1))

    with pytest.raises(AdictError):
        await client.informative_consumption(PCE, august)

    assert script.calls[0].headers["Authorization"] == "Bearer token-1"
    assert asked == []


@pytest.mark.parametrize("status", REDIRECTS)
async def test_a_redirect_of_a_code_exchange_is_not_followed(
    http: ClientSession,
    endpoints: Endpoints,
    script: Script,
    clock: Clock,
    elsewhere: str,
    asked: list[str],
    status: int,
) -> None:
    script.tokens = [Reply(status=status, headers={"Location": elsewhere})]

    with pytest.raises(AdictError):
        await exchange_code(
            http,
            endpoints,
            client_id="id-of-tests",
            client_secret="secret-of-tests",
            code="code-of-tests",
            redirect_uri="https://home.example.com/",
            clock=clock,
        )

    assert len(script.token_calls) == 1
    assert asked == []
