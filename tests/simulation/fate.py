"""What befalls GRDF, its data and the house, day by day, drawn from a seed."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from tests.sandbox import (
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    Amendment,
    Event,
    Fault,
    Outage,
    Perimeter,
    Sandbox,
)
from tests.sandbox.blocks import CORRECTED, ESTIMATED, MEASURED

METERS: Final = (HOUSE, INDUSTRY, HALF_YEARLY)
# GRDF here forgets sooner, so that the simulation sees days leave its depth.
DEPTH: Final = {Perimeter.INFORMATIVE: 110, Perimeter.PUBLISHED: 260}
_HISTORY: Final = timedelta(days=330)

_PATHS: Final = {
    HOUSE: ("donnees_consos_informatives", "donnees_consos_publiees"),
    INDUSTRY: ("donnees_consos_publiees",),
    HALF_YEARLY: ("donnees_consos_publiees",),
}
_DAILY: Final = (HOUSE, INDUSTRY)
# Corrections reach no further back than the least that is read anew every day.
_CORRECTED_DAYS: Final = 50
_MOST_A_DAY: Final = 1_500
_KWH_PER_M3: Final = 11


@dataclass
class Fate:
    """Changes the sandbox each morning.

    Attributes:
        sandbox: the GRDF that all befalls.
        first: the first day of the simulation.
        days: how many there are.
        roll: decides.
        is_calm: whether GRDF's network never fails; its data still do.
        told: what happened, oldest first.
    """

    sandbox: Sandbox
    first: date
    days: int
    roll: Random
    is_calm: bool = False
    told: list[tuple[date, str]] = field(default_factory=list)
    _withdrawn: list[tuple[str, date]] = field(default_factory=list)

    def prepare(self) -> None:
        """Shorten the past, and lay down what is known from the start."""
        self.sandbox.switches.depth = dict(DEPTH)
        since = self.first - _HISTORY
        new_meter = self.first + timedelta(days=self.roll.randrange(20, 45))
        for pce in METERS:
            meter = self.sandbox.meters[pce]
            ((_, frequency),) = meter.phases
            events = (Event(day=new_meter, reason="COM", new_meter=True),)
            self.sandbox.meters[pce] = replace(
                meter,
                phases=((since, frequency),),
                events=events if pce == HOUSE else (),
            )
        self.tell(self.first, f"meter change of {HOUSE} on {new_meter}")
        if not self.is_calm:
            for day in range(self.roll.randrange(20, 45), self.days, 150):
                self._outage(self.first + timedelta(days=day), hours=24 * 7)

    def tell(self, today: date, what: str) -> None:
        """Note what happened."""
        self.told.append((today, what))

    def morning(self, today: date) -> None:
        """Let a day's share of mishaps happen."""
        for pce in _DAILY:
            for chance, happens in (
                (0.07, self._delay),
                (0.15, self._correct),
                (0.06, self._withdraw),
            ):
                if self._chance(chance):
                    happens(pce, today)
        if self._chance(0.06):
            self._restore(today)
        for pce in (HOUSE, HALF_YEARLY):
            for chance, happens in (
                (0.03, self._correct_publication),
                (0.01, self._delay_publication),
                (0.03, self._publish_anew),
            ):
                if self._chance(chance):
                    happens(pce, today)
        if not self.is_calm:
            self._trouble(today)

    def _trouble(self, today: date) -> None:
        for pce in METERS:
            if self._chance(0.1):
                self._fault(pce, today)
        if self._chance(0.02):
            self._token_fault(today)
        if self._chance(0.03):
            self._outage(today, hours=self.roll.randrange(1, 16))

    def _chance(self, chance: float) -> bool:
        return self.roll.random() < chance

    def _delay(self, pce: str, today: date) -> None:
        """Hold back one day that has not come yet, or a run of them."""
        until = today + timedelta(days=self.roll.randrange(5, 45))
        count = self.roll.choice((1, 1, 1, 2, 6))
        for number in range(count):
            self.sandbox.delay(pce, today + timedelta(days=number), until)
        self.tell(today, f"{pce}: {count} gas days from {today} held until {until}")

    def _correct(self, pce: str, today: date) -> None:
        day = self._past_day(pce, today)
        if day is None:
            return
        was = self.sandbox.truth(pce).days[day]
        factor = self.roll.choice((0, 0.5, 0.97, 1.03, 1.6))
        kwh, m3 = round((was.kwh or 0) * factor), round((was.m3 or 0) * factor)
        self.sandbox.correct(pce, day, kwh=kwh, m3=m3)
        self.tell(today, f"{pce}: {day} corrected to {kwh} kWh, {m3} m³")

    def _withdraw(self, pce: str, today: date) -> None:
        day = self._past_day(pce, today)
        if day is not None:
            self.sandbox.withdraw(pce, day)
            self._withdrawn.append((pce, day))
            self.tell(today, f"{pce}: {day} withdrawn")

    def _restore(self, today: date) -> None:
        oldest = today - timedelta(days=_CORRECTED_DAYS)
        recent = [(pce, day) for pce, day in self._withdrawn if day >= oldest]
        if recent:
            pce, day = self.roll.choice(recent)
            self._withdrawn.remove((pce, day))
            self.sandbox.restore(pce, day)
            self.tell(today, f"{pce}: {day} as it was at first")

    def _correct_publication(self, pce: str, today: date) -> None:
        blocks = self.sandbox.available_published(pce)
        if not blocks or blocks[-1].kwh is None or blocks[-1].m3 is None:
            return
        block = blocks[-1]
        kwh = max(0, blocks[-1].kwh + self.roll.randrange(-40, 60))
        m3 = max(0, blocks[-1].m3 + self.roll.randrange(-4, 6))
        # A half-year that turned absent would rightly wait for its owner's word.
        withdrawn = self._chance(0.1) and pce == HOUSE
        self.sandbox.amend_published(
            pce, block.start, Amendment(kwh=kwh, m3=m3, withdrawn=withdrawn)
        )
        word = "withdrawn" if withdrawn else f"published as {kwh} kWh, {m3} m³"
        self.tell(today, f"{pce}: {block.start} to {block.end} {word}")

    def _publish_anew(self, pce: str, today: date) -> None:
        """Tell a published period in two parts, or a part of it once more."""
        blocks = [
            block
            for block in self.sandbox.available_published(pce)
            if (block.end - block.start).days > 20
        ]
        if not blocks or (block := self.roll.choice(blocks)).kwh is None:
            return
        word = self.roll.choice((MEASURED, ESTIMATED, CORRECTED))
        first = block.start + timedelta(days=self.roll.randrange(1, 12))
        end = first + timedelta(days=self.roll.choice((1, 1, 3, 8)))
        # What no meter can pass must be said twice, which is told of elsewhere.
        most = _MOST_A_DAY * (end - first).days
        part = replace(
            block,
            start=first,
            end=end,
            kwh=min(self.roll.randrange(block.kwh), most),
            m3=min(self.roll.randrange(1 + (block.m3 or 0)), most // _KWH_PER_M3),
            qualification=word,
        )
        if self._chance(0.5):
            self.sandbox.publish(pce, part)
            self.tell(today, f"{pce}: {first} to {end} published too: {part.kwh} kWh")
            return
        rest = replace(
            part,
            start=first,
            end=block.end,
            kwh=block.kwh - (part.kwh or 0),
            m3=(block.m3 or 0) - (part.m3 or 0),
        )
        self.sandbox.amend_published(pce, block.start, Amendment(until=date.max))
        self.sandbox.publish(pce, replace(part, start=block.start, end=first), rest)
        self.tell(today, f"{pce}: {block.start} to {block.end} parted on {first}")

    def _delay_publication(self, pce: str, today: date) -> None:
        blocks = self.sandbox.published(pce)
        if blocks:
            start = blocks[-1].end
            until = today + timedelta(days=self.roll.randrange(20, 45))
            self.sandbox.amend_published(pce, start, Amendment(until=until))
            self.tell(today, f"{pce}: publication from {start} not before {until}")

    def _fault(self, pce: str, today: date) -> None:
        number, few = self.roll.randrange(80), self.roll.randrange(5)
        seconds = self.roll.choice((5, 600, 20_000))
        name, fault = self.roll.choice(
            [
                (f"cut after {number} objects", Fault.cut(number)),
                (f"cut after {few} objects", Fault.cut(few)),
                (f"object {number} malformed", Fault.malformed(number)),
                (f"partial error after {number}", Fault.partial_error(number)),
                ("partial error", Fault.partial_error()),
                ("429", Fault.status(429)),
                (f"429 for {seconds} s", Fault.retry_after(429, seconds)),
                ("500", Fault.status(500)),
                ("503", Fault.status(503)),
                ("a web page", Fault.html()),
                ("connection reset", Fault.reset()),
            ]
        )
        times = self.roll.choice((1, 1, 2, 3, 4))
        path = f"{pce}/{self.roll.choice(_PATHS[pce])}"
        self.sandbox.fail_next(path, fault, times)
        self.tell(today, f"{path}: {name} {times} times")

    def _token_fault(self, today: date) -> None:
        self.sandbox.fail_next("token", Fault.status(503), times=3)
        self.tell(today, "the token address fails 3 times")

    def _outage(self, day: date, *, hours: int) -> None:
        midnight = self.sandbox.now.replace(
            year=day.year, month=day.month, day=day.day, hour=0, minute=0
        )
        start = midnight + timedelta(minutes=self.roll.randrange(24 * 60))
        end = start + timedelta(hours=hours)
        fault = self.roll.choice((Fault.status(503), Fault.reset(), Fault.html(502)))
        self.sandbox.faults.outages.append(Outage(start, end, fault))
        self.tell(day, f"GRDF away from {start} to {end}")

    def _past_day(self, pce: str, today: date) -> date | None:
        """Return a gas day that GRDF gave lately, with an amount."""
        oldest = today - timedelta(days=_CORRECTED_DAYS)
        days = [
            day
            for day, truth in self.sandbox.available_days(pce).items()
            if day >= oldest and not truth.is_absent
        ]
        return self.roll.choice(days) if days else None
