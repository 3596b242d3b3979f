"""Gas days later than any answer so far: kept, and left out of everything.

An earlier version accepted days of the future. They are used again once an answer of
their own date or a later one has come, whatever this machine's clock says.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from .gas_day import ONE_DAY, paris_date
from .ledger import Ledger, Source

type _Table[V] = Mapping[Source, Mapping[date, V]]

NOTHING: Final = Ledger()
_FROM_ANSWERS: Final = {Source.PUBLISHED, Source.INFORMATIVE}


class SplitLedger(NamedTuple):
    """A ledger without the days of the future, and those alone."""

    ledger: Ledger
    ahead: Ledger


def split_ahead(ledger: Ledger, *, answered: date | None, today: date) -> SplitLedger:
    """Return a ledger in two parts: through the date of the newest answer, and later.

    Args:
        ledger: of gas that flows one way.
        answered: the newest answer's date in France; None: none is known.
        today: the date in France: the limit where no answer is known, and of days that
            another source gives after the newest answer.
    """
    answers, others = answered or today, max(answered or today, today)
    last = {
        source: answers if source in _FROM_ANSWERS else others
        for source in ledger.daily
    }
    reading = ledger.reading
    ahead = Ledger(
        daily=_later(ledger.daily, last),
        parts=_later(ledger.parts, last),
        blocks=tuple(
            block
            for block in ledger.blocks
            if paris_date(block.end) > answers + ONE_DAY
        ),
        reading=reading
        if reading and paris_date(reading.at) > answers + ONE_DAY
        else None,
    )
    if ahead == NOTHING:
        return SplitLedger(ledger, NOTHING)
    known = replace(
        ledger,
        daily=_until(ledger.daily, last),
        parts=_until(ledger.parts, last),
        blocks=tuple(each for each in ledger.blocks if each not in ahead.blocks),
        reading=None if ahead.reading else reading,
    )
    return SplitLedger(known, ahead)


def rejoined(parts: SplitLedger) -> Ledger:
    """Return the whole ledger; what was given since replaces what was ahead."""
    ledger, ahead = parts
    if ahead == NOTHING:
        return ledger
    blocks = {(block.start, block.end): block for block in ahead.blocks + ledger.blocks}
    return replace(
        ledger,
        daily=_both(ahead.daily, ledger.daily),
        parts=_both(ahead.parts, ledger.parts),
        blocks=tuple(blocks[period] for period in sorted(blocks)),
        reading=ledger.reading or ahead.reading,
    )


def _later[V](table: _Table[V], last: Mapping[Source, date]) -> _Table[V]:
    """Return the days that are later than their source's last; none without any."""
    later = {
        source: {day: of for day, of in days.items() if day > last[source]}
        for source, days in table.items()
    }
    return {source: days for source, days in later.items() if days}


def _until[V](table: _Table[V], last: Mapping[Source, date]) -> _Table[V]:
    return {
        source: {day: of for day, of in days.items() if day <= last[source]}
        for source, days in table.items()
    }


def _both[V](ahead: _Table[V], known: _Table[V]) -> _Table[V]:
    """Return the days of both, by source and date; what is known goes first."""
    return {
        source: dict(sorted({**ahead.get(source, {}), **known.get(source, {})}.items()))
        for source in {**known, **ahead}
    }
