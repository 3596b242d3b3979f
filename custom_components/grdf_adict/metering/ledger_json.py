"""A ledger and its summary as JSON values, and back."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from ..adict import Qualification
from .day_parts import DayPart, DayParts
from .json_values import Json, date_from_json, fields_to_json
from .ledger import (
    DayValue,
    FileValue,
    IndexReading,
    Ledger,
    PublishedBlock,
    Source,
    SuspectValue,
)
from .series import DayRow, RowKind
from .stored import PartReader, checked, number, of_type, stored_day, stored_moment
from .summary import Summary
from .temperatures import joined, run_from_json, temperatures_to_json


def ledger_to_json(ledger: Ledger) -> Json:
    """Return a ledger as JSON values: one short list a day."""
    reading = ledger.reading
    return {
        "daily": {
            source.value: [[day.isoformat(), *_value(days[day])] for day in days]
            for source, days in ledger.daily.items()
        },
        "blocks": [
            [block.start.isoformat(), block.end.isoformat(), *_value(block.value)]
            for block in ledger.blocks
        ],
        "held": {
            period: [suspect.energy, suspect.seen.isoformat(), suspect.repeated]
            for period, suspect in ledger.suspects.items()
        },
        "reading": reading and [reading.index, reading.at.isoformat()],
        "files": {
            source.value: [
                [
                    first.isoformat(),
                    end.isoformat(),
                    filed.exported_on.isoformat(),
                    filed.index,
                    *_value(filed.value),
                ]
                for (first, end), filed in periods.items()
            ]
            for source, periods in ledger.files.items()
        },
        "parts": {
            source.value: [
                [
                    day.isoformat(),
                    part.start.isoformat(),
                    part.end.isoformat(),
                    *_value(part.value),
                ]
                for day, of_day in days.items()
                for part in of_day
            ]
            for source, days in ledger.parts.items()
        },
        "temperatures": temperatures_to_json(ledger.temperatures),
    }


def ledger_from_json(stored: Json, reader: PartReader) -> Ledger:
    """Return what can be read of the ledger that `ledger_to_json` wrote."""

    def by_source[V](
        name: str, read: Callable[[Any], V], *, may_miss: bool = False
    ) -> dict[Source, V]:
        return reader.table_field(stored, name, Source, read, may_miss=may_miss)

    return Ledger(
        daily=by_source("daily", lambda days: dict(reader.items("daily", _day, days))),
        blocks=tuple(reader.list_field(stored, "blocks", _block)),
        suspects=reader.table_field(stored, "held", str, _suspect),
        reading=reader.field(stored, "reading", _reading, None),
        # Ledgers written before files could be read have none.
        files=by_source(
            "files",
            lambda periods: dict(reader.items("files", _filed, periods)),
            may_miss=True,
        ),
        # Nor have those written before the parts of a day were kept.
        parts=by_source(
            "parts",
            lambda parts: _by_day(reader.items("parts", _part, parts)),
            may_miss=True,
        ),
        # Nor temperatures, those written before they were kept.
        temperatures=reader.field(
            stored,
            "temperatures",
            lambda runs: joined(reader.items("temperatures", run_from_json, runs)),
            {},
            may_miss=True,
        ),
    )


def summary_to_json(summary: Summary) -> Json:
    """Return a summary as JSON values."""
    return {
        "last": summary.last and list(fields_to_json(summary.last).values()),
        "total": summary.total,
        "counted_from": summary.counted_from and summary.counted_from.isoformat(),
        "months": [[*month, energy] for month, energy in summary.months.items()],
        "days": summary.days,
        "absent": summary.absent,
        "coefficient": summary.coefficient,
    }


def summary_from_json(stored: Json) -> Summary:
    """Return the summary that `summary_to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: the values are not a summary's.
    """
    last = stored["last"]
    return checked(
        Summary(
            last=None if last is None else _row(last),
            total=stored["total"],
            counted_from=date_from_json(stored["counted_from"]),
            months={
                (year, month): energy
                for year, month, energy in of_type(list, stored["months"])
            },
            days=stored["days"],
            absent=stored["absent"],
            coefficient=stored["coefficient"],
        )
    )


def _value(value: DayValue) -> list[float | str | bool | None]:
    return [
        value.energy,
        value.volume,
        value.coefficient,
        value.qualification.value,
        value.final,
    ]


def _day_value(stored: list[Any]) -> DayValue:
    """Return the value of a day or a period; a file's may have no energy."""
    energy, volume, coefficient, qualification, final = stored
    return DayValue(
        _amount(energy),
        _amount(volume),
        _amount(coefficient),
        Qualification(qualification),
        of_type(bool, final),
    )


def _given_value(stored: list[Any]) -> DayValue:
    """Return a value that has no energy only where it is an absence."""
    value = _day_value(stored)
    if (value.energy is None) is not (value.qualification is Qualification.ABSENT):
        raise ValueError(value.qualification)
    return value


def _amount(stored: Any) -> float | None:
    return None if stored is None else number(stored)


def _day(stored: list[Any]) -> tuple[date, DayValue]:
    day, *value = stored
    return stored_day(day), _given_value(value)


def _block(stored: list[Any]) -> PublishedBlock:
    start, end, *value = stored
    return PublishedBlock(*_bounds(start, end), _given_value(value))


def _suspect(stored: list[Any]) -> SuspectValue:
    energy, seen, *repeated = stored
    return checked(SuspectValue(number(energy), stored_day(seen), *repeated))


def _filed(stored: list[Any]) -> tuple[tuple[date, date], FileValue]:
    first, end, exported_on, index, *value = stored
    period = stored_day(first), stored_day(end)
    if period[1] <= period[0]:
        raise ValueError(period)
    filed = FileValue(_day_value(value), stored_day(exported_on), _amount(index))
    return period, filed


def _part(stored: list[Any]) -> tuple[date, DayPart[DayValue]]:
    day, start, end, *value = stored
    return stored_day(day), DayPart(*_bounds(start, end), _given_value(value))


def _by_day(
    parts: Iterable[tuple[date, DayPart[DayValue]]],
) -> dict[date, DayParts[DayValue]]:
    found: dict[date, DayParts[DayValue]] = {}
    for day, part in parts:
        found[day] = (*found.get(day, ()), part)
    return found


def _bounds(start: Any, end: Any) -> tuple[datetime, datetime]:
    bounds = stored_moment(start), stored_moment(end)
    if bounds[1] <= bounds[0]:
        raise ValueError(bounds)
    return bounds


def _reading(stored: list[Any] | None) -> IndexReading | None:
    if stored is None:
        return None
    index, at = stored
    return IndexReading(number(index), stored_moment(at))


def _row(stored: list[Any]) -> DayRow:
    gas_day, energy, volume, coefficient, kind, final = stored
    return checked(
        DayRow(stored_day(gas_day), energy, volume, coefficient, RowKind(kind), final)
    )
