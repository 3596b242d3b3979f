"""What a loaded config entry holds."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .contract.coordinator import ContractCoordinator, EntryCoordinator
from .contract.recording import AnswerRecording
from .jobs.runner import JobRunner
from .meters.coordinator import MeterCoordinator
from .meters.group import GroupCoordinator
from .storage.settings import MeterSettings
from .watch.issue_keeper import IssueKeeper

type GrdfConfigEntry = ConfigEntry[GrdfData]


@dataclass(slots=True)
class GrdfData:
    """What a loaded config entry holds.

    Attributes:
        account: what the meters share: rights, and a contract's client and quota.
        configured: the entry's data at set-up, to detect changes.
        recording: of GRDF's answers; None: the entry is of exported files.
        meters, groups: by subentry id.
        kept_settings: what is stored of what was set of each meter, by subentry id.
        updating: held while meters are set up or changed.
        started: set once Home Assistant has started and the recorder works.
        entity_lock: held by the meter whose entities show a change for all meters.
    """

    account: EntryCoordinator
    configured: dict[str, Any]
    issues: IssueKeeper
    jobs: JobRunner
    recording: AnswerRecording | None = None
    meters: dict[str, MeterCoordinator] = field(default_factory=dict)
    groups: dict[str, GroupCoordinator] = field(default_factory=dict)
    kept_settings: dict[str, MeterSettings] = field(default_factory=dict)
    updating: asyncio.Lock = field(default_factory=asyncio.Lock)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    entity_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def contract(self) -> ContractCoordinator:
        """The contract; raises as `EntryCoordinator.required_contract`."""
        return self.account.required_contract


def loaded_meters(hass: HomeAssistant) -> Iterator[MeterCoordinator]:
    """Yield every meter of every loaded entry."""
    entries: list[GrdfConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        yield from entry.runtime_data.meters.values()


def loaded_contract(entry: ConfigEntry) -> ContractCoordinator | None:
    """Return an entry's contract; None: it is not loaded, or of files."""
    if entry.state is not ConfigEntryState.LOADED:
        return None
    data: GrdfData = entry.runtime_data
    return data.account.contract


def loaded_recording(hass: HomeAssistant, entry_id: str) -> AnswerRecording | None:
    """Return an entry's recording; None: it is not loaded, or of files."""
    entries: list[GrdfConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    found = (each.runtime_data for each in entries if each.entry_id == entry_id)
    return next((data.recording for data in found), None)
