"""From the rows of a fleet's table to its tasks, as the contract's rights allow."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ..adict import PACE_MARGIN, AccessRight, DeclarationProblem, check_declaration
from ..contract.candidates import MeterCandidates
from ..contract.coordinator import ContractCoordinator
from ..fleet import (
    NOTHING_UNREAD,
    Action,
    BadRow,
    ColumnUse,
    Consent,
    FleetRow,
    FleetTable,
    Forecast,
    Reason,
    RowProblem,
    Task,
    Unread,
    Work,
    by_customer,
    declaration_of,
    forecast,
    missing_dates,
    renewed,
)
from ..rights import Standing, deciding_rights, meter_right, was_left

_OF_DATES: Final = frozenset(
    {
        DeclarationProblem.RIGHT_REVERSED,
        DeclarationProblem.RIGHT_NOT_STARTED,
        DeclarationProblem.RIGHT_OVER,
        DeclarationProblem.DATA_REVERSED,
        DeclarationProblem.DATA_NOT_STARTED,
        DeclarationProblem.DATA_BEYOND_RIGHT,
    }
)
# What somebody ended. A right that ended by its date is renewed.
_CLOSED: Final = frozenset({Standing.REVOKED, Standing.REFUSED, Standing.OBSOLETE})


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of a table.

    Attributes:
        tasks: in the order in which they are done.
        bad: the rows that are left out, by line.
        columns: what is read of the table, as the file names it.
        unread: what is not.
        zeros_lost: how many rows need a confirmation of removed zeros.
    """

    tasks: tuple[Task, ...]
    bad: tuple[BadRow, ...]
    columns: tuple[ColumnUse, ...] = ()
    unread: Unread = NOTHING_UNREAD
    zeros_lost: int = 0

    @property
    def left_out(self) -> int:
        """How many rows have no task: invalid ones, and those that are hidden."""
        return len(self.bad) + self.unread.hidden_rows


def plan_of(
    table: FleetTable,
    rights: Sequence[AccessRight],
    choice: MeterCandidates,
    today: date,
) -> Plan:
    """Return the tasks of a table, and the rows for which there is none.

    `rights` are all of the contract; `today` is the date in France.
    """
    planner = _Planner(rights, choice, today)
    tasks: list[Task] = []
    bad = list(table.bad)
    for row in table.rows:
        planned = planner.plan(row)
        if isinstance(planned, BadRow):
            bad.append(planned)
        else:
            tasks += planned
    return Plan(
        by_customer(tasks),
        tuple(sorted(bad, key=lambda row: row.at)),
        table.columns,
        table.unread,
        table.zeros_lost,
    )


def forecast_of(account: ContractCoordinator, tasks: Iterable[Task]) -> Forecast:
    """Return how long tasks take beside the daily readings of a contract's meters."""
    quota = account.quota
    meters = len(account.config_entry.subentries)
    return forecast(
        tasks,
        left=quota.remaining - quota.daily_calls_left(),
        per_day=quota.allowance.calls_per_day - meters,
        gap=PACE_MARGIN / quota.allowance.calls_per_second,
    )


class _Planner:
    """Plans single rows by the rights of the contract."""

    def __init__(
        self, rights: Sequence[AccessRight], choice: MeterCandidates, today: date
    ) -> None:
        self._choice = choice
        self._today = today
        self._by_pce: defaultdict[str, list[AccessRight]] = defaultdict(list)
        for right in rights:
            self._by_pce[right.pce].append(right)
        self._deciding: Mapping[bool, Mapping[str, AccessRight]] = {
            injects: deciding_rights(rights, today, injection=injects)
            for injects in (False, True)
        }

    def plan(self, row: FleetRow) -> list[Task] | BadRow:
        match row.action:
            case Action.DECLARE:
                return self._declare(row)
            case Action.RENEW:
                return self._renew(row)
            case Action.REVOKE:
                return self._revoke(row)
            case Action.FOLLOW:
                return self._follow(row)

    def _declare(self, row: FleetRow) -> list[Task] | BadRow:
        present = self._deciding[row.consent.injects].get(row.pce)
        reasons = list(self._problems(row.pce, row.consent))
        if present is not None and (standing := self._standing(present)).may_open:
            waits = standing is Standing.WAITING
            reasons.append(
                RowProblem.RIGHT_WAITING if waits else RowProblem.RIGHT_EXISTS
            )
        return self._declared(row, row.consent, reasons)

    def _renew(self, row: FleetRow) -> list[Task] | BadRow:
        present = self._renewable(row)
        if present is None:
            return _bad(row, RowProblem.NO_RIGHT)
        standing = self._standing(present)
        if standing is Standing.WAITING:
            return _bad(row, RowProblem.RIGHT_WAITING)
        if standing in _CLOSED or was_left(present):
            return _bad(row, RowProblem.RIGHT_CLOSED)
        consent = renewed(row.consent, present, self._today)
        return self._declared(row, consent, self._problems(row.pce, consent))

    def _renewable(self, row: FleetRow) -> AccessRight | None:
        """Return the right to renew; of a site's two, that on the gas used."""
        used, injected = (
            self._deciding[injects].get(row.pce) for injects in (False, True)
        )
        if row.consent.role is not None:
            return injected if row.consent.injects else used
        return used or injected

    def _revoke(self, row: FleetRow) -> list[Task] | BadRow:
        role = row.consent.role
        open_rights = [
            right
            for right in self._by_pce[row.pce]
            if self._standing(right).may_open
            and (role is None or role.is_injection is right.role.is_injection)
        ]
        if not open_rights:
            return _bad(row, RowProblem.NO_RIGHT)
        return [self._task(row, right_id=right.id) for right in open_rights]

    def _follow(self, row: FleetRow) -> list[Task] | BadRow:
        refusal = self._choice.refusal(row.pce)
        if refusal is None:
            title = self._choice.subentry(row.pce, row.title)["title"]
            return [replace(self._task(row), title=title)]
        owned = refusal.key == "already_a_meter"
        return _bad(row, RowProblem.ALREADY_A_METER if owned else RowProblem.NO_RIGHT)

    def _declared(
        self, row: FleetRow, consent: Consent, reasons: Sequence[Reason]
    ) -> list[Task] | BadRow:
        if reasons:
            return _bad(row, *reasons)
        known = tuple(right.id for right in self._by_pce[row.pce])
        return [self._task(row, consent=consent, known=known)]

    def _task(
        self,
        row: FleetRow,
        *,
        consent: Consent | None = None,
        right_id: str | None = None,
        known: tuple[str, ...] = (),
    ) -> Task:
        return Task(
            line=str(row.at),
            pce=row.pce,
            work=Work(row.action),
            declaration=None if consent is None else declaration_of(consent),
            right_id=right_id,
            known=known,
            title=row.title,
            building=row.building,
        )

    def _problems(self, pce: str, consent: Consent) -> tuple[Reason, ...]:
        missing = missing_dates(consent)
        found = check_declaration(pce, declaration_of(consent), self._today)
        return (
            *missing,
            *(each for each in found if not missing or each not in _OF_DATES),
        )

    def _standing(self, right: AccessRight) -> Standing:
        return meter_right(right).standing(self._today)


def _bad(row: FleetRow, *reasons: Reason) -> BadRow:
    return BadRow(row.at, row.pce, reasons)
