"""The plain rows that look-alikes are made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
import random


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One gas day of the customer space.

    Attributes:
        gas_day: the date of its start.
        kwh: None where GRDF has nothing.
        m3: likewise.
        index_start: m³ on the meter at its start; None: absent.
        index_end: m³ on the meter at its end; None: absent.
        coefficient: kWh per m³; None: absent.
        temperature: °C; None: absent.
        qualification: in GRDF's words.
    """

    gas_day: date
    kwh: float | None
    m3: float | None
    index_start: float | None = None
    index_end: float | None = None
    coefficient: float | None = None
    temperature: float | None = None
    qualification: str = "Mesuré"

    @property
    def qualification_text(self) -> str:
        """The qualification that GRDF writes: an absence where there is no energy."""
        return "Absence de Données" if self.kwh is None else self.qualification


def invented_days(
    first: date, last: date, *, absent: Iterable[date] = (), seed: int = 1
) -> list[Day]:
    """Return the gas days of a household that heats more in winter."""
    roll = random.Random(seed)  # noqa: S311 - a household, not a secret
    without = set(absent)
    days: list[Day] = []
    index = 12163
    for place in range((last - first).days + 1):
        gas_day = first + timedelta(days=place)
        is_absent = gas_day in without
        cold = 1 + abs(gas_day.timetuple().tm_yday - 200) // 30
        m3 = roll.randint(0, 2 * cold)
        days.append(
            Day(
                gas_day=gas_day,
                kwh=None if is_absent else round(m3 * 11.16) + roll.randint(0, 5),
                m3=None if is_absent else m3,
                index_start=None if is_absent else index,
                index_end=None if is_absent else index + m3,
                coefficient=None if is_absent else 11.16,
            )
        )
        index += m3
    return days
