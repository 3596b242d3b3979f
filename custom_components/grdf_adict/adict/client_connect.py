"""Client Connect: the customer consents at GRDF's and comes back (API notes §10)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, override
from urllib.parse import quote, urlencode

from aiohttp import ClientSession
from jwt import PyJWS
from jwt.algorithms import HMACAlgorithm
from jwt.exceptions import PyJWTError
import orjson

from .endpoints import Endpoints
from .errors import AdictError, InvalidPceError
from .models.wire import section, text
from .pce import InvalidRightIdError, parse_pce, parse_right_id
from .request import words_of
from .token import TokenAnswer, ask_token_server, token_server_error

# GRDF's clock and ours may differ that much.
_LEEWAY: Final = timedelta(minutes=2)
_HINT_MARKS: Final = str.maketrans(";\r\n\t", "    ")


class ClientConnectError(AdictError):
    """Client Connect did not lead to a consent."""


class ConnectCodeRefusedError(ClientConnectError):
    """The code was used before, is too old, or belongs to another address."""


class ConnectRedirectRefusedError(ClientConnectError):
    """GRDF does not know the address that the customer comes back to."""


class IdTokenInvalidError(ClientConnectError):
    """The token is missing, cannot be read, or was not signed with our secret."""


class IdTokenAudienceError(ClientConnectError):
    """The token was made for another contract."""


class IdTokenExpiredError(ClientConnectError):
    """The token is past its end."""


class IdTokenTooEarlyError(ClientConnectError):
    """The token was issued in the future: our clock is wrong, or GRDF's."""


class NoConsentsError(ClientConnectError):
    """The token names no consent: the customer gave none."""


class BadConsentsError(ClientConnectError):
    """The token's consents cannot be read."""


@dataclass(frozen=True, slots=True)
class Consent:
    """A customer's consent for one PCE, and the access right that it made."""

    pce: str = field(repr=False)
    accreditation_id: str


@dataclass(frozen=True, slots=True)
class ClientConnectResult:
    """What a customer has consented to; at least one PCE."""

    consents: tuple[Consent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginHint:
    """Who is sent to GRDF, to spare the typing; `third_party` is who asks."""

    first_name: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    mail: str = field(default="", repr=False)
    third_party: str = ""

    @override
    def __str__(self) -> str:
        """Return `<first name>;<name>;<mail>;<third party>`."""
        parts = (self.first_name, self.name, self.mail, self.third_party)
        return ";".join(part.translate(_HINT_MARKS).strip() for part in parts)


def authorize_url(
    endpoints: Endpoints,
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    login_hint: LoginHint | None = None,
) -> str:
    """Return the address to send the customer to; with a hint, it is personal.

    Args:
        endpoints: the environment.
        client_id: GRDF's name for the contract.
        redirect_uri: where the customer comes back to, as declared at GRDF.
        state: comes back unchanged; its owner checks it.
        login_hint: who is sent.
    """
    query = {
        "client_id": client_id,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": redirect_uri,
        "state": state,
    }
    if login_hint is not None:
        query["login_hint"] = str(login_hint)
    address = endpoints.authorize
    mark = "&" if address.query_string else "?"
    return f"{address}{mark}{urlencode(query, quote_via=quote, safe='')}"


async def exchange_code(
    session: ClientSession,
    endpoints: Endpoints,
    *,
    client_id: str,
    client_secret: str,
    code: str,
    redirect_uri: str,
    clock: Callable[[], datetime],
) -> ClientConnectResult:
    """Exchange the code that a customer came back with for the consents given.

    A code is good for one exchange, so nothing is tried twice: after a failure, the
    customer is sent again. An exchange is not a call of the quota.

    Raises:
        ClientConnectError: the code is refused, or the token that it gave.
        AdictAuthenticationError: the client id or secret is refused.
        AdictUnavailableError: the token server could not be reached, or failed.
        AdictQuotaError: it said 429.
        AdictBadAnswerError: it refused the request for another reason.
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "client_secret": client_secret,
        "code": code,
        "redirect_uri": redirect_uri,
    }
    answer = await ask_token_server(session, endpoints.connect_token, form)
    if answer.is_error:
        raise _refusal(answer, (client_secret, client_id, code))
    token = answer.body.get("id_token")
    if not isinstance(token, str):
        raise IdTokenInvalidError("the token server sent no id_token")
    return ClientConnectResult(
        read_id_token(
            token, client_id=client_id, client_secret=client_secret, now=clock()
        )
    )


def read_id_token(
    token: str, *, client_id: str, client_secret: str, now: datetime
) -> tuple[Consent, ...]:
    """Return the consents that a token names, once it is known to be GRDF's.

    Args:
        token: a JWT, signed with HS256 and the client secret.
        client_id: whom it must be made for.
        client_secret: the key.
        now: aware; decides whether the token is past its end.

    Raises:
        IdTokenInvalidError: not signed with our secret, or no such token.
        IdTokenAudienceError: made for somebody else.
        IdTokenExpiredError: past its end.
        IdTokenTooEarlyError: issued, or valid, from some later time.
        NoConsentsError: without a consent.
        BadConsentsError: with consents that cannot be read.
    """
    claims = _claims(token, client_secret)
    audience = claims.get("aud")
    if client_id not in (audience if isinstance(audience, list) else [audience]):
        raise IdTokenAudienceError("the id_token was made for another contract")
    if _time(claims, "exp") <= (now - _LEEWAY).timestamp():
        raise IdTokenExpiredError("the id_token is past its end")
    starts = [_time(claims, name) for name in ("iat", "nbf") if name in claims]
    if any(start > (now + _LEEWAY).timestamp() for start in starts):
        raise IdTokenTooEarlyError("the id_token is of the future")
    return _consents(claims.get("consentements"))


class _Hs256(HMACAlgorithm):
    """HS256 with whatever secret GRDF gave: nobody here can choose a longer one."""

    def __init__(self) -> None:
        super().__init__(HMACAlgorithm.SHA256)

    @override
    def check_key_length(self, key: bytes) -> str | None:
        return None


def _signatures() -> PyJWS:
    """Return what checks HS256 and knows of no other algorithm, `none` included."""
    signatures = PyJWS(algorithms=[])
    signatures.register_algorithm("HS256", _Hs256())
    return signatures


_SIGNATURES: Final = _signatures()


def _claims(token: str, client_secret: str) -> dict[str, Any]:
    if not client_secret:
        raise IdTokenInvalidError("there is no secret to check the id_token with")
    try:
        payload = _SIGNATURES.decode(token, client_secret, algorithms=["HS256"])
        claims = orjson.loads(payload)
    except (PyJWTError, ValueError) as err:
        raise IdTokenInvalidError(
            f"the id_token is not GRDF's ({type(err).__name__})"
        ) from None
    if not isinstance(claims, dict):
        raise IdTokenInvalidError("the id_token holds no claims")
    return claims


def _time(claims: dict[str, Any], name: str) -> float:
    """Return a claim of time, in seconds since 1970."""
    seconds = claims.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise IdTokenInvalidError(f"the id_token's {name} is no time")
    return float(seconds)


def _consents(claim: object) -> tuple[Consent, ...]:
    """Return the consents of a claim, a list written as text."""
    try:
        listed = orjson.loads(claim) if isinstance(claim, str) and claim else claim
    except orjson.JSONDecodeError:
        listed = {}
    if listed is None or listed in ("", []):
        raise NoConsentsError("the id_token names no consent")
    if not isinstance(listed, list):
        raise BadConsentsError("the id_token's consents are no list")
    return tuple(dict.fromkeys(map(_consent, listed)))


def _consent(wire: object) -> Consent:
    found = section(wire)
    try:
        return Consent(
            parse_pce(text(found.get("pce")) or ""),
            parse_right_id(text(found.get("id_accreditation")) or ""),
        )
    except InvalidPceError, InvalidRightIdError:
        raise BadConsentsError("the id_token's consents cannot be read") from None


def _refusal(answer: TokenAnswer, secrets: tuple[str, ...]) -> AdictError:
    """Return the error for a code that was not exchanged."""
    kind: type[ClientConnectError]
    match answer.code:
        case "invalid_grant":
            kind, words = ConnectCodeRefusedError, "GRDF refused the code"
        case "redirect_uri_mismatch":
            kind, words = ConnectRedirectRefusedError, "GRDF refused the return address"
        case _:
            return token_server_error(answer, secrets)
    error = kind(
        words,
        message=words_of(answer.body),
        code=answer.code,
        status=answer.status,
    )
    error.hide(secrets)
    return error
