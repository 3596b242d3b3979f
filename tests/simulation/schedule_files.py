"""Reads schedules of weather, strictly: `weather` defines their format."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
import json
from pathlib import Path
from typing import Final

from .weather import (
    ALL,
    CALL_KINDS,
    GAS_CALLS,
    INFORMATIVE,
    INJECTED,
    LIST,
    METER_CALLS,
    METERS,
    ODD,
    OF_THE_CONTRACT,
    RIGHT_KINDS,
    RIGHTS_EMPTY,
    STATES,
    TOKEN,
    WITHHELD,
    Expected,
    Reason,
    Schedule,
    ScheduleError,
    Spell,
)

SCHEDULES: Final = Path(__file__).with_name("schedules")


def load_all(folder: Path = SCHEDULES) -> Iterator[Schedule]:
    """Yield the schedules of a folder in the order of their files' names."""
    for file in sorted(folder.glob("*.json")):
        yield load(file)


def load(file: Path) -> Schedule:
    """Return the schedule in a file.

    Raises:
        ScheduleError: it breaks a rule of the format.
    """
    try:
        return read(json.loads(file.read_text("utf-8"), object_pairs_hook=_once))
    except ValueError as err:
        raise ScheduleError(f"{file.name}: {err}") from None


def read(content: object) -> Schedule:
    """Return the schedule that parsed JSON holds; ScheduleError as `load` raises it."""
    place = "schedule"
    whole = _object(
        content, place, required={"name", "first_day", "days"}, more=_SCHEDULE
    )
    days = _number(whole["days"], f"{place}.days", least=1, most=400)
    weather = tuple(
        _spell(item, f"weather[{number}]", days)
        for number, item in enumerate(_list(whole.get("weather", []), "weather"))
    )
    _refuse_overlaps(weather)
    return Schedule(
        name=_text(whole["name"], "name"),
        first_day=_date(whole["first_day"], "first_day"),
        days=days,
        weather=weather,
        expected=tuple(
            _expected(item, f"expect[{number}]", days)
            for number, item in enumerate(_list(whole.get("expect", []), "expect"))
        ),
    )


_SCHEDULE: Final = {"weather", "expect"}
_RANGE: Final = {"meter", "from", "to"}
_SETS: Final = ("must", "may", "must_not")
_REASONS: Final[Mapping[object, Reason]] = {
    "required": "required",
    "none": "none",
    "any": "any",
}


def _spell(item: object, place: str, days: int) -> Spell:
    given = _object(
        item, place, required=_RANGE | {"kind"}, more={"call", "fields", "why"}
    )
    first, last = _range(given, place, days)
    spell = Spell(
        meter=_one_of(given["meter"], f"{place}.meter", {*METERS, ALL}),
        call=(
            _one_of(given["call"], f"{place}.call", _CALLS) if "call" in given else None
        ),
        kind=_one_of(given["kind"], f"{place}.kind", CALL_KINDS | RIGHT_KINDS),
        first=first,
        last=last,
        fields=_object(given.get("fields", {}), f"{place}.fields"),
    )
    if (wrong := _misfit(spell)) is not None:
        raise ScheduleError(f"{place}: {wrong}")
    return spell


_CALLS: Final = {LIST, TOKEN, ALL, *METER_CALLS}


def _misfit(spell: Spell) -> str | None:
    """Return why a kind does not go with its meter and call; None: it does."""
    is_right = spell.kind in RIGHT_KINDS
    of_contract = spell.call in OF_THE_CONTRACT
    rules = {
        "a kind of the register has no call": is_right and spell.call is not None,
        "this kind needs a call": not is_right and spell.call is None,
        "a kind of the register concerns one meter": is_right and spell.meter == ALL,
        f"{spell.call} concerns every meter: meter is *": (
            of_contract and spell.meter != ALL
        ),
        f"{RIGHTS_EMPTY} is of {LIST}": (
            spell.kind == RIGHTS_EMPTY and spell.call != LIST
        ),
        f"{spell.kind} is of {', '.join(GAS_CALLS)}": (
            spell.kind in ODD | {WITHHELD} and spell.call not in GAS_CALLS
        ),
        "future_block is of published data": (
            spell.kind == "future_block" and spell.call == INFORMATIVE
        ),
        "fields go with right_fields, and it needs them": (
            bool(spell.fields) != (spell.kind == "right_fields")
        ),
        "only the farm injects": (
            spell.call == INJECTED and spell.meter not in {"farm", ALL}
        ),
    }
    return next((rule for rule, is_broken in rules.items() if is_broken), None)


def _refuse_overlaps(weather: tuple[Spell, ...]) -> None:
    for number, spell in enumerate(weather):
        for earlier in range(number):
            if spell.overlaps(weather[earlier]):
                raise ScheduleError(f"weather[{number}] overlaps weather[{earlier}]")


def _expected(item: object, place: str, days: int) -> Expected:
    given = _object(
        item,
        place,
        required=_RANGE,
        more={*_SETS, "reason", "reason_is", "why"},
    )
    first, last = _range(given, place, days)
    must, may, must_not = (
        _states(given.get(name), f"{place}.{name}") for name in _SETS
    )
    if not must | may | must_not:
        raise ScheduleError(f"{place}: must, may or must_not is needed")
    if clash := must_not & (must | may):
        raise ScheduleError(f"{place}: {sorted(clash)} both allowed and forbidden")
    if "reason" in given and "reason_is" in given:
        raise ScheduleError(f"{place}: reason or reason_is, not both")
    reason = (
        _REASONS[_one_of(given["reason"], f"{place}.reason", _REASONS)]
        if "reason" in given
        else None
    )
    return Expected(
        meter=_one_of(given["meter"], f"{place}.meter", {*METERS, ALL}),
        first=first,
        last=last,
        must=must,
        may=may,
        must_not=must_not,
        reason=reason,
        reason_is=(
            _text(given["reason_is"], f"{place}.reason_is")
            if "reason_is" in given
            else None
        ),
    )


def _states(value: object, place: str) -> frozenset[str]:
    if value is None:
        return frozenset()
    return frozenset(
        _one_of(item, f"{place}[{number}]", STATES)
        for number, item in enumerate(_list(value, place))
    )


def _range(given: Mapping[str, object], place: str, days: int) -> tuple[int, int]:
    first = _number(given["from"], f"{place}.from", least=0, most=days - 1)
    return first, _number(given["to"], f"{place}.to", least=first, most=days - 1)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ScheduleError(f"a key stands twice among {[name for name, _ in pairs]}")
    return found


def _object(
    value: object,
    place: str,
    *,
    required: set[str] | None = None,
    more: set[str] | None = None,
) -> dict[str, object]:
    """Return an object with all of the required keys; `required` None: any keys."""
    if not isinstance(value, dict):
        raise ScheduleError(f"{place}: an object is expected")
    if required is not None:
        if missing := required - value.keys():
            raise ScheduleError(f"{place}: {sorted(missing)} missing")
        if unknown := value.keys() - required - (more or set()):
            raise ScheduleError(f"{place}: {sorted(unknown)} unknown")
    return value


def _list(value: object, place: str) -> list[object]:
    if not isinstance(value, list):
        raise ScheduleError(f"{place}: a list is expected")
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ScheduleError(f"{place}: a text is expected")
    return value


def _number(value: object, place: str, *, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ScheduleError(f"{place}: a whole number is expected")
    if not least <= value <= most:
        raise ScheduleError(f"{place}: {value} is not within {least} to {most}")
    return value


def _date(value: object, place: str) -> date:
    try:
        return date.fromisoformat(_text(value, place))
    except ValueError:
        raise ScheduleError(f"{place}: a date like 2026-10-01 is expected") from None


def _one_of(value: object, place: str, known: Collection[object]) -> str:
    if not isinstance(value, str) or value not in known:
        raise ScheduleError(f"{place}: {value!r} is none of {sorted(map(str, known))}")
    return value
