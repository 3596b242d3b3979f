"""Meters' periods as the rows of a table, in a language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ..adict import FlowDirection
from ..files import Cell
from ..helpers.texts import Texts
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
    """The columns of a table, and its period.

    Attributes:
        texts: of the selectors, in the language of the table.
        step: what a row covers.
        with_direction: whether a column separates gas used from gas injected.
        currency: of the costs.
        first: the first gas day requested; None: the first known.
        last: the last one; None: the newest known.
    """

    texts: Texts
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
        columns = [self.texts[f"export_column.{name}"] for name in names]
        return [*columns[:-1], f"{columns[-1]} ({self.currency})"]

    def cells(
        self, pce: str, name: str, direction: FlowDirection, period: PeriodRow
    ) -> list[Cell]:
        """Return a period as the cells of a row."""
        bases = period.bases or (_ABSENT,)
        source = [self.texts[f"export_source.{basis}"] for basis in bases]
        return [
            pce,
            name,
            *(
                [self.texts[f"export_direction.{direction.name.lower()}"]]
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
            " + ".join(source),
            period.cost,
        ]


def meter_periods(
    file: MeterFile, layout: Layout, *, is_priced: bool
) -> Iterator[tuple[FlowDirection, list[PeriodRow]]]:
    """Yield the periods of a meter's file: of gas used, then of gas injected.

    Gas used has a cost if the meter `is_priced`.
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
        yield direction, list(periods)
