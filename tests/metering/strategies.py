"""Hypothesis strategies: answers of GRDF's, and ledgers."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from hypothesis import strategies as st

from custom_components.grdf_adict.adict import (
    PARIS,
    Consumption,
    ConsumptionStatus,
    Qualification,
)
from custom_components.grdf_adict.metering.exported import (
    ExportedMeter,
    ExportedRow,
    ExportKind,
)
from custom_components.grdf_adict.metering.ledger import (
    DayValue,
    FileValue,
    IndexReading,
    Ledger,
    PublishedBlock,
    Source,
    SuspectValue,
)
from custom_components.grdf_adict.metering.temperatures import FiledTemperature

from .factory import informative, later, published

# Few days and few amounts, so that blocks meet: the last days of a leap February.
FIRST: Final = date(2028, 2, 25)
_DAYS: Final = st.integers(0, 9).map(lambda days: later(days, FIRST))
_ENERGIES: Final = st.sampled_from([None, 0.0, 7.0, 8.0, 20.5, 5000.0])
_QUALIFICATIONS: Final = st.sampled_from(Qualification)
_STATUSES: Final = st.sampled_from([None, *ConsumptionStatus])


def _block(
    block: Consumption, qualification: Qualification, status: ConsumptionStatus | None
) -> Consumption:
    return replace(block, qualification=qualification, status=status)


informative_blocks: Final = st.builds(
    _block,
    st.builds(informative, _ENERGIES, _DAYS),
    _QUALIFICATIONS,
    _STATUSES,
)
published_blocks: Final = st.builds(
    _block,
    st.builds(published, _ENERGIES, _DAYS, days=st.sampled_from([1, 1, 2, 5])),
    _QUALIFICATIONS,
    _STATUSES,
)
informative_answers: Final = st.lists(informative_blocks, max_size=12)
published_answers: Final = st.lists(published_blocks, max_size=12)

_amounts: Final = st.floats(0, 1e9, allow_nan=False, allow_infinity=False)
_calendar: Final = st.dates(date(1990, 1, 1), date(2100, 1, 1))
# The bounds themselves have no zone.
_FIRST: Final = datetime(1946, 1, 2)  # noqa: DTZ001
_LAST: Final = datetime(2199, 12, 30)  # noqa: DTZ001
_instants: Final = st.builds(
    lambda instant, zone: instant.astimezone(zone),
    # Between the years that are read from GRDF.
    st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)),
    st.sampled_from([UTC, PARIS]),
)
_values: Final = st.builds(
    DayValue,
    energy=st.none() | _amounts,
    volume=st.none() | _amounts,
    coefficient=st.none() | _amounts,
    qualification=_QUALIFICATIONS,
    final=st.booleans(),
)
# A day or a block without energy is an absence, and no other one is.
_given_values: Final = _values.filter(
    lambda value: (
        (value.energy is None) is (value.qualification is Qualification.ABSENT)
    )
)
ledgers: Final = st.builds(
    Ledger,
    daily=st.dictionaries(
        st.sampled_from(Source), st.dictionaries(_calendar, _given_values, max_size=5)
    ),
    blocks=st.lists(
        st.builds(
            PublishedBlock, start=_instants, end=_instants, value=_given_values
        ).filter(lambda block: block.start < block.end),
        max_size=3,
    ).map(tuple),
    suspects=st.dictionaries(
        st.text(max_size=24),
        st.builds(SuspectValue, energy=_amounts, seen=_calendar),
        max_size=3,
    ),
    reading=st.none() | st.builds(IndexReading, index=_amounts, at=_instants),
    files=st.dictionaries(
        st.sampled_from(Source),
        st.dictionaries(
            st.tuples(_calendar, _calendar).filter(lambda days: days[0] < days[1]),
            st.builds(
                FileValue,
                value=_values,
                exported_on=_calendar,
                index=st.none() | _amounts,
            ),
            max_size=3,
        ),
    ),
    temperatures=st.dictionaries(
        _calendar,
        st.builds(
            FiledTemperature, exported_on=_calendar, celsius=st.floats(-60.0, 60.0)
        ),
        max_size=5,
    ),
)


def _exported_row(
    days: tuple[date, int],
    energy: float | None,
    index: float | None,
    qualification: Qualification,
    temperature: float | None,
) -> ExportedRow:
    first, length = days
    absent = energy is None
    return ExportedRow(
        number=1,
        first=first,
        end=later(length, first),
        energy=energy,
        volume=None if absent else 1.0,
        index_end=index,
        qualification=Qualification.ABSENT if absent else qualification,
        temperature=temperature if length == 1 else None,
    )


def _apart(rows: list[ExportedRow]) -> tuple[ExportedRow, ...]:
    """Keep the rows that no earlier one overlaps, as a file's are."""
    kept: list[ExportedRow] = []
    for row in sorted(rows, key=lambda row: (row.first, row.end)):
        if not kept or kept[-1].end <= row.first:
            kept.append(row)
    return tuple(kept)


def _meters(kind: ExportKind, lengths: list[int]) -> st.SearchStrategy[ExportedMeter]:
    return st.builds(
        ExportedMeter,
        kind=st.just(kind),
        pce=st.none(),
        exported_on=st.sampled_from([later(30, FIRST), later(31, FIRST)]),
        rows=st.lists(
            st.builds(
                _exported_row,
                st.tuples(_DAYS, st.sampled_from(lengths)),
                _ENERGIES if kind is ExportKind.DAILY else _ENERGIES.filter(bool),
                st.sampled_from([None, 1325.0, 1326.0]),
                _QUALIFICATIONS.filter(lambda given: given is not Qualification.ABSENT),
                st.sampled_from([None, -2.5, 0.0, 11.0]),
            ),
            min_size=1,
            max_size=8,
        ).map(_apart),
    )


exported_meters: Final = (
    _meters(ExportKind.DAILY, [1])
    | _meters(ExportKind.WEEKLY, [1, 3, 7])
    | _meters(ExportKind.MONTHLY, [5, 9])
)
