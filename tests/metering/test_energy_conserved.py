"""Energy is conserved, whatever the bounds of GRDF's blocks: to the last digit."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import pairwise
import random
from typing import Final, NamedTuple

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.grdf_adict.adict import PARIS, Consumption, Qualification
from custom_components.grdf_adict.adict.models.consumption import read_consumption
from custom_components.grdf_adict.metering.ledger import Ledger, Source
from custom_components.grdf_adict.metering.ledger_json import (
    ledger_from_json,
    ledger_to_json,
)
from custom_components.grdf_adict.metering.news import published_month
from custom_components.grdf_adict.metering.series import (
    BlockDifference,
    RowKind,
    differences,
    rows,
)
from custom_components.grdf_adict.metering.stored import PartReader

from .energy_oracle import Given, expected
from .factory import (
    DAY,
    PCE,
    absent,
    answered,
    informative,
    later,
    published,
    qualified,
    six_o_clock,
)

_TODAY: Final = date(2030, 1, 1)
# No clock change, one of each, a leap day, New Year's Eve.
_FIRSTS: Final = (
    DAY,
    date(2026, 3, 24),
    date(2026, 10, 20),
    date(2028, 2, 25),
    date(2026, 12, 28),
)
_LONGEST: Final = 12


class Bound(NamedTuple):
    """An instant, and how GRDF writes it."""

    at: datetime
    written: str


def _bound(day: date, style: str) -> Bound:
    if style == "date":
        return Bound(six_o_clock(day), day.isoformat())
    if style == "utc":
        at = datetime.combine(day, time(6), UTC)
        return Bound(at, at.isoformat())
    at = datetime.combine(day, time.fromisoformat(style), PARIS)
    return Bound(at, at.isoformat())


_bounds: Final = st.builds(
    lambda day, style: (day, style),
    st.integers(0, _LONGEST),
    st.sampled_from(
        ["06:00", "06:00", "00:00", "date", "utc", "14:30", "18:00", "20:00", "02:30"]
    ),
)
_amounts: Final = st.integers(0, 400_000)


class Case(NamedTuple):
    """Published blocks one after the other, and informative days."""

    blocks: list[tuple[Bound, Bound, int, int]]
    own: dict[date, int]


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    first = draw(st.sampled_from(_FIRSTS))
    marks = draw(st.lists(_bounds, min_size=2, max_size=9, unique=True))
    bounds = {
        bound.at.astimezone(UTC): bound
        for day, style in marks
        for bound in [_bound(later(day, first), style)]
    }
    ordered = [bounds[at] for at in sorted(bounds)]
    pieces = [
        (start, end, draw(_amounts), draw(_amounts))
        for start, end in pairwise(ordered)
        # Some are missing: GRDF publishes them another day.
        if draw(st.integers(0, 9))
    ]
    days = draw(st.sets(st.integers(0, _LONGEST), max_size=8))
    small = st.integers(0, 40_000)
    return Case(pieces, {later(day, first): draw(small) for day in sorted(days)})


def _read(start: str, end: str, amount: int, volume: int) -> Consumption:
    """Return what is read of a published block on the wire; amounts in thousandths."""
    return read_consumption(
        {
            "pce": {"id_pce": PCE},
            "consommation": {
                "date_debut_consommation": start,
                "date_fin_consommation": end,
                "energie": str(Decimal(amount) / 1000),
                "volume_brut": str(Decimal(volume) / 1000),
                "type_qualif_conso": "Mesuré",
                "type_conso": "Publiée",
            },
        }
    )


def _blocks(case: Case) -> list[Consumption]:
    return [
        _read(start.written, end.written, amount, volume)
        for start, end, amount, volume in case.blocks
    ]


def _days(case: Case) -> list[Consumption]:
    return [
        replace(informative(kwh / 1000, day), raw_volume=kwh / 1000)
        for day, kwh in case.own.items()
    ]


def _thousandths(amount: float | None) -> int:
    """Return an amount that is written with three decimals at most."""
    whole = Decimal(repr(amount)) * 1000
    assert whole == int(whole)
    return int(whole)


def _energies(ledger: Ledger) -> dict[date, int]:
    return {
        row.gas_day: _thousandths(row.energy)
        for row in rows(ledger)
        if row.energy is not None
    }


def _by_hand(ledger: Ledger) -> list[float | None]:
    return [row.energy for row in rows(ledger)]


@settings(max_examples=150, deadline=None)
@given(_cases(), st.randoms(use_true_random=False))
def test_rows_are_those_of_the_requirement_whatever_the_bounds(
    case: Case, roll: random.Random
) -> None:
    blocks = _blocks(case)
    once = answered(*blocks, ledger=answered(*_days(case)), today=_TODAY)
    # The same blocks in three answers, in any order, with the ledger stored between.
    in_parts = Ledger()
    roll.shuffle(blocks)
    for answer in (blocks[::3], _days(case), blocks[1::3], blocks[2::3], blocks[::2]):
        in_parts = answered(*answer, ledger=in_parts, today=_TODAY)
        in_parts = ledger_from_json(ledger_to_json(in_parts), PartReader())

    for ledger in (once, in_parts):
        assert _energies(ledger) == expected(
            [Given(start.at, end.at, kwh) for start, end, kwh, _ in case.blocks],
            case.own,
        )
        assert {
            row.gas_day: _thousandths(row.volume)
            for row in rows(ledger)
            if row.volume is not None
        } == expected(
            [Given(start.at, end.at, volume) for start, end, _, volume in case.blocks],
            case.own,
        )


@settings(max_examples=60, deadline=None)
@given(_cases())
def test_a_meter_changed_in_the_middle_loses_nothing_and_counts_nothing_twice(
    case: Case,
) -> None:
    found = rows(answered(*_blocks(case), today=_TODAY))

    whole = sum(kwh for _, _, kwh, _ in case.blocks)
    assert sum(_thousandths(row.energy or 0.0) for row in found) == whole


@settings(max_examples=60, deadline=None)
@given(_cases())
def test_what_differs_is_what_days_of_their_own_leave_over(case: Case) -> None:
    ledger = answered(*_blocks(case), ledger=answered(*_days(case)), today=_TODAY)

    shown = {each.first: _thousandths(each.energy) for each in differences(ledger)}
    amounts = _energies(ledger)
    published_kwh = expected(
        [Given(start.at, end.at, kwh) for start, end, kwh, _ in case.blocks], {}
    )
    for block in ledger.blocks:
        days = block.gas_days
        missing = sum(published_kwh[day] - amounts[day] for day in days)
        assert shown.get(days[0], 0) == missing
        assert missing <= 0 or all(day in case.own for day in days)


# From here on the amounts are small enough to be worked out by hand.


def _between(kwh: float, start: datetime, end: datetime) -> Consumption:
    return replace(published(kwh), start=start, end=end)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS)


def _halves(kwh: tuple[float, float], day: date = DAY) -> list[Consumption]:
    change = _at(day, 14, 30)
    return [
        _between(kwh[0], six_o_clock(day), change),
        _between(kwh[1], change, six_o_clock(later(1, day))),
    ]


@pytest.mark.parametrize("named", [None, DAY])
@pytest.mark.parametrize("make", [published, informative])
def test_two_halves_of_a_day_on_which_the_meter_was_changed_add_up(
    make: object, named: date | None
) -> None:
    like = make(0.0)  # type: ignore[operator]
    halves = [
        replace(like, start=half.start, end=half.end, energy=half.energy, gas_day=named)
        for half in _halves((10.1, 14.2))
    ]

    assert _by_hand(answered(*halves)) == [24.3]
    assert _by_hand(answered(*reversed(halves))) == [24.3]


def test_a_half_that_comes_in_a_later_answer_is_added() -> None:
    first, second = _halves((10, 14))

    ledger = answered(second, ledger=answered(first))

    assert _by_hand(ledger) == [24]
    assert _by_hand(answered(second, ledger=ledger)) == [24]
    assert _by_hand(answered(first, ledger=ledger)) == [24]


def test_a_half_given_anew_replaces_its_version_alone() -> None:
    first, second = _halves((10, 14))
    ledger = answered(first, second)

    assert _by_hand(answered(replace(second, energy=15), ledger=ledger)) == [25]


def test_halves_give_way_to_the_whole_day_and_the_day_to_halves() -> None:
    halves = _halves((10, 14))

    ledger = answered(published(26), ledger=answered(*halves))
    assert _by_hand(ledger) == [26]
    assert ledger.parts == {}
    assert _by_hand(answered(*halves, ledger=ledger)) == [24]


def test_halves_given_anew_with_another_hour_of_change_are_counted_once() -> None:
    change = _at(DAY, 16)
    again = [
        _between(11, six_o_clock(DAY), change),
        _between(14, change, six_o_clock(later(1))),
    ]

    assert _by_hand(answered(*again, ledger=answered(*_halves((10, 14))))) == [25]


def test_two_versions_of_one_day_are_one_day() -> None:
    midnight = _between(20, _at(DAY, 0), _at(later(1), 0))
    at_six = published(21)

    assert _by_hand(answered(midnight, at_six)) == [21]
    assert _by_hand(answered(at_six, ledger=answered(midnight))) == [21]
    assert _by_hand(answered(midnight, ledger=answered(at_six))) == [20]


def test_a_cut_answer_replaces_no_half_by_a_weaker_one() -> None:
    first, second = _halves((10, 14))
    weaker = qualified(replace(second, energy=15), Qualification.ESTIMATED)

    ledger = answered(weaker, ledger=answered(first, second), complete=False)

    assert _by_hand(ledger) == [24]


def test_a_withdrawn_half_leaves_the_other_and_a_withdrawn_day_nothing() -> None:
    first, second = _halves((10, 14))
    ledger = answered(published(7, later(-1)), first, second)

    assert _by_hand(answered(absent(second), ledger=ledger)) == [7, 10]
    assert _by_hand(answered(absent(published(0)), ledger=ledger)) == [7, None]


def test_a_day_in_parts_is_estimated_or_corrected_where_a_part_of_it_is() -> None:
    first, second = _halves((10, 14))

    def kind(*qualifications: Qualification) -> RowKind:
        parts = zip((first, second), qualifications, strict=True)
        (row,) = rows(answered(*(qualified(*part) for part in parts)))
        return row.kind

    measured, corrected = Qualification.MEASURED, Qualification.CORRECTED
    assert kind(measured, measured) is RowKind.MEASURED
    assert kind(measured, corrected) is RowKind.CORRECTED
    assert kind(Qualification.ESTIMATED, corrected) is RowKind.ESTIMATED


def test_the_volume_of_a_day_is_unknown_where_that_of_a_part_is() -> None:
    first, second = _halves((10, 14))

    (row,) = rows(answered(replace(first, raw_volume=None), second))

    assert (row.energy, row.volume) == (24, None)


def test_a_month_on_each_side_of_a_change_of_meter_has_all_of_its_energy() -> None:
    change = _at(later(10), 14, 30)
    before = _between(100, six_o_clock(DAY), change)
    after = _between(300, change, six_o_clock(later(30)))

    assert _by_hand(answered(before, after)) == [10] * 10 + [15] * 20


def test_the_end_of_a_day_after_a_month_is_added_to_the_months_last_day() -> None:
    change = _at(later(9), 20)
    month = _between(100, six_o_clock(DAY), change)
    evening = _between(3, change, six_o_clock(later(10)))

    assert _by_hand(answered(month, evening)) == [10] * 9 + [13]
    # What the last day has of its own holds the evening: 103 - 22 = 81.
    measured = answered(informative(22, later(9)))
    assert _by_hand(answered(month, evening, ledger=measured)) == [9] * 9 + [22]


def test_a_part_of_a_day_inside_a_month_is_gas_of_the_month() -> None:
    part = _between(3, six_o_clock(later(1)), _at(later(1), 14, 30))

    assert _by_hand(answered(published(23, days=3), part)) == [10, 3, 10]


def test_a_block_inside_another_has_its_energy_and_so_has_the_other() -> None:
    month, inner = published(300, days=30), published(50, days=10)

    assert _by_hand(answered(month, inner)) == [5] * 10 + [12.5] * 20
    estimate = qualified(inner, Qualification.ESTIMATED)
    assert _by_hand(answered(month, estimate)) == [5] * 10 + [12.5] * 20


def test_an_estimate_larger_than_the_measure_around_it_takes_nothing_from_it() -> None:
    month = published(300, days=30)
    estimate = qualified(published(500, days=10), Qualification.ESTIMATED)

    ledger = answered(month, estimate)

    assert _by_hand(ledger) == [10] * 30
    assert differences(ledger) == (BlockDifference(DAY, later(9), 400),)


def test_blocks_that_overlap_have_their_energy_each() -> None:
    ledger = answered(published(200, days=20), published(300, later(10), days=20))

    energies = [row.energy or 0 for row in rows(ledger)]
    assert (sum(energies[:20]), sum(energies[10:])) == (200, 300)


@pytest.mark.parametrize("complete", [True, False])
def test_a_month_given_anew_with_other_bounds_replaces_itself(
    complete: bool,  # noqa: FBT001
) -> None:
    midnight = _between(330, _at(DAY, 0), _at(later(30), 0))
    known = answered(published(300, days=30))

    ledger = answered(midnight, ledger=known, complete=complete)

    assert _by_hand(ledger) == [11] * 30
    assert differences(ledger) == ()


def test_days_beside_a_month_that_come_later_do_not_supersede_it() -> None:
    month = _between(100, _at(DAY, 14), _at(later(2), 2))
    before = _between(4, six_o_clock(DAY), _at(DAY, 14))
    after = _between(6, _at(later(2), 2), six_o_clock(later(2)))

    assert _by_hand(answered(before, after, ledger=answered(month))) == [54, 56]


def test_shares_of_amounts_finer_than_a_thousandth_add_up_too() -> None:
    ledger = answered(
        *(informative(3.14159, later(n)) for n in range(5)), published(100, days=12)
    )

    found = [Decimal(repr(energy)) for energy in _by_hand(ledger)]
    assert sum(found) == 100
    assert max(found[5:]) - min(found[5:]) < Decimal("0.002")


def test_ninety_days_at_midnight_are_eighty_nine_gas_days_with_all_their_energy() -> (
    None
):
    ledger = answered(_between(622.5, _at(DAY, 0), _at(later(89), 0)))

    found = rows(ledger)
    assert len(found) == 89
    assert sum(Decimal(repr(row.energy)) for row in found) == Decimal("622.5")


def test_published_days_that_name_no_gas_day_keep_their_energy_through_the_change() -> (
    None
):
    days = [later(n, date(2026, 10, 20)) for n in range(12)]
    blocks = [
        _between(
            50,
            datetime.combine(day, time(6), UTC),
            datetime.combine(later(1, day), time(6), UTC),
        )
        for day in days
    ]

    found = rows(answered(*blocks))

    assert {row.gas_day: row.energy for row in found} == dict.fromkeys(days, 50)
    assert all(row.is_own for row in found)


def test_a_difference_is_announced_only_of_a_block_from_six_to_six() -> None:
    days: Iterable[Consumption] = [informative(10, later(n)) for n in range(3)]

    at_six = published_month(answered(published(33, days=3), *days))
    midnight = answered(_between(33, _at(DAY, 0), _at(later(3), 0)), *days)
    off = published_month(midnight)

    assert at_six is not None
    assert (at_six.first, at_six.last, at_six.difference) == (DAY, later(2), 3)
    assert off is not None
    assert (off.first, off.last, off.energy, off.difference) == (
        DAY,
        later(2),
        33,
        None,
    )
    # Yet it is kept and shown.
    assert differences(midnight) == (BlockDifference(DAY, later(2), 3),)


def test_a_ledger_written_before_parts_were_kept_is_read() -> None:
    ledger = answered(published(8))
    stored = ledger_to_json(ledger)
    del stored["parts"]

    assert ledger_from_json(stored, PartReader()) == ledger


def test_parts_are_kept_of_days_off_six_alone() -> None:
    ledger = answered(published(8), *_halves((10, 14), later(1)))

    assert {source: list(days) for source, days in ledger.parts.items()} == {
        Source.PUBLISHED: [later(1)]
    }
