"""How long Home Assistant's event loop is held up, and by what."""

import asyncio
from dataclasses import dataclass, field
import gc
import selectors
import sys
from threading import Event, Thread, get_ident
from time import monotonic, thread_time
from types import FrameType
from typing import Final

_BEAT: Final = 0.005
# A block shorter than this is not looked into.
_SUSPICIOUS: Final = 0.015
_SHOWN: Final = 6


@dataclass(slots=True)
class Held:
    """What was seen since a watch began.

    Attributes:
        lags: by how many seconds each beat of the loop came late.
        collecting: for how many of them Python collected garbage, in whatever thread:
            a whole collection stops all of Home Assistant, longer the more it holds.
        busy: the CPU seconds that the loop's thread took between two beats: a machine
            that has no time for us adds to the lags, not to these.
        longest: how long the loop was held up where it was looked at, beside that.
        stack: what ran then, the innermost last.
    """

    lags: list[float] = field(default_factory=list)
    collecting: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    longest: float = 0.0
    stack: list[str] = field(default_factory=list)


class Watchdog:
    """A task that is to run every few milliseconds, and a thread that looks after it.

    Runs in the event loop that it watches.
    """

    def __init__(self) -> None:
        """Begin to watch."""
        self._held = Held()
        self._beat_at = monotonic()
        self._loop_thread = get_ident()
        self._over = Event()
        self._collects_since: float | None = None
        self._collected = 0.0
        self._collected_at_beat = 0.0
        gc.callbacks.append(self._on_collection)
        self._task = asyncio.get_running_loop().create_task(self._beat())
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> Held:
        """Stop watching, and return what was seen."""
        self._task.cancel()
        self._over.set()
        gc.callbacks.remove(self._on_collection)
        return self._held

    async def _beat(self) -> None:
        while True:
            due, used = monotonic() + _BEAT, thread_time()
            self._collected_at_beat = self._collecting()
            await asyncio.sleep(_BEAT)
            self._beat_at = monotonic()
            lag = max(0.0, self._beat_at - due)
            self._held.lags.append(lag)
            collecting = self._collecting() - self._collected_at_beat
            self._held.collecting.append(min(lag, collecting))
            self._held.busy.append(thread_time() - used)

    def _on_collection(self, phase: str, _: dict[str, int]) -> None:
        # One's end may be told after the next one's start, from another thread.
        self._collected = self._collecting()
        self._collects_since = monotonic() if phase == "start" else None

    def _collecting(self) -> float:
        """Return the seconds taken by collections so far, by one that goes on too.

        The loop may run again before the end of a collection is told here.
        """
        since = self._collects_since
        return self._collected + (0.0 if since is None else monotonic() - since)

    def _look(self) -> None:
        while not self._over.wait(_BEAT):
            collecting = self._collecting() - self._collected_at_beat
            late = monotonic() - self._beat_at - _BEAT - collecting
            if late > max(_SUSPICIOUS, self._held.longest):
                frame = sys._current_frames().get(self._loop_thread)  # noqa: SLF001
                if frame is None or frame.f_code.co_filename == selectors.__file__:
                    # It waits for something to do: the machine is busy elsewhere.
                    continue
                self._held.longest = late
                self._held.stack = _told(frame)


def _told(frame: FrameType) -> list[str]:
    """Return the innermost places of a stack, in as few words as find them.

    No line is looked up: to read sources here would hold up what is being watched.
    """
    places: list[str] = []
    at: FrameType | None = frame
    while at is not None and len(places) < _SHOWN:
        path = "/".join(at.f_code.co_filename.split("/")[-2:])
        places.append(f"{path}:{at.f_lineno} {at.f_code.co_name}")
        at = at.f_back
    return places[::-1]
