"""The sandbox's gas is plausible, and appears when GRDF would publish it."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import mean

import pytest

from tests.sandbox import (
    BUSINESS,
    FLAT,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    Block,
    Frequency,
    Sandbox,
    TruthDay,
)
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Visitor, visiting
from tests.sandbox.wire import consumption

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


def measured(sandbox: Sandbox, pce: str) -> list[Block]:
    """Return three years of informative days without the absent ones."""
    blocks = sandbox.informative(pce, date(2023, 11, 20))
    return [block for block in blocks if not block.is_absent]


def coefficient(block: Block) -> float:
    """Return a block's kWh for each m³, whichever way GRDF gives it."""
    if block.coefficient is not None:
        return block.coefficient
    assert block.pta is not None
    assert block.pcs is not None
    return block.pta * block.pcs


def kwh(block: Block) -> int:
    assert block.kwh is not None
    return block.kwh


def m3(block: Block) -> int:
    assert block.m3 is not None
    return block.m3


def mean_kwh(days: dict[date, TruthDay], *months: int) -> float:
    return mean(day.kwh or 0 for day in days.values() if day.gas_day.month in months)


def test_the_same_seed_gives_the_same_gas() -> None:
    one, same, other = (Sandbox(seed=seed, now=NOW) for seed in (1, 1, 2))
    assert one.truth(HOUSE).days == same.truth(HOUSE).days
    assert one.truth(HOUSE).days != other.truth(HOUSE).days


def test_gas_does_not_change_when_time_passes(sandbox: Sandbox) -> None:
    before = sandbox.truth(BUSINESS).days
    sandbox.now = NOW + timedelta(days=40)
    after = sandbox.truth(BUSINESS).days
    assert {day: after[day].kwh for day in before} == {
        day: truth.kwh for day, truth in before.items()
    }


@pytest.mark.parametrize("pce", [HOUSE, FLAT, HALF_YEARLY, BUSINESS])
def test_a_heated_place_burns_much_more_in_winter(sandbox: Sandbox, pce: str) -> None:
    days = dict(sandbox.truth(pce).days)
    assert mean_kwh(days, 12, 1, 2) > 4 * mean_kwh(days, 6, 7, 8)


def test_a_house_still_heats_its_water_in_summer(sandbox: Sandbox) -> None:
    assert 4 < mean_kwh(dict(sandbox.truth(HOUSE).days), 6) < 12


@pytest.mark.parametrize("pce", [BUSINESS, INDUSTRY])
def test_a_business_rests_on_sunday(sandbox: Sandbox, pce: str) -> None:
    days = sandbox.truth(pce).days.values()
    sundays = [day.kwh or 0 for day in days if day.gas_day.weekday() == 6]
    tuesdays = [day.kwh or 0 for day in days if day.gas_day.weekday() == 1]
    assert mean(sundays) < 0.8 * mean(tuesdays)


@pytest.mark.parametrize("pce", [HOUSE, FLAT, HALF_YEARLY, BUSINESS, INDUSTRY])
def test_a_years_gas_is_near_the_annual_reference(sandbox: Sandbox, pce: str) -> None:
    days = sandbox.truth(pce).days.values()
    reference = sandbox.meters[pce].site.annual_reference
    for year in range(2019, 2026):
        total = sum(day.kwh or 0 for day in days if day.gas_day.year == year)
        assert 0.8 * reference < total < 1.2 * reference


def test_the_conversion_coefficient_changes_with_the_month_only(
    sandbox: Sandbox,
) -> None:
    for pce in (HOUSE, FLAT, BUSINESS, INDUSTRY):
        days = sandbox.truth(pce).days.values()
        found = {(d.gas_day.year, d.gas_day.month, d.coefficient) for d in days}
        months = {(year, month) for year, month, _ in found}
        assert len(found) == len(months)
        assert all(9.5 <= (value or 0) <= 11.5 for *_, value in found)
        assert len({value for *_, value in found}) > 20


def test_energy_is_not_volume_times_coefficient(sandbox: Sandbox) -> None:
    gaps = [
        kwh(block) - m3(block) * coefficient(block)
        for block in measured(sandbox, HOUSE)
    ]
    assert -6.5 < min(gaps) < -5
    assert 4.5 < max(gaps) < 6.5
    assert abs(mean(gaps)) < 2


def test_some_days_differ_from_their_index_and_some_have_energy_without_volume(
    sandbox: Sandbox,
) -> None:
    blocks = measured(sandbox, HOUSE)
    odd = [
        after
        for before, after in pairwise(blocks)
        if before.end == after.start
        and (after.index_end or 0) - (before.index_end or 0) != m3(after)
    ]
    assert 0.15 * len(blocks) < len(odd) < 0.35 * len(blocks)
    assert 3 < sum(m3(b) == 0 and kwh(b) > 0 for b in blocks) < 60


def test_the_index_never_goes_back(sandbox: Sandbox) -> None:
    indexes = [block.index_end or 0 for block in measured(sandbox, BUSINESS)]
    assert indexes == sorted(indexes)


def test_published_months_agree_with_their_days_within_a_few_kwh(
    sandbox: Sandbox,
) -> None:
    days = sandbox.truth(HOUSE).days
    blocks = sandbox.published(HOUSE)[1:]
    gaps = [
        kwh(block) - sum(days[day].kwh or 0 for day in span(block)) for block in blocks
    ]
    assert len(blocks) > 60
    assert max(map(abs, gaps)) < 8
    assert any(gaps)


def span(block: Block) -> list[date]:
    return [block.start + DAY * n for n in range((block.end - block.start).days)]


def test_published_blocks_follow_one_another(sandbox: Sandbox) -> None:
    for pce in sandbox.meters:
        for before, after in pairwise(sandbox.published(pce)):
            assert before.end == after.start
            assert before.index_end == after.index_start


def test_the_houses_months_end_on_its_reading_day(sandbox: Sandbox) -> None:
    assert {block.end.day for block in sandbox.published(HOUSE)} == {12}


def test_the_flat_was_read_twice_a_year_until_it_could_tell_its_days(
    sandbox: Sandbox,
) -> None:
    kinds = [block.frequency for block in sandbox.published(FLAT)]
    first_day = min(sandbox.available_days(FLAT))
    assert kinds == sorted(kinds, reverse=True)
    assert set(kinds) == {Frequency.HALF_YEARLY, Frequency.MONTHLY}
    assert first_day == date(2024, 7, 1)


@pytest.mark.parametrize(
    ("pce", "now", "newest"),
    [
        (HOUSE, "2026-11-20T05:59:00+01:00", "2026-11-16"),
        (HOUSE, "2026-11-20T06:00:00+01:00", "2026-11-17"),
        (BUSINESS, "2026-11-20T05:59:00+01:00", "2026-11-17"),
        (BUSINESS, "2026-11-20T06:00:00+01:00", "2026-11-18"),
        (INDUSTRY, "2026-11-20T14:59:00+01:00", "2026-11-18"),
        (INDUSTRY, "2026-11-20T15:00:00+01:00", "2026-11-19"),
    ],
)
def test_a_day_appears_with_its_types_delay(
    sandbox: Sandbox, pce: str, now: str, newest: str
) -> None:
    sandbox.now = datetime.fromisoformat(now)
    assert str(max(sandbox.available_days(pce))) == newest


@pytest.mark.parametrize(
    ("pce", "now", "end"),
    [
        (HOUSE, "2026-11-12T23:00:00+01:00", "2026-10-12"),
        (HOUSE, "2026-11-13T06:00:00+01:00", "2026-11-12"),
        (HALF_YEARLY, "2026-10-08T23:00:00+02:00", "2026-04-08"),
        (HALF_YEARLY, "2026-10-09T06:00:00+02:00", "2026-10-08"),
        (BUSINESS, "2026-11-01T11:59:00+01:00", "2026-10-01"),
        (BUSINESS, "2026-11-01T12:00:00+01:00", "2026-11-01"),
    ],
)
def test_a_reading_is_published_with_its_types_delay(
    sandbox: Sandbox, pce: str, now: str, end: str
) -> None:
    sandbox.now = datetime.fromisoformat(now)
    assert str(sandbox.published(pce)[-1].end) == end


def status_of(blocks: list[Block], day: date) -> str | None:
    return next(b.status for b in reversed(blocks) if b.start == day)


def test_an_informative_day_is_provisional_until_its_month_is_published(
    sandbox: Sandbox,
) -> None:
    assert status_of(sandbox.informative(HOUSE), date(2026, 11, 11)) == "Définitive"
    assert status_of(sandbox.informative(HOUSE), date(2026, 11, 12)) == "Provisoire"


def test_a_jj_day_is_provisional_until_its_month_ends(sandbox: Sandbox) -> None:
    assert status_of(sandbox.published(INDUSTRY), date(2026, 10, 31)) == "Définitive"
    assert status_of(sandbox.published(INDUSTRY), date(2026, 11, 1)) == "Provisoire"


@pytest.mark.parametrize("pce", [HOUSE, BUSINESS])
def test_a_few_days_are_absent_and_a_few_came_late(sandbox: Sandbox, pce: str) -> None:
    blocks = sandbox.informative(pce, date(2025, 1, 1))
    absent = [b.start for b in blocks if b.is_absent and b.start.year == 2025]
    came_late = [
        b.start for b in blocks if b.start in absent and b.qualification == "Mesuré"
    ]
    days = sandbox.available_days(pce)
    assert (len(absent), len(came_late)) == (5, 2)
    assert [day for day in absent if days[day].is_absent] == [
        day for day in absent if day not in came_late
    ]


def test_an_absent_day_has_every_number_null(sandbox: Sandbox) -> None:
    absent = next(b for b in sandbox.informative(HOUSE) if b.is_absent)
    wire = consumption(HOUSE, {}, absent)
    found = wire["consommation"]
    assert isinstance(found, dict)
    numbers = ("volume_brut", "volume_converti", "energie", "statut_conso")
    assert [found[name] for name in numbers] == [None] * 4
    assert set(found["coeff_calcul"].values()) == {None}


@pytest.mark.parametrize(
    ("day", "start", "end", "hours"),
    [
        ("2026-03-28", "06:00:00+01:00", "06:00:00+02:00", 23),
        ("2025-10-25", "06:00:00+02:00", "06:00:00+01:00", 25),
        ("2026-05-04", "06:00:00+02:00", "06:00:00+02:00", 24),
    ],
)
async def test_a_clock_change_makes_a_short_or_a_long_gas_day(
    visitor: Visitor, day: str, start: str, end: str, hours: int
) -> None:
    after = str(date.fromisoformat(day) + DAY)
    reply = await visitor.published(INDUSTRY, date_debut=day, date_fin=after)
    wire = next(c for c in reply.consumptions if c["journee_gaziere"] == day)
    first, last = wire["date_debut_consommation"], wire["date_fin_consommation"]
    assert (first, last) == (f"{day}T{start}", f"{after}T{end}")
    length = datetime.fromisoformat(last) - datetime.fromisoformat(first)
    assert length == timedelta(hours=hours)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


@pytest.mark.parametrize(
    ("pce", "call", "parts"),
    [
        (HOUSE, "informative", {"coeff_conversion"}),
        (HOUSE, "published", {"coeff_conversion"}),
        (HALF_YEARLY, "published", {"coeff_pta", "valeur_pcs"}),
        (BUSINESS, "informative", {"coeff_pta", "valeur_pcs"}),
        (INDUSTRY, "published", {"coeff_pta", "valeur_pcs"}),
    ],
)
async def test_only_a_1m_meter_sends_the_whole_coefficient(
    visitor: Visitor, pce: str, call: str, parts: set[str]
) -> None:
    reply = await getattr(visitor, call)(pce, periode="2026")
    wire = reply.consumptions[0]["coeff_calcul"]
    assert {name for name, value in wire.items() if value is not None} == parts


async def test_a_jj_meter_converts_its_volume(visitor: Visitor) -> None:
    reply = await visitor.published(INDUSTRY, periode="2026-05")
    for wire in reply.consumptions:
        converted = wire["volume_converti"]
        pcs = wire["coeff_calcul"]["valeur_pcs"]
        assert wire["energie"] == pytest.approx(converted * pcs, rel=0.01)
        assert converted < wire["volume_brut"]


async def test_what_comes_over_http_is_the_truth(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.switches.gives_day_before = False
    span = {"date_debut": "2023-11-20", "date_fin": "2026-11-20"}
    reply = await visitor.informative(HOUSE, **span)
    found: dict[str, int | None] = {}
    for wire in reply.consumptions:
        found[wire["journee_gaziere"]] = wire["energie"]
    assert found == {
        str(day): truth.kwh for day, truth in sandbox.available_days(HOUSE).items()
    }


@pytest.mark.parametrize("pce", [HOUSE, INDUSTRY])
async def test_a_test_can_correct_withdraw_delay_and_restore_a_day(
    sandbox: Sandbox, visitor: Visitor, pce: str
) -> None:
    day = date(2026, 11, 4)

    async def seen() -> list[tuple[int | None, int | None, str]]:
        ask = visitor.informative if pce == HOUSE else visitor.published
        reply = await ask(pce, date_debut="2026-11-03", date_fin="2026-11-06")
        return [
            (wire["energie"], wire["volume_brut"], wire["type_qualif_conso"])
            for wire in reply.consumptions
            if wire["journee_gaziere"] == str(day)
        ]

    original = await seen()
    sandbox.correct(pce, day, kwh=33, m3=3)
    assert await seen() == [(33, 3, "Corrigé")]
    assert sandbox.available_days(pce)[day].kwh == 33
    sandbox.withdraw(pce, day)
    assert await seen() == [(None, None, "Absence de Données")]
    sandbox.delay(pce, day, date(2026, 11, 21))
    assert await seen() == []
    assert day not in sandbox.available_days(pce)
    sandbox.restore(pce, day)
    assert await seen() == original


async def test_a_test_can_write_any_field_of_a_day(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.raw(
        HOUSE,
        date(2026, 11, 4),
        energie="12,5",
        coeff_conversion="11,2",
        releve_fin__index_brut_fin__valeur_index="8 400",
    )
    reply = await visitor.informative(HOUSE, periode="2026-308")
    wire = reply.objects[-1]
    assert wire["consommation"]["energie"] == "12,5"
    assert wire["consommation"]["coeff_calcul"]["coeff_conversion"] == "11,2"
    assert wire["releve_fin"]["index_brut_fin"]["valeur_index"] == "8 400"
