"""Client Connect: where the customer is sent, and which tokens are accepted."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
import hashlib
import hmac
import traceback
from typing import Any

from aiohttp import ClientSession
import jwt
import orjson
import pytest
from yarl import URL

from custom_components.grdf_adict.adict import (
    PRODUCTION,
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
    ClientConnectError,
    ConnectProblem,
    Consent,
    Endpoints,
    LoginHint,
    authorize_url,
    exchange_code,
)
from custom_components.grdf_adict.adict.client_connect import read_id_token

from .conftest import TOKEN_PATH, Clock, Reply, Script
from .payloads import PCE

CLIENT_ID = "id-of-tests"
SECRET = "secret-of-tests-that-is-as-long-as-a-hash"
ACCREDITATION = "e8d64bd4-9cab-4163-bde4-d128795898de"
REDIRECT = "https://home.example.com/auth/external/callback?a=1"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CONSENTS = orjson.dumps([{"pce": PCE, "id_accreditation": ACCREDITATION}]).decode()


def claims(**changes: Any) -> dict[str, Any]:
    good = {
        "iss": "https://example.com/openam",
        "sub": "jean@example.com",
        "aud": CLIENT_ID,
        "iat": NOW.timestamp(),
        "exp": (NOW + timedelta(hours=1)).timestamp(),
        "consentements": CONSENTS,
    } | changes
    return {name: value for name, value in good.items() if value is not None}


def signed(**changes: Any) -> str:
    return jwt.encode(claims(**changes), SECRET, algorithm="HS256")


def encoded(part: object) -> str:
    return urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode()


def by_hand(header: dict[str, Any], key: bytes, payload: object) -> str:
    signed_part = f"{encoded(header)}.{encoded(payload)}"
    made = hmac.new(key, signed_part.encode(), hashlib.sha256).digest()
    return f"{signed_part}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"


def read(token: str, *, secret: str = SECRET) -> tuple[Consent, ...]:
    return read_id_token(token, client_id=CLIENT_ID, client_secret=secret, now=NOW)


def test_the_customer_s_address_has_every_parameter() -> None:
    hint = LoginHint(
        first_name="Jean;", name="É & Cie", mail="jean@example.com", third_party="T"
    )
    address = authorize_url(
        PRODUCTION,
        client_id=CLIENT_ID,
        redirect_uri=REDIRECT,
        state="a+b/c=&d",
        login_hint=hint,
    )
    url = URL(address)
    assert url.with_query(None) == PRODUCTION.authorize
    assert dict(url.query) == {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": REDIRECT,
        "state": "a+b/c=&d",
        "login_hint": "Jean;É & Cie;jean@example.com;T",
    }
    assert ";" not in address
    assert "Jean" not in repr(hint)


def test_an_address_with_a_query_keeps_it_and_a_hint_may_be_left_out() -> None:
    endpoints = Endpoints(
        PRODUCTION.api,
        PRODUCTION.token,
        PRODUCTION.scope,
        authorize=URL("https://example.com/authorize?realm=x"),
    )
    url = URL(authorize_url(endpoints, client_id="a", redirect_uri=REDIRECT, state="s"))
    assert url.query["realm"] == "x"
    assert "login_hint" not in url.query


def test_a_token_of_grdf_s_names_the_consents() -> None:
    assert read(signed()) == (Consent(PCE, ACCREDITATION),)


def test_consents_may_come_as_a_plain_list_and_each_once() -> None:
    twice = [{"pce": " gi 999055", "id_accreditation": ACCREDITATION}] * 2
    assert read(signed(consentements=twice)) == (Consent("GI999055", ACCREDITATION),)


def test_a_token_may_name_several_audiences() -> None:
    assert read(signed(aud=["other", CLIENT_ID]))


@pytest.mark.filterwarnings("error")
def test_a_short_secret_gives_no_warning() -> None:
    token = by_hand({"alg": "HS256", "typ": "JWT"}, b"short", claims())
    assert read(token, secret="short")


def test_the_clocks_may_differ_by_a_little() -> None:
    late = NOW.timestamp() - 60
    early = NOW.timestamp() + 60
    assert read(signed(exp=late))
    assert read(signed(iat=early, nbf=early))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"aud": "another-client"}, ConnectProblem.AUDIENCE),
        ({"aud": None}, ConnectProblem.AUDIENCE),
        ({"aud": {"a": CLIENT_ID}}, ConnectProblem.AUDIENCE),
        ({"exp": NOW.timestamp() - 121}, ConnectProblem.EXPIRED),
        ({"exp": None}, ConnectProblem.INVALID),
        ({"exp": "tomorrow"}, ConnectProblem.INVALID),
        ({"exp": True}, ConnectProblem.INVALID),
        ({"exp": -1e307}, ConnectProblem.EXPIRED),
        ({"iat": NOW.timestamp() + 121}, ConnectProblem.TOO_EARLY),
        ({"iat": 1_764_486_000_000_000}, ConnectProblem.TOO_EARLY),
        ({"nbf": 1e307}, ConnectProblem.TOO_EARLY),
        ({"nbf": NOW.timestamp() + 121}, ConnectProblem.TOO_EARLY),
        ({"consentements": None}, ConnectProblem.NO_CONSENTS),
        ({"consentements": ""}, ConnectProblem.NO_CONSENTS),
        ({"consentements": "[]"}, ConnectProblem.NO_CONSENTS),
        ({"consentements": "null"}, ConnectProblem.NO_CONSENTS),
        ({"consentements": "[{"}, ConnectProblem.BAD_CONSENTS),
        ({"consentements": "{}"}, ConnectProblem.BAD_CONSENTS),
        ({"consentements": 5}, ConnectProblem.BAD_CONSENTS),
        ({"consentements": "[1]"}, ConnectProblem.BAD_CONSENTS),
        ({"consentements": '[{"pce": "123"}]'}, ConnectProblem.BAD_CONSENTS),
        ({"consentements": f'[{{"pce": "{PCE}"}}]'}, ConnectProblem.BAD_CONSENTS),
        (
            {"consentements": f'[{{"pce": "{PCE}", "id_accreditation": "../x"}}]'},
            ConnectProblem.BAD_CONSENTS,
        ),
    ],
)
def test_each_defect_of_a_token_has_a_problem_of_its_own(
    changes: dict[str, Any], problem: ConnectProblem
) -> None:
    with pytest.raises(ClientConnectError) as caught:
        read(signed(**changes))
    assert caught.value.problem is problem
    assert PCE not in repr(caught.value)


def forged() -> dict[str, str]:
    """Return tokens that GRDF never made."""
    head, _, signature = signed().split(".")
    other = encoded(claims(sub="another"))
    none = f"{encoded({'alg': 'none'})}.{encoded(claims())}."
    return {
        "another secret": jwt.encode(claims(), f"not-{SECRET}", algorithm="HS256"),
        "changed": f"{head}.{other}.{signature}",
        "unsigned": none,
        "unsigned with a signature": none + signature,
        "another hash": jwt.encode(claims(), SECRET * 2, algorithm="HS512"),
        "HS256 called RS256": by_hand({"alg": "RS256"}, SECRET.encode(), claims()),
        "no algorithm": by_hand({"typ": "JWT"}, SECRET.encode(), claims()),
        "no token": "no.token",
        "empty": "",
        "not ASCII": "é.é.é",
        "no claims": by_hand({"alg": "HS256"}, SECRET.encode(), [1]),
        "no JSON": jwt.PyJWS().encode(b"\xff", SECRET, algorithm="HS256"),
    }


@pytest.mark.parametrize("name", forged())
def test_a_token_that_grdf_did_not_sign_is_refused(name: str) -> None:
    with pytest.raises(ClientConnectError) as caught:
        read(forged()[name])
    assert caught.value.problem is ConnectProblem.INVALID


def test_every_token_is_refused_without_a_secret() -> None:
    with pytest.raises(ClientConnectError) as caught:
        read(by_hand({"alg": "HS256"}, b"", claims()), secret="")
    assert caught.value.problem is ConnectProblem.INVALID


async def exchange(
    session: ClientSession, endpoints: Endpoints, clock: Clock
) -> tuple[Consent, ...]:
    clock.now = NOW
    return await exchange_code(
        session,
        endpoints,
        client_id=CLIENT_ID,
        client_secret=SECRET,
        code="code-of-tests",
        redirect_uri=REDIRECT,
        clock=clock,
    )


async def test_a_code_is_exchanged_for_consents(
    http: ClientSession, endpoints: Endpoints, clock: Clock, script: Script
) -> None:
    body = orjson.dumps({"access_token": "x", "id_token": signed()})
    script.tokens = [Reply(body=body)]
    result = await exchange(http, endpoints, clock)
    assert result == (Consent(PCE, ACCREDITATION),)
    assert PCE not in repr(result)
    (asked,) = script.token_calls
    assert asked.path == TOKEN_PATH
    assert asked.form == {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "code": "code-of-tests",
        "redirect_uri": REDIRECT,
    }


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (
            Reply(status=400, body=b'{"error":"invalid_grant"}'),
            ConnectProblem.CODE_REFUSED,
        ),
        (
            Reply(status=400, body=b'{"error":"redirect_uri_mismatch"}'),
            ConnectProblem.REDIRECT_REFUSED,
        ),
        (
            Reply(status=401, body=b'{"error":"invalid_client"}'),
            AdictAuthenticationError,
        ),
        (Reply(status=404, body=b"<html>"), AdictBadAnswerError),
        (Reply(status=429), AdictQuotaError),
        (Reply(status=503), AdictUnavailableError),
        (Reply(dropped=True), AdictUnavailableError),
        (Reply(body=b'{"access_token":"x"}'), ConnectProblem.INVALID),
        (Reply(body=b'{"id_token":5}'), ConnectProblem.INVALID),
        (Reply(body=b"<html>"), ConnectProblem.INVALID),
    ],
)
async def test_a_failed_exchange_is_tried_once_and_raised(
    http: ClientSession,
    endpoints: Endpoints,
    clock: Clock,
    script: Script,
    reply: Reply,
    kind: type[AdictError] | ConnectProblem,
) -> None:
    script.tokens = [reply]
    with pytest.raises(AdictError) as caught:
        await exchange(http, endpoints, clock)
    found = getattr(caught.value, "problem", type(caught.value))
    assert found is kind
    assert len(script.token_calls) == 1


async def test_no_error_shows_the_code_or_the_secret(
    http: ClientSession, endpoints: Endpoints, clock: Clock, script: Script
) -> None:
    message = f"code-of-tests {SECRET} {CLIENT_ID}".encode()
    for error in (b"invalid_grant", b"invalid_client"):
        body = b'{"error":"%s","error_description":"Refus : %s"}' % (error, message)
        script.tokens = [Reply(status=400, body=body)]
        with pytest.raises(AdictError) as caught:
            await exchange(http, endpoints, clock)
        assert caught.value.message.startswith("Refus")
        lines = traceback.format_exception(caught.value)
        texts = [each for each in lines if "Error" in each]
        shown = f"{caught.value!r} {caught.value.message} {texts}"
        for secret in ("code-of-tests", SECRET, CLIENT_ID):
            assert secret not in shown
