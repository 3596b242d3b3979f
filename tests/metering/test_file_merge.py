"""Exported files beside ADICT's values: which counts, and what a preview shows."""

from datetime import date
from typing import Final

import pytest

from custom_components.grdf_adict.adict import Qualification
from custom_components.grdf_adict.metering.exported import (
    ExportedMeter,
    ExportedRow,
    ExportKind,
    PceGuess,
)
from custom_components.grdf_adict.metering.file_merge import (
    DayOutcome,
    Preview,
    merge_file,
    newest_reading,
)
from custom_components.grdf_adict.metering.ledger import (
    IndexReading,
    Ledger,
    Source,
    recovered,
)
from custom_components.grdf_adict.metering.series import RowKind, rows

from .factory import (
    DAY,
    PCE,
    absent,
    answered,
    changes_nothing,
    informative,
    later,
    previewed,
    published,
    qualified,
    read,
    six_o_clock,
    value,
)

EXPORTED_ON: Final = later(10)


def row(
    energy: float | None,
    day: date = DAY,
    days: int = 1,
    *,
    volume: float | None = None,
    index: float | None = None,
    qualification: Qualification = Qualification.MEASURED,
) -> ExportedRow:
    return ExportedRow(
        number=1,
        first=day,
        end=later(days, day),
        energy=energy,
        volume=volume,
        index_end=index,
        qualification=Qualification.ABSENT if energy is None else qualification,
    )


def exported(
    *lines: ExportedRow,
    kind: ExportKind = ExportKind.DAILY,
    exported_on: date = EXPORTED_ON,
) -> ExportedMeter:
    return ExportedMeter(kind, PceGuess(PCE), exported_on, lines)


def weekly(*lines: ExportedRow, exported_on: date = EXPORTED_ON) -> ExportedMeter:
    return exported(*lines, kind=ExportKind.WEEKLY, exported_on=exported_on)


def monthly(*lines: ExportedRow, exported_on: date = EXPORTED_ON) -> ExportedMeter:
    return exported(*lines, kind=ExportKind.MONTHLY, exported_on=exported_on)


def filed(*meters: ExportedMeter, ledger: Ledger | None = None) -> Ledger:
    """Return the ledger, an empty one by default, with files taken in."""
    ledger = ledger or Ledger()
    for meter in meters:
        ledger = merge_file(ledger, meter)
    return ledger


def energies(ledger: Ledger) -> list[float | None]:
    return [row.energy for row in rows(ledger)]


def test_a_day_that_adict_never_gave_is_the_files() -> None:
    ledger = filed(exported(row(8), row(9, later(1))), ledger=answered(informative(7)))

    assert energies(ledger) == [7, 9]


@pytest.mark.parametrize("block", [informative(7), published(7)])
def test_adicts_value_beats_a_files(block: object) -> None:
    ledger = filed(exported(row(8)), ledger=answered(block))  # type: ignore[arg-type]

    assert energies(ledger) == [7]


def test_even_an_estimate_of_adicts_beats_a_file() -> None:
    estimate = qualified(informative(7), Qualification.ESTIMATED)

    assert energies(filed(exported(row(8)), ledger=answered(estimate))) == [7]


def test_a_measured_day_of_a_file_fills_one_that_adict_calls_absent() -> None:
    ledger = answered(absent(informative(None)), informative(5, later(1)))

    assert energies(filed(exported(row(8)), ledger=ledger)) == [8, 5]


def test_an_absence_in_a_file_withdraws_nothing_from_adict() -> None:
    ledger = filed(exported(row(None)), ledger=answered(informative(7)))

    assert energies(ledger) == [7]


def test_a_daily_file_is_finer_than_a_published_block() -> None:
    ledger = filed(exported(row(4)), ledger=answered(published(10, days=3)))

    found = rows(ledger)

    assert [(row.energy, row.kind) for row in found] == [
        (4, RowKind.MEASURED),
        (3, RowKind.SPREAD),
        (3, RowKind.SPREAD),
    ]


@pytest.mark.parametrize("kind", [ExportKind.WEEKLY, ExportKind.MONTHLY])
def test_a_block_of_adicts_beats_one_of_a_file(kind: ExportKind) -> None:
    file = exported(row(70, days=7), kind=kind)

    ledger = filed(file, ledger=answered(published(9, days=3)))

    assert energies(ledger) == [3, 3, 3, 15.25, 15.25, 15.25, 15.25]


def test_a_daily_file_beats_a_weekly_and_a_weekly_a_monthly() -> None:
    ledger = filed(
        monthly(row(100, days=10)), weekly(row(30, days=3)), exported(row(1))
    )

    assert energies(ledger) == [1, 14.5, 14.5, 10, 10, 10, 10, 10, 10, 10]


def test_a_week_goes_to_the_days_that_have_nothing_to_the_last_thousandth() -> None:
    ledger = filed(weekly(row(100, days=7, volume=10)), exported(row(50, volume=5)))

    found = rows(ledger)

    assert sum(round((row.energy or 0) * 1000) for row in found) == 100_000
    assert sum(round((row.volume or 0) * 1000) for row in found) == 10_000
    assert [row.energy for row in found][1:] == [8.334] * 2 + [8.333] * 4


def test_a_week_whose_days_exceed_it_gives_the_others_nothing() -> None:
    ledger = filed(weekly(row(10, days=2)), exported(row(12)))

    assert energies(ledger) == [12, 0]


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_later_export_takes_precedence(
    newest_first: bool,  # noqa: FBT001
) -> None:
    files = [exported(row(8)), exported(row(9), exported_on=later(1, EXPORTED_ON))]

    ledger = filed(*(reversed(files) if newest_first else files))

    assert energies(ledger) == [9]


def test_a_later_export_may_withdraw_a_day() -> None:
    ledger = filed(
        exported(row(8), row(9, later(1))),
        exported(row(None), exported_on=later(1, EXPORTED_ON)),
    )

    assert energies(ledger) == [9]


def test_of_two_exports_of_one_day_the_stronger_value_counts() -> None:
    estimate = row(9, qualification=Qualification.ESTIMATED)

    assert energies(filed(exported(row(8)), exported(estimate))) == [8]


def test_a_month_that_was_still_running_gives_way_to_the_whole_month() -> None:
    ledger = filed(
        monthly(row(50, days=5)),
        monthly(row(200, days=10), exported_on=later(30, EXPORTED_ON)),
    )

    assert energies(ledger) == [20] * 10


def test_rows_kept_after_a_lost_ledger_come_after_days_and_before_weeks() -> None:
    ledger = recovered({DAY: value(5), later(1): value(6)})

    ledger = filed(exported(row(8)), weekly(row(20, days=3)), ledger=ledger)

    assert energies(ledger) == [8, 6, 6]


def test_an_absence_in_a_file_withdraws_no_row_kept_after_a_lost_ledger() -> None:
    ledger = recovered({DAY: value(5)})

    assert energies(filed(exported(row(None)), ledger=ledger)) == [5]


def test_files_stay_when_adict_answers() -> None:
    ledger = filed(exported(row(8, later(-900))))

    assert energies(answered(informative(7), ledger=ledger))[0] == 8


def test_days_that_a_file_calls_absent_have_a_row() -> None:
    ledger = filed(exported(row(8), row(None, later(1))))

    assert [row.kind for row in rows(ledger)] == [RowKind.MEASURED, RowKind.ABSENT]


@pytest.mark.parametrize(
    ("at", "index"), [(later(1), 1325), (later(2), 1326), (later(3), 1330)]
)
def test_the_newest_index_may_be_a_files_or_adicts(at: date, index: float) -> None:
    ledger = answered(read(informative(8), index, six_o_clock(at)))

    ledger = filed(exported(row(8, later(1), index=1328)), ledger=ledger)

    expected = index if at >= later(2) else 1328
    assert newest_reading(ledger) == IndexReading(
        expected, six_o_clock(max(at, later(2)))
    )


def test_without_an_index_in_files_adicts_is_the_newest() -> None:
    ledger = filed(exported(row(8)))

    assert newest_reading(ledger) is None
    assert newest_reading(filed(exported(row(8, index=1325)))) == IndexReading(
        1325, six_o_clock(later(1))
    )


def outcomes(shown: Preview) -> list[DayOutcome]:
    return list(shown.outcomes.values())


def test_a_preview_shows_the_files_data() -> None:
    file = exported(row(8, volume=1), row(None, later(1)), row(9, later(2), volume=1.5))

    shown = previewed(Ledger(), file)

    assert (shown.first, shown.last, shown.days) == (DAY, later(2), 3)
    assert (shown.energy, shown.volume, shown.gained) == (17, 2.5, 17)
    assert shown.kind is ExportKind.DAILY
    assert outcomes(shown) == [DayOutcome.NEW, DayOutcome.ABSENT, DayOutcome.NEW]
    assert not changes_nothing(shown)


def test_a_preview_distinguishes_what_happens_to_each_day() -> None:
    ledger = answered(informative(7), informative(8, later(1)))
    ledger = filed(
        exported(row(3, later(2)), row(4, later(3))),
        exported(row(6, later(4)), exported_on=later(1, EXPORTED_ON)),
        ledger=ledger,
    )
    file = exported(
        *(row(7), row(9, later(1)), row(3, later(2)), row(5, later(3))),
        *(row(7, later(4)), row(8, later(5))),
    )

    shown = previewed(ledger, file)

    assert outcomes(shown) == [
        *(
            DayOutcome.EQUAL,
            DayOutcome.ADICT_KEPT,
            DayOutcome.EQUAL,
            DayOutcome.CHANGED,
        ),
        *(DayOutcome.FILE_KEPT, DayOutcome.NEW),
    ]
    assert shown.gained == 9
    assert shown.count(DayOutcome.EQUAL) == 2


def test_a_preview_of_a_file_that_is_known_shows_that_nothing_changes() -> None:
    for file in (exported(row(8), row(None, later(1))), weekly(row(70, days=7))):
        shown = previewed(filed(file), file)

        assert changes_nothing(shown)
        assert shown.gained == 0
        assert DayOutcome.NEW not in outcomes(shown)
        assert shown.count(DayOutcome.EQUAL) == shown.days - shown.count(
            DayOutcome.ABSENT
        )


def test_a_preview_of_weeks_shows_the_days_that_keep_their_own() -> None:
    ledger = filed(exported(row(8, later(1))), ledger=answered(informative(7)))

    shown = previewed(ledger, weekly(row(30, days=3)))

    assert outcomes(shown) == [
        DayOutcome.ADICT_KEPT,
        DayOutcome.FILE_KEPT,
        DayOutcome.NEW,
    ]


def test_a_preview_counts_the_shares_that_change_elsewhere() -> None:
    ledger = filed(weekly(row(70, days=7)))

    shown = previewed(ledger, exported(row(4)))

    assert outcomes(shown) == [DayOutcome.CHANGED]
    assert shown.elsewhere == 6
    assert shown.gained == 0


def test_a_preview_changes_nothing_itself() -> None:
    ledger = answered(informative(7))

    previewed(ledger, exported(row(8)))

    assert ledger.files == {}
    assert Source.FILE_DAILY not in ledger.daily
