"""Home Assistant's totals beside the sandbox's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

type Period = Literal["month", "year"]

TOLERANCE = 0.001
"""The largest difference that counts as none, in kWh or m³."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One total as Home Assistant holds it and as the sandbox does."""

    stored: float
    expected: float

    @property
    def difference(self) -> float:
        """Return by how much Home Assistant is above the sandbox."""
        return self.stored - self.expected

    @property
    def equal(self) -> bool:
        """Return whether both are the same to a thousandth."""
        return abs(self.difference) <= TOLERANCE


@dataclass(frozen=True, slots=True)
class Comparison:
    """One quantity of one meter, by the first day of each year and month."""

    years: Mapping[date, Pair]
    months: Mapping[date, Pair]


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year of one meter: kWh, m³, and how many of its months agree on both."""

    meter: str
    year: int
    energy: Pair
    volume: Pair
    months: int
    equal_months: int

    @property
    def equal(self) -> bool:
        """Return whether the year and each of its months agree."""
        return (
            self.energy.equal and self.volume.equal and self.equal_months == self.months
        )


def period_start(day: date, period: Period) -> date:
    """Return the first day of the month or year that a gas day belongs to."""
    return day.replace(day=1) if period == "month" else day.replace(month=1, day=1)


def totals(days: Mapping[date, float | None], period: Period) -> dict[date, float]:
    """Sum gas days by month or year; an absent day (None) adds nothing."""
    sums: dict[date, float] = {}
    for day, amount in days.items():
        start = period_start(day, period)
        sums[start] = sums.get(start, 0.0) + (amount or 0.0)
    return sums


def compare(
    stored: Mapping[Period, Mapping[date, float]], days: Mapping[date, float | None]
) -> Comparison:
    """Put the months and years that Home Assistant sums beside those of the days."""
    return Comparison(
        years=_pairs(stored["year"], totals(days, "year")),
        months=_pairs(stored["month"], totals(days, "month")),
    )


def year_lines(meter: str, energy: Comparison, volume: Comparison) -> list[YearLine]:
    """Return one line for each year that either side knows."""
    return [
        _year_line(meter, year, energy, volume)
        for year in sorted({*energy.years, *volume.years})
    ]


def _year_line(
    meter: str, year: date, energy: Comparison, volume: Comparison
) -> YearLine:
    nothing = Pair(0.0, 0.0)
    months = {
        month for month in {*energy.months, *volume.months} if month.year == year.year
    }
    return YearLine(
        meter,
        year.year,
        energy.years.get(year, nothing),
        volume.years.get(year, nothing),
        months=len(months),
        equal_months=sum(
            energy.months.get(month, nothing).equal
            and volume.months.get(month, nothing).equal
            for month in months
        ),
    )


def _pairs(
    stored: Mapping[date, float], expected: Mapping[date, float]
) -> dict[date, Pair]:
    """Put both side by side; a period that one lacks is 0 there."""
    return {
        start: Pair(stored.get(start, 0.0), expected.get(start, 0.0))
        for start in sorted({*stored, *expected})
    }


def table(lines: Iterable[YearLine], beside: str = "sandbox") -> str:
    """Return the comparison as text, one line a meter and year.

    Args:
        lines: the years of the meters.
        beside: what Home Assistant is compared with.
    """
    rows = [
        (
            line.meter,
            str(line.year),
            f"{line.equal_months} of {line.months}",
            *(_figures(line.energy)),
            *(_figures(line.volume)),
            "equal" if line.equal else "DIFFERENT",
        )
        for line in lines
    ]
    header = (
        "meter",
        "year",
        "equal months",
        "kWh in HA",
        f"kWh in {beside}",
        "difference",
        "m³ in HA",
        f"m³ in {beside}",
        "difference",
        "",
    )
    return aligned([header, *rows])


def _figures(pair: Pair) -> tuple[str, str, str]:
    return f"{pair.stored:.3f}", f"{pair.expected:.3f}", f"{pair.difference:+z.3f}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Align words left (first column) and figures right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
