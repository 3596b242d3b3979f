"""Whether this process has nothing to do but wait."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import get_native_id
import time
from typing import Final

_THREADS: Final = Path("/proc/self/task")
_AT_WORK: Final = frozenset("RD")
# The share of a moment's time in which an idle process works.
_IDLE: Final = 0.1


@dataclass
class Idleness:
    """Looks every so many real seconds, from a thread of its own.

    On a busy machine a thread that could work may get no time to: Linux says which
    those are. Elsewhere, and besides, the process's own time tells.
    """

    interval: float
    _worked: float = field(default_factory=time.process_time)

    def look(self) -> bool:
        """Whether hardly anything was done since the last look, and nothing is now."""
        worked, self._worked = self._worked, time.process_time()
        if self._worked - worked > _IDLE * self.interval:
            return False
        return not _another_thread_works()


def _another_thread_works() -> bool:
    own = str(get_native_id())
    return any(
        _state(thread) in _AT_WORK
        for thread in (_THREADS.iterdir() if _THREADS.is_dir() else ())
        if thread.name != own
    )


def _state(thread: Path) -> str:
    """Return a thread's state as `proc(5)` has it; none where it has ended."""
    try:
        return (
            thread.joinpath("stat").read_text("ascii", "replace").rpartition(")")[2][1]
        )
    except OSError, IndexError:
        return ""
