"""The same Home Assistant, recorder and sandbox as the integration's tests."""

from collections.abc import Iterator

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
import pytest

from tests.integration.conftest import (
    NOW,
    _home_in_france,
    _integration,
    _no_pace,
    _own_uploads,
    add_entry,
    contract,
    import_meters,
    mock_recorder_before_hass,
    sandbox,
    served,
)

from .ordeal import ordeal

__all__ = [
    "_home_in_france",
    "_integration",
    "_no_pace",
    "_own_uploads",
    "add_entry",
    "contract",
    "import_meters",
    "mock_recorder_before_hass",
    "ordeal",
    "sandbox",
    "served",
]


@pytest.fixture(autouse=True)
def clock() -> Iterator[FrozenDateTimeFactory]:
    """The same evening, while the event loop's own time runs: silences end."""
    with freeze_time(NOW, real_asyncio=True) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        yield frozen
