"""The same Home Assistant, recorder and sandbox as the integration's tests."""

from functools import partial

from aiohttp import ClientTimeout
import pytest

from custom_components.grdf_adict import connection
from custom_components.grdf_adict.adict import AdictClient, token, transport
from tests.integration.conftest import (
    _home_in_france,
    _integration,
    _no_pace,
    _own_uploads,
    add_entry,
    clock,
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
    "clock",
    "contract",
    "import_meters",
    "mock_recorder_before_hass",
    "ordeal",
    "sandbox",
    "served",
]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let silences that are borne for a minute be borne for a moment."""
    moment = ClientTimeout(total=None, sock_connect=5, sock_read=0.3)
    monkeypatch.setattr(connection, "AdictClient", partial(AdictClient, timeout=moment))
    monkeypatch.setattr(token, "_TIMEOUT", ClientTimeout(total=0.5))
    monkeypatch.setattr(transport, "_PATIENCE", 1.0)
