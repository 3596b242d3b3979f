"""Hypothesis strategies: answers of GRDF's, and ledgers."""

from dataclasses import replace
from datetime import UTC, date
from typing import Final

from hypothesis import strategies as st

from custom_components.grdf_adict.adict import (
    Consumption,
    ConsumptionStatus,
    Qualification,
)
from custom_components.grdf_adict.metering.gas_day import PARIS
from custom_components.grdf_adict.metering.ledger import (
    DayValue,
    HeldValue,
    IndexReading,
    Ledger,
    PublishedBlock,
    Source,
)

from .factory import informative, later, published

# Few days and few amounts, so that blocks meet: the last days of a leap February.
FIRST: Final = date(2028, 2, 25)
_DAYS: Final = st.integers(0, 9).map(lambda days: later(days, FIRST))
_ENERGIES: Final = st.sampled_from([None, 0.0, 7.0, 8.0, 20.5, 5000.0])
_QUALIFICATIONS: Final = st.sampled_from(Qualification)
_STATUSES: Final = st.sampled_from([None, *ConsumptionStatus])


def _said(
    block: Consumption, qualification: Qualification, status: ConsumptionStatus | None
) -> Consumption:
    return replace(block, qualification=qualification, status=status)


informative_blocks: Final = st.builds(
    _said,
    st.builds(informative, _ENERGIES, _DAYS),
    _QUALIFICATIONS,
    _STATUSES,
)
published_blocks: Final = st.builds(
    _said,
    st.builds(published, _ENERGIES, _DAYS, days=st.sampled_from([1, 1, 2, 5])),
    _QUALIFICATIONS,
    _STATUSES,
)
informative_answers: Final = st.lists(informative_blocks, max_size=12)
published_answers: Final = st.lists(published_blocks, max_size=12)

_amounts: Final = st.floats(0, 1e9, allow_nan=False, allow_infinity=False)
_calendar: Final = st.dates(date(1990, 1, 1), date(2100, 1, 1))
_instants: Final = st.builds(
    lambda instant, zone: instant.astimezone(zone),
    st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1 < at.year < 9999),
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
ledgers: Final = st.builds(
    Ledger,
    daily=st.dictionaries(
        st.sampled_from(Source), st.dictionaries(_calendar, _values, max_size=5)
    ),
    blocks=st.lists(
        st.builds(PublishedBlock, start=_instants, end=_instants, value=_values),
        max_size=3,
    ).map(tuple),
    held=st.dictionaries(
        st.text(max_size=24),
        st.builds(HeldValue, energy=_amounts, seen=_calendar),
        max_size=3,
    ),
    reading=st.none() | st.builds(IndexReading, index=_amounts, at=_instants),
)
