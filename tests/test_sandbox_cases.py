"""GRDF's own test cases answer as its notes describe (API notes §11)."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox import CASES_NOW, Sandbox
from tests.sandbox.canned import CONTRACTUAL_DECK, TECHNICAL_DECK
from tests.sandbox.cases import CONTRACT_OVER
from tests.sandbox.visitor import Visitor, objects_of, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

_YEARS = {"date_debut": "2018-10-20", "date_fin": "2023-10-20"}
_RECENT = {"date_debut": "2020-10-20", "date_fin": "2023-10-20"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=CASES_NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


async def test_0617_is_published_from_january_to_october_2021(visitor: Visitor) -> None:
    reply = await visitor.published("09999999900617", **_YEARS)
    first, last = reply.consumptions[0], reply.consumptions[-1]
    assert first["date_debut_consommation"] == "2021-01-01T06:00:00+01:00"
    assert first["date_fin_consommation"] == "2021-01-23T06:00:00+01:00"
    assert reply.objects[0]["releve_debut"]["index_brut_debut"]["valeur_index"] == 771
    assert last["date_fin_consommation"] == "2021-10-15T06:00:00+02:00"


async def test_0617_has_the_decks_contractual_data(visitor: Visitor) -> None:
    reply = await visitor.get("/pce/09999999900617/donnees_contractuelles")
    assert reply.one == CONTRACTUAL_DECK
    assert reply.one["donnees_contractuelles"]["date_mes"] == "2021-08-02"


async def test_0617_refuses_a_start_over_five_years_back(visitor: Visitor) -> None:
    query = {"date_debut": "2018-10-19", "date_fin": "2021-10-15"}
    assert (await visitor.published("09999999900617", **query)).status == 400


async def test_0617_breaks_down_on_the_informative_year_2023(visitor: Visitor) -> None:
    assert (await visitor.informative("09999999900617", periode="2023")).status == 500
    reply = await visitor.informative("09999999900617", periode="2021-08")
    assert reply.consumptions[-1]["journee_gaziere"] == "2021-08-31"


async def test_5102_streams_a_broken_block(visitor: Visitor) -> None:
    query = {"date_debut": "2021-08-18", "date_fin": "2023-08-17"}
    headers = {"Authorization": visitor.header or ""}
    url = f"{visitor.served.api_url}/pce/09999999975102/donnees_consos_publiees"
    async with visitor.http.get(url, params=query, headers=headers) as found:
        lines = (await found.text()).splitlines()
    assert found.status == 200
    assert lines[0].endswith("}")
    assert not lines[1].endswith("}")
    assert all(line.endswith("}") for line in lines[2:])
    whole = await visitor.published("09999999975102", **_YEARS)
    assert len(whole.objects) > len(lines)


async def test_5102_opens_technical_but_not_informative_nor_contractual_data(
    visitor: Visitor,
) -> None:
    pce = "09999999975102"
    informative = await visitor.informative(pce, **_RECENT)
    contractual = await visitor.get(f"/pce/{pce}/donnees_contractuelles")
    technical = await visitor.get(f"/pce/{pce}/donnees_techniques")
    assert (informative.code, contractual.code) == ("1000010", "1000002")
    assert technical.one == TECHNICAL_DECK


async def test_gi999055_turns_from_months_to_days(visitor: Visitor) -> None:
    reply = await visitor.published("GI999055", periode="2023")
    ends = [
        (wire["date_debut_consommation"][:10], wire["date_fin_consommation"][:10])
        for wire in reply.consumptions
    ]
    assert ends[1:4] == [
        ("2023-01-01", "2023-02-01"),
        ("2023-02-01", "2023-02-10"),
        ("2023-02-10", "2023-02-11"),
    ]
    assert reply.objects[2]["releve_fin"]["raison_releve"] == "CFR"


async def test_gi999055_has_a_contract_that_is_over_and_no_technical_data(
    visitor: Visitor,
) -> None:
    informative = await visitor.informative("GI999055", **_RECENT)
    technical = await visitor.get("/pce/GI999055/donnees_techniques")
    assert informative.one == CONTRACT_OVER
    assert technical.code == "1000002"


async def test_gi999947_changes_supplier_at_new_year(visitor: Visitor) -> None:
    reply = await visitor.published("GI999947", periode="2022-12")
    reading = reply.objects[-1]["releve_fin"]
    assert reading["raison_releve"] == "CHF1"
    assert reading["date_releve"] == "2023-01-01T06:00:00+01:00"


@pytest.mark.parametrize(
    ("start", "end"), [("2020-10-19", "2023-10-01"), ("2023-10-01", "2023-10-21")]
)
async def test_gi999947_refuses_informative_dates_too_old_or_to_come(
    visitor: Visitor, start: str, end: str
) -> None:
    reply = await visitor.informative("GI999947", date_debut=start, date_fin=end)
    assert reply.status == 400


async def test_gi151947_has_informative_days_of_february_2023(visitor: Visitor) -> None:
    query = {"date_debut": "2023-02-26", "date_fin": "2023-02-28"}
    reply = await visitor.informative("GI151947", **query)
    assert [wire["journee_gaziere"][5:] for wire in reply.consumptions] == [
        "02-25",
        "02-26",
        "02-27",
        "02-28",
    ]


async def test_8289_changes_its_meter_and_then_tells_its_days(visitor: Visitor) -> None:
    published = await visitor.published("09999999928289", periode="2023")
    changed = next(
        number
        for number, block in enumerate(published.objects)
        if block["releve_fin"]["raison_releve"] == "COM"
    )
    after = published.objects[changed + 1]
    assert published.objects[changed]["releve_fin"]["date_releve"][:10] == "2023-03-29"
    assert after["releve_debut"]["index_brut_debut"]["valeur_index"] == 0
    september = await visitor.informative("09999999928289", periode="2023-09")
    assert len({wire["journee_gaziere"] for wire in september.consumptions}) == 31
    before = await visitor.informative("09999999928289", periode="2023-07")
    assert before.code == "1000008"


async def test_gi999159_changes_tariff_and_breaks_down_on_2023(
    visitor: Visitor,
) -> None:
    reply = await visitor.published("GI999159", periode="2023-01")
    assert reply.objects[-1]["releve_fin"]["raison_releve"] == "CHT"
    assert (await visitor.published("GI999159", periode="2023")).status == 500


@pytest.mark.parametrize(
    ("pce", "code"),
    [
        ("09999999900112", "1000002"),
        ("09999999930215", "1000001"),
        ("09999999932770", "1000014"),
        ("09999999970626", "1000002"),
    ],
)
@pytest.mark.parametrize("call", ["published", "informative"])
async def test_a_right_that_is_missing_expired_or_revoked_gives_no_data(
    visitor: Visitor, call: str, pce: str, code: str
) -> None:
    reply = await getattr(visitor, call)(pce, periode="2023")
    assert (reply.status, reply.code) == (200, code)


async def test_gi999092_is_silent_since_it_went_out_of_service(
    visitor: Visitor,
) -> None:
    reply = await visitor.published("GI999092", **_YEARS)
    assert reply.objects[-1]["releve_fin"]["raison_releve"] == "RSP"
    assert reply.consumptions[-1]["date_fin_consommation"][:10] == "2022-07-01"
    assert (await visitor.published("GI999092", periode="2023")).code == "1000008"


async def test_gi999054_ends_its_stream_with_an_error(visitor: Visitor) -> None:
    reply = await visitor.published("GI999054", periode="2023")
    assert len(reply.objects) == 41
    assert reply.code == "2000100"
    assert (await visitor.published("GI999054", periode="2023-03")).code is None


async def test_the_cases_rights_are_listed_on_demand(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    usual = await visitor.get("/droits_acces")
    sandbox.switches.lists_cases = True
    more = await visitor.get("/droits_acces")
    added = {item.get("id_pce") for item in more.objects} - {
        item.get("id_pce") for item in usual.objects
    }
    assert "09999999900617" in added
    assert "09999999900112" not in added
    assert objects_of(more.text) == more.objects
