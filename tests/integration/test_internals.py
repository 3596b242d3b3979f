"""Each internal of Home Assistant that a release could take away, one at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
import inspect
import logging
from pathlib import Path
import sys
from types import ModuleType
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import storage
import pytest

import custom_components
from custom_components.grdf_adict.helpers.internals import Internal
from tests.sandbox import HOUSE, Sandbox

from .common import energies, held, settle
from .conftest import AddEntry

PACKAGE: Final = "custom_components.grdf_adict"
# Without it no row can be written: the meter's file and sensors have the days.
CARRIES_ROWS: Final = "STATISTICS"
PLATFORMS: Final = (
    "condition",
    "config_flow",
    "diagnostics",
    "repairs",
    "services",
    "system_health",
    "trigger",
)


@contextmanager
def without(internal: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Import the integration anew on a Home Assistant that lacks an internal."""
    ours = {
        name: module
        for name, module in sys.modules.items()
        if name == PACKAGE or name.startswith(f"{PACKAGE}.")
    }
    for name in ours:
        del sys.modules[name]
    monkeypatch.delattr(custom_components, "grdf_adict")
    take_away(internal, monkeypatch)
    for module, name, value in (
        ("adict.quota", "PACE_MARGIN", 0.0),
        ("adict.transport", "_FIRST_WAIT", 0.0),
        ("storage.contract_file", "random", lambda: 0.5),
    ):
        setattr(import_module(f"{PACKAGE}.{module}"), name, value)
    yield
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[name]
    sys.modules.update(ours)


class _Less(ModuleType):
    """A module without some of its names, for whoever imports it from now on."""

    def __init__(self, module: ModuleType, names: set[str]) -> None:
        super().__init__(module.__name__)
        self.__dict__.update(
            {name: value for name, value in vars(module).items() if name not in names}
        )


def take_away(internal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take an internal from whoever imports it next; Home Assistant itself has it."""
    for module_name in {name.partition(":")[0] for name in internal.names}:
        module = import_module(module_name)
        paths = {
            path
            for name in internal.names
            for of, _, path in [name.partition(":")]
            if of == module_name
        }
        whole = {path for path in paths if "." not in path}
        less = _Less(module, whole)
        for path in paths - whole:
            owner, _, method = path.partition(".")
            if owner not in whole:
                setattr(less, owner, renamed(getattr(module, owner), method))
        monkeypatch.setitem(sys.modules, module_name, less)
        parent, _, name = module_name.rpartition(".")
        monkeypatch.setattr(sys.modules[parent], name, less)


def renamed(owner: type, method: str) -> type:
    """Return a class as a release has it that renamed a private method."""
    namespace = vars(sys.modules[owner.__module__]).copy()
    source = inspect.getsource(owner).replace(method, f"{method}_of_another_name")
    exec(source, namespace)  # noqa: S102 - Home Assistant's own
    changed = namespace[owner.__name__]
    assert isinstance(changed, type)
    return changed


@pytest.fixture
def real_files(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Let the integration's files be real ones."""
    hass.config.config_dir = str(tmp_path)
    return tmp_path / storage.STORAGE_DIR


@pytest.mark.parametrize("internal", Internal, ids=[each.name for each in Internal])
async def test_without_an_internal_the_integration_loads_and_says_what_is_missing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    real_files: Path,
    internal: Any,
) -> None:
    hass.config.components.add("energy")
    with without(internal, monkeypatch):
        for name in PLATFORMS:
            import_module(f"{PACKAGE}.{name}")

        entry = await add_entry(HOUSE)
        await settle(hass, entry)

        assert entry.state is ConfigEntryState.LOADED
        said = [
            record.getMessage()
            for record in caplog.records
            if record.name == PACKAGE and record.levelno >= logging.WARNING
        ]
        missing = [text for text in said if "lacks" in text]
        assert len(missing) == 1, said
        assert all(name.replace(":", ".") in missing[0] for name in internal.names)
        assert "unforeseen" not in caplog.text
        state = hass.states.get("sensor.meter_0001_state")
        if internal.name == CARRIES_ROWS:
            assert await energies(hass, HOUSE) == {}
        else:
            assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
        assert await hass.config_entries.async_unload(entry.entry_id)
