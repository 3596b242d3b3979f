"""A home with files of each kind, real ones on disk, to damage and to start with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import FLAT, HOUSE, PRODUCER, Fault, Flow, Sandbox

from .actions import act
from .common import amounts, held, settle
from .conftest import AddEntry
from .damage import store, stored
from .fleet import build, row_of, table
from .grouping import grouped
from .price_flow import choose, period, reconfigure, submit
from .recording_flow import record

METER: Final = f"{DOMAIN}.meter.sandbox_{HOUSE}"
INJECTING: Final = f"{DOMAIN}.meter.sandbox_{PRODUCER.lower()}"
_REPAIR: Final = "storage_unreadable_"
_REAL: Final = {
    name: getattr(Store, name)
    for name in ("_async_load", "_async_write_data", "async_remove")
}


@pytest.fixture
def own_files(
    hass: HomeAssistant,
    hass_storage: object,  # noqa: ARG001 - the test plugin's files in memory go first
    tmp_path: Path,
) -> Iterator[None]:
    """Let all files be real ones, in a folder of the test's own."""
    hass.config.currency = "EUR"
    hass.config.config_dir = str(tmp_path)
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    with patch.multiple(Store, **_REAL):
        yield


@dataclass(frozen=True)
class Home:
    """A home with all kinds of files: their contents by name, and its series."""

    hass: HomeAssistant
    entry: MockConfigEntry
    files: Mapping[str, Any]
    series: Mapping[str, Any]

    def name(self, kind: str) -> str:
        """Return the name of a file of the entry."""
        return f"{DOMAIN}.{kind}.{self.entry.entry_id}"

    async def start(
        self, files: Mapping[str, Any], raw: Mapping[str, bytes] | None = None
    ) -> None:
        """Start with other files in place of some, and refresh once.

        Those of `raw` are written as they are.
        """
        await self.hass.config_entries.async_unload(self.entry.entry_id)
        for issue in repairs(self.hass).values():
            ir.async_delete_issue(self.hass, DOMAIN, issue.issue_id)
        store(self.hass, {**self.files, **files}, raw or {})
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        if self.entry.state is ConfigEntryState.LOADED:
            await self.entry.runtime_data.account.async_refresh()
            await settle(self.hass, self.entry)

    async def rows(self) -> dict[str, Any]:
        """Return each series as the recorder holds it."""
        return {
            series: await amounts(self.hass, *series.split()) for series in self.series
        }


def repairs(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the repairs of damaged files, by what they are of."""
    return {
        key.removeprefix(_REPAIR): issue
        for (domain, key), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and key.startswith(_REPAIR)
    }


@pytest.fixture
async def home(
    hass: HomeAssistant,
    own_files: None,  # noqa: ARG001 - before anything is written
    sandbox: Sandbox,
    import_meters: AddEntry,
    tmp_path: Path,
) -> Home:
    """Two meters in a group, a price, one that injects, a job begun, a recording."""
    entry = await import_meters(HOUSE, FLAT, PRODUCER)
    ids = {subentry.unique_id: key for key, subentry in entry.subentries.items()}
    result = await choose(
        hass,
        await reconfigure(hass, entry, ids[HOUSE]),
        *("price", "price_list", "add_period"),
    )
    result = await submit(hass, result, period("2026-01-01", 0.1, 120))
    await choose(hass, result, "save_list")
    await grouped(hass, entry, HOUSE, FLAT)
    await record(hass, entry)
    sandbox.fail_next("00001/droit_acces", Fault.status(429))
    rows = [row_of(sandbox, pce, place) for place, pce in enumerate(build(sandbox, 3))]
    (tmp_path / "a.xlsx").write_bytes(table(rows))
    path = str(tmp_path / "a.xlsx")
    await act(hass, "declare_fleet", path=path, action="declare", start=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    await settle(hass, entry)
    series = {
        f"{HOUSE} energy": held(sandbox, HOUSE),
        f"{HOUSE} cost": await amounts(hass, HOUSE, "cost"),
        f"{FLAT} energy": held(sandbox, FLAT),
        f"{PRODUCER} injection": held(sandbox, PRODUCER, flow=Flow.INJECTION),
    }
    home = Home(hass, entry, stored(hass), series)
    assert await home.rows() == series
    return home


@pytest.fixture
async def house(
    hass: HomeAssistant,
    own_files: None,  # noqa: ARG001 - before anything is written
    sandbox: Sandbox,
    import_meters: AddEntry,
) -> Home:
    """One meter."""
    entry = await import_meters(HOUSE)
    return Home(hass, entry, stored(hass), {f"{HOUSE} energy": held(sandbox, HOUSE)})
