"""A real Home Assistant, a real recorder, and the sandbox over real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import file_upload
from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.adict import quota, transport
from custom_components.grdf_adict.const import (
    CONF_ADDRESSES,
    CONF_API_URL,
    CONF_ENVIRONMENT,
    CONF_PCE,
    CONF_TOKEN_URL,
    DOMAIN,
    SUBENTRY_TYPE_METER,
    GrdfEnvironment,
)
from custom_components.grdf_adict.storage import contract_file as account_store
from tests.sandbox import Flow, Sandbox, Served, serve

from .common import settle
from .file_questions import Asking, asker

NOW = datetime(2026, 11, 20, 21, 30, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Let the recorder's fixtures come before Home Assistant's."""


@pytest.fixture
def recorder_config(request: pytest.FixtureRequest) -> dict[str, Any] | None:
    """Keep statistics alone, save in tests marked `history`.

    The test plugin commits after each state and each event: half of a test's time.
    """
    if request.node.get_closest_marker("history"):
        return None
    return {
        "exclude": {
            "entity_globs": ["*"],
            "event_types": [
                "component_loaded",
                "device_registry_updated",
                "entity_registry_updated",
                "service_registered",
            ],
        }
    }


@pytest.fixture(autouse=True)
async def _integration(
    hass: HomeAssistant,
    recorder_mock: object,  # noqa: ARG001 - it has to outlive the entries
    enable_custom_integrations: None,  # noqa: ARG001
    socket_enabled: None,  # noqa: ARG001
) -> AsyncIterator[None]:
    """Run with a recorder, with our integration, with sockets to this machine.

    The recorder's own fixture closes the database before Home Assistant unloads
    what is left: a comparison still running then would read a database gone.
    """
    yield
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.state is ConfigEntryState.LOADED:
            await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits: the sandbox here counts no calls, and the clock stands still."""
    monkeypatch.setattr(quota, "PACE_MARGIN", 0.0)
    monkeypatch.setattr(transport, "_FIRST_WAIT", 0.0)


@pytest.fixture(autouse=True)
def _one_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are due at the same times in each run."""
    monkeypatch.setattr(account_store, "random", lambda: 0.5)


@pytest.fixture(autouse=True)
def _own_uploads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Home Assistant empties its folder of uploads as it stops: others use it too."""
    monkeypatch.setattr(file_upload, "TEMP_DIR_NAME", tmp_path / "uploads")


@pytest.fixture(autouse=True)
async def _home_in_france(hass: HomeAssistant) -> None:
    await hass.config.async_set_time_zone("Europe/Paris")


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> FrozenDateTimeFactory:
    """An evening on which everything due on that day has been published."""
    freezer.move_to(NOW)
    return freezer


@pytest.fixture
def sandbox(
    clock: FrozenDateTimeFactory,  # noqa: ARG001 - set before the sandbox looks
    request: pytest.FixtureRequest,
) -> Sandbox:
    """An ADICT of its own for each test; it follows the test's clock.

    The rights cover the last hundred days, which keeps the recorder's work short,
    save in tests marked `whole_history`.
    """
    sandbox = Sandbox(seed=1)
    if request.node.get_closest_marker("whole_history") is None:
        sandbox.switches.gives_day_before = False
        for right in sandbox.rights:
            first = sandbox.today - timedelta(days=100)
            if right.flow is Flow.CONSUMPTION:
                right.consumption_from = first
            else:
                right.injection_from = first
    return sandbox


@pytest.fixture
async def served(sandbox: Sandbox) -> AsyncIterator[Served]:
    """The sandbox at an address."""
    async with serve(sandbox) as served:
        yield served


@pytest.fixture
def contract(served: Served) -> dict[str, Any]:
    """What the flow would store for the sandbox's contract."""
    return {
        CONF_ENVIRONMENT: GrdfEnvironment.SANDBOX.value,
        CONF_CLIENT_ID: "demo",
        CONF_CLIENT_SECRET: "demo-secret",
        CONF_ADDRESSES: {
            CONF_API_URL: served.api_url,
            CONF_TOKEN_URL: served.token_url,
        },
    }


type AddEntry = Callable[..., Awaitable[MockConfigEntry]]


@pytest.fixture
def add_entry(hass: HomeAssistant, contract: dict[str, Any]) -> AddEntry:
    """Add the contract with some meters, and set it up."""

    async def add(*pces: str, set_up: bool = True) -> MockConfigEntry:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Example",
            unique_id="sandbox_demo",
            data=contract,
            subentries_data=[
                ConfigSubentryData(
                    subentry_type=SUBENTRY_TYPE_METER,
                    title=f"Meter {pce[-4:]}",
                    unique_id=pce,
                    data={CONF_PCE: pce},
                )
                for pce in pces
            ],
        )
        entry.add_to_hass(hass)
        if set_up:
            assert await hass.config_entries.async_setup(entry.entry_id)
            await hass.async_block_till_done()
        return entry

    return add


@pytest.fixture
def import_meters(hass: HomeAssistant, add_entry: AddEntry) -> AddEntry:
    """Add the contract with some meters, and wait until all is imported."""

    async def add(*pces: str) -> MockConfigEntry:
        entry = await add_entry(*pces)
        await settle(hass, entry)
        return entry

    return add


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Let files leave questions open."""
    return asker(monkeypatch)
