"""Exceptions where nobody foresees them: at any call made for one meter."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from pathlib import Path
import sys
from types import CodeType
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from homeassistant.core import HomeAssistant

import custom_components.grdf_adict as product
from custom_components.grdf_adict.contract.coordinator import ContractCoordinator
from custom_components.grdf_adict.entities.adding import _Adding
from custom_components.grdf_adict.lifecycle import entry as lifecycle
from custom_components.grdf_adict.meters.coordinator import MeterCoordinator

_ROOT: Final = str(Path(product.__file__).parent)
# What catches the exceptions cannot be where they come from, nor can the seven lines
# that give a waiting call its turn: every other one would wait for good.
_CATCHES: Final = f"{_ROOT}/helpers/guard.py"
_ADMITS: Final = "WaitingQueue._admit_next"
_MONITOR: Final = sys.monitoring
_TOOL: Final = 4
_START: Final = _MONITOR.events.PY_START
_PCE: ContextVar[str | None] = ContextVar("pce", default=None)


RIGHTS: Final = "rights"
"""Stands for the contract, where a meter's PCE does not."""


class Place(NamedTuple):
    """A call: the function, and the line that calls it."""

    function: str
    caller: str


class Injection:
    """Sees the calls of the product's functions made for one meter, and spoils one.

    Attributes:
        places: the calls that were seen, in their order.
        number: how often the spoiled one was made.
        refreshes: how often the meter was refreshed.
    """

    def __init__(self, pce: str) -> None:
        """Watch for the calls of the meter with this PCE, or of the `RIGHTS`."""
        self.places: dict[Place, None] = {}
        self.number = 0
        self.refreshes = 0
        self._pce = pce
        self._spoiled: Place | None = None

    @contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """Let a call raise whenever it is made."""
        self.number = self.refreshes = 0
        self._spoiled = place
        try:
            yield
        finally:
            self._spoiled = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """See the calls; whatever they lead to, in tasks and threads too."""
        with ExitStack() as stack:
            for owner, name, pce in (
                (ContractCoordinator, "_async_refresh", lambda _: RIGHTS),
                (
                    MeterCoordinator,
                    "_async_refresh",
                    lambda meter: meter.book.meter.pce,
                ),
                (MeterCoordinator, "async_start", lambda meter: meter.book.meter.pce),
                (_Adding, "_show_group", lambda _, __, meter: meter.book.meter.pce),
                (_Adding, "_follow", lambda _, meter: meter.book.meter.pce),
            ):
                stack.enter_context(patch.object(owner, name, _named(owner, name, pce)))
            restore = _named(
                lifecycle, "_async_restore_meter", lambda _, meter: meter.unique_id
            )
            stack.enter_context(
                patch.object(lifecycle, "_async_restore_meter", restore)
            )
            job = HomeAssistant.async_add_executor_job
            stack.enter_context(
                patch.object(
                    HomeAssistant,
                    "async_add_executor_job",
                    lambda hass, work, *args: job(
                        hass, partial(copy_context().run, work, *args)
                    ),
                )
            )
            _MONITOR.use_tool_id(_TOOL, "injection")
            stack.callback(_MONITOR.free_tool_id, _TOOL)
            _MONITOR.register_callback(_TOOL, _START, self._started)
            stack.callback(_MONITOR.register_callback, _TOOL, _START, None)
            _MONITOR.set_events(_TOOL, _START)
            stack.callback(_MONITOR.set_events, _TOOL, 0)
            _MONITOR.restart_events()
            yield

    def _started(self, code: CodeType, _: int) -> object:
        path = code.co_filename
        if (
            not path.startswith(_ROOT)
            or path == _CATCHES
            or code.co_qualname == _ADMITS
        ):
            return _MONITOR.DISABLE
        if _PCE.get() != self._pce:
            return None
        if code.co_qualname.endswith("Coordinator._async_update"):
            self.refreshes += 1
        caller = sys._getframe(1).f_back  # noqa: SLF001
        at = f"{caller.f_code.co_filename}:{caller.f_lineno}" if caller else "-"
        name = f"{path.removeprefix(_ROOT)}:{code.co_firstlineno} {code.co_qualname}"
        place = Place(name, at.removeprefix(_ROOT))
        self.places.setdefault(place)
        if place == self._spoiled:
            self.number += 1
            raise RuntimeError("not foreseen")
        return None


def _named(owner: Any, name: str, pce: Any) -> Any:
    """Return a function that does the same, for a meter."""
    original = getattr(owner, name)

    def act(*args: Any, **kwargs: Any) -> Any:
        context = copy_context()
        context.run(_PCE.set, pce(*args))
        result = context.run(original, *args, **kwargs)
        return _Awaited(result, pce(*args)) if hasattr(result, "__await__") else result

    return act


class _Awaited:
    """A coroutine that runs for a meter."""

    def __init__(self, coroutine: Any, pce: str) -> None:
        self._coroutine = coroutine
        self._pce = pce

    def __await__(self) -> Any:
        token = _PCE.set(self._pce)
        try:
            return (yield from self._coroutine.__await__())
        finally:
            _PCE.reset(token)
