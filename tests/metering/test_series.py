"""One row for each gas day, decided from all that the ledger holds."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
import pytest

from custom_components.grdf_adict.adict import Consumption, Qualification
from custom_components.grdf_adict.metering.gas_day import ONE_DAY
from custom_components.grdf_adict.metering.ledger import Ledger, Source, recovered
from custom_components.grdf_adict.metering.series import DayRow, RowKind, rows

from .factory import (
    DAY,
    absent,
    answered,
    informative,
    later,
    published,
    qualified,
    row,
    value,
)
from .strategies import informative_answers, published_answers

RECOVERED = recovered({DAY: value(30, Qualification.UNKNOWN, final=False)})


def energies(ledger: Ledger) -> list[float | None]:
    return [row.energy for row in rows(ledger)]


def test_a_row_has_its_days_figures() -> None:
    block = replace(published(8), raw_volume=1, conversion_coefficient=11.16)

    assert rows(answered(block)) == (
        DayRow(DAY, 8, 1, 11.16, RowKind.MEASURED, final=True),
    )


def test_every_day_from_the_first_to_the_newest_has_a_row() -> None:
    ledger = answered(informative(8), informative(9, later(3)))

    assert rows(ledger) == (
        row(8, final=False),
        row(None, later(1)),
        row(None, later(2)),
        row(9, later(3), final=False),
    )


@settings(max_examples=60, deadline=None)
@given(informative_answers, published_answers)
def test_rows_follow_each_other_day_by_day_from_a_value(
    daily: list[Consumption], billed: list[Consumption]
) -> None:
    found = rows(answered(*billed, ledger=answered(*daily)))

    days = [row.gas_day for row in found]
    assert days == [days[0] + place * ONE_DAY for place in range(len(days))]
    assert all((row.kind is RowKind.ABSENT) == (row.energy is None) for row in found)
    assert not found or found[0].energy is not None


def test_days_run_over_a_leap_day_and_a_year_end() -> None:
    ledger = answered(
        informative(1, date(2027, 12, 31)), informative(1, date(2028, 3, 1))
    )

    days = [row.gas_day for row in rows(ledger)]

    assert len(days) == 1 + 31 + 29 + 1
    assert date(2028, 2, 29) in days


def test_absent_days_ahead_of_the_first_value_have_no_row() -> None:
    ledger = answered(absent(informative(0)), informative(8, later(1)))

    assert rows(ledger) == (row(8, later(1), final=False),)


def test_absent_days_behind_the_last_value_have_a_row() -> None:
    ledger = answered(informative(8), absent(informative(0, later(2))))

    assert energies(ledger) == [8, None, None]


@pytest.mark.parametrize(
    "ledger",
    [
        Ledger(),
        Ledger(daily={Source.INFORMATIVE: {}}),
        answered(absent(informative(0))),
    ],
    ids=["empty", "no day", "absent only"],
)
def test_a_ledger_without_a_value_has_no_rows(ledger: Ledger) -> None:
    assert rows(ledger) == ()


@pytest.mark.parametrize(
    ("qualification", "kind"),
    [
        (Qualification.MEASURED, RowKind.MEASURED),
        (Qualification.ESTIMATED, RowKind.ESTIMATED),
        (Qualification.CORRECTED, RowKind.CORRECTED),
        (Qualification.UNKNOWN, RowKind.MEASURED),
    ],
)
def test_a_row_shows_how_its_value_came_about(
    qualification: Qualification, kind: RowKind
) -> None:
    (found,) = rows(answered(qualified(informative(8), qualification)))

    assert found.kind is kind


def test_an_informative_day_counts_before_a_published_block_of_one_day() -> None:
    informative_day = qualified(informative(20), Qualification.CORRECTED)
    published_day = qualified(published(21), Qualification.ESTIMATED)

    assert energies(answered(informative_day, published_day)) == [20]


def test_two_series_of_one_day_are_never_added() -> None:
    assert (
        sum(row.energy or 0 for row in rows(answered(informative(9), published(9))))
        == 9
    )


def test_a_published_absence_does_not_hide_an_informative_value() -> None:
    assert energies(answered(informative(20), absent(published(0)))) == [20]


def test_a_withdrawn_day_is_an_absent_row() -> None:
    known = answered(informative(8), informative(9, later(1)))

    ledger = answered(absent(informative(0, later(1))), ledger=known)

    assert energies(ledger) == [8, None]


def test_a_recovered_day_counts_where_grdf_has_no_value() -> None:
    ledger = answered(informative(9, later(1)), ledger=RECOVERED)

    assert rows(ledger) == (row(30, final=False), row(9, later(1), final=False))


@pytest.mark.parametrize("complete", [True, False])
def test_a_recovered_day_gives_way_to_grdfs_value(complete: bool) -> None:  # noqa: FBT001
    ledger = answered(informative(9), ledger=RECOVERED, complete=complete)

    assert energies(ledger) == [9]


def test_a_complete_answer_withdraws_a_recovered_day() -> None:
    ledger = answered(
        informative(9, later(-1)), absent(informative(0)), ledger=RECOVERED
    )

    assert energies(ledger) == [9, None]


def test_a_cut_answer_does_not_withdraw_a_recovered_day() -> None:
    ledger = answered(absent(informative(0)), ledger=RECOVERED, complete=False)

    assert energies(ledger) == [30]
