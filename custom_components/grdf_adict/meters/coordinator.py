"""Each meter: its calls as they fall due, its ledger, its rows in the recorder."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from ..adict import AdictDeferredError, AdictError, FlowDirection, mask_pce
from ..const import CONF_OUTDOOR, CONF_PCE, CONF_SERIES, DOMAIN, LOGGER
from ..contract.connection import environment_of
from ..external_statistics.rows import RecorderBusyError
from ..helpers.errors import failed, is_refusal, retry_wait
from ..helpers.executor import async_compute
from ..helpers.ids import event_signal, meter_key, tidings_signal
from ..helpers.issues import Issue, async_clear_issue, async_raise_issue
from ..metering.changes import MeterEvent
from ..metering.gas_day import paris_date
from ..metering.ledger import Ledger
from ..metering.schedule.calls import AT_ONCE, Call
from ..prices.settings import price_settings
from ..rights.findings import RightStatus, statuses_of
from ..rights.holder import is_of_another_holder, of_the_holder
from ..rights.right import Deciding, MeterRights, deciding
from ..rights.rules import OPTIONAL
from ..runtime import GrdfConfigEntry
from ..storage.meter_file import MeterFile, MeterStore, WriteFailedError
from ..watch.meter_findings import late_since
from .data import MeterData, directions, meter_data
from .news import told_late
from .projection import async_projected
from .recovery import async_recovered_file
from .refresh import (
    LedgerChange,
    MeterCall,
    async_make_call,
    lifted,
    postponed,
    settled,
    with_ledger,
)
from .schedule import MeterPace, daily_calls_at

_SOONEST: Final = timedelta(seconds=1)
# With nothing to ask for, the recorder's rows are still compared once a day.
_LONGEST_SLEEP: Final = timedelta(days=1)
_BUSY: Final = "Meter %s: the recorder or the disk is busy; statistics follow later"


class MeterCoordinator(DataUpdateCoordinator[MeterData]):
    """One PCE: its calls as they fall due, its ledger, its rows in the recorder."""

    config_entry: GrdfConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: GrdfConfigEntry, subentry: ConfigSubentry
    ) -> None:
        """Prepare the meter of a subentry; `async_restore` comes next."""
        self.subentry_id = subentry.subentry_id
        self.pce: str = subentry.data[CONF_PCE]
        self.series: int = subentry.data.get(CONF_SERIES, 1)
        environment = environment_of(entry.data)
        self.key = meter_key(environment, self.pce, self.series)
        self.prices = price_settings(subentry.data)
        self.outdoor: str | None = subentry.data.get(CONF_OUTDOOR)
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"meter {mask_pce(self.pce)}",
            always_update=False,
        )
        self._store = MeterStore(hass, self.key)
        self._pace = MeterPace(entry.runtime_data.account, self.pce, self.key)
        self._known_calls: frozenset[Call] = frozenset()
        self.daily_calls_at: tuple[datetime, ...] = ()
        self._one_at_a_time = asyncio.Lock()
        self._failure: AdictError | None = None
        self._deciding: tuple[Deciding, ...] = ()
        self._another_decides = False
        self.is_retired = False
        self._stop_listening: list[CALLBACK_TYPE] = []
        self._untold: tuple[MeterEvent, ...] = ()

    @property
    def title(self) -> str:
        """The meter's name, as its owner gave it."""
        return self.config_entry.subentries[self.subentry_id].title

    @property
    def has_contract(self) -> bool:
        """Whether GRDF is asked for its gas days; else they come from files alone."""
        return self._pace.account.contract is not None

    @property
    def proofs_key(self) -> str:
        """The key under which proofs of consents are kept, whoever holds the PCE."""
        return meter_key(environment_of(self.config_entry.data), self.pce)

    @property
    def series_title(self) -> str:
        """The name of its statistics: a new holder's are told apart."""
        return self.title if self.series == 1 else f"{self.title} #{self.series}"

    async def async_restore(self) -> None:
        """Show what the last run kept, without a call to GRDF."""
        self._deciding = deciding(self.rights)
        self.data = self._data(await self.async_file())
        self._plan()

    @callback
    def async_start(self, listener: CALLBACK_TYPE) -> None:
        """Begin to refresh: even with every entity disabled, statistics go on."""
        entry = self.config_entry
        account = entry.runtime_data.account
        self._stop_listening = [
            self.async_add_listener(listener),
            account.async_add_listener(self._on_rights),
        ]
        if self._rights_changed:
            # They were read while entities were being added.
            self._on_rights()

    @override
    async def async_shutdown(self) -> None:
        for stop in self._stop_listening:
            stop()
        self._stop_listening = []
        await super().async_shutdown()

    @property
    def rights(self) -> MeterRights:
        """The meter's access rights, as GRDF last told them."""
        return self._pace.rights

    @property
    def directions(self) -> frozenset[FlowDirection]:
        """The ways that gas flows through the meter, as far as is known."""
        return directions(self.rights, self.data)

    @property
    def right_statuses(self) -> tuple[RightStatus, ...]:
        """Of the right that decides for the site; of a second one, on injected gas."""
        return statuses_of(
            self.config_entry.runtime_data.account.data.get(self.pce),
            self.data.facts.frequency,
            self.data.codes,
            another_holder=is_of_another_holder(self.rights.main, self.data),
        )

    async def async_continue_series(self) -> None:
        """Let the gas days of the PCE's new holder follow those of the one before."""
        async with self._one_at_a_time:
            file = of_the_holder(await self._async_load(), self.rights.main)
            await self._async_keep(file)
            self.data = self._data(file)
        self._wake()

    async def async_retire(self) -> None:
        """Stop for good: when this returns, nothing of the meter is being written."""
        await self.async_shutdown()
        async with self._one_at_a_time:
            self.is_retired = True

    async def async_file(self) -> MeterFile:
        """Return everything that is kept of the meter."""
        return await self._store.async_load() or MeterFile()

    async def async_ledger(self) -> Ledger:
        """Return what is known of gas used; of a lost file, what the recorder holds."""
        async with self._one_at_a_time:
            return (await self._async_load()).ledger

    async def async_change_ledger[T](self, change: LedgerChange[T]) -> T:
        """Change what is known of gas used, and make the recorder's rows follow.

        The meter's file is written whole before any row is. A recorder that is busy
        gets its rows at the next comparison.

        Args:
            change: gives another ledger, and what to tell of it; a pure function that
                runs in an executor. What it raises comes back with nothing changed.

        Returns:
            What it tells.

        Raises:
            UpdateFailed: the disk is full; nothing is changed.
        """
        async with self._one_at_a_time:
            before = await self._async_load()
            file, told = await async_compute(
                self.hass, with_ledger, before, change, self._pace.import_of(before)
            )
            if file is not before:
                await self._async_keep(file)
                self.data = self._data(file)
            try:
                file = await self._async_project(file)
            except RecorderBusyError:
                LOGGER.warning(_BUSY, mask_pce(self.pce))
            self.data = self._data(file)
            self._tell()
        self._plan()
        self.async_update_listeners()
        self.config_entry.runtime_data.watch.look_at(self)
        return told

    async def async_compare(
        self, *, withdrawal_accepted: bool = False, rewrite: bool = False
    ) -> None:
        """Make the recorder's rows equal to the ledger's, without a call to GRDF.

        Raises:
            RecorderBusyError: the recorder is still working off its queue.
            UpdateFailed: new prices could not be written to the meter's file.
        """
        async with self._one_at_a_time:
            file = await self._store.async_load()
            if file is not None:
                file = await self._async_project(
                    file, withdrawal_accepted=withdrawal_accepted, rewrite=rewrite
                )
                self.data = replace(self.data, costs=file.costs, insight=file.insight)
                self.async_update_listeners()
                self._tell()

    async def async_compare_or_say(self) -> None:
        """Compare where nobody waits for the outcome: the next refresh does so too."""
        try:
            await self.async_compare()
        except RecorderBusyError, UpdateFailed:
            LOGGER.warning(_BUSY, mask_pce(self.pce))

    @callback
    def async_take_settings(self) -> bool:
        """Price and judge gas days by what the meter's owner changed, if anything."""
        subentry = self.config_entry.subentries[self.subentry_id]
        before = self.prices, self.outdoor
        self.prices = price_settings(subentry.data)
        self.outdoor = subentry.data.get(CONF_OUTDOOR)
        if before == (self.prices, self.outdoor):
            return False
        self.config_entry.async_create_background_task(
            self.hass, self.async_compare_or_say(), f"{self.name} settings"
        )
        return True

    async def async_forget_answers(self) -> None:
        """Let the next refresh ask GRDF for all it keeps; nothing known is lost."""
        async with self._one_at_a_time:
            file = await self._async_load()
            await self._async_keep(replace(file, marks={}))

    @override
    async def _async_update_data(self) -> MeterData:
        async with self._one_at_a_time:
            file, failure = await self._async_make_due_calls(await self._async_load())
            try:
                file = await self._async_project(file)
            except RecorderBusyError as err:
                raise UpdateFailed(
                    translation_domain=DOMAIN, translation_key="recorder_busy"
                ) from err
            self.data = self._data(file)
            await self._async_note_late(file)
            self._tell()
        self._plan()
        self.config_entry.runtime_data.watch.look_at(self)
        if failure is not None:
            if (contract := self._pace.account.contract) is not None:
                contract.outage.note(self, failure)
            raise failed(self, failure, self._retry_wait(failure))
        return self.data

    async def _async_load(self) -> MeterFile:
        return await self._store.async_load() or await async_recovered_file(
            self.hass, self.pce, self.key, self.prices
        )

    async def _async_make_due_calls(
        self, file: MeterFile
    ) -> tuple[MeterFile, AdictError | None]:
        account = self._pace.account.contract
        if account is None:
            return file, None
        # With nothing due, what went wrong last is still wrong.
        failure, tried = self._failure, False
        try:
            await account.async_rights(self.pce)
        except AdictError as err:
            return file, err
        if self._another_decides:
            file, self._another_decides = lifted(file), False
        if not file.days:
            file = of_the_holder(file, self.rights.main)
        perimeter = self._pace.perimeter(file)
        while not self._shutdown_requested and (due := self._pace.first_due(file)):
            call = MeterCall(due[0], self.pce, perimeter, place=due[1])
            failure, tried = (failure if tried else None), True
            events: tuple[MeterEvent, ...] = ()
            try:
                account.raise_while_away()
                done = await async_make_call(self.hass, account.client, call, file)
                file, events = done.file, done.events
                account.answered()
            except AdictDeferredError as err:
                until = dt_util.utcnow() + retry_wait(err)
                file = postponed(file, {call.call}, until, refused=False)
            except AdictError as err:
                account.note(err)
                file = self._pace.put_off(file, call.call, err)
                if call.call not in OPTIONAL or not is_refusal(err):
                    failure = failure or err
            file = await async_compute(self.hass, settled, file, perimeter)
            await self._async_keep(file)
            self._tell_progress(file)
            self._untold += events
            self._tell()
        self._failure = failure
        return file, failure

    def _retry_wait(self, failure: AdictError) -> timedelta:
        now = dt_util.utcnow()
        due = self.data.next_update
        return min(
            due - now if due is not None and due > now else retry_wait(failure),
            _LONGEST_SLEEP,
        )

    async def _async_keep(self, file: MeterFile) -> None:
        if self.is_retired:
            return
        try:
            await self._store.async_write(file)
        except WriteFailedError as err:
            async_raise_issue(self.hass, self.config_entry, Issue.WRITE_FAILED)
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="write_failed",
                retry_after=_LONGEST_SLEEP.total_seconds() / 24,
            ) from err
        async_clear_issue(self.hass, self.config_entry, Issue.WRITE_FAILED)

    async def _async_project(
        self,
        file: MeterFile,
        *,
        withdrawal_accepted: bool = False,
        rewrite: bool = False,
    ) -> MeterFile:
        """Make the recorder's rows those of the file; return it with its prices."""
        # The recorder works off nothing before Home Assistant has started.
        await self.config_entry.runtime_data.started.wait()
        if self.is_retired:
            return file
        projected = await async_projected(
            self,
            self._async_keep,
            file,
            withdrawal_accepted=withdrawal_accepted,
            rewrite=rewrite,
        )
        self._untold += projected.events
        return projected.file

    async def _async_note_late(self, file: MeterFile) -> None:
        """Tell once that nothing came for longer than publication explains."""
        today = paris_date(dt_util.utcnow())
        told = told_late(file, late_since(self, today), today)
        if told.events:
            await self._async_keep(told.file)
            self._untold += told.events

    @callback
    def _tell(self) -> None:
        """Tell what happened, once the entities show it."""
        untold, self._untold = self._untold, ()
        if untold:
            self.async_update_listeners()
        for event in untold:
            async_dispatcher_send(self.hass, event_signal(self.key), event)
            async_dispatcher_send(self.hass, tidings_signal(), self.key, event)

    def _tell_progress(self, file: MeterFile) -> None:
        before, self.data = self.data, self._data(file)
        if before != self.data:
            self.async_update_listeners()
        if before.progress != self.data.progress:
            LOGGER.info(
                "Meter %s: %s %% of the first import done, %s gas days",
                mask_pce(self.pce),
                self.data.progress,
                self.data.summary.days + self.data.injection.days,
            )

    @property
    def _rights_changed(self) -> bool:
        """Whether other rights decide than before, or one opens more."""
        opened = self._pace.perimeter(self.data).calls - self._known_calls
        return (
            self._another_decides
            or deciding(self.rights) != self._deciding
            or bool(opened)
        )

    @callback
    def _on_rights(self) -> None:
        """Show the rights; ask at once when other ones decide, or one opens more."""
        wakes = self._rights_changed
        before, self._deciding = self._deciding, deciding(self.rights)
        self._another_decides |= before != self._deciding
        if wakes:
            self._wake()
        entry = self.config_entry
        entry.async_create_task(self.hass, self._async_show(), f"{self.name} rights")

    async def _async_show(self) -> None:
        """Let the entities show what changed, one meter after another.

        What concerns all meters of a contract would hold Home Assistant up otherwise.
        """
        async with self.config_entry.runtime_data.showing:
            self.async_update_listeners()
            await asyncio.sleep(0)

    @callback
    def _wake(self) -> None:
        self.data = replace(self.data, next_update=AT_ONCE)
        self._plan()
        self._schedule_refresh()

    def _data(self, file: MeterFile) -> MeterData:
        dues = self._pace.agenda(file)
        self.daily_calls_at = daily_calls_at(dues, file)
        perimeter = self._pace.perimeter(file)
        self._known_calls = perimeter.calls
        return meter_data(file, dues, perimeter)

    def _plan(self) -> None:
        wait = (
            self.data.next_update - dt_util.utcnow()
            if self.data.next_update
            else _LONGEST_SLEEP
        )
        self.update_interval = min(max(wait, _SOONEST), _LONGEST_SLEEP)
