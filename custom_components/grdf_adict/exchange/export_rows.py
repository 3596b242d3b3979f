"""Meters' periods as the rows of a table, in the words of a language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ..adict import FlowDirection
from ..files import Cell
from ..metering import (
    PeriodRow,
    Step,
    costed_days,
    period_table,
    rows,
    sources,
)
from ..metering.price import day_costs
from ..storage.meter_file import MeterFile

_DIRECTIONS: Final = (FlowDirection.CONSUMPTION, FlowDirection.PRODUCTION)
_ABSENT: Final = "absent"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table shows, and how it is called.

    Attributes:
        words: by `column.name`, in the language of the table.
        step: what a row covers.
        with_direction: whether gas used and gas injected are told apart.
        currency: of the costs.
        first: the first gas day asked for; None: the first known.
        last: the last one; None: the newest known.
    """

    words: Mapping[str, str]
    step: Step
    with_direction: bool
    currency: str
    first: date | None
    last: date | None

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        names = [
            "pce",
            "meter",
            *(["direction"] if self.with_direction else []),
            *(
                ["gas_day"]
                if self.step is Step.DAY
                else ["first_day", "last_day", "days_known", "days"]
            ),
            "energy",
            "volume",
            "coefficient",
            "source",
            "cost",
        ]
        columns = [self.words[f"export_column.{name}"] for name in names]
        return [*columns[:-1], f"{columns[-1]} ({self.currency})"]

    def cells(
        self, pce: str, name: str, direction: FlowDirection, period: PeriodRow
    ) -> list[Cell]:
        """Return a period as the cells of a row."""
        said = [self.words[f"export_source.{basis}"] for basis in period.bases]
        return [
            pce,
            name,
            *(
                [self.words[f"export_direction.{direction.name.lower()}"]]
                if self.with_direction
                else []
            ),
            *(
                [period.first]
                if self.step is Step.DAY
                else [period.first, period.last, period.known, period.days]
            ),
            period.energy,
            period.volume,
            period.coefficient,
            " + ".join(said) or self.words[f"export_source.{_ABSENT}"],
            period.cost,
        ]


@dataclass(frozen=True, slots=True)
class MeterPeriods:
    """A meter's periods of the gas that flows one way."""

    direction: FlowDirection
    periods: Sequence[PeriodRow]


def meter_periods(
    file: MeterFile, layout: Layout, *, is_priced: bool
) -> Iterator[MeterPeriods]:
    """Yield the periods of a meter's file: of gas used, then of gas injected.

    Args:
        file: the meter's.
        layout: what the table shows.
        is_priced: whether the meter's owner told a price of gas used.
    """
    for direction in _DIRECTIONS:
        ledger = file.history(direction).ledger
        days = rows(ledger)
        costs_money = is_priced and direction is FlowDirection.CONSUMPTION
        costs = day_costs(days, file.prices) if costs_money else None
        periods = period_table(
            costed_days(days, sources(ledger), costs),
            layout.step,
            first=layout.first,
            last=layout.last,
        )
        yield MeterPeriods(direction, tuple(periods))
