"""Files and answers in any order, any number of times: one ledger comes out."""

from functools import reduce
from itertools import permutations

from hypothesis import given, settings, strategies as st

from custom_components.grdf_adict.adict import Consumption
from custom_components.grdf_adict.metering.exported import ExportedMeter
from custom_components.grdf_adict.metering.file_merge import (
    DayOutcome,
    merge_file,
    newest_reading,
)
from custom_components.grdf_adict.metering.ledger import Ledger
from custom_components.grdf_adict.metering.series import RowKind, rows

from .factory import answered, changes_nothing, previewed
from .strategies import exported_meters, informative_answers, published_answers

quick = settings(max_examples=60, deadline=None)
files = st.lists(exported_meters, min_size=1, max_size=3)


@quick
@given(files)
def test_files_may_come_in_any_order(meters: list[ExportedMeter]) -> None:
    ledgers = [reduce(merge_file, order, Ledger()) for order in permutations(meters)]

    assert all(ledger == ledgers[0] for ledger in ledgers)


@quick
@given(files)
def test_a_file_taken_twice_changes_nothing_the_second_time(
    meters: list[ExportedMeter],
) -> None:
    once = reduce(merge_file, meters, Ledger())

    assert reduce(merge_file, meters, once) == once


@quick
@given(informative_answers, published_answers, files)
def test_a_file_may_come_before_or_after_an_answer(
    daily: list[Consumption], billed: list[Consumption], meters: list[ExportedMeter]
) -> None:
    answers_first = reduce(
        merge_file, meters, answered(*billed, ledger=answered(*daily))
    )
    files_first = reduce(merge_file, meters, Ledger())
    files_first = answered(*billed, ledger=answered(*daily, ledger=files_first))

    assert answers_first == files_first
    assert rows(answers_first) == rows(files_first)
    assert newest_reading(answers_first) == newest_reading(files_first)


@quick
@given(informative_answers, published_answers, files)
def test_no_file_changes_a_day_that_adict_gave(
    daily: list[Consumption], billed: list[Consumption], meters: list[ExportedMeter]
) -> None:
    ledger = answered(*billed, ledger=answered(*daily))
    filed = {row.gas_day: row for row in rows(reduce(merge_file, meters, ledger))}

    own = [
        row for row in rows(ledger) if row.kind not in {RowKind.ABSENT, RowKind.SPREAD}
    ]

    assert all(filed[row.gas_day] == row for row in own)


@quick
@given(exported_meters)
def test_alone_a_file_gives_its_values_to_the_last_thousandth(
    meter: ExportedMeter,
) -> None:
    found = rows(merge_file(Ledger(), meter))

    assert sum(round((row.energy or 0) * 1000) for row in found) == round(
        meter.energy * 1000
    )


@quick
@given(informative_answers, st.lists(exported_meters, max_size=2), exported_meters)
def test_a_preview_shows_what_then_happens(
    daily: list[Consumption], earlier: list[ExportedMeter], meter: ExportedMeter
) -> None:
    ledger = reduce(merge_file, earlier, answered(*daily))
    before = {row.gas_day: row for row in rows(ledger) if row.energy is not None}
    merged = merge_file(ledger, meter)
    after = {row.gas_day: row for row in rows(merged) if row.energy is not None}

    shown = previewed(ledger, meter)

    for day, outcome in shown.outcomes.items():
        changed = before.get(day) != after.get(day)
        assert changed == (outcome in {DayOutcome.NEW, DayOutcome.CHANGED})
        assert (outcome is DayOutcome.NEW) == (changed and day not in before)
    assert changes_nothing(shown) == (before == after)
    assert changes_nothing(previewed(merged, meter))
