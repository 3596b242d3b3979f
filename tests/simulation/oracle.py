"""What a perfect client's rows hold, from the answers that the sandbox truly sent.

Written apart from the integration: whole watt-hours and litres, dates, and the rules of
the series in a few plain lines.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from tests.sandbox import Answer, Block, Perimeter

_STRENGTH: Final = {"Absence de Données": 0, "Estimé": 1, "Mesuré": 2, "Corrigé": 3}


class Amounts(NamedTuple):
    """Thousandths of a kWh and of a m³."""

    energy: int
    volume: int


class OracleRow(NamedTuple):
    """One gas day: its amounts (None: absent), and what they have come to so far."""

    gas_day: date
    amounts: Amounts | None
    so_far: Amounts


@dataclass
class Oracle:
    """All that was ever heard of one meter, and still stands.

    Attributes:
        days: by family, the last word on each single gas day.
        spans: the last word on each longer period, by its first and last gas day.
    """

    days: dict[Perimeter, dict[date, Block]] = field(default_factory=dict)
    spans: dict[tuple[date, date], Block] = field(default_factory=dict)

    def hear(self, answer: Answer) -> None:
        """Take in an answer.

        Of one that broke off, absence is not believed, nor a weaker word than before.
        """
        if answer.is_whole and answer.family is Perimeter.PUBLISHED:
            self._drop_what_is_told_anew(answer.blocks)
        days = self.days.setdefault(answer.family, {})
        for block in _strongest_of_each_period(answer.blocks):
            if (block.end - block.start).days == 1:
                if answer.is_whole or _beats(block, days.get(block.start)):
                    days[block.start] = block
            elif answer.is_whole or _beats(block, self.spans.get(_period(block))):
                self.spans[_period(block)] = block

    def rows(self) -> list[OracleRow]:
        """Return a row for each gas day, from the first with gas to the newest."""
        amounts = self._own()
        for block in _in_turn(self.spans.values()):
            _share(block, amounts)
        if not amounts:
            return []
        newest = max(amounts.keys() | self._mentioned())
        rows = []
        energy = volume = 0
        for day in _dates(min(amounts), newest):
            found = amounts.get(day)
            if found is not None:
                energy, volume = energy + found.energy, volume + found.volume
            rows.append(OracleRow(day, found, Amounts(energy, volume)))
        return rows

    def _drop_what_is_told_anew(self, blocks: Sequence[Block]) -> None:
        """Drop the periods that GRDF now tells in other, smaller or larger ones."""
        valued = [block for block in blocks if not block.is_absent]
        told = {day for block in valued for day in _days(block)}
        same = {_period(block) for block in valued}
        for period, block in list(self.spans.items()):
            if period not in same and told.issuperset(_days(block)):
                del self.spans[period]

    def _own(self) -> dict[date, Amounts]:
        amounts: dict[date, Amounts] = {}
        # The informative word comes last: it replaces the published one.
        for family in (Perimeter.PUBLISHED, Perimeter.INJECTION, Perimeter.INFORMATIVE):
            for day, block in self.days.get(family, {}).items():
                if not block.is_absent:
                    amounts[day] = _amounts(block)
        return amounts

    def _mentioned(self) -> set[date]:
        return {day for days in self.days.values() for day in days}


def _in_turn(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks in the order in which they are shared out, the stronger first.

    A part of a longer period comes before it, unless it is more gas than the whole: so
    that both add up.
    """
    strongest_first = sorted(blocks, key=_believed_first)
    found: list[Block] = []
    for block in strongest_first:
        parts = [
            part
            for part in strongest_first
            if block.start <= part.start
            and part.end <= block.end
            and (part.kwh or 0) <= (block.kwh or 0)
        ]
        parts.sort(key=lambda part: part.end - part.start)
        found.extend(part for part in parts if part not in found)
    return found


def _share(block: Block, amounts: dict[date, Amounts]) -> None:
    """Give what a block leaves to those of its days that have nothing yet."""
    if block.is_absent:
        return
    days = _days(block)
    known = [amounts[day] for day in days if day in amounts]
    empty = [day for day in days if day not in amounts]
    whole = _amounts(block)
    energies = _parts(whole.energy - sum(day.energy for day in known), len(empty))
    volumes = _parts(whole.volume - sum(day.volume for day in known), len(empty))
    for day, energy, volume in zip(empty, energies, volumes, strict=True):
        amounts[day] = Amounts(energy, volume)


def _parts(left: int, count: int) -> list[int]:
    """Cut what is left into equal parts, the first ones one larger."""
    left = max(0, left)
    return [left // count + (place < left % count) for place in range(count)]


def _amounts(block: Block) -> Amounts:
    assert block.kwh is not None
    assert block.m3 is not None
    return Amounts(block.kwh * 1000, block.m3 * 1000)


def _strongest_of_each_period(blocks: Sequence[Block]) -> Iterable[Block]:
    found: dict[tuple[date, date], Block] = {}
    for block in blocks:
        rival = found.get(_period(block))
        if rival is None or _strength(block) >= _strength(rival):
            found[_period(block)] = block
    return found.values()


def _beats(block: Block, held: Block | None) -> bool:
    if held is None:
        return not block.is_absent
    return _strength(block) >= _strength(held)


def _strength(block: Block) -> int:
    return _STRENGTH[block.qualification]


def _believed_first(block: Block) -> tuple[int, int, int]:
    return -_strength(block), -block.end.toordinal(), -block.start.toordinal()


def _period(block: Block) -> tuple[date, date]:
    return block.start, block.end


def _days(block: Block) -> list[date]:
    return list(_dates(block.start, block.end - timedelta(days=1)))


def _dates(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)
