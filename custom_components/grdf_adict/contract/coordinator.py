"""What the meters of an entry share: access rights, and a contract's calls."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..adict import (
    PARIS,
    AccessRight,
    AdictBadAnswerError,
    AdictClient,
    AdictContractOverError,
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
    Allowance,
    Answer,
    QuotaState,
    allowance_for,
)
from ..const import CONF_CALLS_PER_DAY, CONF_PCE, LOGGER, SUBENTRY_TYPE_METER, Issue
from ..health import Trouble
from ..helpers.clock import paris_today
from ..helpers.errors import (
    async_secret_accepted,
    failed,
    failure_of,
    invalid,
    is_refusal,
    retry_wait,
    trouble_of,
)
from ..helpers.executor import async_compute
from ..helpers.guard import WAITS, GuardedCoordinator
from ..helpers.issues import async_clear_issue, async_raise_issue
from ..helpers.store import WriteFailedError
from ..metering import ONE_DAY, paris_date
from ..metering.schedule import (
    CallFailure,
    Share,
    rights_due,
    without_future_times,
)
from ..rights import NO_RIGHTS, MeterRights, listed_rights
from ..storage.contract_file import ContractFile, ContractStore, Deleted
from .connection import contract_of, create_client, shared_quota
from .reachability import LIST, PROBE, Away, Reachability

_SOONEST: Final = timedelta(seconds=1)
# A list that is suddenly empty is read again soon, and counts from the next day's
# reading on.
_READ_AGAIN: Final = timedelta(hours=2)
_EMPTY_FOR: Final = timedelta(hours=20)


@dataclass(slots=True)
class Outage:
    """Which coordinator reported that GRDF is unavailable, if it is.

    Home Assistant logs each one's first failure; for a hundred meters, once is enough.
    """

    reported_by: str | None = None

    def note(self, coordinator: DataUpdateCoordinator[Any], error: AdictError) -> None:
        """Record a failure; only that of the first coordinator is logged."""
        if not isinstance(error, AdictUnavailableError):
            return
        self.reported_by = self.reported_by or coordinator.name
        if self.reported_by != coordinator.name:
            # A failure that follows another is not logged.
            coordinator.last_update_success = False


class EntryCoordinator(GuardedCoordinator[Mapping[str, MeterRights]]):
    """The access rights of an entry, by PCE, and its deleted meters.

    An entry of exported files has no right, and makes no call to GRDF.
    """

    config_entry: ConfigEntry
    is_contract_over = False

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, name: str = "exported files"
    ) -> None:
        """Prepare for a config entry; `async_restore` comes next."""
        super().__init__(
            hass, LOGGER, config_entry=entry, name=name, always_update=False
        )
        self._store = ContractStore(hass, entry.entry_id)
        self._file = ContractFile()

    async def async_restore(self) -> None:
        """Restore what the last run stored."""
        with self.guard.at("stored rights"):
            self._file = await self._store.async_load()
        self.data = self._file.rights

    @property
    def contract(self) -> ContractCoordinator | None:
        """The contract; None: the entry's meters are fed by exported files."""
        return None

    @property
    def required_contract(self) -> ContractCoordinator:
        """The contract.

        Raises:
            ServiceValidationError: the entry's meters are fed by exported files.
        """
        if (contract := self.contract) is None:
            raise invalid("no_contract")
        return contract

    @property
    def deleted(self) -> Mapping[str, Deleted]:
        """The deleted meters that the user is still asked about."""
        return self._file.deleted

    async def async_keep_deleted(self, deleted: Mapping[str, Deleted]) -> None:
        """Store which deleted meters the user is still asked about."""
        self._file = replace(self._file, deleted=dict(deleted))
        await self._async_write()

    async def _async_write(self) -> None:
        try:
            await self._store.async_write(self._file)
        except WriteFailedError:
            # Home Assistant logs why. Rights and counts are read again; days go on.
            async_raise_issue(self.hass, self.config_entry, Issue.WRITE_FAILED)

    @override
    async def _async_update(self) -> Mapping[str, MeterRights]:
        return self.data


class ContractCoordinator(EntryCoordinator):
    """The access rights of a contract, by PCE.

    Attributes:
        client: of all its meters.
        quota: its count of calls.
        outage: whether GRDF is unavailable.
        daily_calls: when each meter's next calls for gas days are due, by subentry id.
    """

    client: AdictClient

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare for a contract; `async_restore` comes next."""
        super().__init__(hass, entry, "access rights")
        self._reading = asyncio.Lock()
        self._reachability = Reachability()
        self._trouble: Trouble | None = None
        self._list_trouble: Trouble | None = None
        self._list_error: AdictError | None = None
        self._list_tried = dt_util.utcnow()
        self._empty_since: datetime | None = None
        self.outage = Outage()
        self.daily_calls: dict[str, tuple[datetime, ...]] = {}

    @override
    async def async_restore(self) -> None:
        """Restore what the last run stored, without a call to GRDF."""
        await super().async_restore()
        self.quota = shared_quota(self.hass, contract_of(self.config_entry.data))
        with self.guard.at("stored count of calls"):
            self.quota.resume(self._file.quota, self._async_save_quota)
        self.quota.allowance = self._allowance()
        self.quota.daily_calls_left = self._daily_calls_left
        self.client = create_client(self.hass, self.config_entry.data)
        self._plan()

    @property
    @override
    def contract(self) -> ContractCoordinator:
        """This one."""
        return self

    @property
    def phase(self) -> float:
        """This installation's position in each slot of the day, 0 to below 1."""
        return self._file.phase

    @property
    def share(self) -> Share:
        """How the meters share the contract's calls, as of now."""
        return Share(
            meters=len(self._meters()),
            calls_per_day=self.quota.allowance.calls_per_day,
            calls_per_second=self.quota.allowance.calls_per_second,
            calls_today=self.quota.calls_today + self.quota.waiting,
        )

    async def async_rights(self, pce: str) -> MeterRights:
        """Return a meter's rights, read from GRDF if they never were.

        Raises:
            AdictError: as the client raises it.
        """
        async with self._reading:
            if pce not in self.data:
                self._raise_while_away()
                await self.async_read_rights()
        return self.data.get(pce, NO_RIGHTS)

    def hold_up(self, who: str) -> Away | None:
        """Return until when a call is not made, and why; None: it is made now.

        While GRDF is away that call is a probe: the others wait for its end.

        Args:
            who: the PCE, or `LIST`.
        """
        now = dt_util.utcnow()
        if (away := self._reachability.holds_up(who, now)) is None:
            self._reachability = self._reachability.probing(now)
        return away

    def _raise_while_away(self) -> None:
        """Prevent a reading of the list while none is made.

        Raises:
            AdictError: why, until it is time to try again.
        """
        if (away := self.hold_up(LIST)) is not None:
            raise away.error

    def note(self, error: AdictError, who: str) -> Away | None:
        """Record an error, and make no call for a while where all would fail alike.

        Args:
            error: a call's.
            who: the PCE whose call failed, or `LIST`.

        Returns:
            Until when no call is made; None: the failure is that of this call alone.
        """
        if isinstance(error, AdictQuotaError) and self.quota.throttled_below_own_count:
            async_raise_issue(self.hass, self.config_entry, Issue.CONTRACT_SHARED)
        now, before = dt_util.utcnow(), self._reachability
        after = before.failed(who, error, now, meters=len(self._meters()))
        self._reachability = after
        if after.trouble is not None:
            self._show(trouble_of(after.trouble, now))
        if after.is_checking and not before.is_checking:
            self.update_interval = _SOONEST
            self.reschedule()
        if is_refusal(error) or isinstance(error, AdictBadAnswerError):
            return None
        return after.away if after.trouble and who not in after.alone else None

    def note_contract(self, error: AdictError) -> None:
        """Show it where GRDF says that the ADICT contract is over."""
        if isinstance(error, AdictContractOverError) and not self.is_contract_over:
            self.is_contract_over = True
            self.async_update_listeners()

    def answered(self, who: str) -> None:
        """Record that GRDF answered, and accepts the secret.

        Args:
            who: the PCE whose call it answered, or `LIST`.
        """
        now = dt_util.utcnow()
        if self._reachability.trouble is not None and self._list_trouble is not None:
            # It is back: the list of rights need not wait any longer, unless it has
            # just failed alone.
            alone = now - self._list_tried < PROBE
            record = replace(
                self._file.record, not_before=now + WAITS[0] if alone else None
            )
            self._file = replace(self._file, record=record)
            self.update_interval = WAITS[0] if alone else _SOONEST
            self.reschedule()
        self._reachability = self._reachability.answered(who, now)
        self._show(None)
        self.outage.reported_by = None
        async_secret_accepted(self.hass, self.config_entry)

    @property
    def trouble(self) -> Trouble | None:
        """What keeps the contract from being asked; None: nothing."""
        return self._trouble or self._list_trouble

    def _show(self, trouble: Trouble | None) -> None:
        """Let the meters show another trouble, or none; the same one goes on."""
        before = self._trouble
        if (before and before.state) != (trouble and trouble.state):
            self._trouble = trouble
            self.async_update_listeners()

    @property
    def proposed(self) -> tuple[str, ...]:
        """The PCE with a new right that the user has not decided about."""
        return self._file.proposed

    async def async_decide(self) -> None:
        """Withdraw the proposals: the user has decided about them."""
        file = self._file
        seen = (file.seen or frozenset()).union(file.proposed)
        self._file = replace(file, seen=seen, proposed=())
        await self._async_write()
        self.async_update_listeners()

    async def async_read_rights(self) -> Answer[AccessRight]:
        """Read all rights of the contract, and store those that decide on calls.

        Raises:
            AdictError: as the client raises it.
        """
        try:
            answer = await self.client.access_rights()
        except AdictError as err:
            self.note(err, LIST)
            now = dt_util.utcnow()
            # GRDF's text is shown nowhere, and so not kept.
            failure = CallFailure(failure_of(err).code)
            record = self._file.record.after_fault(now, retry_wait(err), failure)
            if self._reachability.trouble is not None:
                # It may not be the list: the next try shows whether GRDF is back.
                record = replace(record, not_before=None)
            self._file = replace(self._file, record=record)
            self._list_error, self._list_tried = err, now
            if self._list_trouble is None:
                self._list_trouble = trouble_of(err, now)
                self.async_update_listeners()
            self.note_contract(err)
            raise
        self._list_trouble = self._list_error = None
        self.answered(LIST)
        now = dt_util.utcnow()
        if self._is_suddenly_empty(answer, now):
            await self._async_read_again_before_it_counts(now)
            return answer
        listed = await async_compute(
            self.hass, listed_rights, answer, paris_date(now), self.data
        )
        meters = self._meters()
        self.data = {**dict.fromkeys(meters, NO_RIGHTS), **listed.by_pce}
        self._file = replace(
            self._file,
            rights={pce: self.data[pce] for pce in meters},
            record=self._file.record.after_answer(now, complete=answer.complete),
            active_rights=len(listed.open_pces),
        )
        if answer.complete:
            self._propose_new_rights(listed.open_pces)
        self.quota.allowance = self._allowance()
        if not self.quota.throttled_below_own_count:
            async_clear_issue(self.hass, self.config_entry, Issue.CONTRACT_SHARED)
        await self._async_write()
        self.is_contract_over = False
        self.async_update_listeners()
        return answer

    def _is_suddenly_empty(self, answer: Answer[AccessRight], now: datetime) -> bool:
        """Whether a whole list holds no right any more, and has not for a day."""
        if answer.items or not answer.complete:
            self._empty_since = None
            return False
        self._empty_since = self._empty_since or now
        today = paris_date(now)
        had_rights = any(right.is_open(today) for right in self._file.rights.values())
        return had_rights and now - self._empty_since < _EMPTY_FOR

    async def _async_read_again_before_it_counts(self, now: datetime) -> None:
        record = self._file.record.after_answer(now, complete=True)
        if self._empty_since == now:
            LOGGER.warning(
                "GRDF lists no access right any more: that counts if it is still so"
                " tomorrow"
            )
            record = record.after_answer(now - ONE_DAY, complete=True)
            record = record.put_off(now + _READ_AGAIN)
        self._file = replace(self._file, record=record)
        await self._async_write()
        self.async_update_listeners()

    async def async_reread(self) -> None:
        """Read the rights after a change; if that fails, the daily reading follows."""
        try:
            async with self._reading:
                await self.async_read_rights()
        except AdictError as err:
            LOGGER.debug("The rights could not be read anew: %s", err)
        self._plan()
        self.async_update_listeners()

    @override
    async def _async_update(self) -> Mapping[str, MeterRights]:
        if self._is_wanted:
            try:
                async with self._reading:
                    # Another may just have read it.
                    if self._is_wanted:
                        self._raise_while_away()
                        await self.async_read_rights()
            except AdictError as err:
                self.outage.note(self, err)
                raise failed(self, err, self._wait_after(err)) from err
        elif self._list_error is not None:
            wait = self._due() - dt_util.utcnow()
            raise failed(self, self._list_error, wait)
        self._plan()
        return self.data

    def _wait_after(self, error: AdictError) -> timedelta:
        now = dt_util.utcnow()
        if (away := self._reachability.holds_up(LIST, now)) is not None:
            return max(retry_wait(error), away.until - now, self._due() - now)
        return max(retry_wait(error), self._due() - now)

    @property
    def _is_wanted(self) -> bool:
        """Whether the list is to be read now."""
        return self._reachability.is_checking or self._due() <= dt_util.utcnow()

    def _propose_new_rights(self, open_pces: frozenset[str]) -> None:
        """Propose the PCE with rights that are new since the first reading."""
        before = open_pces if self._file.seen is None else self._file.seen
        seen = before.union(self._meters())
        proposed = tuple(sorted(open_pces - seen))
        self._file = replace(self._file, seen=seen, proposed=proposed)

    def _plan(self) -> None:
        self.update_interval = WAITS[-1]
        with self.guard.at("plan of calls"):
            self.update_interval = max(self._due() - dt_util.utcnow(), _SOONEST)

    def _due(self) -> datetime:
        record = without_future_times(self._file.record, dt_util.utcnow())
        return rights_due(record, self.phase)

    def _allowance(self) -> Allowance:
        tier = allowance_for(self._file.active_rights)
        at_most = self.config_entry.data.get(CONF_CALLS_PER_DAY, tier.calls_per_day)
        return replace(tier, calls_per_day=min(tier.calls_per_day, at_most))

    def _daily_calls_left(self) -> int:
        """Return how many calls for gas days are still due on this Paris day."""
        tomorrow = paris_today() + ONE_DAY
        midnight = datetime.combine(tomorrow, time(), PARIS)
        return sum(at < midnight for calls in self.daily_calls.values() for at in calls)

    def _meters(self) -> list[str]:
        meters = self.config_entry.get_subentries_of_type(SUBENTRY_TYPE_METER)
        return [subentry.data[CONF_PCE] for subentry in meters]

    async def _async_save_quota(self, state: QuotaState) -> None:
        self._file = replace(self._file, quota=state)
        await self._async_write()
