"""Client Connect: codes and the identity tokens that they buy (API notes §10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
import json
from typing import Final, NamedTuple
from uuid import NAMESPACE_URL, uuid5
import warnings

import jwt
from yarl import URL

from .rights import Right
from .wire import Json

# OpenAM's habit for codes, OpenID providers' for identities.
CODE_LIFE: Final = timedelta(minutes=2)
IDENTITY_LIFE: Final = timedelta(hours=1)


class Party(NamedTuple):
    """The third party as its identity tokens name it."""

    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a code stands for."""

    customer: str
    redirect_uri: str
    issuer: str
    nonce: str | None
    consents: tuple[tuple[str, str], ...]
    ends: datetime


@dataclass(slots=True)
class Connect:
    """What Client Connect has given out, and how a test bends it.

    Attributes:
        redirect_uris: those that GRDF knows; None knows any.
        omits_claim: the identity tells of no `consentements`.
        omits_token: the answer holds no identity at all.
        wrong_key: another secret signs it.
        unsigned: nothing signs it (`alg` none).
        expired: its time is over.
        other_audience: it is meant for somebody else.
        forges_state: the customer comes back with another `state`.
        replays_code: the customer comes back with a code that was used already.
    """

    redirect_uris: set[str] | None = None
    omits_claim: bool = False
    omits_token: bool = False
    wrong_key: bool = False
    unsigned: bool = False
    expired: bool = False
    other_audience: bool = False
    forges_state: bool = False
    replays_code: bool = False
    _grants: dict[str, Grant] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def knows(self, redirect_uri: str) -> bool:
        """Whether GRDF would send a customer back there."""
        if self.redirect_uris is not None:
            return redirect_uri in self.redirect_uris
        try:
            url = URL(redirect_uri)
        except ValueError:
            return False
        return url.scheme in {"http", "https"} and bool(url.host)

    def give_code(self, grant: Grant) -> str:
        """Return a new code for what a customer granted."""
        code = str(uuid5(NAMESPACE_URL, f"{grant.issuer}/code/{next(self._numbers)}"))
        if not self.replays_code:
            self._grants[code] = grant
        return code

    def take_code(self, code: str, redirect_uri: str, now: datetime) -> Grant | None:
        """Return what a code stands for, once; None where it is worth nothing."""
        grant = self._grants.pop(code, None)
        if grant is None or grant.redirect_uri != redirect_uri or now >= grant.ends:
            return None
        return grant


def exchange(
    connect: Connect, form: Mapping[str, object], party: Party, now: datetime
) -> Json | None:
    """Return the answer to a code; None where it is worth nothing.

    Its access token opens none of the data calls.
    """
    code, redirect_uri = str(form.get("code")), str(form.get("redirect_uri"))
    grant = connect.take_code(code, redirect_uri, now)
    if grant is None:
        return None
    answer: Json = {
        "access_token": f"eyJraWQiOiJjYyJ9.{code}.s",
        "scope": "openid",
        "token_type": "Bearer",
        "expires_in": int(IDENTITY_LIFE.total_seconds()),
    }
    if not connect.omits_token:
        answer["id_token"] = _identity(connect, grant, party, now)
    return answer


def consent_of(right: Right) -> tuple[str, str]:
    """Return what the claim says of a right: its PCE and its id."""
    return right.pce, right.id


def _identity(connect: Connect, grant: Grant, party: Party, now: datetime) -> str:
    issued = now - 2 * IDENTITY_LIFE if connect.expired else now
    claims: Json = {
        "iss": grant.issuer,
        "sub": str(uuid5(NAMESPACE_URL, grant.customer)),
        "aud": "another-party" if connect.other_audience else party.client_id,
        "iat": int(issued.timestamp()),
        "exp": int((issued + IDENTITY_LIFE).timestamp()),
    }
    if grant.nonce is not None:
        claims["nonce"] = grant.nonce
    if not connect.omits_claim:
        claims["consentements"] = json.dumps(
            [{"pce": pce, "id_accreditation": right} for pce, right in grant.consents]
        )
    if connect.unsigned:
        return jwt.encode(claims, "", algorithm="none")
    key = "another-secret" if connect.wrong_key else party.client_secret
    with warnings.catch_warnings():
        # GRDF chooses how long its secrets are.
        warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)
        return jwt.encode(claims, key, algorithm="HS256")
