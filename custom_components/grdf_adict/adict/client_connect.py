"""Client Connect: the customer consents at GRDF's and comes back (API notes §10)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
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
from .token import request_token

# GRDF's clock and ours may differ that much.
_LEEWAY: Final = timedelta(minutes=2)
_HINT_MARKS: Final = str.maketrans(";\r\n\t", "    ")


class ConnectProblem(StrEnum):
    """Why Client Connect gave no consent."""

    CODE_REFUSED = "code_refused"
    """The code was used before, is too old, or belongs to another address."""
    REDIRECT_REFUSED = "redirect_refused"
    """The return address is not declared at GRDF."""
    INVALID = "id_token_invalid"
    """The token is missing, cannot be read, or was not signed with our secret."""
    AUDIENCE = "id_token_audience"
    """The token was made for another contract."""
    EXPIRED = "id_token_expired"
    TOO_EARLY = "id_token_too_early"
    """The token was issued in the future: our clock is wrong, or GRDF's."""
    NO_CONSENTS = "no_consents"
    """The token names no consent: the customer gave none."""
    BAD_CONSENTS = "bad_consents"
    """The token's consents cannot be read."""


class ClientConnectError(AdictError):
    """Client Connect gave no consent; `problem` says why."""

    def __init__(self, problem: ConnectProblem, text: str, **facts: Any) -> None:
        """Store the problem; `facts` are those of `AdictError`."""
        super().__init__(text, **facts)
        self.problem = problem


_REFUSALS: Final = {
    "invalid_grant": (
        partial(ClientConnectError, ConnectProblem.CODE_REFUSED),
        "GRDF refused the code",
    ),
    "redirect_uri_mismatch": (
        partial(ClientConnectError, ConnectProblem.REDIRECT_REFUSED),
        "GRDF refused the return address",
    ),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """A customer's consent for one PCE, and the access right that it made."""

    pce: str = field(repr=False)
    accreditation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginHint:
    """The customer, to prefill GRDF's form; `third_party` requests the consent."""

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
        client_id: the contract's.
        redirect_uri: where the customer comes back to, as declared at GRDF.
        state: comes back unchanged, for the caller to check.
        login_hint: the customer.
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
) -> tuple[Consent, ...]:
    """Exchange the code that a customer came back with for the consents, at least one.

    A code is good for one exchange, so nothing is tried twice: after a failure, the
    customer is sent again. An exchange is not a call of the quota.

    Raises:
        ClientConnectError: the code is refused, or the token that it gave.
        AdictError: as of `request_token`.
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "client_secret": client_secret,
        "code": code,
        "redirect_uri": redirect_uri,
    }
    answer = await request_token(session, endpoints.token, form, _REFUSALS)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise _invalid("the token server sent no id_token")
    return read_id_token(
        token, client_id=client_id, client_secret=client_secret, now=clock()
    )


def read_id_token(
    token: str, *, client_id: str, client_secret: str, now: datetime
) -> tuple[Consent, ...]:
    """Check a token; return the consents that it names, at least one.

    Args:
        token: a JWT, signed with HS256 and the client secret.
        client_id: the audience that it must name.
        client_secret: the key.
        now: aware.

    Raises:
        ClientConnectError: the token or its consents are refused.
    """
    claims = _claims(token, client_secret)
    audience = claims.get("aud")
    if client_id not in (audience if isinstance(audience, list) else [audience]):
        raise ClientConnectError(
            ConnectProblem.AUDIENCE, "the id_token was made for another contract"
        )
    if _time(claims, "exp") <= (now - _LEEWAY).timestamp():
        raise ClientConnectError(ConnectProblem.EXPIRED, "the id_token is past its end")
    starts = [_time(claims, name) for name in ("iat", "nbf") if name in claims]
    if any(start > (now + _LEEWAY).timestamp() for start in starts):
        raise ClientConnectError(
            ConnectProblem.TOO_EARLY, "the id_token is of the future"
        )
    return _consents(claims.get("consentements"))


class _Hs256(HMACAlgorithm):
    """HS256 with a secret of any length: it is GRDF that chose it."""

    @override
    def check_key_length(self, key: bytes) -> str | None:
        return None


# No other algorithm is accepted, `none` included.
_SIGNATURES: Final = PyJWS(algorithms=[])
_SIGNATURES.register_algorithm("HS256", _Hs256(HMACAlgorithm.SHA256))


def _invalid(text: str) -> ClientConnectError:
    return ClientConnectError(ConnectProblem.INVALID, text)


def _claims(token: str, client_secret: str) -> dict[str, Any]:
    if not client_secret:
        raise _invalid("there is no secret to check the id_token with")
    try:
        payload = _SIGNATURES.decode(token, client_secret, algorithms=["HS256"])
        claims = orjson.loads(payload)
    except (PyJWTError, ValueError) as err:
        raise _invalid(f"the id_token is not GRDF's ({type(err).__name__})") from None
    if not isinstance(claims, dict):
        raise _invalid("the id_token holds no claims")
    return claims


def _time(claims: dict[str, Any], name: str) -> float:
    """Return a claim of time, in seconds since 1970."""
    seconds = claims.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise _invalid(f"the id_token's {name} is no time")
    return float(seconds)


def _consents(claim: object) -> tuple[Consent, ...]:
    """Return the consents of a claim, a list written as text."""
    try:
        listed = orjson.loads(claim) if isinstance(claim, str) and claim else claim
    except orjson.JSONDecodeError:
        listed = {}
    if listed is None or listed in ("", []):
        raise ClientConnectError(
            ConnectProblem.NO_CONSENTS, "the id_token names no consent"
        )
    if not isinstance(listed, list):
        raise ClientConnectError(
            ConnectProblem.BAD_CONSENTS, "the id_token's consents are no list"
        )
    return tuple(dict.fromkeys(map(_consent, listed)))


def _consent(wire: object) -> Consent:
    found = section(wire)
    try:
        return Consent(
            parse_pce(text(found.get("pce")) or ""),
            parse_right_id(text(found.get("id_accreditation")) or ""),
        )
    except InvalidPceError, InvalidRightIdError:
        raise ClientConnectError(
            ConnectProblem.BAD_CONSENTS, "the id_token's consents cannot be read"
        ) from None
