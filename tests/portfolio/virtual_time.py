"""An event loop whose waits take no time: its clock jumps to what is next."""

import asyncio
from selectors import SelectorKey, SelectSelector
from typing import override


class _NoWaiting(SelectSelector):
    """Moves a clock instead of waiting; nothing ever comes from outside."""

    def __init__(self) -> None:
        """Begin at zero."""
        super().__init__()
        self.now = 0.0

    @override
    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits, and nothing is planned")
        self.now += max(0.0, timeout)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop on a clock of its own, in seconds from zero."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._virtual = _NoWaiting()
        super().__init__(self._virtual)

    @override
    def time(self) -> float:
        return self._virtual.now
