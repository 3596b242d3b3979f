"""A ledger and its summary as JSON values, and back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from ..adict import Qualification
from .day_parts import DayPart, DayParts
from .json_values import Json, date_from_json, fields_to_json
from .ledger import (
    Daily,
    DayValue,
    Exported,
    FileValue,
    IndexReading,
    Ledger,
    PublishedBlock,
    Source,
    SuspectValue,
)
from .series import DayRow, RowKind
from .summary import Summary


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
    }


def ledger_from_json(stored: Json) -> Ledger:
    """Return the ledger that `ledger_to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: the values are not a ledger's.
    """
    return Ledger(
        daily={Source(source): _days(days) for source, days in _table(stored["daily"])},
        blocks=tuple(
            PublishedBlock(
                datetime.fromisoformat(start),
                datetime.fromisoformat(end),
                _day_value(value),
            )
            for start, end, *value in stored["blocks"]
        ),
        suspects={
            period: SuspectValue(energy, date.fromisoformat(seen), *repeated)
            for period, (energy, seen, *repeated) in _table(stored["held"])
        },
        reading=_reading(stored["reading"]),
        # Ledgers written before files could be read have none.
        files={
            Source(source): _exported(periods)
            for source, periods in _table(stored.get("files", {}))
        },
        # Nor have those written before the parts of a day were kept.
        parts={
            Source(source): _parts(parts)
            for source, parts in _table(stored.get("parts", {}))
        },
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
    return Summary(
        last=stored["last"] and _row(stored["last"]),
        total=stored["total"],
        counted_from=date_from_json(stored["counted_from"]),
        months={(year, month): energy for year, month, energy in stored["months"]},
        days=stored["days"],
        absent=stored["absent"],
        coefficient=stored["coefficient"],
    )


def _table(stored: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(stored, dict):
        raise TypeError(stored)
    return stored.items()


def _value(value: DayValue) -> list[float | str | bool | None]:
    return [
        value.energy,
        value.volume,
        value.coefficient,
        value.qualification.value,
        value.final,
    ]


def _day_value(stored: list[Any]) -> DayValue:
    energy, volume, coefficient, qualification, final = stored
    return DayValue(energy, volume, coefficient, Qualification(qualification), final)


def _days(stored: list[list[Any]]) -> Daily:
    return {date.fromisoformat(day): _day_value(value) for day, *value in stored}


def _exported(stored: list[list[Any]]) -> Exported:
    return {
        (date.fromisoformat(first), date.fromisoformat(end)): FileValue(
            _day_value(value), date.fromisoformat(exported_on), index
        )
        for first, end, exported_on, index, *value in stored
    }


def _parts(stored: list[list[Any]]) -> dict[date, DayParts[DayValue]]:
    found: dict[date, DayParts[DayValue]] = {}
    for written, start, end, *value in stored:
        day = date.fromisoformat(written)
        part = DayPart(
            datetime.fromisoformat(start),
            datetime.fromisoformat(end),
            _day_value(value),
        )
        found[day] = (*found.get(day, ()), part)
    return found


def _reading(stored: list[Any] | None) -> IndexReading | None:
    if stored is None:
        return None
    index, at = stored
    return IndexReading(index, datetime.fromisoformat(at))


def _row(stored: list[Any]) -> DayRow:
    gas_day, energy, volume, coefficient, kind, final = stored
    return DayRow(
        date.fromisoformat(gas_day), energy, volume, coefficient, RowKind(kind), final
    )
