"""When data that have not come are late (API notes §8; deck, Préconisations)."""

from datetime import date, timedelta
from typing import Final

from ...adict import Frequency
from ..gas_day import ONE_DAY
from .slots import expected_publication, informative_delay

_WITH_INFORMATIVE: Final = frozenset({Frequency.MONTHLY, Frequency.BUSINESS_MONTHLY})

# GRDF catches up by itself with what is a few days late. A published period comes with
# a reading, and the day of that is not told.
_DAYS_TOLERATED: Final = timedelta(days=5)
_MONTH_TOLERATED: Final = timedelta(days=15)
_HALF_YEAR_TOLERATED: Final = timedelta(days=45)


def late_from(frequency: Frequency, newest: date, *, informative: bool) -> date | None:
    """Return the first date on which nothing newer than a gas day would be late.

    Args:
        frequency: the meter's reading frequency.
        newest: the newest gas day with a value.
        informative: whether its informative data may be asked for.

    Returns:
        The date in France; None where it is not known when data are to come.
    """
    if frequency is Frequency.UNKNOWN:
        return None
    after = newest + ONE_DAY
    if frequency is Frequency.DAILY:
        return after + ONE_DAY + _DAYS_TOLERATED
    if informative and frequency in _WITH_INFORMATIVE:
        return after + informative_delay(frequency) + _DAYS_TOLERATED
    tolerated = (
        _HALF_YEAR_TOLERATED if frequency is Frequency.SIX_MONTHLY else _MONTH_TOLERATED
    )
    return expected_publication(frequency, after) + tolerated
