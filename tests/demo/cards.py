"""What a Statistic card shows of each meter, beside its gas days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from .comparison import Pair, aligned
from .home import Home
from .rows import PARIS, Days
from .witness import Meter

type Calendar = Literal["day", "week", "month", "year"]

# A gas day is published days after it: the card of today has nothing to show.
_LOOKS: Final[tuple[tuple[Calendar, int], ...]] = (
    *(("day", back) for back in range(8)),
    *(("week", back) for back in range(3)),
    *(("month", back) for back in range(3)),
    *(("year", back) for back in range(3)),
)


@dataclass(frozen=True, slots=True)
class CardLine:
    """One calendar period of one meter, so many before the one that is not over."""

    meter: str
    period: Calendar
    back: int
    energy: Pair


async def read_cards(home: Home, meters: Sequence[Meter]) -> list[CardLine]:
    """Ask Home Assistant for calendar periods as its Statistic card does."""
    today = datetime.now(PARIS).date()
    return [
        CardLine(
            meter.label,
            period,
            back,
            Pair(
                await _shown(home, meter.energy_id, period, back),
                _true(meter.energy, *calendar_dates(period, today, back)),
            ),
        )
        for meter in meters
        for period, back in _LOOKS
    ]


def cards_table(lines: Iterable[CardLine]) -> str:
    """Return the periods as text, a line each."""
    rows = [
        (
            line.meter,
            f"{line.period} -{line.back}" if line.back else f"this {line.period}",
            f"{line.energy.stored:.3f}",
            f"{line.energy.expected:.3f}",
            "equal" if line.energy.equal else "DIFFERENT",
        )
        for line in lines
    ]
    return aligned(
        [("Statistic card of", "period", "kWh shown", "kWh true", ""), *rows]
    )


def calendar_dates(period: Calendar, today: date, back: int) -> tuple[date, date]:
    """Return a period's first date, and the first after it; weeks begin on Monday."""
    match period:
        case "day":
            first = today - timedelta(days=back)
            return first, first + timedelta(days=1)
        case "week":
            first = today - timedelta(days=today.weekday(), weeks=back)
            return first, first + timedelta(weeks=1)
        case "month":
            number = today.year * 12 + today.month - 1 - back
            return _month(number), _month(number + 1)
        case "year":
            year = today.year - back
            return date(year, 1, 1), date(year + 1, 1, 1)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


async def _shown(home: Home, statistic: str, period: Calendar, back: int) -> float:
    answer = await home.ask(
        "recorder/statistic_during_period",
        statistic_id=statistic,
        calendar={"period": period, "offset": -back},
        types=["change"],
    )
    return answer["change"] or 0.0


def _true(days: Days, first: date, end: date) -> float:
    return sum(amount or 0.0 for day, amount in days.items() if first <= day < end)
