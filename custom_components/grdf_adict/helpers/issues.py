"""The repairs that ask somebody to act, and their end."""

from enum import StrEnum
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..adict import mask_pce
from ..const import DOMAIN

if TYPE_CHECKING:
    from ..meters.coordinator import MeterCoordinator


class Issue(StrEnum):
    """What somebody must see to; also the keys of their texts."""

    CONTRACT_OVER = "contract_over"
    CONTRACT_SHARED = "contract_shared"
    DATA_LATE = "data_late"
    ENERGY_COST_MISSING = "energy_cost_missing"
    ENERGY_NOT_SHOWN = "energy_not_shown"
    FILES_END = "files_end"
    FILES_FAILED = "files_failed"
    FILES_STUCK = "files_stuck"
    GROUP_TOO_SMALL = "group_too_small"
    METER_DELETED = "meter_deleted"
    NEW_HOLDER = "new_holder"
    NEW_RIGHTS = "new_rights"
    NO_ACCESS_RIGHT = "no_access_right"
    NO_INFORMATIVE_DATA = "no_informative_data"
    NO_PUBLISHED_DATA = "no_published_data"
    OUTDOOR_LOST = "outdoor_lost"
    PRICE_ENTITY_LOST = "price_entity_lost"
    PROOF_AWAITED = "proof_awaited"
    PROOF_REFUSED = "proof_refused"
    RIGHT_ENDED = "right_ended"
    RIGHT_ENDS_SOON = "right_ends_soon"
    RIGHT_OBSOLETE = "right_obsolete"
    RIGHT_REFUSED = "right_refused"
    RIGHT_REVOKED = "right_revoked"
    RIGHT_UNANSWERED = "right_unanswered"
    WITHDRAWAL_WITHHELD = "withdrawal_withheld"
    WRITE_FAILED = "write_failed"


def async_raise_issue(
    hass: HomeAssistant,
    entry: ConfigEntry,
    issue: Issue,
    meter: MeterCoordinator | None = None,
    *,
    message: str = "-",
) -> None:
    """Show a repair for an account or one of its meters; again changes nothing."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, issue, meter),
        data={
            "entry_id": entry.entry_id,
            "subentry_id": meter.subentry_id if meter else None,
        },
        is_fixable=issue is Issue.WITHDRAWAL_WITHHELD,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue.value,
        translation_placeholders={
            "account": entry.title,
            "meter": meter.title if meter else "-",
            "pce": mask_pce(meter.pce) if meter else "-",
            "message": message,
        },
    )


def async_clear_issue(
    hass: HomeAssistant,
    entry: ConfigEntry,
    issue: Issue,
    meter: MeterCoordinator | None = None,
) -> None:
    """Take a repair away: its cause is gone."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, issue, meter))


def async_is_raised(
    hass: HomeAssistant, entry: ConfigEntry, issue: Issue, meter: MeterCoordinator
) -> bool:
    """Whether a repair of a meter is shown, or was set aside."""
    registry = ir.async_get(hass)
    return registry.async_get_issue(DOMAIN, _issue_id(entry, issue, meter)) is not None


def async_clear_meter_issues(
    hass: HomeAssistant, entry: ConfigEntry, meter: MeterCoordinator
) -> None:
    """Take every repair of a meter away: the meter is gone."""
    for issue in Issue:
        async_clear_issue(hass, entry, issue, meter)


def async_clear_entry_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take every repair of a contract away: the contract is gone."""
    ours = [
        issue.issue_id
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN
        and (issue.data or {}).get("entry_id") == entry.entry_id
    ]
    for issue_id in ours:
        ir.async_delete_issue(hass, DOMAIN, issue_id)


def _issue_id(entry: ConfigEntry, issue: Issue, meter: MeterCoordinator | None) -> str:
    return f"{issue}_{meter.subentry_id if meter else entry.entry_id}"
