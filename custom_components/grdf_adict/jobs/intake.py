"""A fleet's table or folder, read in the executor and compared with GRDF's list."""

from functools import partial
from pathlib import Path

from homeassistant.core import HomeAssistant

from ..adict import AccessRight, AdictUnavailableError
from ..contract.candidates import meter_candidates
from ..contract.coordinator import ContractCoordinator
from ..fleet import Action, Campaign, campaign, read_fleet
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
    sheet: str | None = None,
) -> Plan:
    """Return the plan of a table, as the contract's rights allow.

    `table` and what follows as in `read_fleet`; a path is allowed.

    Raises:
        FleetFileError: the table is refused.
        FleetSheetsError: several sheets have a table, and none was chosen.
        AdictError: the contract's rights cannot be read, or not all of them.
    """
    read = partial(
        read_fleet, table, action, zeros_confirmed=zeros_confirmed, sheet=sheet
    )
    rows = await hass.async_add_executor_job(read)
    rights = await _async_rights(contract)
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
    """Return the files of a folder for the proofs that GRDF awaits.

    Raises:
        FolderRefusedError: it is outside the allowed folders, or cannot be read.
        AdictError: the contract's rights cannot be read, or not all of them.
    """
    if not await hass.async_add_executor_job(is_allowed, hass, folder):
        raise FolderRefusedError("path_not_allowed")
    rights = await _async_rights(contract)
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


async def _async_rights(contract: ContractCoordinator) -> tuple[AccessRight, ...]:
    """Return all rights: a part of them would hide some that are open, or wait."""
    answer = await contract.async_read_rights()
    if not answer.complete:
        message = "the list of access rights was cut"
        raise AdictUnavailableError(message)
    return tuple(answer.items)
