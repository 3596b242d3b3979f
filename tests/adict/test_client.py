"""The client's calls: what is asked, and what comes back."""

import asyncio
from datetime import UTC, date, datetime, timedelta
import gzip

import orjson
import pytest

from custom_components.grdf_adict.adict import (
    AdictAccessRightError,
    AdictBadAnswerError,
    AdictBadRequestError,
    AdictClient,
    AdictContractOverError,
    AdictUnavailableError,
    Answer,
    Consumption,
    ContractField,
    DateRange,
    Frequency,
    InvalidPceError,
    InvalidPeriodError,
    PeriodProblem,
    Quota,
    Refused,
    parse_period,
)

from .conftest import Clock, Reply, Script
from .payloads import PCE, line, payload

START, END = date(2026, 8, 1), date(2026, 9, 1)
PERIOD = DateRange(START, END)


async def informative(client: AdictClient) -> Answer[Consumption]:
    return await client.informative_consumption(PCE, PERIOD)


def status(code: str | int, message: str = "Un message") -> bytes:
    restitution = {"code": code, "message": message}
    return line(payload("no_data") | {"statut_restitution": restitution})


async def test_rights_are_read_without_the_status_after_them(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("right")) * 2 + line(payload("done")))]
    answer = await client.access_rights()
    assert [right.pce for right in answer.items] == [PCE, PCE]
    assert (answer.complete, answer.refused) == (True, ())
    assert script.calls[0].path == "/adict/v2/droits_acces"


async def test_wrapped_rights_are_unwrapped(
    client: AdictClient, script: Script
) -> None:
    wrapped = {"liste_acces": [payload("right")], "code_statut_traitement": 0}
    script.replies = [Reply(body=orjson.dumps(wrapped))]
    answer = await client.access_rights()
    assert (len(answer.items), answer.complete) == (1, True)


@pytest.mark.parametrize("body", [b'{"liste_acces": []}', line(payload("done"))])
async def test_a_contract_without_any_right_has_none(
    client: AdictClient, script: Script, body: bytes
) -> None:
    script.replies = [Reply(body=body)]
    assert await client.access_rights() == Answer((), complete=True)


async def test_a_contract_that_is_over_is_an_error_whatever_its_code(
    client: AdictClient, script: Script
) -> None:
    message = "Votre contrat GRDF ADICT est expiré"
    over = {"statut_restitution": {"code": "1000099", "message": message}}
    script.replies = [Reply(body=line(over))]
    with pytest.raises(AdictContractOverError) as caught:
        await client.access_rights()
    assert (caught.value.code, caught.value.message) == ("1000099", message)


@pytest.mark.parametrize(
    ("call", "resource"),
    [
        (AdictClient.published_consumption, "donnees_consos_publiees"),
        (AdictClient.informative_consumption, "donnees_consos_informatives"),
    ],
)
async def test_consumption_is_asked_for_between_two_dates(
    client: AdictClient, script: Script, call: type, resource: str
) -> None:
    script.replies = [Reply(body=line(payload("published")))]
    answer = await call(client, " 0999 9999 9006 17", PERIOD)
    assert [item.energy for item in answer.items] == [2032]
    (asked,) = script.calls
    assert asked.path == f"/adict/v2/pce/{PCE}/{resource}"
    assert asked.query == {"date_debut": "2026-08-01", "date_fin": "2026-09-01"}
    assert asked.headers["Authorization"] == "Bearer token-1"
    assert asked.headers["User-Agent"].startswith("grdf-adict/")


async def test_a_gi_pce_is_asked_for_in_capitals(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=status("1000008"))]
    await client.published_consumption("gi999055", PERIOD)
    assert script.calls[0].path == "/adict/v2/pce/GI999055/donnees_consos_publiees"


async def test_an_invalid_request_costs_no_call(
    client: AdictClient, script: Script, quota: Quota
) -> None:
    with pytest.raises(InvalidPceError):
        await client.technical_data("123")
    with pytest.raises(AdictBadRequestError):
        await client.informative_consumption(PCE, DateRange(END, END))
    assert (script.calls, script.token_calls, quota.calls_today) == ([], [], 0)


@pytest.mark.parametrize("text", ["2026", "2026-08", "2026-W30", "2026-213"])
@pytest.mark.parametrize(
    "call", [AdictClient.published_consumption, AdictClient.informative_consumption]
)
async def test_consumption_may_be_asked_for_by_a_calendar_period(
    client: AdictClient, script: Script, call: type, text: str
) -> None:
    script.replies = [Reply(body=line(payload("published")))]
    assert len((await call(client, PCE, parse_period(text))).items) == 1
    assert script.calls[0].query == {"periode": text}


DEPTHS = pytest.mark.parametrize(
    ("call", "oldest"),
    [
        (AdictClient.published_consumption, date(2021, 11, 20)),
        (AdictClient.informative_consumption, date(2023, 11, 20)),
    ],
)


@DEPTHS
async def test_a_period_reaches_as_far_back_as_grdf_keeps_such_data(
    client: AdictClient, script: Script, call: type, oldest: date
) -> None:
    script.replies = [Reply(body=line(payload("published")))]
    await call(client, PCE, DateRange(oldest, date(2026, 11, 20)))
    assert len(script.calls) == 1


@DEPTHS
async def test_a_period_that_reaches_further_costs_no_call(
    client: AdictClient, script: Script, call: type, oldest: date
) -> None:
    too_old = DateRange(oldest - timedelta(days=1), date(2026, 11, 20))
    with pytest.raises(InvalidPeriodError) as caught:
        await call(client, PCE, too_old)
    assert caught.value.problem is PeriodProblem.TOO_OLD
    assert script.calls == []


async def test_today_is_the_date_in_france(
    client: AdictClient, script: Script, clock: Clock
) -> None:
    period = DateRange(START, date(2026, 11, 21))
    with pytest.raises(InvalidPeriodError) as caught:
        await client.informative_consumption(PCE, period)
    assert caught.value.problem is PeriodProblem.IN_FUTURE
    clock.now = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    script.replies = [Reply(body=line(payload("informative")))]
    await client.informative_consumption(PCE, period)


@pytest.mark.parametrize("content_type", ["application/nd-json", "text/plain", ""])
async def test_the_content_type_does_not_matter(
    client: AdictClient, script: Script, content_type: str
) -> None:
    headers = {"Content-Type": content_type}
    script.replies = [Reply(body=line(payload("informative")), headers=headers)]
    assert len((await informative(client)).items) == 1


async def test_a_compressed_stream_is_read(client: AdictClient, script: Script) -> None:
    body = gzip.compress(line(payload("informative")) * 500)
    script.replies = [Reply(body=body, headers={"Content-Encoding": "gzip"})]
    assert len((await informative(client)).items) == 500


async def test_no_data_on_the_period_is_an_empty_result(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("no_data")))]
    assert await informative(client) == Answer((), complete=True)


async def test_a_status_alone_may_come_as_a_plain_object(
    client: AdictClient, script: Script
) -> None:
    body = b'{"statut_restitution": {"code": 1000008, "message": null}}'
    script.replies = [Reply(body=body)]
    assert await informative(client) == Answer((), complete=True)


async def test_a_block_with_data_and_no_data_status_is_kept(
    client: AdictClient, script: Script
) -> None:
    block = payload("absent")
    block["statut_restitution"] = {"code": "1000008", "message": ""}
    script.replies = [Reply(body=line(block))]
    assert len((await informative(client)).items) == 1


async def test_a_partial_error_keeps_the_data_and_makes_the_answer_incomplete(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("informative")) + status("2000100"))]
    answer = await informative(client)
    assert (len(answer.items), answer.complete) == (1, False)
    assert len(script.calls) == 1


async def test_a_partial_error_alone_is_an_incomplete_answer(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=status(2000100))]
    assert await informative(client) == Answer((), complete=False)


async def test_an_error_within_a_200_is_raised_with_grdf_s_message(
    client: AdictClient, script: Script
) -> None:
    body = status("1000001", "Le droit de jean@example.com sur 09999999900617 est fini")
    script.replies = [Reply(body=body)]
    with pytest.raises(AdictAccessRightError) as caught:
        await informative(client)
    assert caught.value.code == "1000001"
    assert caught.value.message == "Le droit de … sur …0617 est fini"
    assert len(script.calls) == 1


async def test_an_error_after_data_makes_the_answer_incomplete(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("informative")) + status("1000001"))]
    answer = await informative(client)
    assert (len(answer.items), answer.complete) == (1, False)


async def test_a_success_code_of_zeros_is_no_error(
    client: AdictClient, script: Script
) -> None:
    block = payload("informative")
    block["statut_restitution"] = {"code": "0000000", "message": "OK"}
    script.replies = [Reply(body=line(block))]
    answer = await informative(client)
    assert (len(answer.items), answer.complete) == (1, True)


async def test_an_impossible_block_is_refused_with_its_day_and_costs_nothing_else(
    client: AdictClient, script: Script
) -> None:
    bad = payload("informative")
    bad["consommation"]["energie"] = -3
    script.replies = [Reply(body=line(bad) + line(payload("informative")))]
    answer = await informative(client)
    assert len(answer.items) == 1
    assert answer.refused == (Refused("energie: negative", date(2021, 8, 16)),)
    assert answer.complete


async def test_another_meter_s_block_is_refused(
    client: AdictClient, script: Script
) -> None:
    other = payload("informative") | {"pce": {"id_pce": "09999999975102"}}
    script.replies = [Reply(body=line(other))]
    answer = await informative(client)
    assert (answer.items, answer.complete) == ((), True)
    (refused,) = answer.refused
    assert refused.reason.startswith("id_pce")
    assert "75102" not in refused.reason


async def test_an_empty_block_without_a_reason_is_refused(
    client: AdictClient, script: Script
) -> None:
    script.replies = [
        Reply(body=line(payload("no_data") | {"statut_restitution": None}))
    ]
    assert (await informative(client)).refused == (Refused("consommation: missing"),)


async def test_an_object_that_cannot_be_read_makes_the_answer_incomplete(
    client: AdictClient, script: Script
) -> None:
    good = line(payload("informative"))
    script.replies = [Reply(body=good + b'{"pce": {"id_p\n' + good)]
    answer = await informative(client)
    assert (len(answer.items), answer.complete) == (2, False)


async def test_an_object_of_another_kind_makes_the_answer_incomplete(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("informative")) + b'{"error":"oops"}')]
    answer = await informative(client)
    assert (len(answer.items), answer.complete) == (1, False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n \n",
        b"<html><body>Maintenance</body></html>",
        b"<html><style>p {color: red}</style></html>",
        b'"text"',
        b'{"error":"oops"}',
        b'{"pce": tru}',
    ],
)
async def test_an_answer_that_cannot_be_understood_is_a_bad_answer(
    client: AdictClient, script: Script, body: bytes
) -> None:
    script.replies = [Reply(body=body)]
    with pytest.raises(AdictBadAnswerError):
        await informative(client)
    assert len(script.calls) == 1


async def test_technical_data_are_one_object(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=orjson.dumps(payload("technical")))]
    data = await client.technical_data(PCE)
    assert data.frequency is Frequency.SIX_MONTHLY
    assert script.calls[0].path == f"/adict/v2/pce/{PCE}/donnees_techniques"


async def test_contract_data_are_one_object(
    client: AdictClient, script: Script
) -> None:
    body = orjson.dumps(payload("contract"), option=orjson.OPT_INDENT_2)
    script.replies = [Reply(body=body)]
    data = await client.contract_data(PCE)
    assert data.annual_reference_consumption == 2667
    assert script.calls[0].path == f"/adict/v2/pce/{PCE}/donnees_contractuelles"


async def test_contract_data_may_be_asked_for_in_part(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("contract"))) for _ in range(2)]
    await client.contract_data(PCE)
    wanted = {ContractField.IN_SERVICE, ContractField.ANNUAL_REFERENCE_CONSUMPTION}
    await client.contract_data(PCE, wanted)
    whole, part = script.calls
    assert whole.pairs == ()
    assert part.pairs == (("filtre", "car"), ("filtre", "date_mes"))


async def test_a_single_object_without_data_is_a_bad_answer(
    client: AdictClient, script: Script
) -> None:
    empty = payload("contract") | {"donnees_contractuelles": None}
    script.replies = [Reply(body=line(empty)), Reply(body=status("1000008"))]
    with pytest.raises(AdictBadAnswerError, match="donnees_contractuelles"):
        await client.contract_data(PCE)
    with pytest.raises(AdictBadAnswerError, match="no data"):
        await client.contract_data(PCE)


async def test_a_single_object_that_failed_half_way_is_unavailable(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=status("2000100"))]
    with pytest.raises(AdictUnavailableError):
        await client.contract_data(PCE)


async def test_other_tasks_run_during_a_long_stream(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("informative")) * 1_096)]
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticker = asyncio.create_task(tick())
    answer = await informative(client)
    ticker.cancel()
    assert len(answer.items) == 1_096
    assert ticks > 10
