"""What is news about a meter's gas days."""

from datetime import date, timedelta

from custom_components.grdf_adict.metering.changes import EventType
from custom_components.grdf_adict.metering.insight.insight_json import (
    announced_from_json,
    announced_to_json,
    insight_from_json,
    insight_to_json,
)
from custom_components.grdf_adict.metering.insight.insights import (
    Insight,
    Watch,
    insight,
)
from custom_components.grdf_adict.metering.ledger import Ledger
from custom_components.grdf_adict.metering.news import Announced, day_events, known_days
from custom_components.grdf_adict.metering.series import DayRow, RowKind

FIRST = date(2024, 10, 1)


def rows(*energies: float | None, kind: RowKind = RowKind.MEASURED) -> list[DayRow]:
    return [
        DayRow(
            FIRST + timedelta(days=place),
            energy,
            energy and energy / 11,
            11.0,
            RowKind.ABSENT if energy is None else kind,
            final=True,
        )
        for place, energy in enumerate(energies)
    ]


def kinds(now: list[DayRow], before: list[DayRow]) -> list[EventType]:
    return [event.type for event in day_events(now, Announced(known_days(before)), {})]


def test_a_hole_that_is_filled_soon_is_news() -> None:
    assert kinds(rows(1, 2, 3), rows(1, None, 3)) == [EventType.NEW_GAS_DAY]


def test_a_hole_that_is_filled_after_months_is_history() -> None:
    days: list[float | None] = [5.0] * 100
    hole = [*days]
    hole[3] = None

    assert kinds(rows(*days), rows(*hole)) == []


def test_older_days_are_no_news() -> None:
    assert kinds(rows(1, 2, 3), rows(1, 2, 3)[1:]) == []


def test_a_share_of_a_period_is_no_day_of_its_own() -> None:
    shares = rows(1, 2, 3, kind=RowKind.SPREAD)

    assert kinds([*rows(1, 2), shares[2]], rows(1, 2)) == []


def test_a_day_that_is_withdrawn_is_a_correction() -> None:
    (event,) = day_events(rows(1, None, 3), Announced(known_days(rows(1, 2, 3))), {})

    assert event.type is EventType.CORRECTION
    assert (event.details["withdrawn"], event.details["difference"]) == (1, -2)


def test_the_cost_of_a_day_is_announced_with_its_currency() -> None:
    costs = {FIRST + timedelta(days=1): (0.25, "EUR")}

    (event,) = day_events(rows(1, 2), Announced(known_days(rows(1))), costs)

    assert (event.details["cost"], event.details["currency"]) == (0.25, "EUR")


def test_what_was_announced_and_what_is_known_survive_storage() -> None:
    found: list[float | None] = [20.0 + place % 7 for place in range(800)]
    found[-9:] = [400.0] * 9
    known = rows(*found)
    temperatures = {
        row.gas_day: 2.0 if row.gas_day.month in {1, 10, 11, 12} else 20.0
        for row in known
    }
    today = known[-1].gas_day + timedelta(days=3)
    kept, fresh = insight(known, Ledger(), Watch(), today, temperatures)
    announced = Announced(known_days(known), today, today)

    assert kept.watch.found
    assert kept.heating is not None
    assert kept.corrected is not None
    assert fresh == ()
    assert insight_from_json(insight_to_json(kept)) == kept
    assert announced_from_json(announced_to_json(announced)) == announced
    assert insight_from_json(None) == Insight()
    assert announced_from_json(None) is None


def test_days_between_two_runs_are_examined_one_by_one_and_announced_once() -> None:
    quiet: list[float | None] = [20.0 + place % 7 for place in range(800)]
    before, _ = insight(
        rows(*quiet), Ledger(), Watch(), FIRST + timedelta(days=803), None
    )
    found = [*quiet, *[400.0] * 3, *[22.0] * 9]
    now = FIRST + timedelta(days=815)

    after, fresh = insight(rows(*found), Ledger(), before.watch, now, None)
    _, again = insight(rows(*found), Ledger(), after.watch, now, None)

    assert before.watch.judged == FIRST + timedelta(days=799)
    assert fresh
    assert again == ()


def test_the_next_day_of_the_same_month_changes_nothing_else_and_a_new_month_does() -> (
    None
):
    known = rows(*[20.0] * 500)
    last = known[-1].gas_day + timedelta(days=3)
    kept, _ = insight(known, Ledger(), Watch(), last, None)

    same, _ = insight(known, Ledger(), kept.watch, last + timedelta(days=1), None)
    month, _ = insight(known, Ledger(), kept.watch, last + timedelta(days=30), None)

    assert kept.is_still(same)
    assert not kept.is_still(month)
