"""Lets a schedule of weather befall a sandbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
import json
from typing import Final

from tests.sandbox import (
    BUSINESS,
    FARM,
    FLAT,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    Amendment,
    Fault,
    Flow,
    Frequency,
    Meter,
    Perimeter,
    Sandbox,
)
from tests.sandbox.oddities import (
    absurd_energy,
    at_midnight,
    at_six_utc,
    bounds,
    future_block,
    future_day,
    no_rights,
)
from tests.sandbox.opening import injection_right_for, right_for
from tests.sandbox.query import treatment
from tests.sandbox.storm import status_with

from .register import Register
from .weather import (
    ALL,
    INJECTED,
    LIST,
    METER_CALLS,
    METERS,
    PUBLISHED,
    RIGHTS_EMPTY,
    TOKEN,
    WITHHELD,
    Schedule,
    Spell,
)

HISTORY: Final = timedelta(days=330)
INFORMATIVE_DEPTH: Final = 200
_READING_DAYS: Final = {"house_2": 3, "house_3": 7, "house_4": 18, "house_5": 27}
_FLEET: Final = (HOUSE, FLAT, HALF_YEARLY, BUSINESS, INDUSTRY, FARM)
_NAMES: Final = {pce: name for name, pce in METERS.items()}
# How long after its start a gas day comes (`weather`).
_APPEARS: Final = {
    Frequency.MONTHLY: 3,
    Frequency.BUSINESS_MONTHLY: 2,
    Frequency.DAILY: 1,
}
_OTHER_SPELLING: Final = {"donnees_injection_publiees": INJECTED}
_FEW: Final = 10
_FIFTH: Final = 5
_WHOLE_OBJECTS: Final = b'{"statut_restitution": {}}\n' * 100

_FAULTS: Final[dict[str, Callable[[date], Fault]]] = {
    "http_500": lambda _: status_with(500, "okta"),
    "http_503": lambda _: status_with(503, "html"),
    "http_429": lambda _: Fault.status(429),
    "http_403": lambda _: Fault.status(403),
    "pce_unknown": lambda _: _treated(404, "1000000006", "Le PCE est inconnu."),
    "supply_ended": lambda _: _treated(
        409, "1000000004", "Le contrat de fourniture de gaz est échu"
    ),
    "unknown_refusal": lambda _: Fault.refusal(
        "1000077", "Vos droits sont suspendus en raison d'une mauvaise utilisation"
    ),
    "known_refusal": lambda _: Fault.refusal(
        "1000002", "Vous ne disposez pas de droit d'accès sur ce PCE"
    ),
    "technical_error": lambda _: Fault.refusal("2000107", "Erreur technique"),
    "html": lambda _: Fault.html(),
    "empty": lambda _: Fault.status(200),
    "no_content": lambda _: Fault.status(204),
    "empty_list": lambda _: Fault.status(200, "[]"),
    "reset": lambda _: Fault.reset(),
    "cut": lambda _: Fault.cut(_FEW),
    "malformed": lambda _: Fault.malformed(_FIFTH),
    "partial_error": lambda _: Fault.partial_error(_FEW),
    "slow_headers": lambda _: Fault.dribble(20),
    "slow_body": lambda _: Fault.trickle(5),
    "endless": lambda _: Fault.never_ends(_WHOLE_OBJECTS),
    "future_day": future_day,
    "future_block": future_block,
    "absurd_energy": lambda _: absurd_energy(),
    "bounds_midnight": lambda _: bounds(at_midnight),
    "bounds_utc": lambda _: bounds(at_six_utc),
    "bounds_bare": lambda _: bounds(date.isoformat),
    RIGHTS_EMPTY: lambda _: no_rights(),
}


@dataclass(frozen=True, slots=True)
class Met:
    """One call and the kind of weather that it met; `meter` None: the contract's."""

    at: datetime
    meter: str | None
    call: str
    kind: str | None


@dataclass
class Forecast:
    """Changes a sandbox as a schedule says; a `Weather` of its faults.

    Attributes:
        schedule: the weather, and from when.
        sandbox: the GRDF.
        met: every call that came, and what it met.
    """

    schedule: Schedule
    sandbox: Sandbox
    met: list[Met] = field(default_factory=list)
    _register: Register = field(init=False)

    def prepare(self, names: Sequence[str]) -> None:
        """Give the sandbox the meters of the format that are named, and the weather."""
        sandbox, first = self.sandbox, self.schedule.first_day
        sandbox.switches.misses_days = False
        sandbox.switches.depth = {
            Perimeter.INFORMATIVE: INFORMATIVE_DEPTH,
            Perimeter.PUBLISHED: HISTORY.days,
        }
        meters = _meters(sandbox, first - HISTORY)
        sandbox.meters = {METERS[name]: meters[name] for name in names}
        known = sandbox.meters.values()
        sandbox.rights[:] = [
            *(right_for(meter, first) for meter in known),
            *(injection_right_for(meter, first) for meter in known if meter.output),
        ]
        self._register = Register(sandbox)
        sandbox.faults.weather = self

    def morning(self) -> None:
        """Change what lasts, in the first hour of a day."""
        today = self._day()
        for spell in self.schedule.weather:
            if spell.meter != ALL and METERS[spell.meter] not in self.sandbox.meters:
                continue
            if spell.call is None and spell.last + 1 == today:
                self._register.restore(METERS[spell.meter])
        for spell in self.schedule.weather:
            if spell.first != today:
                continue
            until = self._date(spell.last + 1)
            if spell.call is None and METERS[spell.meter] in self.sandbox.meters:
                self._register.change(METERS[spell.meter], spell, until)
            elif spell.kind == WITHHELD:
                for name, pce in METERS.items():
                    if spell.is_of(name) and pce in self.sandbox.meters:
                        self._withhold(pce, spell.call or "", until)

    def next_fault(self, path: str) -> Fault | None:
        """Return how the call of a path fails; None: it does not."""
        meter, call = _called(path)
        spell = next(
            (
                spell
                for spell in self.schedule.weather
                if spell.kind != WITHHELD
                and spell.holds_on(self._day())
                and _meets(spell, meter, call)
            ),
            None,
        )
        kind = None if spell is None else spell.kind
        self.met.append(Met(self.sandbox.now, meter, call, kind))
        return None if kind is None else _FAULTS[kind](self.sandbox.today)

    def _withhold(self, pce: str, call: str, until: date) -> None:
        """Hold back what would come before a date."""
        today, sandbox = self.sandbox.today, self.sandbox
        flow = Flow.INJECTION if call == INJECTED else Flow.CONSUMPTION
        frequency = sandbox.meters[pce].frequency
        if call != PUBLISHED or frequency is Frequency.DAILY:
            delay = timedelta(days=_APPEARS.get(frequency, 0))
            for day in _dates(today - delay, until - delay):
                sandbox.delay(pce, day, until, flow)
            return
        newest = max((block.end for block in sandbox.published(pce)), default=today)
        for start in _dates(newest, until):
            sandbox.amend_published(pce, start, Amendment(until=until))

    def _day(self) -> int:
        return (self.sandbox.today - self.schedule.first_day).days

    def _date(self, day: int) -> date:
        return self.schedule.first_day + timedelta(days=day)


def _meters(sandbox: Sandbox, since: date) -> dict[str, Meter]:
    """Return the ten meters by name, as the sandbox's own ones stand."""
    own = {_NAMES[pce]: sandbox.meters[pce] for pce in _FLEET}
    house = own["house_1"]
    for name, reading_day in _READING_DAYS.items():
        own[name] = replace(house, pce=METERS[name], reading_day=reading_day)
    return {
        name: replace(meter, phases=((since, meter.frequency),))
        for name, meter in own.items()
    }


def _treated(status: int, code: str, message: str) -> Fault:
    return Fault.status(status, json.dumps(treatment(code, message)))


def _called(path: str) -> tuple[str | None, str]:
    """Return the meter's name (None: the contract) and the call of a path."""
    *folders, last = path.split("/")
    meter = _NAMES.get(folders[-1]) if folders else None
    return meter, _OTHER_SPELLING.get(last, last)


def _meets(spell: Spell, meter: str | None, call: str) -> bool:
    if meter is None:
        return call in {LIST, TOKEN} and spell.call == call
    return spell.is_of(meter) and (
        spell.call == call or (spell.call == ALL and call in METER_CALLS)
    )


def _dates(first: date, end: date) -> Sequence[date]:
    return [first + timedelta(days=number) for number in range((end - first).days)]
