"""The same Home Assistant, recorder and sandbox as the integration's tests."""

from tests.integration.conftest import (
    _home_in_france,
    _integration,
    _no_pace,
    _one_draw,
    _own_uploads,
    add_entry,
    clock,
    contract,
    import_meters,
    mock_recorder_before_hass,
    recorder_config,
    sandbox,
    served,
)

from .ordeal import ordeal

__all__ = [
    "_home_in_france",
    "_integration",
    "_no_pace",
    "_one_draw",
    "_own_uploads",
    "add_entry",
    "clock",
    "contract",
    "import_meters",
    "mock_recorder_before_hass",
    "ordeal",
    "recorder_config",
    "sandbox",
    "served",
]
