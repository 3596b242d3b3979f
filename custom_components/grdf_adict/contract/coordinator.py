"""The account: its access rights, once a day for all meters, its token and quota."""

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
    CONTRACT_OVER,
    PARIS,
    AccessRight,
    AdictBadAnswerError,
    AdictClient,
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
    Allowance,
    Answer,
    QuotaState,
    allowance_for,
)
from ..const import (
    CONF_CALLS_PER_DAY,
    CONF_PCE,
    LOGGER,
    SUBENTRY_TYPE_METER,
    Issue,
)
from ..helpers.clock import paris_today
from ..helpers.errors import (
    async_secret_accepted,
    failed,
    invalid,
    is_refusal,
    retry_wait,
)
from ..helpers.issues import async_clear_issue, async_raise_issue
from ..helpers.store import WriteFailedError
from ..metering import ONE_DAY, paris_date
from ..metering.schedule import Share, rights_due, without_future_times
from ..rights import NO_RIGHTS, MeterRights, meter_rights
from ..storage.contract_file import ContractFile, ContractStore, Deleted
from .connection import contract_of, create_client, shared_quota

_SOONEST: Final = timedelta(seconds=1)


@dataclass(slots=True)
class Outage:
    """Whether GRDF is away, and which coordinator has said so.

    Home Assistant logs a coordinator's first failure, and its recovery: of a contract
    with a hundred meters, one line of each is enough.
    """

    reported_by: str | None = None

    def note(self, coordinator: DataUpdateCoordinator[Any], error: AdictError) -> None:
        """Take note of a failure; who comes after the first one keeps silent."""
        if not isinstance(error, AdictUnavailableError):
            return
        self.reported_by = self.reported_by or coordinator.name
        if self.reported_by != coordinator.name:
            # A failure that follows another is not logged.
            coordinator.last_update_success = False

    def answered(self) -> None:
        """GRDF is there."""
        self.reported_by = None


class EntryCoordinator(DataUpdateCoordinator[Mapping[str, MeterRights]]):
    """The access rights of an entry, by PCE, and its deleted meters."""

    config_entry: ConfigEntry
    is_contract_over = False

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, name: str) -> None:
        """Prepare the account of a config entry; `async_restore` comes next."""
        super().__init__(
            hass, LOGGER, config_entry=entry, name=name, always_update=False
        )
        self._store = ContractStore(hass, entry.entry_id)
        self._file = ContractFile()

    async def async_restore(self) -> None:
        """Take up where the last run stopped."""
        self._file = await self._store.async_load()
        self.data = self._file.rights

    @property
    def contract(self) -> ContractCoordinator | None:
        """What asks GRDF; None: the entry's meters live on exported files."""
        return None

    @property
    def required_contract(self) -> ContractCoordinator:
        """What asks GRDF.

        Raises:
            ServiceValidationError: the entry's meters live on exported files.
        """
        if (contract := self.contract) is None:
            raise invalid("no_contract")
        return contract

    @property
    def deleted(self) -> Mapping[str, Deleted]:
        """The deleted meters that somebody is still to be asked about."""
        return self._file.deleted

    async def async_keep_deleted(self, deleted: Mapping[str, Deleted]) -> None:
        """Keep which deleted meters somebody is still to be asked about."""
        self._file = replace(self._file, deleted=dict(deleted))
        await self._async_write()

    async def _async_write(self) -> None:
        try:
            await self._store.async_write(self._file)
        except WriteFailedError:
            # Home Assistant logs why. Rights and counts are told again; days go on.
            async_raise_issue(self.hass, self.config_entry, Issue.WRITE_FAILED)


class FilesCoordinator(EntryCoordinator):
    """Of meters without a contract: no right, and never a call to GRDF."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare the account of an entry of exported files."""
        super().__init__(hass, entry, "exported files")

    @override
    async def _async_update_data(self) -> Mapping[str, MeterRights]:
        return self.data


class ContractCoordinator(EntryCoordinator):
    """The access rights of a contract, by PCE.

    Attributes:
        client: speaks to GRDF's API for all meters of the contract.
        quota: the contract's count of calls, which they share.
        outage: whether GRDF is away.
        daily_calls: when each meter's gas days are asked for next, by subentry id.
    """

    client: AdictClient

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare the account of a contract; `async_restore` comes next."""
        super().__init__(hass, entry, "access rights")
        self._reading = asyncio.Lock()
        self._away: tuple[datetime, AdictError] | None = None
        self.outage = Outage()
        self.daily_calls: dict[str, tuple[datetime, ...]] = {}

    @override
    async def async_restore(self) -> None:
        """Take up where the last run stopped, without a call to GRDF."""
        await super().async_restore()
        self.quota = shared_quota(self.hass, contract_of(self.config_entry.data))
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
        """This installation's place in each slot of the day, from 0 to below 1."""
        return self._file.phase

    @property
    def share(self) -> Share:
        """How the meters share the contract's calls, as of now."""
        return Share(
            meters=sum(
                1 for _ in self.config_entry.get_subentries_of_type(SUBENTRY_TYPE_METER)
            ),
            calls_per_day=self.quota.allowance.calls_per_day,
            calls_per_second=self.quota.allowance.calls_per_second,
            calls_today=self.quota.calls_today + self.quota.waiting,
        )

    async def async_rights(self, pce: str) -> MeterRights:
        """Return a meter's rights; GRDF is asked only where it never told.

        Raises:
            AdictError: as the client raises it.
        """
        async with self._reading:
            if pce not in self.data:
                self.raise_while_away()
                await self.async_read_rights()
        return self.data.get(pce, NO_RIGHTS)

    def raise_while_away(self) -> None:
        """Spare GRDF the calls of every meter when one has just failed.

        Raises:
            AdictError: the failure, until it is time to try again.
        """
        now = dt_util.utcnow()
        # Further off, it is of a clock that was ahead of its time.
        if self._away is not None and now < self._away[0] <= now + ONE_DAY:
            raise self._away[1]

    def note(self, error: AdictError) -> None:
        """Take note of an error that concerns every meter alike."""
        now = dt_util.utcnow()
        if isinstance(error, AdictQuotaError) and self.quota.throttled_below_own_count:
            async_raise_issue(self.hass, self.config_entry, Issue.CONTRACT_SHARED)
        if is_refusal(error) or isinstance(error, AdictBadAnswerError):
            return
        if self._away is None or self._away[0] <= now:
            self._away = (now + retry_wait(error), error)

    def answered(self) -> None:
        """Take note that GRDF is there, and takes the secret."""
        self.outage.answered()
        async_secret_accepted(self.hass, self.config_entry)

    @property
    def proposed(self) -> tuple[str, ...]:
        """The PCE with a right of late that nobody has decided about."""
        return self._file.proposed

    async def async_decide(self) -> None:
        """Propose no more what is proposed: somebody has decided about it."""
        self._file = replace(
            self._file,
            seen=(self._file.seen or frozenset()).union(self._file.proposed),
            proposed=(),
        )
        await self._async_write()
        self.async_update_listeners()

    async def async_read_rights(self) -> Answer[AccessRight]:
        """Ask GRDF for all rights of the contract, and keep what decides on calls.

        Raises:
            AdictError: as the client raises it.
        """
        try:
            answer = await self.client.access_rights()
        except AdictError as err:
            self.note(err)
            if err.code == CONTRACT_OVER and not self.is_contract_over:
                self.is_contract_over = True
                self.async_update_listeners()
            raise
        self._away = None
        self.answered()
        now = dt_util.utcnow()
        told = meter_rights(answer.items, paris_date(now))
        if not answer.complete:
            # What a cut answer does not mention may have stood in its lost part.
            told = {**self.data, **told}
        meters = self._meters()
        self.data = {**dict.fromkeys(meters, NO_RIGHTS), **told}
        self._file = replace(
            self._file,
            rights={pce: self.data[pce] for pce in meters},
            record=self._file.record.after_answer(now, complete=answer.complete),
            active_rights=sum(
                rights.is_open(paris_date(now)) for rights in told.values()
            ),
        )
        if answer.complete:
            self._note_new_rights(told)
        self.quota.allowance = self._allowance()
        if not self.quota.throttled_below_own_count:
            async_clear_issue(self.hass, self.config_entry, Issue.CONTRACT_SHARED)
        await self._async_write()
        self.is_contract_over = False
        self.async_update_listeners()
        return answer

    async def async_reread(self) -> None:
        """Read the rights anew where one was changed; a failure is made up for later.

        What was changed stands: only its being seen waits for the day's reading.
        """
        try:
            async with self._reading:
                await self.async_read_rights()
        except AdictError as err:
            LOGGER.debug("The rights could not be read anew: %s", err)
        self._plan()
        self.async_update_listeners()

    @override
    async def _async_update_data(self) -> Mapping[str, MeterRights]:
        if self._due() <= dt_util.utcnow():
            try:
                async with self._reading:
                    self.raise_while_away()
                    await self.async_read_rights()
            except AdictError as err:
                self.outage.note(self, err)
                raise failed(self, err, retry_wait(err)) from err
        self._plan()
        return self.data

    def _note_new_rights(self, told: Mapping[str, MeterRights]) -> None:
        """Propose the PCE whose rights have come since; those of the first day not."""
        today = paris_today()
        open_ = {pce for pce, rights in told.items() if rights.is_open(today)}
        seen = open_ if self._file.seen is None else self._file.seen
        self._file = replace(
            self._file,
            seen=frozenset(seen | set(self._meters())),
            proposed=tuple(sorted(open_ - seen - set(self._meters()))),
        )

    def _plan(self) -> None:
        self.update_interval = max(self._due() - dt_util.utcnow(), _SOONEST)

    def _due(self) -> datetime:
        return rights_due(
            without_future_times(self._file.record, dt_util.utcnow()), self.phase
        )

    def _allowance(self) -> Allowance:
        tier = allowance_for(self._file.active_rights)
        at_most = self.config_entry.data.get(CONF_CALLS_PER_DAY, tier.calls_per_day)
        return replace(tier, calls_per_day=min(tier.calls_per_day, at_most))

    def _daily_calls_left(self) -> int:
        """Count the calls for gas days that are still to be made on this Paris day."""
        tomorrow = paris_today() + ONE_DAY
        midnight = datetime.combine(tomorrow, time(), PARIS)
        meters = self.daily_calls.values()
        return sum(at < midnight for calls in meters for at in calls)

    def _meters(self) -> list[str]:
        return [
            subentry.data[CONF_PCE]
            for subentry in self.config_entry.get_subentries_of_type(
                SUBENTRY_TYPE_METER
            )
        ]

    async def _async_save_quota(self, state: QuotaState) -> None:
        self._file = replace(self._file, quota=state)
        await self._async_write()
