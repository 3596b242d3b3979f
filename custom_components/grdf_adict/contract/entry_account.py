"""What the meters of one entry share, whether it has a contract or none."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ..const import LOGGER
from ..helpers.issues import Issue, async_raise_issue
from ..rights.right import MeterRights
from ..storage.contract_file import AccountFile, AccountStore, Departed
from ..storage.meter_file import WriteFailedError

if TYPE_CHECKING:
    from ..runtime import GrdfConfigEntry
    from .coordinator import AccountCoordinator


class EntryAccount(DataUpdateCoordinator[Mapping[str, MeterRights]]):
    """The access rights of an entry, by PCE, and its deleted meters."""

    config_entry: GrdfConfigEntry
    is_contract_over = False

    def __init__(self, hass: HomeAssistant, entry: GrdfConfigEntry, name: str) -> None:
        """Prepare the account of a config entry; `async_restore` comes next."""
        super().__init__(
            hass, LOGGER, config_entry=entry, name=name, always_update=False
        )
        self._store = AccountStore(hass, entry.entry_id)
        self._file = AccountFile()

    async def async_restore(self) -> None:
        """Take up where the last run stopped."""
        self._file = await self._store.async_load()
        self.data = self._file.rights

    @property
    def contract(self) -> AccountCoordinator | None:
        """What speaks to GRDF; None: the entry's meters live on exported files."""
        return None

    @property
    def departed(self) -> Mapping[str, Departed]:
        """The deleted meters that somebody is still to be asked about."""
        return self._file.departed

    async def async_keep_departed(self, departed: Mapping[str, Departed]) -> None:
        """Keep which deleted meters somebody is still to be asked about."""
        self._file = replace(self._file, departed=dict(departed))
        await self._async_write()

    async def _async_write(self) -> None:
        try:
            await self._store.async_write(self._file)
        except WriteFailedError:
            # Home Assistant logs why. Rights and counts are told again; days go on.
            async_raise_issue(self.hass, self.config_entry, Issue.WRITE_FAILED)


class FilesAccount(EntryAccount):
    """Of meters without a contract: no right, and never a call to GRDF."""

    def __init__(self, hass: HomeAssistant, entry: GrdfConfigEntry) -> None:
        """Prepare the account of an entry of exported files."""
        super().__init__(hass, entry, "exported files")

    @override
    async def _async_update_data(self) -> Mapping[str, MeterRights]:
        return self.data
