"""The repairs of meters and their rights: one each for a few, one for all of many."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..adict import mask_pce
from ..const import DOMAIN, Issue
from ..contract.coordinator import EntryCoordinator
from ..helpers.clock import paris_today
from ..helpers.issues import (
    Repair,
    async_delete_issues,
    async_show_issue,
    issues_of,
)
from ..helpers.texts import bullets, shown_date
from ..meters.coordinator import MeterCoordinator
from ..rights import HealthFinding, MeterRight
from .meter_findings import meter_findings

# Above this many meters with one cause, one repair names them.
MOST_SINGLE_REPAIRS: Final = 5
_MOST_NAMES: Final = 20

# One for the contract, however many meters hear it.
_OF_THE_CONTRACT: Final = frozenset({Issue.CONTRACT_OVER})
# The others have a fix in Home Assistant, or a form that leads to it.
_NOT_FIXABLE: Final = frozenset(
    {
        Issue.CONTRACT_OVER,
        Issue.DATA_LATE,
        Issue.FILES_END,
        Issue.RIGHT_UNANSWERED,
    }
)
# Once ignored, never shown again, even after it had gone for a while.
_IGNORED_FOR_GOOD: Final = frozenset({Issue.FILES_END})
# Asked meter by meter: each answer is its own.
_NEVER_GROUPED: Final = frozenset({Issue.NEW_HOLDER})

RIGHT_ISSUES: Final = frozenset(
    {
        Issue.CONTRACT_OVER,
        Issue.DATA_LATE,
        Issue.ENERGY_COST_MISSING,
        Issue.ENERGY_NOT_SHOWN,
        Issue.FILES_END,
        Issue.NEW_HOLDER,
        Issue.NO_ACCESS_RIGHT,
        Issue.NO_INFORMATIVE_DATA,
        Issue.NO_PUBLISHED_DATA,
        Issue.PROOF_AWAITED,
        Issue.PROOF_REFUSED,
        Issue.RIGHT_ENDED,
        Issue.RIGHT_ENDS_SOON,
        Issue.RIGHT_OBSOLETE,
        Issue.RIGHT_REFUSED,
        Issue.RIGHT_REVOKED,
        Issue.RIGHT_UNANSWERED,
    }
)
GROUPED: Final = RIGHT_ISSUES - _OF_THE_CONTRACT - _NEVER_GROUPED


def many(issue: Issue) -> str:
    """Return the key of the texts of one repair for many meters."""
    return f"{issue}_many"


_OUR_TEXTS: Final = {*RIGHT_ISSUES, *map(many, GROUPED)}


@dataclass(frozen=True, slots=True)
class Case:
    """A finding, and the meter it was made at."""

    meter: MeterCoordinator
    finding: HealthFinding
    injects: bool

    @property
    def right(self) -> MeterRight | None:
        """The right that is meant, as GRDF tells it now."""
        rights = self.meter.rights
        return rights.injection if self.injects else rights.main

    @property
    def key(self) -> str:
        """What tells it apart from those of other rights."""
        meter = self.meter.subentry_id
        return f"{meter}_injection" if self.injects else meter

    @property
    def name(self) -> str:
        """The meter's name; of a site with two rights, which one is meant."""
        return f"{self.meter.title} (injection)" if self.injects else self.meter.title


class IssueKeeper:
    """Keeps the repairs of a contract's meters equal to what is found."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        account: EntryCoordinator,
        meters: Mapping[str, MeterCoordinator],
    ) -> None:
        """Prepare for the meters of a config entry.

        Args:
            hass: Home Assistant.
            entry: the config entry.
            account: what its meters share.
            meters: its meters by subentry id, as they come and go.
        """
        self._hass = hass
        self._entry = entry
        self._account = account
        self._meters = meters
        self._found: dict[str, tuple[Case, ...]] = {}

    @callback
    def look_at(self, subentry_id: str) -> None:
        """Look at one meter: cheap where nothing has changed."""
        if (meter := self._meters.get(subentry_id)) is None:
            return
        cases = self._cases(meter)
        if self._found.get(subentry_id) != cases:
            self._found[subentry_id] = cases
            self._publish()

    @callback
    def look_at_all(self) -> None:
        """Look at every meter: their rights were read, or a new day has begun."""
        self._found = {key: self._cases(meter) for key, meter in self._meters.items()}
        self._publish()

    @callback
    def cases(self, issue: Issue) -> list[Case]:
        """Return the meters that a repair is about, by name."""
        cases = self._by_issue().get(issue, [])
        return sorted(cases, key=lambda case: case.name)

    def placeholders(self, cases: Sequence[Case]) -> dict[str, str]:
        """Return what fills the texts about some meters."""
        first = cases[0] if cases else None
        days = [case.finding.day for case in cases if case.finding.day is not None]
        return {
            "meter": first.name if first else "-",
            "pce": mask_pce(first.meter.pce) if first else "-",
            "message": (first and first.finding.reason) or "-",
            "date": self._written(min(days, default=None)),
            "count": str(len(cases)),
            "meters": bullets(sorted([case.name for case in cases]), _MOST_NAMES),
        }

    def _cases(self, meter: MeterCoordinator) -> tuple[Case, ...]:
        today = paris_today()
        of_rights = [
            Case(meter, finding, bool(number))
            for number, status in enumerate(meter.right_statuses)
            for finding in status.findings(today)
        ]
        of_meter = [
            Case(meter, finding, injects=False)
            for finding in meter_findings(self._hass, meter, today)
        ]
        return (*of_rights, *of_meter)

    def _by_issue(self) -> dict[Issue, list[Case]]:
        by_issue: defaultdict[Issue, list[Case]] = defaultdict(list)
        for cases in self._found.values():
            for case in cases:
                by_issue[case.finding.issue].append(case)
        return by_issue

    def _publish(self) -> None:
        by_issue = self._by_issue()
        if self._account.is_contract_over:
            by_issue.setdefault(Issue.CONTRACT_OVER, [])
        shown: set[str] = set()
        for issue, cases in by_issue.items():
            shown |= self._show(issue, cases)
        stale = self._shown_before() - shown - self._ignored_for_good()
        async_delete_issues(self._hass, stale)

    def _show(self, issue: Issue, cases: Sequence[Case]) -> set[str]:
        if issue in _OF_THE_CONTRACT:
            return {self._show_one(issue, self._entry.entry_id, [])}
        singles = list(cases)
        shown: set[str] = set()
        if issue in GROUPED:
            # What somebody chose to ignore stays ignored.
            ignored = [case for case in cases if self._is_ignored(issue, case)]
            others = [case for case in cases if case not in ignored]
            if len(others) > MOST_SINGLE_REPAIRS:
                of_all = self._entry.entry_id
                shown.add(self._show_one(issue, of_all, others, texts=many(issue)))
                singles = ignored
        return shown | {self._show_one(issue, case.key, [case]) for case in singles}

    def _ignored_for_good(self) -> set[str]:
        return {
            issue.issue_id
            for issue in self._ours()
            if issue.dismissed_version is not None
            and (issue.data or {}).get("issue") in _IGNORED_FOR_GOOD
        }

    def _is_ignored(self, issue: Issue, case: Case) -> bool:
        known = ir.async_get(self._hass).async_get_issue(DOMAIN, f"{issue}_{case.key}")
        return known is not None and known.dismissed_version is not None

    def _show_one(
        self, issue: Issue, of: str, cases: Sequence[Case], *, texts: str | None = None
    ) -> str:
        only = cases[0] if len(cases) == 1 else None
        repair = Repair(
            issue,
            of,
            self.placeholders(cases),
            data={
                "subentry_id": only.meter.subentry_id if only else None,
                "case": only.key if only else None,
            },
            texts=texts,
            is_fixable=issue not in _NOT_FIXABLE,
            is_grave=not cases or any(case.finding.is_grave for case in cases),
        )
        async_show_issue(self._hass, self._entry, repair)
        return repair.id

    def _written(self, day: date | None) -> str:
        return shown_date(day, self._hass.config.language)

    def _shown_before(self) -> set[str]:
        """Return the ids of our repairs, also of those shown before a reload."""
        return {issue.issue_id for issue in self._ours()}

    def _ours(self) -> list[ir.IssueEntry]:
        return [
            issue
            for issue in issues_of(self._hass, self._entry)
            if issue.active and issue.translation_key in _OUR_TEXTS
        ]
