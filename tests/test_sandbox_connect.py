"""Client Connect: a customer says yes at GRDF, and the third party learns it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape
import json
import re
from typing import Any

import jwt
import pytest
from yarl import URL

from tests.sandbox import FARM, HALF_YEARLY, HOUSE, Perimeter, Sandbox
from tests.sandbox.authorise import AUTHORISE_PATH
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Reply, Visitor, visiting

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning"),
]

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
HOME = "http://127.0.0.1:8123/auth/external/callback"
ASKED = {
    "client_id": "demo",
    "response_type": "code",
    "scope": "openid",
    "redirect_uri": HOME,
    "state": "a state",
    "login_hint": "Camille;Exemple;camille@example.com;ASSOCIATION EXEMPLE",
}
YES = {
    "customer": "camille@example.com",
    "pce": HOUSE,
    "published": "on",
    "informative": "on",
    "history_from": "2023-11-20",
    "start": "2026-11-20",
    "end": "2029-11-20",
    "decision": "yes",
}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


async def look(visitor: Visitor, **query: str) -> tuple[int, str]:
    """Open the page."""
    url = visitor.served.authorise_url
    async with visitor.http.get(url, params=query, allow_redirects=False) as found:
        return found.status, unescape(await found.text())


async def decide(visitor: Visitor, **changes: str) -> tuple[int, URL, str]:
    """Send the form; return the status, where it leads and what it shows."""
    url = visitor.served.authorise_url
    form = ASKED | YES | changes
    async with visitor.http.post(url, data=form, allow_redirects=False) as found:
        location = found.headers.get("Location", "")
        return found.status, URL(location), unescape(await found.text())


async def agreed(visitor: Visitor, **changes: str) -> str:
    """Say yes and return the code."""
    _, back, _ = await decide(visitor, **changes)
    return back.query["code"]


async def exchange(visitor: Visitor, code: str, **changes: str) -> Reply:
    return await visitor.token(
        grant_type="authorization_code",
        code=code,
        scope="openid",
        **{"redirect_uri": HOME} | changes,
    )


def claims(reply: Reply, key: str = "demo-secret", audience: str = "demo") -> Any:
    return jwt.decode(
        reply.one["id_token"],
        key,
        algorithms=["HS256"],
        audience=audience,
        options={"verify_exp": False},
    )


async def test_a_customer_logs_in_and_sees_the_own_meters(visitor: Visitor) -> None:
    status, login = await look(visitor, **ASKED)
    assert status == 200
    (hinted,) = re.findall(r'value="([^"]+)" required checked', login)
    assert hinted == "camille@example.com"
    _, consent = await look(visitor, **ASKED, customer="dominique@example.com")
    assert HALF_YEARLY in consent
    assert HOUSE not in consent


async def test_yes_leads_back_with_code_issuer_client_and_state(
    visitor: Visitor,
) -> None:
    status, back, _ = await decide(visitor)
    assert (status, str(back.with_query(None))) == (302, HOME)
    assert set(back.query) == {"code", "iss", "client_id", "state"}
    assert back.query["client_id"] == "demo"
    assert back.query["state"] == "a state"
    assert back.query["iss"] == str(
        URL(visitor.served.root_url + AUTHORISE_PATH).parent
    )


async def test_no_leads_back_with_the_error_and_grants_nothing(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    before = len(sandbox.rights)
    _, back, _ = await decide(visitor, decision="no")
    assert dict(back.query) == {"error": "access_denied", "state": "a state"}
    assert len(sandbox.rights) == before


async def test_an_address_of_return_keeps_its_own_query(visitor: Visitor) -> None:
    _, back, _ = await decide(visitor, redirect_uri=f"{HOME}?home=1")
    assert back.query["home"] == "1"


async def test_the_code_buys_an_identity_with_the_consents(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    reply = await exchange(visitor, await agreed(visitor, nonce="once"))
    assert (reply.status, reply.one["token_type"]) == (200, "Bearer")
    found = claims(reply)
    assert json.loads(found["consentements"]) == [
        {"pce": HOUSE, "id_accreditation": sandbox.right(HOUSE).id}
    ]
    assert found["iat"] == NOW.timestamp()
    assert found["exp"] > found["iat"]
    assert found["nonce"] == "once"


async def test_the_right_is_active_and_as_the_customer_chose(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    older = sandbox.right(HOUSE)
    await agreed(visitor)
    (found,) = await visitor.find_rights(id_pce=[HOUSE], etat_droit_acces=["Active"])
    assert found["parcours"] == "CLIENT_CONNECT"
    assert found["date_fin_droit_acces"] == "2029-11-20"
    assert found["perim_donnees_conso_debut"] == "2023-11-20"
    assert found["perim_donnees_techniques"] == "Faux"
    assert found["perim_donnees_informatives"] == "Vrai"
    assert older.state == "Obsolète"


async def test_a_site_that_does_both_gets_both_rights(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    code = await agreed(visitor, customer="ferme@example.com", pce=FARM)
    consents = json.loads(claims(await exchange(visitor, code))["consentements"])
    assert [consent["id_accreditation"] for consent in consents] == [
        sandbox.right(FARM, family).id
        for family in (Perimeter.PUBLISHED, Perimeter.INJECTION)
    ]


async def test_its_access_token_opens_no_data(visitor: Visitor) -> None:
    reply = await exchange(visitor, await agreed(visitor))
    visitor.header = f"Bearer {reply.one['access_token']}"
    assert (await visitor.get("/droits_acces")).status == 401


async def test_a_code_is_good_once(visitor: Visitor) -> None:
    code = await agreed(visitor)
    assert (await exchange(visitor, code)).status == 200
    again = await exchange(visitor, code)
    assert (again.status, again.one["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"redirect_uri": f"{HOME}/other"}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
    ],
)
async def test_a_code_is_only_good_for_whom_it_was_given(
    visitor: Visitor, changes: dict[str, str], status: int, error: str
) -> None:
    reply = await exchange(visitor, await agreed(visitor), **changes)
    assert (reply.status, reply.one["error"]) == (status, error)


async def test_a_code_does_not_keep(sandbox: Sandbox, visitor: Visitor) -> None:
    code = await agreed(visitor)
    sandbox.now = NOW + timedelta(minutes=2)
    assert (await exchange(visitor, code)).status == 400


async def test_an_unknown_code_buys_nothing(visitor: Visitor) -> None:
    assert (await exchange(visitor, "nothing")).status == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "//example.com"},
        {"redirect_uri": "http://["},
        {"redirect_uri": ""},
    ],
)
async def test_a_stranger_is_sent_nowhere(
    visitor: Visitor, changes: dict[str, str]
) -> None:
    status, text = await look(visitor, **ASKED | changes)
    assert status == 400
    assert "Demande impossible" in text
    assert (await decide(visitor, **changes))[0] == 400


async def test_an_address_that_grdf_does_not_know_ends_on_its_error_page(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.connect.redirect_uris = {"https://my.home-assistant.io/redirect/oauth"}
    status, text = await look(visitor, **ASKED)
    assert status == 400
    assert "n'est pas déclarée chez GRDF" in text
    sandbox.connect.redirect_uris.add(HOME)
    assert (await look(visitor, **ASKED))[0] == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
    ],
)
async def test_a_bad_question_leads_back_with_the_error(
    visitor: Visitor, changes: dict[str, str], error: str
) -> None:
    _, back, _ = await decide(visitor, **changes)
    assert back.query["error"] == error


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"pce": FARM}, "compteurs"),
        ({"pce": ""}, "compteurs"),
        ({"end": "2026-11-19"}, "date de fin"),
        ({"start": ""}, "trois dates"),
    ],
)
async def test_a_form_that_cannot_be_granted_is_shown_again(
    sandbox: Sandbox, visitor: Visitor, changes: dict[str, str], complaint: str
) -> None:
    before = len(sandbox.rights)
    status, _, text = await decide(visitor, **changes)
    assert status == 400
    assert complaint in text
    assert len(sandbox.rights) == before


async def test_some_data_must_be_chosen(visitor: Visitor) -> None:
    form = {
        name: value
        for name, value in (ASKED | YES).items()
        if name not in {"published", "informative"}
    }
    async with visitor.http.post(visitor.served.authorise_url, data=form) as found:
        assert found.status == 400
        assert "type de données" in await found.text()


async def test_only_a_customer_of_grdf_decides(visitor: Visitor) -> None:
    assert (await decide(visitor, customer="nobody@example.com"))[0] == 400


@pytest.mark.parametrize(
    ("switch", "error"),
    [
        ("wrong_key", jwt.InvalidSignatureError),
        ("unsigned", jwt.InvalidAlgorithmError),
        ("expired", jwt.ExpiredSignatureError),
        ("other_audience", jwt.InvalidAudienceError),
    ],
)
async def test_a_test_can_forge_the_identity(
    sandbox: Sandbox, visitor: Visitor, switch: str, error: type[Exception]
) -> None:
    sandbox.now = datetime.now(PARIS)
    setattr(sandbox.connect, switch, True)
    reply = await exchange(visitor, await agreed(visitor))
    with pytest.raises(error):
        jwt.decode(
            reply.one["id_token"], "demo-secret", algorithms=["HS256"], audience="demo"
        )


async def test_a_test_can_leave_out_the_claim_or_the_identity(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.connect.omits_claim = True
    assert "consentements" not in claims(await exchange(visitor, await agreed(visitor)))
    sandbox.connect.omits_token = True
    assert "id_token" not in (await exchange(visitor, await agreed(visitor))).one


async def test_a_test_can_forge_the_state_and_replay_a_code(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.connect.forges_state = True
    _, back, _ = await decide(visitor)
    assert back.query["state"] != "a state"
    sandbox.connect.replays_code = True
    assert (await exchange(visitor, await agreed(visitor))).status == 400


async def test_what_a_stranger_writes_is_shown_as_text(visitor: Visitor) -> None:
    asked = ASKED | {"state": '"><script>alert(1)</script>'}
    url = visitor.served.authorise_url
    async with visitor.http.get(url, params=asked) as found:
        assert "<script>" not in await found.text()


async def test_who_has_moved_out_cannot_log_in(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.move_out(HOUSE)
    _, login = await look(visitor, **ASKED)
    assert "camille@example.com" not in re.findall(
        r'name="customer" value="(.*?)"', login
    )
    assert (await decide(visitor))[0] == 400
