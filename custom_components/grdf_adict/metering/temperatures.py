"""The local temperatures that exported files give of gas days, each with its export.

GRDF's daily export has a column of them, which is empty in every file seen so far (API
notes §9): which station they are of, and whether a day's is a mean, is not known. They
are kept as they are given, and are compared with each other alone.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from .exported import ExportedMeter
from .gas_day import ONE_DAY
from .stored import number, of_type, stored_day

_COLDEST: Final = -60.0
_WARMEST: Final = 60.0


class FiledTemperature(NamedTuple):
    """A gas day's temperature in °C, and when the file that gives it was exported."""

    exported_on: date
    celsius: float


type Temperatures = Mapping[date, FiledTemperature]


def is_outdoors(celsius: float) -> bool:
    """Whether it can be as cold or warm as this outdoors; not for NaN."""
    return _COLDEST <= celsius <= _WARMEST


def with_temperatures(known: Temperatures, meter: ExportedMeter) -> Temperatures:
    """Return the temperatures, by date, with those of a file.

    A later export's replaces an earlier one's, and of two exported on one day the
    warmer counts: the order in which files come never matters. A row without one
    changes nothing.
    """
    given = {
        row.first: FiledTemperature(meter.exported_on, row.temperature)
        for row in meter.rows
        if row.temperature is not None
    }
    if not given:
        return known
    newest = {day: max(each, known.get(day, each)) for day, each in given.items()}
    return dict(sorted({**known, **newest}.items()))


def temperatures_to_json(temperatures: Temperatures) -> list[list[Any]]:
    """Return temperatures as JSON values: a list for each run of days of one export.

    It has the export's date, the run's first gas day, and one number a day.
    """
    runs: list[list[Any]] = []
    following = None
    for day, (exported_on, celsius) in temperatures.items():
        if following != (day, exported_on):
            runs.append([exported_on.isoformat(), day.isoformat(), []])
        runs[-1][-1].append(celsius)
        following = day + ONE_DAY, exported_on
    return runs


def run_from_json(stored: list[Any]) -> dict[date, FiledTemperature]:
    """Return one run that `temperatures_to_json` wrote.

    Raises:
        ArithmeticError, TypeError, ValueError: the values are no run's.
    """
    exported, begins, values = stored
    exported_on, first = stored_day(exported), stored_day(begins)
    run = {
        first + place * ONE_DAY: FiledTemperature(exported_on, _celsius(value))
        for place, value in enumerate(of_type(list, values))
    }
    stored_day(max(run, default=first).isoformat())
    return run


def joined(runs: Iterable[Temperatures]) -> Temperatures:
    """Return the temperatures of all runs, by date."""
    found: dict[date, FiledTemperature] = {}
    for run in runs:
        found |= run
    return dict(sorted(found.items()))


def _celsius(stored: Any) -> float:
    celsius = number(stored, least=_COLDEST)
    if not is_outdoors(celsius):
        raise ValueError(type(stored))
    return celsius
