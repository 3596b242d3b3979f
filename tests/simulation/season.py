"""Some weeks of weather: Home Assistant looks, and each evening is written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
import logging
from typing import Final, override

from homeassistant.helpers import entity_registry as er

from tests.sandbox import Flow, Perimeter, Sandbox
from tests.sandbox.clock import PARIS

from .diary import Diary, Evening, Logged, Period, Series, Shown, Start
from .forecast import Forecast
from .home import DOMAIN, Home
from .oracle import Oracle

_NIGHT: Final = time(0, 20)
_TIMES: Final = tuple(
    time(hour, minute)
    for hour, minute in (
        *((3, 10), (7, 30), (10, 40), (13, 20), (15, 30), (16, 10), (17, 10), (18, 10)),
        *((19, 10), (20, 35), (21, 25), (21, 40)),
    )
)
_SERIES: Final = {
    Perimeter.PUBLISHED: "energy",
    Perimeter.INFORMATIVE: "energy",
    Perimeter.INJECTION: "injection",
}


class _Listener(logging.Handler):
    """Notes what is logged at warning or above."""

    def __init__(self, diary: Diary) -> None:
        super().__init__(logging.WARNING)
        self._diary = diary

    @override
    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        self._diary.log.append(
            Logged(
                datetime.now(PARIS),
                record.name,
                text,
                has_traceback=record.exc_info is not None or "Traceback" in text,
            )
        )


@dataclass
class Season:
    """One run of a schedule, or of the same days without its weather.

    Attributes:
        home: the Home Assistant.
        sandbox: the GRDF.
        forecast: its weather.
    """

    home: Home
    sandbox: Sandbox
    forecast: Forecast
    _diary: Diary = field(default_factory=Diary)
    _oracles: dict[Series, Oracle] = field(default_factory=dict)
    _heard: int = 0

    async def run(self) -> Diary:
        """Live through every day, and return what was seen."""
        schedule = self.forecast.schedule
        self._oracles = {series: Oracle() for series in self._series()}
        with _listening(self._diary):
            for number in range(schedule.days):
                today = schedule.first_day + timedelta(days=number)
                await self._day(today)
                self._listen()
                self._diary.evenings.append(await self._evening(number, today))
            await self.home.stop()
        self._diary.met = self.forecast.met
        self._diary.starts = [
            Start(call.monotonic, call.at, call.status) for call in self.sandbox.calls
        ]
        return self._diary

    def _series(self) -> Iterator[Series]:
        for pce, meter in self.sandbox.meters.items():
            if meter.use is not None:
                yield pce, "energy"
            if meter.output is not None:
                yield pce, "injection"

    async def _day(self, today: date) -> None:
        self.home.clock.move_to(datetime.combine(today, time(0, 1), PARIS))
        self.forecast.morning()
        if not self.home.is_running:
            await self.home.start()
        for moment in (_NIGHT, *_TIMES):
            self.home.wake(datetime.combine(today, moment, PARIS))
            await self.home.settle()

    def _listen(self) -> None:
        answers = self.sandbox.journal.answers
        for answer in answers[self._heard :]:
            self._oracles[answer.pce, _SERIES[answer.family]].hear(answer)
        self._heard = len(answers)

    async def _evening(self, number: int, today: date) -> Evening:
        stored = await self.home.rows()
        rows = {
            series: tuple(
                row for row in stored.get(_statistic(*series), ()) if not row.is_base
            )
            for series in self._series()
        }
        return Evening(
            number=number,
            day=today,
            rows=rows,
            expected={
                series: tuple(oracle.rows()) for series, oracle in self._oracles.items()
            },
            offered={series: self._offered(*series) for series in self._series()},
            own={series: _own(oracle) for series, oracle in self._oracles.items()},
            periods={
                series: _periods(oracle) for series, oracle in self._oracles.items()
            },
            shown={pce: self._shown(pce) for pce in self.sandbox.meters},
        )

    def _offered(self, pce: str, series: str) -> frozenset[date]:
        flow = Flow.INJECTION if series == "injection" else Flow.CONSUMPTION
        days = self.sandbox.available_days(pce, flow)
        return frozenset(day for day, truth in days.items() if not truth.is_absent)

    def _shown(self, pce: str) -> Shown:
        hass = self.home.hass
        entity_id = er.async_get(hass).async_get_entity_id(
            "sensor", DOMAIN, f"sandbox_{pce.lower()}_state"
        )
        state = None if entity_id is None else hass.states.get(entity_id)
        if state is None:
            return Shown("missing", None)
        reason = state.attributes.get("reason")
        return Shown(state.state, None if reason is None else str(reason))


def _own(oracle: Oracle) -> dict[date, int]:
    return {
        day: block.kwh
        for days in oracle.days.values()
        for day, block in days.items()
        if block.kwh is not None
    }


def _periods(oracle: Oracle) -> tuple[Period, ...]:
    return tuple(
        Period(block.start, block.end, block.kwh)
        for block in oracle.spans.values()
        if block.kwh is not None
    )


def _statistic(pce: str, series: str) -> str:
    return f"{DOMAIN}:sandbox_{pce.lower()}_{series}"


@contextmanager
def _listening(diary: Diary) -> Iterator[None]:
    handler = _Listener(diary)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
