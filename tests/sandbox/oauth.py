"""The token address: for the contract itself, and for a customer's code."""

from collections.abc import Mapping

from aiohttp import web

from .answers import FAULT, plain, stream
from .connect import Party, exchange
from .gate import BASES, SANDBOX
from .rights import THIRD_PARTY
from .wire import Json
from .world import Sandbox


async def token(request: web.Request) -> web.StreamResponse:
    """Give a token for the right client, or refuse as Okta does."""
    sandbox = request.app[SANDBOX]
    form = await request.post()
    grant = form.get("grant_type")
    if grant not in {"client_credentials", "authorization_code"}:
        return _okta(400, "unsupported_grant_type", "The grant type is not supported.")
    refused = _check_client(sandbox, form)
    if refused is not None:
        return refused
    if grant == "authorization_code":
        party = Party(sandbox.client_id, sandbox.client_secret)
        answer = exchange(sandbox.connect, form, party, sandbox.now)
        if answer is None:
            words = "The authorization code is invalid or has expired."
            return _okta(400, "invalid_grant", words)
    elif form.get("scope") not in BASES:
        return _okta(400, "invalid_scope", "One or more scopes are not configured.")
    else:
        answer = _access(sandbox, str(form["scope"]))
    if FAULT in request:
        return await stream(request, [answer], content_type="application/json")
    return plain(200, answer)


def _check_client(sandbox: Sandbox, form: Mapping[str, object]) -> web.Response | None:
    if form.get("client_id") != sandbox.client_id:
        summary = "Invalid value for 'client_id' parameter."
        return plain(401, {"errorCode": "invalid_client", "errorSummary": summary})
    if form.get("client_secret") != sandbox.client_secret:
        return _okta(
            401,
            "invalid_client",
            "The client secret supplied for a confidential client is invalid.",
        )
    return None


def _access(sandbox: Sandbox, scope: str) -> Json:
    return {
        "access_token": sandbox.tokens.issue(sandbox.now),
        "scope": f"{scope} {sandbox.client_id} {THIRD_PARTY}",
        "token_type": "Bearer",
        "expires_in": 14400,
        **sandbox.switches.token,
    }


def _okta(status: int, error: str, description: str) -> web.Response:
    return plain(status, {"error": error, "error_description": description})
