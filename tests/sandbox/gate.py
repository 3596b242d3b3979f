"""The way in: the journal of calls, quota, planned faults and tokens."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from .answers import FAULT, failed, plain
from .cases import CONTRACT_OVER, case_fault
from .faults import Fault
from .query import QueryError
from .replay import answer
from .spoiled import dribble, drop
from .tokens import TokenState
from .world import Call, Sandbox

SANDBOX: Final = web.AppKey("sandbox", Sandbox)
BASES: Final = ("/adict/v2", "/adict/bas/v6")
TOKEN_PATH: Final = "/oauth2/aus5y2ta2uEHjCWIR417/v1/token"
OWN: Final = "/_sandbox"

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def journal(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note each call, also the one that was dropped on the way."""
    if not _is_call(request):
        return await handler(request)
    sandbox = request.app[SANDBOX]
    call = Call(
        at=sandbox.now,
        monotonic=sandbox.quota.monotonic(),
        method=request.method,
        path=request.path,
        query={name: ",".join(request.query.getall(name)) for name in request.query},
    )
    is_token = request.path == TOKEN_PATH
    (sandbox.token_calls if is_token else sandbox.calls).append(call)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = plain(error.status, {"message": error.reason})
    except QueryError as error:
        response = plain(error.status, error.body)
    call.status = response.status
    return response


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a call pass quota, token and faults, in this order; a page, faults alone."""
    if request.path == "/" or request.path.startswith(OWN):
        return await handler(request)
    sandbox = request.app[SANDBOX]
    is_api = request.path.startswith(BASES)
    refused = _refuse(request, sandbox) if is_api else None
    if refused is not None:
        return refused
    if is_api and sandbox.replay is not None:
        base = next(base for base in BASES if request.path.startswith(base))
        return await answer(request, sandbox.replay, base)
    fault = sandbox.faults.away(sandbox.now) or sandbox.faults.take(
        request.path, is_api=is_api
    )
    pce = request.match_info.get("pce", "")
    fault = fault or case_fault(pce, request.path, dict(request.query))
    return (
        await handler(request)
        if fault is None
        else await _fail(request, handler, fault)
    )


def _is_call(request: web.Request) -> bool:
    return request.path == TOKEN_PATH or request.path.startswith(BASES)


async def _fail(
    request: web.Request, handler: Handler, fault: Fault
) -> web.StreamResponse:
    request[FAULT] = fault
    if fault.is_reset:
        drop(request, reset=True)
        return web.Response(status=500)
    if fault.header_seconds:
        await dribble(request, fault.header_seconds)
    if fault.seconds and fault.stalls_after is None:
        await asyncio.sleep(fault.seconds)
    return await handler(request) if fault.http_status is None else failed(fault)


def _refuse(request: web.Request, sandbox: Sandbox) -> web.Response | None:
    if sandbox.has_quota and not sandbox.quota.admit(sandbox.today):
        return plain(429, {"message": "Quota d'appels dépassé"})
    refused = _check_token(request, sandbox)
    if refused is None and sandbox.switches.contract_over:
        return plain(200, CONTRACT_OVER)
    return refused


def _check_token(request: web.Request, sandbox: Sandbox) -> web.Response | None:
    header = request.headers.get("Authorization")
    match sandbox.tokens.state(header, sandbox.now):
        case TokenState.VALID:
            return None
        case TokenState.MALFORMED:
            return plain(400, {"message": "Jeton mal formé"})
        case _:
            return plain(401, {"message": "Jeton absent ou expiré"})
