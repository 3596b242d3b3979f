"""Unforeseen exceptions: caught where they can do least harm, and logged once."""

from abc import abstractmethod
import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
import traceback
from types import TracebackType
from typing import Any, Final, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
)
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from .internals import Internal
from .recorder import RecorderBusyError
from .store import WriteFailedError

REFRESH: Final = "refresh"
_TROUBLE: Final = "state after an exception"
WAITS: Final = tuple(timedelta(hours=hours) for hours in (1, 4, 12))
_FORESEEN: Final = (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
    RecorderBusyError,
    UpdateFailed,
    WriteFailedError,
)
_LOGGED: HassKey[set[str]] = HassKey(f"{DOMAIN}_unforeseen")
_ROOT: Final = Path(__file__).parents[1]


class Guard:
    """Catches the unforeseen exceptions of one meter, group or contract.

    Attributes:
        failing: what fails now, each with the class and the place of its exception.
    """

    def __init__(self, hass: HomeAssistant, name: str) -> None:
        """Prepare for whoever has this name in the log."""
        self.failing: dict[str, str] = {}
        self._name = name
        # Of a hundred meters that fail alike, one is named.
        self._logged = hass.data.setdefault(_LOGGED, set())
        self._numbers = count(1)

    @property
    def kind(self) -> str | None:
        """The class of an exception that has not been made up for; None: there is none.

        It is that of what failed first.
        """
        failure = next(iter(self.failing.values()), None)
        return failure and failure.partition(" ")[0]

    def at(self, what: str, *foreseen: type[Exception]) -> _Level:
        """Return the context in which an unforeseen exception ends `what` alone.

        Another end of `what` shows that it works again. Cancellation passes, as do the
        errors that are raised on purpose, those of `foreseen` too.
        """
        return _Level(self, what, (*_FORESEEN, *foreseen))

    def listener[*Ts](self, act: Callable[[*Ts], None]) -> Callable[[*Ts], None]:
        """Return a listener that does the same, and whose exceptions end it alone."""
        name = getattr(act, "__qualname__", "of entities")
        what = f"listener {next(self._numbers)}, {name}"

        @callback
        def guarded(*args: *Ts) -> None:
            with self.at(what):
                act(*args)

        return guarded

    async def task(self, what: str, act: Callable[[], Awaitable[None]]) -> None:
        """Do something in a task of its own, which an exception ends alone."""
        with self.at(what):
            await act()

    def caught(self, what: str, err: Exception) -> None:
        """Record an exception; the log has its class and place, no value of anybody."""
        self.failing[what] = failure = f"{type(err).__name__} at {_place(err)}"
        if failure not in self._logged:
            self._logged.add(failure)
            LOGGER.error(
                "%s: an unforeseen %s ended the %s; please report it\n%s",
                self._name,
                failure,
                what,
                "".join(traceback.format_tb(err.__traceback__)),
            )


class _Level:
    """A context that an unforeseen exception ends, and not what stands around it."""

    def __init__(
        self, guard: Guard, what: str, foreseen: tuple[type[Exception], ...]
    ) -> None:
        self._guard = guard
        self._what = what
        self._foreseen = foreseen

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(err, Exception) or isinstance(err, self._foreseen):
            if not isinstance(err, asyncio.CancelledError):
                self._guard.failing.pop(self._what, None)
            return False
        self._guard.caught(self._what, err)
        return True


class GuardedCoordinator[T](DataUpdateCoordinator[T]):
    """A coordinator that nothing unforeseen stops: it is refreshed again, later.

    Attributes:
        guard: what catches its exceptions.
    """

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        """Prepare as Home Assistant's does."""
        super().__init__(*args, name=name, **kwargs)
        self.guard = Guard(self.hass, name)
        self._failures = 0

    @property
    def unforeseen(self) -> bool:
        """Whether an unforeseen exception has not been made up for."""
        return bool(self.guard.failing)

    @override
    async def _async_update_data(self) -> T:
        before = self.guard.kind
        try:
            is_updated = await self._has_updated()
        finally:
            if self.guard.kind != before or _TROUBLE in self.guard.failing:
                # What failed here the last time is no trouble of the data.
                self.guard.failing.pop(_TROUBLE, None)
                with self.guard.at(_TROUBLE):
                    self._take_trouble()
        if is_updated:
            self._failures = 0
            return self.data
        wait = WAITS[min(self._failures, len(WAITS) - 1)]
        self._failures += 1
        # It is in the log already.
        self.last_update_success = False
        raise UpdateFailed(
            translation_domain=DOMAIN,
            translation_key="unforeseen",
            translation_placeholders={"hours": str(wait // timedelta(hours=1))},
            retry_after=wait.total_seconds(),
        )

    async def _has_updated(self) -> bool:
        with self.guard.at(REFRESH):
            self.data = await self._async_update()
            return True
        return False

    def _take_trouble(self) -> None:
        """Update the data after a change in what fails; called within a guard."""

    @abstractmethod
    async def _async_update(self) -> T:
        """Return new data; raises `UpdateFailed` where that fails."""

    @callback
    def reschedule(self) -> None:
        """Let the next refresh come after the interval as it is now."""
        entry = self.config_entry
        if not Internal.SCHEDULE.missing:
            self._schedule_refresh()
        elif entry is not None and not entry.pref_disable_polling:
            entry.async_create_background_task(
                self.hass, self.async_request_refresh(), f"{self.name} refresh"
            )

    @override
    @callback
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> Callable[[], None]:
        return super().async_add_listener(self.guard.listener(update_callback), context)


def _place(err: Exception) -> str:
    """Return the innermost line of the product that an exception passed."""
    frames = [
        (Path(frame.filename), frame.lineno)
        for frame in traceback.extract_tb(err.__traceback__)
    ]
    ours = [
        f"{path.relative_to(_ROOT).as_posix()}:{line}"
        for path, line in frames
        if path.is_relative_to(_ROOT)
    ]
    return next(reversed(ours), "an unknown place")
