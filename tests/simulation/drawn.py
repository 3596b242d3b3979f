"""Schedules that a seed draws, of all kinds of weather."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from .weather import (
    ALL,
    CALL_KINDS,
    FAILING,
    INFORMATIVE,
    INJECTED,
    LIST,
    METERS,
    ODD,
    PUBLISHED,
    RIGHT_KINDS,
    RIGHTS_EMPTY,
    TOKEN,
    WITHHELD,
    Schedule,
    Spell,
)

_EARLIEST: Final = date(2026, 9, 1)
_CALLS: Final = {
    "half_yearly": (PUBLISHED,),
    "industry": (PUBLISHED,),
    "farm": (PUBLISHED, INJECTED),
}
_USUAL_CALLS: Final = (INFORMATIVE, PUBLISHED)
_OTHER_CALLS: Final = (ALL, "donnees_contractuelles", "donnees_techniques")
# Each call takes long until it is given up.
_SLOW: Final = frozenset({"slow_headers", "slow_body", "endless"})
_MOST_SLOW_DAYS: Final = 2
_MOST_SICK: Final = 5
_FIELDS: Final = (
    {"perim_donnees_conso_fin": "9999-12-31"},
    {"perim_donnees_conso_debut": "0001-01-01"},
    {"date_creation": "9999-12-31T23:59:59Z"},
    {"date_fin_autorisation": "9999-12-31 00:00:00"},
    {"source_revocation": "", "date_revocation": ""},
)


def drawn(seed: int, days: int) -> Schedule:
    """Return the schedule of a seed."""
    roll = Random(f"weather/{seed}")  # noqa: S311 - plays weather, not secrets
    sick = roll.sample(sorted(METERS), roll.randrange(2, _MOST_SICK + 1))
    weather = [spell for name in sick for spell in _spells(name, days, roll)]
    if roll.random() < 0.3:
        weather.append(_of_the_contract(days, roll))
    return Schedule(
        name=f"drawn from seed {seed}",
        first_day=_EARLIEST + timedelta(days=roll.randrange(365)),
        days=days,
        weather=tuple(weather),
    )


def _spells(name: str, days: int, roll: Random) -> Iterator[Spell]:
    """Yield a meter's weather, one kind after another."""
    kinds = sorted((CALL_KINDS | RIGHT_KINDS) - {RIGHTS_EMPTY})
    day = roll.choice((0, roll.randrange(1, 15)))
    while day < days:
        kind = roll.choice(kinds)
        most = _MOST_SLOW_DAYS if kind in _SLOW else 14
        last = min(days - 1, day + roll.randrange(most))
        yield Spell(
            meter=name,
            call=_call(name, kind, roll),
            kind=kind,
            first=day,
            last=last,
            fields=roll.choice(_FIELDS) if kind == "right_fields" else {},
        )
        day = last + roll.randrange(5, 20)


def _call(name: str, kind: str, roll: Random) -> str | None:
    if kind in RIGHT_KINDS:
        return None
    calls = _CALLS.get(name, _USUAL_CALLS)
    if kind == "future_block":
        return PUBLISHED
    if kind in ODD | {WITHHELD}:
        return roll.choice(calls)
    return roll.choice((*calls, *calls, *_OTHER_CALLS))


def _of_the_contract(days: int, roll: Random) -> Spell:
    first = roll.randrange(2, days)
    call = roll.choice((LIST, LIST, TOKEN))
    kinds = sorted(FAILING - _SLOW - {"technical_error"})
    kind = roll.choice((*kinds, *([RIGHTS_EMPTY] * 3 if call == LIST else [])))
    last = min(days - 1, first + roll.randrange(3))
    return Spell(meter=ALL, call=call, kind=kind, first=first, last=last)
