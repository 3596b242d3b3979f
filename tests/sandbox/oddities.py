"""Answers that are whole and strange: other objects than GRDF should send."""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import Final

from .clock import PARIS
from .faults import Fault
from .wire import Json, instant

DAYS_AHEAD: Final = 40
_DAYS_BACK: Final = 5
_KWH_A_DAY: Final = 25

type Spelling = Callable[[date], str]


def future_day(today: date) -> Fault:
    """Add a gas day that lies far ahead of a date."""
    start = today + timedelta(days=DAYS_AHEAD)
    return _with_block(start, start + timedelta(days=1))


def future_block(today: date) -> Fault:
    """Add a block that begins before a date, and ends far ahead of it."""
    start = today - timedelta(days=_DAYS_BACK)
    return _with_block(start, today + timedelta(days=DAYS_AHEAD))


def absurd_energy() -> Fault:
    """Give the newest block an energy that nothing should hold."""

    def rewrite(given: Sequence[Json]) -> Iterable[Json]:
        if given and (amount := _amount(given[-1])):
            amount["energie"] = "1e307"
        return given

    return Fault.odd(rewrite, spoils_newest=True)


def bounds(spelling: Spelling) -> Fault:
    """Write the bounds of blocks otherwise, and no `journee_gaziere`."""

    def rewrite(given: Sequence[Json]) -> Iterable[Json]:
        for amount in filter(None, map(_amount, given)):
            for name in _bounds(amount):
                amount[name] = spelling(date.fromisoformat(str(amount[name])[:10]))
            amount["journee_gaziere"] = None
        return given

    return Fault.odd(rewrite)


def at_midnight(day: date) -> str:
    """Return a bound at 00:00 in France."""
    return datetime.combine(day, time(), PARIS).isoformat()


def at_six_utc(day: date) -> str:
    """Return a bound at 06:00, with the offset of UTC."""
    return f"{day}T06:00:00+00:00"


def no_rights() -> Fault:
    """List no access right: the final status object alone."""
    return Fault.odd(
        lambda given: [wire for wire in given if "code_statut_traitement" in wire]
    )


def _with_block(start: date, end: date) -> Fault:
    """Add a copy of the newest block, about other days."""

    def rewrite(given: Sequence[Json]) -> Iterable[Json]:
        if not given or not _amount(given[-1]):
            return given
        added = deepcopy(given[-1])
        amount = _amount(added)
        for name, day in zip(_bounds(amount), (start, end), strict=True):
            amount[name] = instant(day)
        amount["journee_gaziere"] = start.isoformat()
        amount["energie"] = _KWH_A_DAY * (end - start).days
        return [*given, added]

    return Fault.odd(rewrite)


def _amount(wire: Json) -> Json:
    """Return an object's amount of gas; empty where it has none."""
    found = wire.get("consommation") or wire.get("injection")
    return found if isinstance(found, dict) else {}


def _bounds(amount: Json) -> tuple[str, str]:
    """Return the names of the fields of an amount's bounds."""
    word = "injection" if "date_debut_injection" in amount else "consommation"
    return f"date_debut_{word}", f"date_fin_{word}"
