"""The way in: the journal of calls, quota, planned faults and tokens."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from .answers import FAULT, drop, failed, plain, stream
from .cases import CONTRACT_OVER, case_fault
from .faults import Fault
from .query import QueryError
from .tokens import TokenState
from .wire import Json
from .world import Call, Sandbox

SANDBOX: Final = web.AppKey("sandbox", Sandbox)
BASES: Final = ("/adict/v2", "/adict/bas/v6")
TOKEN_PATH: Final = "/oauth2/aus5y2ta2uEHjCWIR417/v1/token"
OWN: Final = "/_sandbox"

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def journal(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note each call, also the one that was dropped on the way."""
    if request.path.startswith(OWN):
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
    """Let a call pass quota, token and faults, in this order."""
    if request.path.startswith(OWN):
        return await handler(request)
    sandbox = request.app[SANDBOX]
    is_token = request.path == TOKEN_PATH
    refused = None if is_token else _refuse(request, sandbox)
    if refused is not None:
        return refused
    fault = sandbox.faults.away(sandbox.now) or sandbox.faults.take(
        request.path, is_token=is_token
    )
    pce = request.match_info.get("pce", "")
    fault = fault or case_fault(pce, request.path, dict(request.query))
    return (
        await handler(request)
        if fault is None
        else await _fail(request, handler, fault)
    )


async def _fail(
    request: web.Request, handler: Handler, fault: Fault
) -> web.StreamResponse:
    request[FAULT] = fault
    if fault.is_reset:
        drop(request, reset=True)
        return web.Response(status=500)
    if fault.seconds and fault.stalls_after is None:
        await asyncio.sleep(fault.seconds)
    return await handler(request) if fault.http_status is None else failed(fault)


def _refuse(request: web.Request, sandbox: Sandbox) -> web.Response | None:
    if sandbox.has_quota and not sandbox.quota.admit(sandbox.today):
        return plain(429, {"message": "Quota d'appels dépassé"})
    refused = _check_token(request, sandbox)
    if refused is None and sandbox.switches.contract_over:
        return plain(409, CONTRACT_OVER)
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


async def token(request: web.Request) -> web.StreamResponse:
    """Give a token for the right client, or refuse as Okta does."""
    sandbox = request.app[SANDBOX]
    form = await request.post()
    if form.get("grant_type") != "client_credentials":
        return _okta(400, "unsupported_grant_type", "The grant type is not supported.")
    if form.get("client_id") != sandbox.client_id:
        summary = "Invalid value for 'client_id' parameter."
        return plain(401, {"errorCode": "invalid_client", "errorSummary": summary})
    if form.get("client_secret") != sandbox.client_secret:
        return _okta(
            401,
            "invalid_client",
            "The client secret supplied for a confidential client is invalid.",
        )
    scope = form.get("scope")
    if scope not in BASES:
        return _okta(400, "invalid_scope", "One or more scopes are not configured.")
    answer: Json = {
        "access_token": sandbox.tokens.issue(sandbox.now),
        "scope": f"{scope} {sandbox.client_id} ASSOCIATION EXEMPLE",
        "token_type": "Bearer",
        "expires_in": 14400,
    }
    if FAULT in request:
        return await stream(request, [answer], content_type="application/json")
    return plain(200, answer)


def _okta(status: int, error: str, description: str) -> web.Response:
    return plain(status, {"error": error, "error_description": description})
