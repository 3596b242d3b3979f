"""The repairs of meters and their rights: single ones, or one for many meters."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..adict import mask_pce
from ..const import DOMAIN, Issue
from ..contract.coordinator import EntryCoordinator
from ..dashboard.offer import is_hidden, lacks_cost
from ..dashboard.twice import counts_twice
from ..health import HealthFinding
from ..helpers.issues import (
    Repair,
    async_delete_issues,
    async_show_issue,
    issues_of,
)
from ..helpers.texts import bullets, escaped, shown_date
from ..meters.coordinator import MeterCoordinator
from ..rights import MeterRight

# One repair names the meters with one cause if they are more than this.
MOST_SINGLE_REPAIRS: Final = 5
_MOST_NAMES: Final = 20
_IMPORTED: Final = 100

# The others have a fix in Home Assistant, or a form that leads to it.
_NOT_FIXABLE: Final = {
    Issue.CONTRACT_OVER,
    Issue.DATA_LATE,
    Issue.FILES_END,
    Issue.GAS_REFUSED,
    Issue.METER_FAILING,
    Issue.RIGHT_UNANSWERED,
    Issue.SUPPLY_OVER,
    Issue.VALUES_REFUSED,
}
# Once ignored, not shown again, even if it was removed in the meantime.
_IGNORED_FOR_GOOD: Final = Issue.FILES_END

_ISSUES: Final = {
    Issue.CONTRACT_OVER,
    Issue.DATA_LATE,
    Issue.ENERGY_COST_MISSING,
    Issue.ENERGY_COUNTED_TWICE,
    Issue.ENERGY_NOT_SHOWN,
    Issue.FILES_END,
    Issue.GAS_REFUSED,
    Issue.METER_FAILING,
    Issue.NEW_HOLDER,
    Issue.NO_ACCESS_RIGHT,
    Issue.NO_INFORMATIVE_DATA,
    Issue.NO_PUBLISHED_DATA,
    Issue.PROOF_AWAITED,
    Issue.PROOF_REFUSED,
    Issue.RIGHT_ENDED,
    Issue.RIGHT_ENDS_SOON,
    Issue.RIGHT_OBSOLETE,
    Issue.RIGHT_OPENS_NO_GAS,
    Issue.RIGHT_REFUSED,
    Issue.RIGHT_REVOKED,
    Issue.RIGHT_UNANSWERED,
    Issue.SUPPLY_OVER,
    Issue.VALUES_REFUSED,
}
# The contract's is one anyway; each meter's new holder needs an answer of its own.
_GROUPED: Final = _ISSUES - {Issue.CONTRACT_OVER, Issue.NEW_HOLDER}
# The keys of the texts of one repair for many meters.
_OF_MANY: Final = {issue: f"{issue}_many" for issue in _GROUPED}


@dataclass(frozen=True, slots=True)
class Case:
    """A finding, and its meter."""

    meter: MeterCoordinator
    finding: HealthFinding
    injects: bool

    @property
    def right(self) -> MeterRight | None:
        """The present right that is meant."""
        rights = self.meter.rights
        return rights.injection if self.injects else rights.main

    @property
    def key(self) -> str:
        """Its id among the findings of one issue."""
        meter = self.meter.subentry_id
        return f"{meter}_injection" if self.injects else meter

    @property
    def name(self) -> str:
        """The meter's name, and which right is meant of a site with two."""
        return f"{self.meter.title} (injection)" if self.injects else self.meter.title


def told_apart(cases: Iterable[Case]) -> dict[str, str]:
    """Return the names of cases by their keys; equal ones with the end of the PCE."""
    found = list(cases)
    count = Counter(case.name for case in found)
    return {
        case.key: case.name
        if count[case.name] == 1
        else f"{case.name} ({mask_pce(case.meter.pce)})"
        for case in found
    }


class IssueKeeper:
    """Keeps the repairs of an entry's meters equal to the findings."""

    def __init__(
        self, account: EntryCoordinator, meters: Mapping[str, MeterCoordinator]
    ) -> None:
        """Prepare for an entry and its present meters by subentry id."""
        self._hass = account.hass
        self._entry = account.config_entry
        self._account = account
        self._meters = meters
        self._found: dict[str, tuple[Case, ...]] = {}

    @callback
    def update(self, subentry_id: str) -> None:
        """Update the repairs of one meter: cheap where nothing has changed."""
        if (meter := self._meters.get(subentry_id)) is None:
            return
        cases = self._cases_or_last(meter)
        if self._found.get(subentry_id) != cases:
            self._found[subentry_id] = cases
            self._publish()

    @callback
    def update_all(self) -> None:
        """Update every meter's repairs: rights were read, or a day has begun."""
        self._found = {
            key: self._cases_or_last(meter) for key, meter in self._meters.items()
        }
        self._publish()

    @callback
    def cases(self, issue: Issue) -> list[Case]:
        """Return the meters that a repair is about, by name."""
        cases = self._by_issue().get(issue, [])
        return sorted(cases, key=lambda case: case.name)

    def placeholders(self, cases: Sequence[Case]) -> dict[str, str]:
        """Return the placeholders of the texts about some meters."""
        first = cases[0] if cases else None
        days = [case.finding.day for case in cases if case.finding.day is not None]
        return {
            "meter": escaped(first.name) if first else "-",
            "pce": mask_pce(first.meter.pce) if first else "-",
            "message": escaped((first and first.finding.reason) or "-"),
            "date": shown_date(min(days, default=None), self._hass.config.language),
            "count": str(len(cases)),
            "meters": bullets(sorted(told_apart(cases).values()), _MOST_NAMES),
        }

    def _cases_or_last(self, meter: MeterCoordinator) -> tuple[Case, ...]:
        with meter.guard.at("findings"):
            return self._cases(meter)
        return self._found.get(meter.subentry_id, ())

    def _cases(self, meter: MeterCoordinator) -> tuple[Case, ...]:
        health = meter.data.health
        of_rights = [
            Case(meter, finding, bool(number))
            for number, right in enumerate(health.rights)
            for finding in right.findings
        ]
        of_meter = [
            Case(meter, finding, injects=False)
            for finding in (*health.findings, *_energy_findings(self._hass, meter))
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
        async_delete_issues(self._hass, self._removable() - shown)

    def _show(self, issue: Issue, cases: Sequence[Case]) -> set[str]:
        if issue is Issue.CONTRACT_OVER:
            return {self._show_one(issue, self._entry.entry_id, [])}
        singles = list(cases)
        shown: set[str] = set()
        if issue in _GROUPED:
            # What the user ignored stays ignored.
            ignored = [case for case in cases if self._is_ignored(issue, case)]
            others = [case for case in cases if case not in ignored]
            if len(others) > MOST_SINGLE_REPAIRS:
                of_all, texts = self._entry.entry_id, _OF_MANY[issue]
                shown.add(self._show_one(issue, of_all, others, texts=texts))
                singles = ignored
        return shown | {self._show_one(issue, case.key, [case]) for case in singles}

    def _removable(self) -> set[str]:
        """Return the ids of our shown repairs, also of those from before a reload."""
        ours = {*_ISSUES, *_OF_MANY.values()}
        return {
            issue.issue_id
            for issue in issues_of(self._hass, self._entry)
            if issue.active
            and issue.translation_key in ours
            and (
                issue.dismissed_version is None
                or (issue.data or {}).get("issue") != _IGNORED_FOR_GOOD
            )
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


def _energy_findings(
    hass: HomeAssistant, meter: MeterCoordinator
) -> Iterator[HealthFinding]:
    """Yield what the Energy dashboard lacks once the first import has ended, or has.

    A meter that it counts more than once is first to be counted once.
    """
    imported = meter.data.progress == _IMPORTED or meter.contract is None
    shown = meter.showable
    if shown is not None and counts_twice(hass, shown):
        yield HealthFinding(Issue.ENERGY_COUNTED_TWICE)
    elif not imported or not meter.data.days or shown is None:
        return
    elif is_hidden(hass, shown):
        yield HealthFinding(Issue.ENERGY_NOT_SHOWN)
    elif lacks_cost(hass, shown):
        yield HealthFinding(Issue.ENERGY_COST_MISSING)
