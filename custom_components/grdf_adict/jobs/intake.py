"""A fleet's table or folder, read in the executor and held against GRDF's list."""

from functools import partial
from pathlib import Path

from homeassistant.core import HomeAssistant

from ..contract.candidates import meter_candidates
from ..contract.coordinator import ContractCoordinator
from ..fleet import Action, Campaign, FleetFileError, campaign, read_fleet
from ..helpers.clock import paris_today
from ..helpers.paths import is_allowed
from .plan import Plan, plan_of


class FolderRefusedError(Exception):
    """A folder that may not, or cannot, be read; `key` is that of the text."""

    def __init__(self, key: str) -> None:
        """Keep the key of the text that explains it."""
        super().__init__(key)
        self.key = key


async def async_plan(
    hass: HomeAssistant,
    contract: ContractCoordinator,
    table: bytes | Path,
    action: Action,
    *,
    zeros_confirmed: bool,
) -> Plan:
    """Return what a table comes to.

    Args:
        hass: whose entries own meters.
        contract: whose rights the table is held against.
        table: its bytes, or the path of the file in an allowed folder.
        action: what is done with rows that do not say it themselves.
        zeros_confirmed: whether zeros that a spreadsheet took are put back.

    Raises:
        FleetFileError: the table cannot be taken.
        AdictError: GRDF does not tell the contract's rights.
    """
    read = partial(read_fleet, table, action, zeros_confirmed=zeros_confirmed)
    rows = await hass.async_add_executor_job(read)
    rights = (await contract.async_read_rights()).items
    today = paris_today()
    choice = meter_candidates(hass, contract.config_entry.data, rights, today)
    return await hass.async_add_executor_job(plan_of, rows, rights, choice, today)


async def async_campaign(
    hass: HomeAssistant,
    contract: ContractCoordinator,
    folder: str,
    *,
    zeros_confirmed: bool,
) -> Campaign:
    """Return what the files of a folder answer of the proofs that GRDF awaits.

    Raises:
        FolderRefusedError: it lies outside the allowed folders, or cannot be read.
        AdictError: GRDF does not tell the contract's rights.
    """
    if not await hass.async_add_executor_job(is_allowed, hass, folder):
        raise FolderRefusedError("path_not_allowed")
    rights = (await contract.async_read_rights()).items
    try:
        return await hass.async_add_executor_job(
            partial(
                campaign,
                Path(folder),
                rights,
                partial(is_allowed, hass),
                zeros_confirmed=zeros_confirmed,
            )
        )
    except OSError:
        raise FolderRefusedError("folder_unreadable") from None


def file_placeholders(error: FleetFileError) -> dict[str, str]:
    """Return what fills the text about a table that cannot be taken."""
    return {"column": error.name or "-", "near": error.near or "-"}
