"""A meter of exported files that moves to a contract, with its whole ledger."""

from typing import TYPE_CHECKING

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant

from ..const import CONF_PCE, SUBENTRY_TYPE_METER
from ..contract.connection import holds_contract

if TYPE_CHECKING:
    from ..runtime import GrdfConfigEntry


def may_leave(owner: ConfigEntry) -> bool:
    """Whether an entry's meters may move to a contract: those of files may."""
    return not holds_contract(owner.data)


def meter_subentry(owner: ConfigEntry, pce: str) -> ConfigSubentry:
    """Return the meter of an entry that has it."""
    return next(
        subentry
        for subentry in owner.get_subentries_of_type(SUBENTRY_TYPE_METER)
        if subentry.data[CONF_PCE] == pce
    )


async def async_release(hass: HomeAssistant, owner: GrdfConfigEntry, pce: str) -> None:
    """Take a meter out of its entry; all that is kept of it waits for its next owner.

    When this returns, nothing of the meter is being written any more, and its entities
    are gone: the next owner's get their names and go on with their history.
    """
    subentry = meter_subentry(owner, pce)
    if owner.state is ConfigEntryState.LOADED:
        await owner.runtime_data.meters[subentry.subentry_id].async_retire()
    hass.config_entries.async_remove_subentry(owner, subentry.subentry_id)
