"""Rights that came to a contract of late: their PCE are proposed as meters."""

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..adict import mask_pce
from ..const import DOMAIN
from ..contract.candidates import meter_choice
from ..helpers.issues import Issue
from ..helpers.texts import shown_names
from ..metering.gas_day import paris_date
from ..runtime import GrdfConfigEntry

_MOST_NAMES = 20


@callback
def async_watch_new_rights(
    hass: HomeAssistant, entry: GrdfConfigEntry
) -> CALLBACK_TYPE:
    """Keep the proposal equal to what the rights tell; return what stops it."""
    account = entry.runtime_data.contract

    @callback
    def look() -> None:
        _async_tell(hass, entry)

    look()
    return account.async_add_listener(look)


def free_pces(hass: HomeAssistant, entry: GrdfConfigEntry) -> list[str]:
    """Return the PCE that are proposed and that nobody follows: a PCE has one owner."""
    today = paris_date(dt_util.utcnow())
    choice = meter_choice(hass, entry.data, (), today)
    proposed = entry.runtime_data.contract.proposed
    return [pce for pce in proposed if not choice.is_owned(pce)]


@callback
def _async_tell(hass: HomeAssistant, entry: GrdfConfigEntry) -> None:
    issue_id = f"{Issue.NEW_RIGHTS}_{entry.entry_id}"
    pces = free_pces(hass, entry)
    if not pces:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    shown = [mask_pce(pce) for pce in pces[:_MOST_NAMES]]
    if len(pces) > _MOST_NAMES:
        shown.append("…")
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id, "issue": Issue.NEW_RIGHTS.value},
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=Issue.NEW_RIGHTS.value,
        translation_placeholders={
            "account": entry.title,
            "count": str(len(pces)),
            "meters": shown_names(shown),
        },
    )
