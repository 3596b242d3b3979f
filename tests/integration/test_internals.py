"""Each internal of Home Assistant that a release could take away, one at a time."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
import inspect
from pathlib import Path
import sys
from types import ModuleType
from typing import Any, Final, NamedTuple

from freezegun.api import FrozenDateTimeFactory
from homeassistant import config_entries
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir, storage
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

import custom_components
from custom_components.grdf_adict.helpers.internals import Internal
from tests.sandbox import HOUSE, Sandbox

from .common import energies, held, next_day, restart, settle
from .conftest import AddEntry
from .connect_flow import open_dialog
from .fleet import configure, open_fleet

PACKAGE: Final = "custom_components.grdf_adict"
# Without it no row can be written: the meter's file and sensors have the days.
CARRIES_ROWS: Final = "STATISTICS"
# Of these, the import itself can fail here; the others lack their names.
IMPORTED_BY_NOBODY_LATER: Final = {
    "homeassistant.components.energy.data",
    "homeassistant.components.http.auth",
    "homeassistant.components.recorder.tasks",
    "homeassistant.helpers.config_entry_oauth2_flow",
}
# What Home Assistant imports of the integration beside its entities' platforms.
LOADED: Final = (
    "condition",
    "config_flow",
    "diagnostics",
    "repairs",
    "services",
    "system_health",
    "trigger",
)


class Case(NamedTuple):
    """A Home Assistant that lacks an internal, with a contract."""

    hass: HomeAssistant
    entry: MockConfigEntry
    sandbox: Sandbox
    clock: FrozenDateTimeFactory


def ours(name: str) -> Any:
    """Return a module of the integration as it is loaded now."""
    return import_module(f"{PACKAGE}.{name}")


@contextmanager
def without(internal: Internal, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Import the integration anew on a Home Assistant that lacks an internal."""
    before = _taken_from_memory()
    for domain, handler in config_entries.HANDLERS.items():
        monkeypatch.setitem(config_entries.HANDLERS, domain, handler)
    monkeypatch.delattr(custom_components, "grdf_adict")
    take_away(internal, monkeypatch)
    try:
        for module, name, value in (
            ("adict.quota", "PACE_MARGIN", 0.0),
            ("adict.transport", "_FIRST_WAIT", 0.0),
            ("storage.contract_file", "random", lambda: 0.5),
        ):
            setattr(ours(module), name, value)
        yield
    finally:
        _taken_from_memory()
        sys.modules.update(before)


def _taken_from_memory() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if f"{name}.".startswith(f"{PACKAGE}.")]
    return {name: sys.modules.pop(name) for name in names}


class _Less(ModuleType):
    """A module without some of its names, for whoever imports it from now on."""

    def __init__(self, module: ModuleType, names: set[str]) -> None:
        super().__init__(module.__name__)
        self.__dict__.update(
            {name: value for name, value in vars(module).items() if name not in names}
        )


def take_away(internal: Internal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take an internal from whoever imports it next; Home Assistant itself has it."""
    for module_name in {name.partition(":")[0] for name in internal.names}:
        module = import_module(module_name)
        if module_name in IMPORTED_BY_NOBODY_LATER:
            monkeypatch.setitem(sys.modules, module_name, None)
            continue
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
def real_files(hass: HomeAssistant, tmp_path: Path) -> None:
    """Let the integration's files be real ones."""
    hass.config.config_dir = str(tmp_path)


async def _no_conditions(case: Case) -> None:
    assert await ours("condition").async_get_conditions(case.hass) == {}
    assert await ours("trigger").async_get_triggers(case.hass) != {}


async def _no_triggers(case: Case) -> None:
    assert await ours("trigger").async_get_triggers(case.hass) == {}
    assert await ours("condition").async_get_conditions(case.hass) != {}


async def _devices_and_entities_remain(case: Case) -> None:
    entity_id = "sensor.meter_0001_state"
    entity = er.async_get(case.hass).async_get(entity_id)
    assert entity is not None
    targeted = ours("helpers.automations").targeted_devices

    assert targeted(case.hass, {"entity_id": entity_id}) == {entity.device_id}
    assert targeted(case.hass, {"device_id": ["a", "b"]}) == {"a", "b"}
    assert targeted(case.hass, {"area_id": "kitchen"}) == set()


async def _a_form_without_links(case: Case) -> None:
    form = await open_fleet(case.hass, case.entry)
    form = await configure(case.hass, form, {"next_step_id": "fleet_table"})
    shown = form["description_placeholders"]
    assert (shown["template_xlsx"], shown["template_csv"]) == ("xlsx", "csv")


async def _nobody_is_sent_to_grdf(case: Case) -> None:
    dialog = await open_dialog(case.hass, case.entry)
    assert dialog["reason"] == "home_assistant_too_new"


async def _no_dashboard(case: Case) -> None:
    dashboard = ours("dashboard.dashboard").async_energy_dashboard
    assert await dashboard(case.hass) is None


async def _the_state_says_so(case: Case) -> None:
    state = case.hass.states.get("sensor.meter_0001_state")
    assert state is not None
    assert state.state == "recorder_away"
    await _no_dashboard(case)


async def _what_becomes_due_is_asked_for(case: Case) -> None:
    (meter,) = case.entry.runtime_data.meters.values()

    async def reschedule() -> None:
        case.clock.tick(timedelta(days=1))
        meter.reschedule()
        async_fire_time_changed(case.hass, dt_util.utcnow())
        await case.hass.async_block_till_done(wait_background_tasks=True)

    await reschedule()
    assert await energies(case.hass, HOUSE) == held(case.sandbox, HOUSE)
    case.hass.config_entries.async_update_entry(case.entry, pref_disable_polling=True)
    await reschedule()
    case.sandbox.reset_calls()
    await reschedule()
    assert case.sandbox.calls == []


async def _a_failed_write_is_found_in_the_file(case: Case) -> None:
    before = await energies(case.hass, HOUSE)
    issue = "grdf_adict", f"write_failed_{case.entry.entry_id}"

    with pytest.MonkeyPatch.context() as full:
        for names in (
            vars(storage),
            ours("helpers.store").KnownWriteStore.async_save.__globals__,
        ):
            full.setitem(names, "write_utf8_file_atomic", _full)
        await next_day(case.hass, case.clock, case.entry)

    assert ir.async_get(case.hass).async_get_issue(*issue) is not None
    assert await energies(case.hass, HOUSE) == before
    case.clock.tick(timedelta(hours=2))
    await settle(case.hass, case.entry)
    assert ir.async_get(case.hass).async_get_issue(*issue) is None
    assert await energies(case.hass, HOUSE) == held(case.sandbox, HOUSE)


def _full(*_: object, **__: object) -> None:
    raise WriteError("no space left on device")


# What is asserted of each beside the load, the line in the log and the gas days.
ALSO: Final[Mapping[str, Callable[[Case], Awaitable[None]]]] = {
    "CONDITIONS": _no_conditions,
    "ENERGY": _no_dashboard,
    "REDIRECT": _nobody_is_sent_to_grdf,
    "SCHEDULE": _what_becomes_due_is_asked_for,
    "SIGNED_PATHS": _a_form_without_links,
    "STATISTICS": _the_state_says_so,
    "STORE": _a_failed_write_is_found_in_the_file,
    "TARGETS": _devices_and_entities_remain,
    "TRIGGERS": _no_triggers,
}


@pytest.mark.usefixtures("real_files")
@pytest.mark.parametrize("internal", Internal, ids=[each.name for each in Internal])
async def test_without_an_internal_the_integration_loads_and_says_what_is_missing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    internal: Internal,
) -> None:
    hass.config.components.add("energy")
    sandbox.right(HOUSE).consumption_from = sandbox.today - timedelta(days=20)
    with without(internal, monkeypatch):
        for name in LOADED:
            ours(name)

        entry = await add_entry(HOUSE)
        await settle(hass, entry)

        assert entry.state is ConfigEntryState.LOADED
        said = [
            record.getMessage()
            for record in caplog.records
            if record.name == PACKAGE and " lacks " in record.getMessage()
        ]
        assert len(said) == 1
        assert all(name.replace(":", ".") in said[0] for name in internal.names)
        days = {} if internal.name == CARRIES_ROWS else held(sandbox, HOUSE)
        assert await energies(hass, HOUSE) == days
        if also := ALSO.get(internal.name):
            await also(Case(hass, entry, sandbox, clock))
        assert "unforeseen" not in caplog.text
        assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.usefixtures("real_files")
async def test_gas_days_that_come_while_statistics_are_missing_are_rows_afterwards(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    assert await hass.config_entries.async_unload(entry.entry_id)

    with monkeypatch.context() as taken, without(Internal.STATISTICS, taken):
        restart(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await next_day(hass, clock, entry)
        (meter,) = entry.runtime_data.meters.values()
        assert meter.data.days == len(before) + 1
        assert await energies(hass, HOUSE) == before
        assert await hass.config_entries.async_unload(entry.entry_id)

    restart(hass)
    sandbox.reset_calls()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    assert sandbox.calls == []


async def test_nothing_is_missed_of_this_home_assistant(
    hass: HomeAssistant, import_meters: AddEntry, caplog: pytest.LogCaptureFixture
) -> None:
    hass.config.components.add("energy")

    await import_meters(HOUSE)

    assert " lacks " not in caplog.text
