"""Each check of a run of weather finds what it is there for, and nothing else."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.sandbox.clock import PARIS, gas_day_start

from . import checks
from .checks import Breach
from .diary import Diary, Evening, Logged, Period, Shown, Start
from .forecast import Met
from .home import StoredRow
from .oracle import Amounts, OracleRow
from .verdicts import truthfulness
from .weather import INFORMATIVE, METERS, Expected, Schedule, Spell

FIRST = date(2026, 11, 2)
DAY = timedelta(days=1)
HOUSE = METERS["house_1"]
SERIES = (HOUSE, "energy")
NOON = datetime(2026, 11, 2, 12, tzinfo=PARIS)
CALM = Schedule(name="calm", first_day=FIRST, days=3)
FAILING = Spell(meter="house_1", call=INFORMATIVE, kind="http_500", first=1, last=2)
TROUBLED = replace(CALM, weather=(FAILING,))


def row(number: int, kwh: float | None) -> StoredRow:
    """Return a row some days after the first; its sum does not matter."""
    return StoredRow(gas_day_start(FIRST + number * DAY), kwh, 0)


def evening(number: int = 1, *kwh: float | None, **changes: object) -> Evening:
    """Return an evening on which the rows are as the oracle has them."""
    wanted = tuple(
        OracleRow(
            FIRST + place * DAY,
            None if amount is None else Amounts(round(amount * 1000), 0),
            Amounts(0, 0),
        )
        for place, amount in enumerate(kwh)
    )
    plain = Evening(
        number=number,
        day=FIRST + number * DAY,
        rows={SERIES: tuple(row(place, amount) for place, amount in enumerate(kwh))},
        expected={SERIES: wanted},
        offered={SERIES: frozenset()},
        own={SERIES: {}},
        periods={SERIES: ()},
        shown={HOUSE: Shown("up_to_date", None)},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def diary(*evenings: Evening, **changes: object) -> Diary:
    return replace(Diary(evenings=list(evenings)), **changes)  # type: ignore[arg-type]


def only(breaches: object) -> Breach:
    """Return the one breach."""
    (found,) = list(breaches)  # type: ignore[call-overload]
    assert isinstance(found, Breach)
    return found


def test_a_day_on_offer_is_there_on_the_evening_after() -> None:
    offering = evening(1, 10, offered={SERIES: frozenset({FIRST, FIRST + DAY})})

    breach = only(checks.liveness(CALM, diary(offering, evening(2, 10))))

    assert (breach.meter, breach.day) == ("house_1", 2)
    assert str(breach) == (
        "liveness: …0001 house_1, day 2: 1 days of energy missing, from 2026-11-03"
    )
    assert not list(checks.liveness(CALM, diary(offering, evening(2, 10, 11))))


def test_a_day_whose_call_fails_may_be_missing() -> None:
    offering = evening(1, offered={SERIES: frozenset({FIRST})})

    assert not list(checks.liveness(TROUBLED, diary(offering, evening(2))))


def test_an_absent_row_is_no_day_that_is_there() -> None:
    offering = evening(1, offered={SERIES: frozenset({FIRST})})

    assert only(checks.liveness(CALM, diary(offering, evening(2, None))))


@pytest.mark.parametrize("kwh", [(10, 12), (10,), (10, 11, 12), (10, None)])
def test_rows_are_those_of_the_oracle(kwh: tuple[float | None, ...]) -> None:
    right = evening(1, 10, 11)
    wrong = replace(right, rows=evening(1, *kwh).rows)

    assert only(checks.rows_as_the_oracle_has_them(diary(wrong))).invariant == "rows"
    assert not list(checks.rows_as_the_oracle_has_them(diary(right)))


@pytest.mark.parametrize(
    ("kwh", "own", "is_right"),
    [
        # A day has none of its own: the rows come to the block.
        ((10, 20, 30), {0: 10, 1: 20}, True),
        ((10, 20, 29), {0: 10, 1: 20}, False),
        ((10, 20, None), {0: 10, 1: 20}, False),
        # Each has its own, or they are more than the block: they stand.
        ((10, 20, 31), {0: 10, 1: 20, 2: 31}, True),
        ((10, 20, 30), {0: 10, 1: 20, 2: 31}, False),
        ((40, 50, 0), {0: 40, 1: 50}, True),
        ((30, 30, 0), {0: 40, 1: 50}, False),
    ],
)
def test_the_energy_of_a_published_block_is_conserved(
    kwh: tuple[float | None, ...], own: dict[int, int], *, is_right: bool
) -> None:
    seen = evening(
        1,
        *kwh,
        own={SERIES: {FIRST + day * DAY: amount for day, amount in own.items()}},
        periods={SERIES: (Period(FIRST, FIRST + 3 * DAY, 60),)},
    )

    assert bool(list(checks.conservation(diary(seen)))) is not is_right


def test_a_healthy_meter_has_the_rows_and_calls_it_has_without_the_sick_ones() -> None:
    schedule = replace(CALM, weather=(replace(FAILING, meter="flat"),))
    calm = diary(evening(0, 10), met=[Met(NOON, "house_1", INFORMATIVE, None)])

    assert not list(checks.isolation(schedule, calm, calm))
    late = diary(evening(0), met=calm.met)
    assert "0 rows" in only(checks.isolation(schedule, late, calm)).text
    often = diary(evening(0, 10), met=calm.met * 2)
    assert "calls" in only(checks.isolation(schedule, often, calm)).text


@pytest.mark.parametrize(
    ("meter", "first", "days"), [("house_1", 1, []), ("*", 1, [0]), ("*", 0, [])]
)
def test_only_what_is_healthy_is_compared_until_all_have_weather(
    meter: str, first: int, days: list[int]
) -> None:
    schedule = replace(CALM, weather=(replace(FAILING, meter=meter, first=first),))
    troubled = diary(evening(0), evening(1))
    calm = diary(evening(0, 10), evening(1, 10))

    breaches = checks.isolation(schedule, troubled, calm)

    assert [breach.day for breach in breaches] == days


def test_calls_keep_their_distance_and_their_number() -> None:
    starts = [Start(0.0, NOON, 200), Start(1.2, NOON, 200), Start(2.1, NOON, 429)]
    breach = only(checks.pace_and_quota(CALM, diary(starts=starts)))
    assert (breach.invariant, breach.text) == ("pace", "two calls 0.9 s apart")

    many = [Start(2.0 * number, NOON, 200) for number in range(6_001)]
    assert only(checks.pace_and_quota(CALM, diary(starts=many))).invariant == "quota"
    assert not list(checks.pace_and_quota(CALM, diary(starts=many[1:])))


def test_the_log_holds_no_traceback_and_no_warning_twice_a_day() -> None:
    warned = Logged(
        NOON, "custom_components.grdf_adict", "Meter …0001: away", has_traceback=False
    )
    tomorrow = replace(warned, at=NOON + DAY)
    other = replace(warned, text="Meter …0002: away")
    assert not list(checks.log_is_quiet(CALM, diary(log=[warned, tomorrow, other])))

    assert only(checks.log_is_quiet(CALM, diary(log=[warned, warned]))).day == 0
    burst = replace(warned, logger="homeassistant", has_traceback=True)
    assert "traceback" in only(checks.log_is_quiet(CALM, diary(log=[burst]))).text


def shown(state: str, reason: str | None, schedule: Schedule, number: int = 2) -> str:
    """Return what is wrong with a state that is shown; empty: nothing."""
    met = [Met(NOON + day * DAY, "house_1", INFORMATIVE, "http_500") for day in (1, 2)]
    seen = evening(number, shown={HOUSE: Shown(state, reason)})
    found = list(truthfulness(schedule, diary(seen, met=met)))
    return "; ".join(breach.text for breach in found)


def test_a_meter_in_trouble_says_so_with_a_reason() -> None:
    wrong = shown("up_to_date", None, TROUBLED)
    assert wrong == "up_to_date, expected grdf_away | meter_failing"
    assert shown("meter_failing", None, TROUBLED) == "meter_failing without a reason"
    assert shown("meter_failing", "http 500", TROUBLED) == ""
    # It has not failed often enough, and nothing has to be shown yet.
    assert shown("up_to_date", None, TROUBLED, number=1) == ""


def test_a_meter_that_is_well_says_so_without_a_reason() -> None:
    assert shown("up_to_date", None, CALM) == ""
    assert shown("data_late", "5 days", CALM) == "data_late, expected up_to_date"
    assert "with a reason" in shown("up_to_date", "why", CALM)


def test_what_a_schedule_expects_goes_before_what_its_kinds_allow() -> None:
    expected = Expected(
        meter="house_1",
        first=1,
        last=3,
        must=frozenset({"refused"}),
        may=frozenset({"up_to_date"}),
        reason_is="1000077",
    )
    schedule = replace(TROUBLED, expected=(expected,))

    assert shown("refused", "1000077", schedule) == ""
    assert "not '1000077'" in shown("refused", "another", schedule)
    # What may be for a while may not be on the last evening.
    assert "expected refused" in shown("up_to_date", "1000077", schedule, number=3)
    forbidden = replace(expected, must_not=frozenset({"grdf_away"}))
    assert "not allowed" in shown(
        "grdf_away", "1000077", replace(CALM, expected=(forbidden,))
    )
