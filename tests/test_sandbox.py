"""The sandbox speaks ADICT: tokens, rights, queries and what it refuses."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from tests.sandbox import (
    BUSINESS,
    FARM,
    FLAT,
    FORMER,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    PRODUCER,
    WAITING,
    Sandbox,
)
from tests.sandbox.canned import (
    ACCESS_RIGHTS_DECK,
    INFORMATIVE_RECORDED,
    PUBLISHED_DECK,
    PUBLISHED_RECORDED,
    TECHNICAL_DECK,
)
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Visitor, Wire, objects_of, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
WEEK = {"date_debut": "2026-11-02", "date_fin": "2026-11-09"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


def names(value: object) -> object:
    """Return the tree of field names, in order, without the values."""
    if isinstance(value, dict):
        return [(name, names(inner)) for name, inner in value.items()]
    return None


async def test_the_right_client_gets_a_bearer_for_four_hours(visitor: Visitor) -> None:
    reply = await visitor.token()
    assert reply.status == 200
    assert reply.one["token_type"] == "Bearer"
    assert reply.one["expires_in"] == 14400
    assert reply.one["scope"].startswith("/adict/bas/v6 ")


@pytest.mark.parametrize(
    ("changes", "status", "field", "error"),
    [
        ({"client_secret": "wrong"}, 401, "error", "invalid_client"),
        ({"client_id": "nobody"}, 401, "errorCode", "invalid_client"),
        ({"grant_type": "password"}, 400, "error", "unsupported_grant_type"),
        ({"scope": "openid"}, 400, "error", "invalid_scope"),
    ],
)
async def test_a_bad_token_request_is_refused_in_oktas_words(
    visitor: Visitor, changes: dict[str, str], status: int, field: str, error: str
) -> None:
    reply = await visitor.token(**changes)
    assert (reply.status, reply.one[field]) == (status, error)


async def test_a_token_ends_after_four_hours_of_the_sandboxs_clock(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.now = NOW + timedelta(hours=4, seconds=-1)
    assert (await visitor.get("/droits_acces")).status == 200
    sandbox.now = NOW + timedelta(hours=4)
    assert (await visitor.get("/droits_acces")).status == 401


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Bearer", 400),
        ("Basic ZGVtbw==", 400),
        ("Bearer not-a-token", 400),
        ("Bearer un.known.token", 401),
    ],
)
async def test_a_header_without_a_valid_token_is_refused(
    visitor: Visitor, header: str | None, status: int
) -> None:
    visitor.header = header
    assert (await visitor.get("/droits_acces")).status == status


async def test_an_ended_token_is_refused_and_a_new_one_taken(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.tokens.expire()
    assert (await visitor.get("/droits_acces")).status == 401
    await visitor.log_in()
    assert (await visitor.get("/droits_acces")).status == 200


async def test_rights_end_with_a_status_object(visitor: Visitor) -> None:
    reply = await visitor.get("/droits_acces")
    assert reply.code == "0000000000"
    states = [(item["id_pce"], item["etat_droit_acces"]) for item in reply.objects[:-1]]
    assert states == [
        (HOUSE, "Révoquée"),
        (HOUSE, "Active"),
        (FLAT, "Active"),
        (HALF_YEARLY, "Active"),
        (WAITING, "A valider"),
        (FORMER, "Obsolète"),
        (BUSINESS, "Active"),
        (INDUSTRY, "Active"),
        (FARM, "Active"),
        (PRODUCER, "Active"),
        (FARM, "Active"),
    ]


async def test_a_right_has_the_fields_that_the_deck_shows(visitor: Visitor) -> None:
    right = (await visitor.get("/droits_acces")).objects[0]
    deck = objects_of(ACCESS_RIGHTS_DECK)[0]
    assert set(deck) <= set(right)
    assert right["date_creation"] == "2023-03-04 16:00:00"


async def test_rights_can_come_wrapped(sandbox: Sandbox, visitor: Visitor) -> None:
    sandbox.switches.wraps_rights = True
    reply = await visitor.get("/droits_acces")
    assert len(reply.objects[0]["liste_acces"]) == len(sandbox.rights)


@pytest.mark.parametrize("base", ["/adict/v2", "/adict/bas/v6"])
async def test_both_bases_answer_alike(visitor: Visitor, base: str) -> None:
    reply = await visitor.get(f"/pce/{HOUSE}/donnees_techniques", base)
    assert names(reply.one) == names(TECHNICAL_DECK)


@pytest.mark.parametrize(
    ("pce", "frequency"),
    [
        (HOUSE, "1M"),
        (FLAT, "1M"),
        (HALF_YEARLY, "6M"),
        (BUSINESS, "MM"),
        (INDUSTRY, "JJ"),
    ],
)
async def test_technical_data_name_the_frequency(
    visitor: Visitor, pce: str, frequency: str
) -> None:
    reply = await visitor.get(f"/pce/{pce}/donnees_techniques")
    meter = reply.one["donnees_techniques"]["caracteristiques_compteur"]
    assert meter["frequence"] == frequency


async def test_contractual_data_can_be_filtered(visitor: Visitor) -> None:
    path = f"/pce/{HOUSE}/donnees_contractuelles"
    reply = await visitor.get(f"{path}?filtre=car&filtre=date_mes")
    assert set(reply.one["donnees_contractuelles"]) == {"car", "date_mes"}
    assert (await visitor.get(path, filtre="price")).status == 400


async def test_informative_and_published_blocks_have_the_recorded_field_names(
    visitor: Visitor,
) -> None:
    informative = await visitor.informative(HOUSE, **WEEK)
    published = await visitor.published(HOUSE, periode="2026-05")
    assert names(informative.objects[0]) == names(INFORMATIVE_RECORDED)
    assert names(published.objects[0]) == names(PUBLISHED_RECORDED)
    assert names(PUBLISHED_RECORDED) == names(PUBLISHED_DECK)


async def test_a_block_echoes_the_query(visitor: Visitor) -> None:
    by_dates = await visitor.informative(HOUSE, **WEEK)
    by_period = await visitor.informative(HOUSE, periode="2026-W45")
    assert by_dates.objects[0]["periode"] == {"valeur": None} | WEEK
    assert by_period.objects[0]["periode"]["valeur"] == "2026-W45"


def gas_days(blocks: list[Wire]) -> list[str]:
    return [block["journee_gaziere"] for block in blocks]


async def test_a_query_gives_the_gas_day_before_unless_switched_off(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    reply = await visitor.informative(BUSINESS, **WEEK)
    assert gas_days(reply.consumptions)[0] == "2026-11-01"
    sandbox.switches.gives_day_before = False
    reply = await visitor.informative(BUSINESS, **WEEK)
    assert gas_days(reply.consumptions)[0] == "2026-11-02"
    assert gas_days(reply.consumptions)[-1] == "2026-11-09"


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026-05", "2026-05-01", "2026-05-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-060", "2026-03-01", "2026-03-01"),
        ("2026", "2026-01-01", "2026-11-18"),
    ],
)
async def test_a_period_is_a_year_a_month_a_week_or_a_day(
    sandbox: Sandbox, visitor: Visitor, period: str, first: str, last: str
) -> None:
    sandbox.switches.gives_day_before = False
    reply = await visitor.published(INDUSTRY, periode=period)
    days = gas_days(reply.consumptions)
    assert (days[0], days[-1]) == (first, last)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"date_debut": "2026-11-02"},
        {"periode": "2026", **WEEK},
        {"periode": "2026-13"},
        {"periode": "2026-W54"},
        {"periode": "2025-366"},
        {"periode": "26"},
        {"periode": "2022"},
        {"date_debut": "2026-11-09", "date_fin": "2026-11-02"},
        {"date_debut": "2026-11-09", "date_fin": "2026-11-09"},
        {"date_debut": "02/11/2026", "date_fin": "09/11/2026"},
        {"date_debut": "2026-02-30", "date_fin": "2026-11-02"},
        {"date_debut": "2023-11-19", "date_fin": "2026-11-02"},
    ],
)
async def test_a_query_that_breaks_a_rule_is_a_bad_request(
    visitor: Visitor, query: dict[str, str]
) -> None:
    assert (await visitor.informative(HOUSE, **query)).status == 400


async def test_a_query_may_not_end_after_today(visitor: Visitor) -> None:
    query = {"date_debut": "2026-11-02", "date_fin": "2026-11-21"}
    reply = await visitor.published(HOUSE, **query)
    assert (reply.status, reply.code) == (400, "1000016")


@pytest.mark.parametrize(("call", "years"), [("published", 5), ("informative", 3)])
async def test_history_is_as_deep_as_the_deck_says(
    visitor: Visitor, call: str, years: int
) -> None:
    ask = getattr(visitor, call)
    end = {"date_fin": "2026-11-20"}
    deepest = await ask(HOUSE, date_debut=f"{2026 - years}-11-20", **end)
    too_deep = await ask(HOUSE, date_debut=f"{2026 - years}-11-19", **end)
    assert (deepest.status, too_deep.status) == (200, 400)


@pytest.mark.parametrize(
    ("pce", "status", "code"),
    [
        ("09999999911111", 404, "1000000006"),
        ("GI99", 400, "1000000037"),
        ("gi990001", 400, "1000000037"),
    ],
)
async def test_a_pce_that_is_unknown_or_malformed_is_refused(
    visitor: Visitor, pce: str, status: int, code: str
) -> None:
    reply = await visitor.informative(pce, **WEEK)
    assert (reply.status, reply.code) == (status, code)


async def test_a_6m_meter_has_no_informative_data(visitor: Visitor) -> None:
    reply = await visitor.informative(HALF_YEARLY, **WEEK)
    assert (reply.status, reply.code) == (200, "1000008")
    assert reply.one["consommation"] is None


@pytest.mark.parametrize(
    ("pce", "changes", "code"),
    [
        (WAITING, {}, "1000002"),
        (FORMER, {}, "1000001"),
        (HOUSE, {"state": "Révoquée"}, "1000002"),
        (HOUSE, {"state": "Révoquée", "revocation_source": "TITULAIRE"}, "1000014"),
        (HOUSE, {"state": "Obsolète"}, "1000000"),
        (HOUSE, {"state": "A revérifier"}, "1000011"),
        (HOUSE, {"state": "Refusée"}, "1000002"),
        (HOUSE, {"proof_state": "Preuve Vérifiée KO"}, "1000011"),
        (HOUSE, {"end": date(2026, 11, 19)}, "1000001"),
        (HOUSE, {"start": date(2026, 11, 21)}, "1000002"),
        (HOUSE, {"informative": False}, "1000010"),
        (FLAT, {"role": "AUTORISE_CONTRAT_INJECTION"}, "1000002"),
        (HOUSE, {"consumption_to": date(2026, 10, 1)}, "1000008"),
    ],
)
async def test_a_right_that_does_not_cover_the_call_gives_its_code(
    sandbox: Sandbox, visitor: Visitor, pce: str, changes: Wire, code: str
) -> None:
    right = sandbox.right(pce)
    for name, value in changes.items():
        setattr(right, name, value)
    reply = await visitor.informative(pce, **WEEK)
    assert (reply.status, reply.code) == (200, code)
    assert sandbox.available_days(pce) == {} or code == "1000008"


async def test_a_refusal_can_be_an_http_403(sandbox: Sandbox, visitor: Visitor) -> None:
    sandbox.switches.refusal_status = 403
    sandbox.right(HOUSE).published = False
    reply = await visitor.published(HOUSE, **WEEK)
    assert (reply.status, reply.code) == (403, "1000009")


async def test_data_stay_within_the_rights_dates(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    right = sandbox.right(INDUSTRY)
    right.consumption_from = date(2026, 11, 4)
    right.consumption_to = date(2026, 11, 6)
    reply = await visitor.published(INDUSTRY, **WEEK)
    days = ["2026-11-04", "2026-11-05", "2026-11-06"]
    assert gas_days(reply.consumptions) == days
    assert [str(day) for day in sandbox.available_days(INDUSTRY)] == days


async def test_pretty_objects_touch(sandbox: Sandbox, visitor: Visitor) -> None:
    plain = await visitor.informative(HOUSE, **WEEK)
    sandbox.switches.pretty = True
    pretty = await visitor.informative(HOUSE, **WEEK)
    assert "\n}{\n" in pretty.text
    assert plain.text.count("\n") == len(plain.objects)
    assert pretty.objects == plain.objects
