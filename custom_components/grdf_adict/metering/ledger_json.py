"""A ledger and its summary as JSON values, and back."""

from collections.abc import Iterable
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from ..adict import Qualification
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

type Json = dict[str, Any]


def ledger_to_json(ledger: Ledger) -> Json:
    """Return a ledger as JSON values: one short list a day."""
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
            period: [held.energy, held.seen.isoformat()]
            for period, held in ledger.suspects.items()
        },
        "reading": ledger.reading and reading_to_json(ledger.reading),
        "files": {
            source.value: [
                [
                    first.isoformat(),
                    end.isoformat(),
                    said.exported_on.isoformat(),
                    said.index,
                    *_value(said.value),
                ]
                for (first, end), said in periods.items()
            ]
            for source, periods in ledger.files.items()
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
            period: SuspectValue(energy, date.fromisoformat(seen))
            for period, (energy, seen) in _table(stored["held"])
        },
        reading=reading_from_json(stored["reading"]),
        # Ledgers written before files could be read have none.
        files={
            Source(source): _exported(periods)
            for source, periods in _table(stored.get("files", {}))
        },
    )


def summary_to_json(summary: Summary) -> Json:
    """Return a summary as JSON values."""
    last = summary.last
    return {
        "last": last
        and [
            last.gas_day.isoformat(),
            last.energy,
            last.volume,
            last.coefficient,
            last.kind.value,
            last.final,
        ],
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
        counted_from=stored["counted_from"]
        and date.fromisoformat(stored["counted_from"]),
        months=MappingProxyType(
            {(year, month): energy for year, month, energy in stored["months"]}
        ),
        days=stored["days"],
        absent=stored["absent"],
        coefficient=stored["coefficient"],
    )


def reading_to_json(reading: IndexReading) -> list[float | str]:
    """Return an index reading as JSON values."""
    return [reading.index, reading.at.isoformat()]


def reading_from_json(stored: list[Any] | None) -> IndexReading | None:
    """Return the index reading that `reading_to_json` wrote."""
    if stored is None:
        return None
    index, at = stored
    return IndexReading(index, datetime.fromisoformat(at))


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


def _row(stored: list[Any]) -> DayRow:
    gas_day, energy, volume, coefficient, kind, final = stored
    return DayRow(
        date.fromisoformat(gas_day), energy, volume, coefficient, RowKind(kind), final
    )
