"""Injected gas: read as a consumption whose gas flows the other way."""

from datetime import UTC, date, datetime
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.grdf_adict.adict import (
    SANDBOX,
    AdictClient,
    ConsumptionKind,
    ConsumptionStatus,
    DateRange,
    Endpoints,
    FlowDirection,
    InvalidPeriodError,
    PeriodProblem,
    Qualification,
    Quota,
    Refused,
)
from custom_components.grdf_adict.adict.models.consumption import read_injection
from custom_components.grdf_adict.adict.models.wire import ImpossibleValueError

from .conftest import Clock, Reply, Script
from .payloads import line, payload

PCE = "GI999150"
PERIOD = DateRange(date(2026, 7, 1), date(2026, 7, 17))


def block(**changes: Any) -> dict[str, Any]:
    wire = payload("injection")
    wire["injection"] |= changes
    return wire


async def test_injections_are_asked_for_and_read(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(block()))]
    answer = await client.published_injections(PCE, PERIOD)
    (item,) = answer.items
    assert (item.kind, item.direction) == (
        ConsumptionKind.INJECTION,
        FlowDirection.PRODUCTION,
    )
    assert (item.energy, item.raw_volume, item.converted_volume) == (53366, 4800, 4896)
    assert item.conversion_coefficient == pytest.approx(11.118)
    assert item.qualification is Qualification.MEASURED
    assert item.status is ConsumptionStatus.FINAL
    assert item.gas_day == date(2026, 7, 1)
    assert item.start == datetime(2026, 7, 1, 4, tzinfo=UTC)
    assert item.end == datetime(2026, 7, 2, 4, tzinfo=UTC)
    assert item.start_reading is not None
    assert item.start_reading.index == 120_000
    (asked,) = script.calls
    assert asked.path == f"/adict/v2/pce/{PCE}/donnees_injections_publiees"
    assert asked.query == {"date_debut": "2026-07-01", "date_fin": "2026-07-17"}


async def test_the_sandbox_has_its_own_name_for_injections(
    http: ClientSession,
    endpoints: Endpoints,
    quota: Quota,
    clock: Clock,
    script: Script,
) -> None:
    sandbox = Endpoints(
        endpoints.api, endpoints.token, SANDBOX.scope, injections=SANDBOX.injections
    )
    client = AdictClient(
        http, sandbox, client_id="a", client_secret="b", quota=quota, clock=clock
    )
    script.replies = [Reply(body=line(block()))]
    await client.published_injections(PCE, PERIOD)
    assert script.calls[0].path.endswith("/donnees_injection_publiees")


async def test_injections_reach_five_years_back(client: AdictClient) -> None:
    with pytest.raises(InvalidPeriodError) as caught:
        await client.published_injections(
            PCE, DateRange(date(2021, 11, 19), date(2021, 12, 1))
        )
    assert caught.value.problem is PeriodProblem.TOO_OLD


async def test_an_impossible_injection_is_refused_with_its_day(
    client: AdictClient, script: Script
) -> None:
    bad = line(block(energie=-1)) + line(block(energie="x", journee_gaziere=None))
    script.replies = [Reply(body=bad + line(block()))]
    answer = await client.published_injections(PCE, PERIOD)
    assert len(answer.items) == 1
    assert answer.refused == (
        Refused("energie: negative", date(2026, 7, 1)),
        Refused("energie: no finite number", date(2026, 7, 1)),
    )


def test_bare_dates_are_the_starts_of_gas_days() -> None:
    item = read_injection(
        block(date_debut_injection="2026-07-01", date_fin_injection=" 2026-07-03 ")
    )
    assert item.start == datetime(2026, 7, 1, 4, tzinfo=UTC)
    assert item.end == datetime(2026, 7, 3, 4, tzinfo=UTC)


def test_an_injection_without_a_period_is_its_gas_day() -> None:
    item = read_injection(block(date_debut_injection=None, date_fin_injection=""))
    assert item.start == datetime(2026, 7, 1, 4, tzinfo=UTC)
    assert item.end == datetime(2026, 7, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"date_debut_injection": "soon"},
        {"date_debut_injection": "2026-07-01 late in the day"},
        {"date_fin_injection": "2026-06-30"},
        {"date_debut_injection": None, "journee_gaziere": None},
        {"date_debut_injection": "1900-01-01"},
    ],
)
def test_an_injection_with_an_impossible_period_is_refused(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(ImpossibleValueError, match="_injection"):
        read_injection(block(**changes))


def test_a_consumption_is_no_injection() -> None:
    with pytest.raises(ImpossibleValueError, match="injection: missing"):
        read_injection(payload("published"))
