"""Repairs: all that is written to the issue registry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..adict import mask_pce
from ..const import DOMAIN, Issue
from .texts import escaped


class Subject(NamedTuple):
    """The meter that a repair is about; only the masked form of its PCE is shown."""

    subentry_id: str
    title: str
    pce: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair to show.

    Attributes:
        of: distinguishes repairs of one issue: the id of a subentry or of the entry.
        placeholders: of its texts, escaped, beside `account`, the entry's title.
        data: what its flow needs, beside the entry's id and the issue.
        texts: the key of its texts, where it is not that of the issue.
        is_fixable: whether Home Assistant offers a form to fix it.
        is_grave: whether it is an error, rather than a warning.
        is_persistent: whether it is shown again after a restart.
    """

    issue: Issue
    of: str
    placeholders: Mapping[str, str]
    data: Mapping[str, str | None] = field(default_factory=dict)
    texts: str | None = None
    is_fixable: bool = True
    is_grave: bool = False
    is_persistent: bool = False

    @property
    def id(self) -> str:
        """Its id in the issue registry."""
        return f"{self.texts or self.issue}_{self.of}"


def async_show_issue(hass: HomeAssistant, entry: ConfigEntry, repair: Repair) -> None:
    """Show a repair of a config entry; shown again, it is updated in place."""
    error, warning = ir.IssueSeverity.ERROR, ir.IssueSeverity.WARNING
    ir.async_create_issue(
        hass,
        DOMAIN,
        repair.id,
        data={
            "entry_id": entry.entry_id,
            "subentry_id": None,
            "issue": repair.issue.value,
            **repair.data,
        },
        is_fixable=repair.is_fixable,
        is_persistent=repair.is_persistent,
        severity=error if repair.is_grave else warning,
        translation_key=repair.texts or repair.issue.value,
        translation_placeholders={
            "account": escaped(entry.title),
            **repair.placeholders,
        },
    )


def async_show_lasting_issue(
    hass: HomeAssistant, issue: Issue, placeholders: Mapping[str, str]
) -> None:
    """Show a repair that belongs to no entry, also while nothing of ours is loaded.

    Home Assistant keeps it over restarts. It has no form: that of a domain that is not
    loaded would confirm, and do nothing.
    """
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue.value,
        is_fixable=False,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue.value,
        translation_placeholders=dict(placeholders),
    )


def async_hide_lasting_issue(hass: HomeAssistant, issue: Issue) -> None:
    """Remove a repair that belongs to no entry."""
    ir.async_delete_issue(hass, DOMAIN, issue.value)


def is_lasting_issue_shown(hass: HomeAssistant, issue: Issue) -> bool:
    """Whether a repair that belongs to no entry is shown, or was ignored."""
    return ir.async_get(hass).async_get_issue(DOMAIN, issue.value) is not None


def async_hide_issue(hass: HomeAssistant, issue: Issue, of: str) -> None:
    """Remove a repair, if it is shown; `of` as in `Repair`."""
    ir.async_delete_issue(hass, DOMAIN, f"{issue}_{of}")


def async_raise_issue(
    hass: HomeAssistant,
    entry: ConfigEntry,
    issue: Issue,
    meter: Subject | None = None,
    *,
    message: str = "-",
) -> None:
    """Show a repair about an entry, or about one of its meters."""
    title, pce = (escaped(meter.title), mask_pce(meter.pce)) if meter else ("-", "-")
    repair = Repair(
        issue,
        meter.subentry_id if meter else entry.entry_id,
        placeholders={"meter": title, "pce": pce, "message": escaped(message)},
        data={"subentry_id": meter.subentry_id if meter else None},
        is_fixable=issue is Issue.WITHDRAWAL_WITHHELD,
    )
    async_show_issue(hass, entry, repair)


def async_clear_issue(
    hass: HomeAssistant, entry: ConfigEntry, issue: Issue, meter: Subject | None = None
) -> None:
    """Remove a repair about an entry, or about one of its meters."""
    async_hide_issue(hass, issue, meter.subentry_id if meter else entry.entry_id)


def async_raise_or_clear(
    hass: HomeAssistant,
    entry: ConfigEntry,
    issue: Issue,
    meter: Subject,
    message: str | None,
) -> None:
    """Show a repair about a meter while there is a message; else remove it."""
    if message is None:
        async_clear_issue(hass, entry, issue, meter)
    else:
        async_raise_issue(hass, entry, issue, meter, message=message)


def async_is_raised(hass: HomeAssistant, issue: Issue, of: str) -> bool:
    """Whether a repair is shown, or was ignored; `of` as in `Repair`."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"{issue}_{of}") is not None


def async_clear_meter_issues(hass: HomeAssistant, subentry_id: str) -> None:
    """Remove every repair about a deleted meter."""
    for issue in Issue:
        async_hide_issue(hass, issue, subentry_id)


def async_clear_entry_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove every repair of a removed config entry."""
    async_delete_issues(hass, (issue.issue_id for issue in issues_of(hass, entry)))


def issues_of(hass: HomeAssistant, entry: ConfigEntry) -> list[ir.IssueEntry]:
    """Return the repairs of a config entry, also those shown before a reload."""
    return [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN
        and (issue.data or {}).get("entry_id") == entry.entry_id
    ]


def async_delete_issues(hass: HomeAssistant, issue_ids: Iterable[str]) -> None:
    """Remove repairs by their ids."""
    for issue_id in list(issue_ids):
        ir.async_delete_issue(hass, DOMAIN, issue_id)
