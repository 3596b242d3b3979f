"""Whether the state that a meter shows is one that the weather allows (`weather`)."""

from collections.abc import Iterator, Mapping
from typing import Final

from .checks import Breach
from .diary import Diary, Shown
from .weather import (
    ALL,
    BROKEN,
    FAILING,
    GAS_CALLS,
    HARMLESS,
    LIST,
    METERS,
    ODD,
    REFUSING,
    RIGHTS_EMPTY,
    STATES,
    TOKEN,
    WITHHELD,
    Expected,
    Schedule,
    Spell,
)

_UP_TO_DATE: Final = "up_to_date"
_WELL: Final = frozenset({_UP_TO_DATE})
_ANY: Final = frozenset(STATES)
# What was ended is noticed, and what was missed is fetched, within these days.
_GRACE: Final = 2
_UNTIL_NEXT_MONTH: Final = 60
# J+3, and the five days that GRDF is given to catch up by itself.
_SURELY_LATE: Final = 12
_SEVERAL: Final = 2
_AWAY: Final = frozenset({"grdf_away"})
_MAY_BE_AWAY: Final = _WELL | _AWAY
_OF_FAILING: Final = frozenset({"meter_failing", "grdf_away"})
_OF_REGISTER: Final[Mapping[str, frozenset[str]]] = {
    "right_revoked": frozenset({"right_ended"}),
    "right_obsolete": frozenset({"right_ended"}),
    "right_expired": frozenset({"right_ended"}),
    "right_waiting": frozenset({"waiting_for_consent"}),
    "right_refused": frozenset({"no_right"}),
    "right_recheck": frozenset({"refused", "no_right", "right_ended"}),
    "right_not_begun": frozenset({"not_begun"}),
    "right_missing": frozenset({"no_right"}),
    "right_no_gas": frozenset({"right_opens_no_gas"}),
    "new_holder": frozenset({"new_holder"}),
}
_OF_REFUSAL: Final[Mapping[str, frozenset[str]]] = {
    "known_refusal": frozenset({"refused", "no_right", "right_ended"}),
    "supply_ended": frozenset({"refused", "right_ended"}),
}


def truthfulness(schedule: Schedule, diary: Diary) -> Iterator[Breach]:
    """Each state shown is one that the schedule, or else its kinds, allow."""
    for evening in diary.evenings:
        for name, pce in METERS.items():
            shown = evening.shown.get(pce)
            if shown is None:
                continue
            expected = [
                entry
                for entry in schedule.expected
                if entry.meter in {ALL, name}
                and entry.first <= evening.number <= entry.last
            ]
            if not expected:
                expected = [*_general(schedule, diary, name, evening.number)]
            for entry in expected:
                for wrong in _wrong(entry, shown, evening.number):
                    yield Breach("truthfulness", name, evening.number, wrong)


def _wrong(expected: Expected, shown: Shown, number: int) -> Iterator[str]:
    """Yield how a state that is shown differs from what is expected."""
    allowed = expected.must | expected.may
    if expected.must and number == expected.last:
        allowed = expected.must
    if shown.state in expected.must_not:
        yield f"{shown.state}, not allowed {_listed(expected.must_not)}"
    elif allowed and shown.state not in allowed:
        yield f"{shown.state}, expected {_listed(allowed)}"
    reason = expected.reason or ("none" if shown.state == _UP_TO_DATE else "required")
    if expected.reason_is is not None:
        if shown.reason != expected.reason_is:
            yield f"{shown.state}: reason {shown.reason!r}, not {expected.reason_is!r}"
    elif reason == "required" and not shown.reason:
        yield f"{shown.state} without a reason"
    elif reason == "none" and shown.reason is not None:
        yield f"{shown.state} with a reason: {shown.reason!r}"


def _listed(states: frozenset[str]) -> str:
    return " | ".join(sorted(states))


def _general(
    schedule: Schedule, diary: Diary, name: str, number: int
) -> Iterator[Expected]:
    """Yield what follows from the kinds of weather; nothing where all may be."""
    if number == 0:
        return
    near = [
        spell
        for spell in schedule.weather
        if spell.is_of(name) and spell.first <= number <= spell.last + _grace(spell)
    ]
    allowed = _MAY_BE_AWAY if _several_fail(schedule, number) else _WELL
    if near:
        verdicts = [_verdict(spell, diary, schedule, name, number) for spell in near]
        closed = [states for states in verdicts if _UP_TO_DATE not in states]
        # What is wrong hides what is well, and which wrong comes first is not said.
        allowed = frozenset().union(*(closed or verdicts), allowed - _WELL)
    if allowed != _ANY:
        yield Expected(meter=name, first=number, last=number, must=allowed)


def _grace(spell: Spell) -> int:
    """Return for how many days a kind of weather may still be seen.

    What was refused of a month stands until the months are asked for again.
    """
    return _UNTIL_NEXT_MONTH if spell.kind in ODD else _GRACE


def _verdict(
    spell: Spell, diary: Diary, schedule: Schedule, name: str, number: int
) -> frozenset[str]:
    """Return the states that one kind of weather leaves possible on an evening."""
    if spell.kind in HARMLESS or spell.kind.startswith("bounds_"):
        return _WELL
    if not spell.first < number <= spell.last or spell.kind == RIGHTS_EMPTY:
        return _ANY
    if spell.call is None:
        return _OF_REGISTER[spell.kind]
    if spell.kind in ODD | {WITHHELD}:
        return _of_odd_data(spell, name, number)
    if _is_still_bad(spell, diary, schedule, name, number):
        return _of_bad_call(spell)
    return _MAY_BE_AWAY if spell.call == LIST else _ANY


def _of_odd_data(spell: Spell, name: str, number: int) -> frozenset[str]:
    if spell.kind in ODD:
        return _WELL | {"doubted", "data_late"}
    # Published months bridge informative days.
    daily = name in {"industry", "farm"}
    is_late = daily and number - spell.first >= _SURELY_LATE
    return frozenset({"data_late"}) if is_late else _WELL | {"data_late"}


def _of_bad_call(spell: Spell) -> frozenset[str]:
    if spell.call == TOKEN:
        return _AWAY | {"secret_refused", "quota_reached"}
    if spell.kind in REFUSING:
        return _OF_REFUSAL.get(spell.kind, frozenset({"refused"}))
    return _OF_FAILING | ({"quota_reached"} if spell.kind == "http_429" else set())


def _is_still_bad(
    spell: Spell, diary: Diary, schedule: Schedule, name: str, number: int
) -> bool:
    """Whether a call for gas met a spell twice or more, and at its last time.

    Of broken answers a part comes, and the rest may be no loss.
    """
    if spell.kind in BROKEN or spell.call == LIST:
        return False
    for call in (TOKEN,) if spell.call == TOKEN else GAS_CALLS:
        kinds = [
            met.kind
            for met in diary.met
            if met.call == call
            and met.meter in {None, name}
            and (met.at.date() - schedule.first_day).days <= number
        ]
        if kinds[-2:] == [spell.kind] * 2:
            return True
    return False


def _several_fail(schedule: Schedule, number: int) -> bool:
    """Whether the calls of several meters fail about then: GRDF may seem away."""
    failing = {
        spell.meter
        for spell in schedule.weather
        if spell.kind in FAILING and spell.first <= number <= spell.last + 1
    }
    return len(failing) >= _SEVERAL or ALL in failing
