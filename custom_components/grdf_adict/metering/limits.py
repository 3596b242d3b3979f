"""The most energy that a meter can pass: physical, else by contract, else by its past.

Beyond it a value is withheld until GRDF repeats it on a later day (`ledger.merge`).
"""

from functools import partial
from typing import Final

from ..adict import FlowDirection
from .facts import MeterFacts, most_energy
from .ledger import DayValue, Ledger, Limit, Source

# kWh an hour of a G4, the smallest meter of a home: no limit that is not physical is
# below it.
_SMALLEST_METER: Final = 78.0
# A day that is 20 °C below the base of heating takes 1 % of a year's heating where the
# year has 2,000 degree days, 2 % on the mildest coast of France. A quarter also holds a
# second home that is heated on ten days a year, and a year of twice the reference.
_OF_A_YEAR: Final = 1 / 4
# A frost after a summer of hot water alone takes six to nine times as much.
_OF_THE_LARGEST: Final = 10
_DAYS_TO_KNOW: Final = 30


def limit_of(
    facts: MeterFacts,
    ledger: Ledger,
    direction: FlowDirection = FlowDirection.CONSUMPTION,
) -> Limit:
    """Return the limit of the gas that flows one way through a meter.

    That is of the first that is known: its flow rate, its calibre, for gas used its
    annual reference consumption, and the largest day in its ledger.
    """
    return partial(most_energy, _most_an_hour(facts, ledger, direction))


def _most_an_hour(
    facts: MeterFacts, ledger: Ledger, direction: FlowDirection
) -> float | None:
    if facts.most_an_hour is not None:
        return facts.most_an_hour
    reference = max(
        facts.annual_reference_consumption or 0,
        facts.next_annual_reference_consumption or 0,
    )
    if reference and direction is not FlowDirection.PRODUCTION:
        most_a_day = reference * _OF_A_YEAR
    elif (largest := _largest_day(ledger)) is not None:
        most_a_day = largest * _OF_THE_LARGEST
    else:
        return None
    return max(most_a_day / 24, _SMALLEST_METER)


def _largest_day(ledger: Ledger) -> float | None:
    """Return the most kWh of a known gas day, or of one in a period on average.

    None: too few are known.
    """
    periods: list[tuple[int, DayValue]] = [
        *(
            (1, value)
            for source, days in ledger.daily.items()
            if source is not Source.ADOPTED
            for value in days.values()
        ),
        *((len(block.gas_days), block.value) for block in ledger.blocks),
        *(
            ((end - first).days, filed.value)
            for periods in ledger.files.values()
            for (first, end), filed in periods.items()
        ),
    ]
    known = [
        (days, of.energy) for days, of in periods if days and of.energy is not None
    ]
    if sum(days for days, _ in known) < _DAYS_TO_KNOW:
        return None
    return max(energy / days for days, energy in known)
