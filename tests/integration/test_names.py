"""What others rely on by name stays: ids, series, stored files, actions, texts.

Automations, dashboards, the recorder and stored files hold these names. `names.json` is
the list of them, taken before modules were moved: a move changes no line of it. A line
may be added with a feature. A line may change or go only together with a migration of
what is stored, or with an entry in the changelog that says what users have to change.
What a line holds of Home Assistant itself may change with its version.

    GRDF_WRITE_NAMES=1 python -m pytest tests/integration/test_names.py -p no:xdist

writes the list again; read its difference before it is committed.
"""

from datetime import date, timedelta
import json
from pathlib import Path
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.system_health import get_info
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN
from tests.exports import build_daily, invented_days
from tests.sandbox import (
    BUSINESS,
    FARM,
    FLAT,
    FORMER,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    PRODUCER,
    Flow,
    Sandbox,
)

from .conftest import AddEntry
from .file_flow import add_files
from .markers import as_json
from .names import (
    PACKAGE,
    Places,
    StoredFiles,
    actions,
    compare,
    devices,
    entities,
    entries,
    leaves,
    own_attributes,
    shape,
    statistics,
)
from .names_story import (
    GAS_PRICE,
    OUTDOOR,
    change_meters,
    declare_two,
    let_be_late,
    live_through_weeks,
    varied_contract,
    withhold,
)

MANIFEST: Final = ("domain", "integration_type", "loggers", "name")
HOME: Final = "09999999911111"


@pytest.fixture(autouse=True)
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder that actions may read, and reports go to."""
    hass.config.currency = "EUR"
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    return tmp_path


class MeterEvents:
    """What the event entities show: the attributes of each kind of event."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Listen from now on."""
        self.attributes: dict[str, list[str]] = {}
        hass.bus.async_listen(EVENT_STATE_CHANGED, self._on_change)

    @callback
    def _on_change(self, event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new is None or new.domain != "event":
            return
        if (kind := new.attributes.get("event_type")) is not None:
            known = self.attributes.get(kind, [])
            self.attributes[kind] = sorted({*known, *(own_attributes(new) or ())})


def test_the_package_has_the_names_of_the_list() -> None:
    manifest = json.loads((PACKAGE / "manifest.json").read_text("utf-8"))
    texts = json.loads((PACKAGE / "translations" / "en.json").read_text("utf-8"))
    compare(
        "package",
        {
            "manifest": {name: manifest[name] for name in MANIFEST},
            "icons": json.loads((PACKAGE / "icons.json").read_text("utf-8")),
            "texts": leaves(texts),
            **{
                name: load_yaml_dict(str(PACKAGE / f"{name}.yaml"))
                for name in ("services", "triggers", "conditions")
            },
        },
    )


@pytest.mark.timeout(180)
async def test_a_contract_has_the_names_of_the_list(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    folder: Path,
) -> None:
    """Meters of all kinds, a group, and what can happen to them in some weeks."""
    assert await async_setup_component(hass, "system_health", {})
    hass.config.config_dir = str(folder)
    events = MeterEvents(hass)
    entry = await varied_contract(hass, sandbox, add_entry)
    places = Places(entry)
    stored = StoredFiles(hass_storage, places)
    stored.look()
    await live_through_weeks(hass, sandbox, clock, entry, stored)
    await declare_two(hass, sandbox, clock, folder, stored)
    await entry.runtime_data.recording.async_start(timedelta(days=7), scales=True)
    await entry.runtime_data.account.async_read_rights()

    found = {
        "entities": entities(hass, places),
        "devices": devices(hass, places, entry),
        "statistics": await statistics(hass, places),
        "entries": entries(places, entry),
        "events": events.attributes,
        "actions": actions(hass),
        **await _diagnostics(hass, entry),
        "system health": sorted((await get_info(hass))[DOMAIN]),
    }
    hass.states.async_remove(GAS_PRICE)
    hass.states.async_remove(OUTDOOR)
    raised = await change_meters(hass, sandbox, clock, entry)
    stored.look()
    compare("contract", {**found, **stored.facts(), "repairs": raised})


async def test_a_household_of_files_has_the_names_of_the_list(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    hass_client: ClientSessionGenerator,
) -> None:
    last = date(2026, 11, 16)
    days = invented_days(last - timedelta(days=59), last, absent=[date(2026, 11, 3)])
    file = build_daily(days, pce=HOME, exported_on=date(2026, 11, 19))

    entry = await add_files(hass, hass_client, file)
    step = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(
        step["flow_id"], {"watch": True, "folder": f"{hass.config.path()}/watched"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)

    places = Places(entry)
    stored = StoredFiles(hass_storage, places)
    stored.look()
    compare(
        "files",
        {
            "entities": entities(hass, places),
            "devices": devices(hass, places, entry),
            "statistics": await statistics(hass, places),
            "entries": entries(places, entry),
            **await _diagnostics(hass, entry),
            **stored.facts(),
        },
    )


async def test_repairs_have_the_names_of_the_list(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    pces = (HOUSE, FLAT, HALF_YEARLY, BUSINESS, INDUSTRY, FARM, PRODUCER, FORMER)
    entry = await import_meters(*pces)
    tomorrow = sandbox.today + timedelta(days=1)
    withhold(sandbox, HOUSE)
    sandbox.right(FLAT).state = "Révoquée"
    sandbox.right(HALF_YEARLY).end = tomorrow + timedelta(days=20)
    sandbox.right(BUSINESS).state = "Refusée"
    sandbox.right(INDUSTRY).state = "Obsolète"
    proof = sandbox.right(FARM)
    proof.proof_state = "Preuve en attente"
    proof.proof_deadline = tomorrow + timedelta(days=20)
    for day in sorted(sandbox.available_days(PRODUCER, Flow.INJECTION))[-45:-5]:
        sandbox.withdraw(PRODUCER, day, Flow.INJECTION)
    await let_be_late(hass, clock, entry)

    raised = await change_meters(hass, sandbox, clock, entry)
    compare("repairs", {"repairs": raised})


async def _diagnostics(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Return the shape of what may be downloaded of an entry, and of its devices."""
    integration = await async_get_integration(hass, DOMAIN)
    platform = await integration.async_get_platform("diagnostics")
    of_entry = await platform.async_get_config_entry_diagnostics(hass, entry)
    of_devices = [
        await platform.async_get_device_diagnostics(hass, entry, device)
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
    ]
    return {
        "diagnostics": shape(json.loads(as_json(of_entry))),
        "diagnostics of devices": shape(json.loads(as_json(of_devices))),
    }
