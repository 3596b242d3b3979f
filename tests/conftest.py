"""What every test shares."""

from collections.abc import Iterable
import logging
from pathlib import Path
from typing import Final

import pytest

# The test plugin brings a `custom_components` of its own: ours must be first.
import custom_components  # noqa: F401

# Each starts a real Home Assistant, some several: minutes.
_SLOW: Final = ("bench/test_parts.py",)


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark what `scripts/test --slow` runs."""
    here = Path(__file__).parent
    for item in items:
        if any(item.path.is_relative_to(here / name) for name in _SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _quiet_database() -> None:
    """The test plugin shows every statement; thousands of rows drown all else."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the event loop's debugging to the oldest Home Assistant's run.

    The test plugin switches it on for each test: to keep the stack of each task and
    future takes a quarter of a test's time.
    """
