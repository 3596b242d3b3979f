"""Lets the test plugin run on a Home Assistant newer than the one that it pins.

`pytest -p tests.newest`, as `scripts/test --next` does. What Home Assistant or Python
calls deprecated in the integration's own code is an error.
"""

from collections.abc import Iterator
import logging
import re
from typing import Final, override

# Home Assistant replaces httpx, and must do so before anything imports it.
import homeassistant  # noqa: F401  # isort: skip

# The plugin patches these before Home Assistant's other modules are there.
from pytest_homeassistant_custom_component import (  # noqa: F401  # isort: skip
    patch_json,
    patch_recorder,
    patch_time,
)
from homeassistant.components import logger
from homeassistant.components.logger import helpers
from homeassistant.const import __version__
import pytest

# The plugin of 2026.10 looks for it where it was then.
if not hasattr(logger, "_clear_logger_overwrites"):
    logger._clear_logger_overwrites = helpers._clear_logger_overwrites  # type: ignore[attr-defined]  # noqa: SLF001

OURS: Final = "custom_components.grdf_adict"
_TOLD: Final = re.compile(
    r"Detected that custom integration 'grdf_adict'|deprecated.*\bgrdf_adict\b",
    flags=re.DOTALL,
)


def is_told_of_ours(record: logging.LogRecord) -> bool:
    """Whether a line of the log calls something deprecated in the integration."""
    if record.levelno < logging.WARNING:
        return False
    text = record.getMessage()
    return bool(_TOLD.search(text)) or (
        record.name.startswith(OURS) and "deprecated" in text
    )


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if is_told_of_ours(record):
            self.told.append(record.getMessage())


_LISTENER: Final = _Listener()


def pytest_configure(config: pytest.Config) -> None:
    """Listen to the log, and make Python's own warnings about us errors."""
    logging.getLogger().addHandler(_LISTENER)
    ours = OURS.replace(".", r"\.") + r"(\..*)?"
    for kind in ("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"):
        config.addinivalue_line("filterwarnings", f"error::{kind}:{ours}")


def pytest_report_header() -> str:
    """Say which Home Assistant it is."""
    return f"Home Assistant {__version__}; what is deprecated in {OURS} is an error"


@pytest.fixture(autouse=True)
def _nothing_is_deprecated() -> Iterator[None]:
    _LISTENER.told.clear()
    yield
    assert not _LISTENER.told
