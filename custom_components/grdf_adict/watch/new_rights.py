"""New rights of a contract: their PCE are proposed as meters."""

from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..adict import mask_pce
from ..const import Issue
from ..contract.candidates import meter_candidates
from ..contract.coordinator import ContractCoordinator
from ..helpers.clock import paris_today
from ..helpers.issues import Repair, async_hide_issue, async_show_issue
from ..helpers.texts import shown_names

_MOST_NAMES: Final = 20


@callback
def async_watch_new_rights(
    hass: HomeAssistant, contract: ContractCoordinator
) -> CALLBACK_TYPE:
    """Keep the proposal equal to the rights; return the function that stops it."""

    @callback
    def show() -> None:
        entry = contract.config_entry
        if not (pces := free_pces(hass, contract)):
            async_hide_issue(hass, Issue.NEW_RIGHTS, entry.entry_id)
            return
        shown = [mask_pce(pce) for pce in pces[:_MOST_NAMES]]
        if len(pces) > _MOST_NAMES:
            shown.append("…")
        texts = {"count": str(len(pces)), "meters": shown_names(shown)}
        async_show_issue(hass, entry, Repair(Issue.NEW_RIGHTS, entry.entry_id, texts))

    show()
    return contract.async_add_listener(show)


def free_pces(hass: HomeAssistant, contract: ContractCoordinator) -> list[str]:
    """Return the proposed PCE that are no meter yet, of any entry."""
    choice = meter_candidates(hass, contract.config_entry.data, (), paris_today())
    return [pce for pce in contract.proposed if not choice.is_owned(pce)]
