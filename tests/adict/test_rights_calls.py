"""Declaring and revoking rights: what is sent, what comes back, what is tried again."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
import traceback
from typing import Any

from aiohttp import ClientSession, ClientTimeout
import orjson
import pytest
from yarl import URL

from custom_components.grdf_adict.adict import (
    AccessRightState,
    AdictAccessRightError,
    AdictAlreadyExistsError,
    AdictBadAnswerError,
    AdictBadRequestError,
    AdictClient,
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
    AdictUncertainError,
    DeclarationProblem,
    Endpoints,
    GrantField,
    InvalidDeclarationError,
    Proof,
    Quota,
    differences,
)

from .conftest import Clock, Reply, Script
from .declarations import PERSONAL, declaration
from .payloads import PCE, line, payload

RIGHT = "e8d64bd4-9cab-4163-bde4-d128795898de"
DONE = Reply(body=line(payload("done")))
CODE = b'{"code_statut_traitement":"%s","message_retour_traitement":"%s"}'
type Act = Callable[[AdictClient], Awaitable[object]]


def declared(**changes: Any) -> Reply:
    """Answer as the deck does, pretty-printed and with blanks in the dates."""
    wire = payload("declared") | changes
    return Reply(status=201, body=orjson.dumps(wire, option=orjson.OPT_INDENT_2))


async def declare(client: AdictClient) -> object:
    return await client.declare_access_right(PCE, declaration())


async def revoke(client: AdictClient) -> object:
    return await client.revoke_access_right(RIGHT)


@pytest.fixture
def send(tmp_path: Path) -> Act:
    path = tmp_path / "consent.txt"
    path.write_bytes(b"oui")
    return lambda client: client.send_proofs(RIGHT, (Proof(path),))


@pytest.fixture(params=["declare", "send"])
def once_only(request: pytest.FixtureRequest, send: Act) -> Act:
    """Return an act that must not be done twice."""
    return declare if request.param == "declare" else send


async def test_a_declaration_waits_for_the_customer(
    client: AdictClient, script: Script
) -> None:
    script.replies = [declared()]
    found = await client.declare_access_right(f" {PCE} ", declaration())
    assert (found.waiting, found.code) == (True, "0000000002")
    assert found.message == (
        "La demande d'accès est en attente de la validation du titulaire du PCE."
    )
    right = found.right
    assert (right.state, right.consumption_from) == (
        AccessRightState.TO_VALIDATE,
        date(2021, 11, 20),
    )
    assert right.created == datetime(2026, 11, 20, 9, 5, 55, tzinfo=UTC)
    (asked,) = script.calls
    assert (asked.method, asked.path) == ("PUT", f"/adict/v2/pce/{PCE}/droit_acces")
    assert asked.json["courriel_titulaire"] == "jean@example.com"
    assert "raison_sociale" not in asked.json


async def test_a_narrower_grant_is_reported(
    client: AdictClient, script: Script
) -> None:
    script.replies = [
        declared(date_fin_droit_acces="2027-01-01", perim_donnees_techniques="Faux")
    ]
    asked = declaration()
    found = await client.declare_access_right(PCE, asked)
    assert [each.field for each in differences(asked, found.right)] == [
        GrantField.END,
        GrantField.TECHNICAL,
    ]


async def test_a_right_that_is_active_at_once_does_not_wait(
    client: AdictClient, script: Script
) -> None:
    script.replies = [
        declared(code_statut_traitement="0000000000", etat_droit_acces="Active")
    ]
    found = await client.declare_access_right(PCE, declaration())
    assert (found.waiting, found.code) == (False, "0000000000")


async def test_a_right_without_a_code_waits_by_its_state(
    client: AdictClient, script: Script
) -> None:
    wire = {
        name: value
        for name, value in payload("declared").items()
        if not name.endswith("traitement")
    }
    script.replies = [Reply(status=201, body=line(wire))]
    found = await client.declare_access_right(PCE, declaration())
    assert (found.waiting, found.message) == (True, None)


async def test_a_declaration_that_breaks_rules_costs_no_call(
    client: AdictClient, script: Script, quota: Quota
) -> None:
    with pytest.raises(InvalidDeclarationError) as caught:
        await client.declare_access_right("1", declaration(mail=""))
    assert caught.value.problems == (
        DeclarationProblem.PCE_FORMAT,
        DeclarationProblem.MAIL_MISSING,
    )
    assert (script.calls, script.token_calls, quota.calls_today) == ([], [], 0)


async def test_a_declaration_is_checked_against_the_date_in_france(
    client: AdictClient, script: Script, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    script.replies = [declared()]
    await client.declare_access_right(PCE, declaration(start=date(2026, 11, 20)))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (409, "1000000003", AdictAlreadyExistsError),
        (201, "1000000003", AdictAlreadyExistsError),
        (409, "0000000002", AdictAlreadyExistsError),
        (409, "1000000005", AdictBadRequestError),
        (409, "1000000004", AdictAccessRightError),
        (404, "1000000006", AdictBadRequestError),
        (400, "1000000024", AdictBadRequestError),
        (200, "1000000022", AdictBadRequestError),
        (409, "1999999999", AdictBadRequestError),
    ],
)
async def test_grdf_s_refusal_keeps_its_code_and_message(
    client: AdictClient, script: Script, status: int, code: str, kind: type[AdictError]
) -> None:
    body = CODE % (code.encode(), "Refusé, désolé.".encode())
    script.replies = [Reply(status=status, body=body)]
    with pytest.raises(AdictError) as caught:
        await declare(client)
    assert type(caught.value) is kind
    assert (caught.value.code, caught.value.message) == (code, "Refusé, désolé.")
    assert len(script.calls) == 1


async def test_another_meter_s_right_is_no_answer(
    client: AdictClient, script: Script
) -> None:
    script.replies = [declared(id_pce="GI999055")]
    with pytest.raises(AdictBadAnswerError):
        await declare(client)


async def test_a_declared_right_that_is_not_there_is_a_bad_answer(
    client: AdictClient, script: Script
) -> None:
    script.replies = [DONE]
    with pytest.raises(AdictBadAnswerError):
        await declare(client)


async def test_a_right_is_revoked_with_an_empty_object(
    client: AdictClient, script: Script
) -> None:
    script.replies = [DONE]
    done = await client.revoke_access_right(f" {RIGHT}\n")
    assert (done.code, done.message) == (
        "0000000000",
        "L'opération s'est déroulée avec succès.",
    )
    (asked,) = script.calls
    assert (asked.method, asked.json) == ("PATCH", {})
    assert asked.path == f"/adict/v2/droit_acces/{RIGHT}"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"code_statut_traitement": " "}'])
async def test_a_revocation_that_grdf_does_not_confirm_is_a_bad_answer(
    client: AdictClient, script: Script, body: bytes
) -> None:
    script.replies = [Reply(body=body)]
    with pytest.raises(AdictBadAnswerError):
        await revoke(client)


async def test_a_right_that_does_not_exist_cannot_be_revoked(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(status=404, body=CODE % (b"1000000001", b"Aucun"))]
    with pytest.raises(AdictAccessRightError):
        await revoke(client)


@pytest.mark.parametrize(
    "failure",
    [Reply(status=500), Reply(status=503), Reply(silent=True), Reply(dropped=True)],
)
async def test_a_revocation_is_tried_again(
    client: AdictClient, script: Script, failure: Reply
) -> None:
    script.replies = [failure, DONE]
    await revoke(client)
    assert len(script.calls) == 2


@pytest.mark.parametrize(
    "failure",
    [
        Reply(status=500),
        Reply(status=502),
        Reply(status=503),
        Reply(status=504, body=CODE % (b"2000000007", b"Erreur")),
        Reply(status=201, body=CODE % (b"2000000001", b"Erreur")),
        Reply(status=408),
        Reply(silent=True),
        Reply(dropped=True),
        Reply(status=201, body=b'{"id_pce": "09', cut=True),
        Reply(status=201, body=b'{"id_pce": "09'),
    ],
)
async def test_a_request_that_grdf_may_have_taken_is_never_sent_twice(
    client: AdictClient, script: Script, once_only: Act, failure: Reply
) -> None:
    script.replies = [failure, failure]
    with pytest.raises(AdictUncertainError) as caught:
        await once_only(client)
    assert caught.value.status in {failure.status, None}
    assert len(script.calls) == 1


async def test_aiohttp_does_not_repeat_a_request_after_a_broken_connection(
    client: AdictClient, script: Script, once_only: Act
) -> None:
    script.replies = [
        Reply(body=line(payload("right"))),
        Reply(dropped=True),
        Reply(dropped=True),
    ]
    await client.access_rights()
    with pytest.raises(AdictUncertainError):
        await once_only(client)
    assert len(script.calls) == 2


@pytest.mark.parametrize(
    "failure",
    [Reply(status=401), Reply(status=503, headers={"Retry-After": "5"})],
)
async def test_a_request_that_grdf_did_not_take_is_tried_again(
    client: AdictClient, script: Script, failure: Reply
) -> None:
    script.replies = [failure, declared()]
    await declare(client)
    assert len(script.calls) == 2
    assert script.calls[0].json == script.calls[1].json


async def test_a_long_outage_is_not_waited_for(
    client: AdictClient, script: Script, once_only: Act
) -> None:
    script.replies = [Reply(status=503, headers={"Retry-After": "3600"})]
    with pytest.raises(AdictUnavailableError) as caught:
        await once_only(client)
    assert type(caught.value) is AdictUnavailableError
    assert caught.value.retry_after == 3600


async def test_a_server_that_cannot_be_reached_is_tried_again(
    http: ClientSession,
    endpoints: Endpoints,
    quota: Quota,
    clock: Clock,
    once_only: Act,
) -> None:
    nowhere = Endpoints(
        api=URL("http://127.0.0.1:9/adict"), token=endpoints.token, scope="/adict/v2"
    )
    client = AdictClient(
        http,
        nowhere,
        client_id="id-of-tests",
        client_secret="secret-of-tests",
        quota=quota,
        clock=clock,
        sleep=clock.sleep,
        timeout=ClientTimeout(total=None, sock_read=0.2),
    )
    with pytest.raises(AdictUnavailableError) as caught:
        await once_only(client)
    assert type(caught.value) is AdictUnavailableError
    assert quota.calls_today == 3


async def test_a_429_is_not_followed_by_another_declaration(
    client: AdictClient, script: Script, once_only: Act
) -> None:
    script.replies = [Reply(status=429)]
    with pytest.raises(AdictQuotaError):
        await once_only(client)
    assert len(script.calls) == 1


async def test_no_error_repeats_what_was_declared(
    client: AdictClient, script: Script
) -> None:
    message = (
        f"M. Exemple Jean, 37700, jean@example.com, 06 00 00 00 00, {PCE}".encode()
    )
    script.replies = [
        Reply(status=409, body=CODE % (b"1000000003", message)),
        Reply(status=201, body=CODE % (b"1000000022", message)),
        Reply(status=500, body=CODE % (b"2000000007", message)),
        Reply(status=400, body=b'{"message": "%s"}' % message),
        Reply(silent=True),
        declared(id_pce="GI999055"),
    ]
    while script.replies:
        with pytest.raises(AdictError) as caught:
            await declare(client)
        shown_error = f"{caught.value!r} {caught.value} {caught.value.message}"
        lines = traceback.format_exception(caught.value)
        texts = [shown_error, *(each for each in lines if "Error" in each)]
        shown = "\n".join(texts).casefold()
        assert not [each for each in (*PERSONAL, PCE) if each.casefold() in shown]
