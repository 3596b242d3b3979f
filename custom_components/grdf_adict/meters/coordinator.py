"""Each meter: its calls as they fall due, its file, its rows in the recorder."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..adict import AdictError, FlowDirection, mask_pce
from ..const import DOMAIN, LOGGER
from ..contract.coordinator import ContractCoordinator, EntryCoordinator
from ..dashboard.offer import Showable
from ..health import HealthState
from ..helpers.errors import failed, retry_wait
from ..helpers.guard import REFRESH, WAITS, GuardedCoordinator
from ..helpers.recorder import RecorderBusyError
from ..helpers.signals import event_signal, news_signal, refreshed_signal
from ..metering import MeterEvent
from ..metering.price import decided
from ..metering.schedule import AT_ONCE, DataFamily
from ..rights import Deciding, MeterRights, deciding
from ..storage.meter_file import MeterFile
from .book import MeterBook, OpenBook
from .data import MeterData, directions, meter_data, of_the_holder
from .device import async_update_device
from .evidence import with_health
from .meter import Meter, meter_of
from .refresh import MeterCall, async_try_call
from .schedule import MeterSchedule, daily_calls_at, lifted
from .summaries import LedgerChange

_SOONEST: Final = timedelta(seconds=1)
# With nothing to ask for, the recorder's rows are still compared once a day.
_LONGEST_SLEEP: Final = timedelta(days=1)
_BUSY: Final = "Meter %s: the recorder or the disk is busy; statistics follow later"


class MeterCoordinator(GuardedCoordinator[MeterData]):
    """One PCE: its calls as they fall due, its rows in the recorder.

    Attributes:
        book: the meter's file, and what the meter is.
    """

    config_entry: ConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        subentry: ConfigSubentry,
        account: EntryCoordinator,
        *,
        started: asyncio.Event,
        entity_lock: asyncio.Lock,
    ) -> None:
        """Prepare the meter of a subentry; `async_restore` comes next.

        Args:
            hass: Home Assistant.
            entry: the config entry that the meter belongs to.
            subentry: the meter's.
            account: what the entry's meters share: their rights, maybe a contract.
            started: set once Home Assistant has started and the recorder works.
            entity_lock: held by the meter whose entities show what concerns all.
        """
        meter = meter_of(entry, subentry)
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"meter {mask_pce(meter.pce)}",
            always_update=False,
        )
        # Home Assistant shuts down even what could not be made.
        self._stop_listening: list[CALLBACK_TYPE] = []
        self._account = account
        self._entity_lock = entity_lock
        self.book = MeterBook(hass, entry, meter, started, self.guard)
        self._schedule = MeterSchedule(account, meter.pce, meter.key)
        self._known_calls: frozenset[DataFamily] = frozenset()
        self._failed_calls: dict[DataFamily, AdictError] = {}
        self._deciding: tuple[Deciding, ...] = ()
        self._another_decides = False
        self._is_recorder_away = False
        self._is_shut_down = False
        self._verdict: tuple[HealthState, str | None] | None = None
        self._unannounced: tuple[MeterEvent, ...] = ()

    @property
    def meter(self) -> Meter:
        """What the meter is."""
        return self.book.meter

    @property
    def subentry_id(self) -> str:
        """The id of its config subentry."""
        return self.meter.subentry_id

    @property
    def pce(self) -> str:
        """Its PCE."""
        return self.meter.pce

    @property
    def key(self) -> str:
        """Its key in statistic, unique and storage ids."""
        return self.meter.key

    @property
    def title(self) -> str:
        """The name that its owner gave it."""
        return self.meter.title

    @property
    def contract(self) -> ContractCoordinator | None:
        """What asks GRDF for its gas days; None: they come from files alone."""
        return self._account.contract

    @property
    def rights(self) -> MeterRights:
        """The meter's access rights, as GRDF last gave them."""
        return self._schedule.rights

    @property
    def directions(self) -> frozenset[FlowDirection]:
        """The ways that gas flows through the meter, as far as is known."""
        return directions(self.rights, self.data)

    @property
    def showable(self) -> Showable | None:
        """How the Energy dashboard can show it; None: it only injects gas."""
        if FlowDirection.CONSUMPTION not in self.directions:
            return None
        meter = self.meter
        return Showable(meter.key, meter.series_title, meter.prices is not None)

    async def async_restore(self) -> None:
        """Show what the last run kept, without a call to GRDF."""
        self.data, self.update_interval = MeterData(), WAITS[0]
        with self.guard.at(REFRESH):
            self._deciding = deciding(self.rights)
            self.data = self._data(await self.book.async_read())
            self._plan()

    @callback
    def async_start(self) -> None:
        """Begin to refresh: even with every entity disabled, statistics go on."""
        self._stop_listening = [
            self.async_add_listener(self._update_device),
            self._account.async_add_listener(self._on_rights),
        ]
        if self._rights_changed:
            # They were read while entities were being added.
            self._on_rights()

    @override
    async def async_shutdown(self) -> None:
        self._is_shut_down = True
        for stop in self._stop_listening:
            stop()
        self._stop_listening = []
        with self.guard.at("end"):
            if self.contract is not None:
                self.contract.daily_calls.pop(self.subentry_id, None)
        await super().async_shutdown()

    @callback
    def async_write_no_more(self) -> None:
        """Write nothing of the meter any more: not what is in flight either."""
        self.book.is_retired = True

    async def async_retire(self) -> None:
        """Stop for good, after what is under way has been written."""
        await self.async_shutdown()
        await self.book.async_retire()

    async def async_end(self) -> None:
        """Stop for good; what a call in flight brings is dropped."""
        await self.async_shutdown()
        await self.book.async_end()

    async def async_continue_series(self) -> None:
        """Let the gas days of the PCE's new holder follow those of the one before."""
        async with self.book.async_open() as opened:
            opened.file = of_the_holder(opened.file, self.rights.main)
            await opened.async_keep()
            self.data = self._data(opened.file)
        self._wake()

    async def async_decide_prices(self, *, believed: bool) -> None:
        """Let an entity's doubted prices count, or those in force in their place."""
        async with self.book.async_open() as opened:
            prices = decided(opened.file.prices, believed=believed)
            opened.file = replace(opened.file, prices=prices)
            await opened.async_keep()
        await self.async_compare_or_log()

    async def async_change_ledger[T](self, change: LedgerChange[T]) -> T:
        """Change what is known of gas used, and make the recorder's rows follow.

        The meter's file is written whole before any row is. A recorder that is busy
        gets its rows at the next comparison.

        Args:
            change: returns another ledger, and a result; a pure function that
                runs in an executor. What it raises comes back with nothing changed.

        Returns:
            Its result.

        Raises:
            UpdateFailed: the disk is full; nothing is changed.
        """
        async with self.book.async_open() as opened:
            perimeter = self._schedule.import_of(opened.file)
            result = await opened.async_change_ledger(change, perimeter)
            try:
                await self._async_project(opened)
            except RecorderBusyError:
                LOGGER.warning(_BUSY, mask_pce(self.pce))
        self._finish()
        self.async_update_listeners()
        return result

    async def async_compare(
        self, *, withdrawal_accepted: bool = False, rewrite: bool = False
    ) -> None:
        """Make the recorder's rows equal to the ledger's, without a call to GRDF.

        Raises:
            RecorderBusyError: the recorder is still working off its queue.
            UpdateFailed: new prices could not be written to the meter's file.
        """
        async with self.book.async_open_kept() as opened:
            if opened is not None:
                await self._async_project(
                    opened, withdrawal_accepted=withdrawal_accepted, rewrite=rewrite
                )
                self.async_update_listeners()

    async def async_compare_or_log(self) -> None:
        """Compare; a failure is logged, and the next refresh compares again."""
        try:
            with self.guard.at("comparison with the recorder"):
                await self.async_compare()
        except RecorderBusyError, UpdateFailed:
            LOGGER.warning(_BUSY, mask_pce(self.pce))
            self.async_update_listeners()

    @callback
    def async_take_settings(self) -> bool:
        """Apply what the meter's owner changed; whether prices or a sensor did."""
        before = self.meter
        entry = self.config_entry
        after = self.book.meter = meter_of(entry, entry.subentries[self.subentry_id])
        self._update_device()
        if (before.prices, before.outdoor) == (after.prices, after.outdoor):
            return False
        entry.async_create_background_task(
            self.hass, self.async_compare_or_log(), f"{self.name} settings"
        )
        return True

    @override
    def _take_trouble(self) -> None:
        self.data = self._with_health(self.data)

    @override
    async def _async_update(self) -> MeterData:
        try:
            async with self.book.async_open() as opened:
                failure = await self._async_make_due_calls(opened)
                late = self._data(opened.file).health.late
                await self._async_project(opened, late=late)
        except RecorderBusyError as err:
            self._is_recorder_away = True
            self.data = self._with_health(self.data)
            raise UpdateFailed(
                translation_domain=DOMAIN, translation_key="recorder_busy"
            ) from err
        self._finish()
        if failure is not None:
            if self.contract is not None:
                self.contract.outage.note(self, failure)
            if self.unforeseen:
                # It is in the log already.
                self.last_update_success = False
            raise failed(self, failure, self._retry_wait(failure))
        return self.data

    async def _async_make_due_calls(self, opened: OpenBook) -> AdictError | None:
        """Make the calls that are due; return what is wrong with one, if any is."""
        contract = self.contract
        if contract is None:
            return None
        try:
            await contract.async_rights(self.pce)
        except AdictError as err:
            return err
        if self._another_decides:
            opened.file, self._another_decides = lifted(opened.file), False
        if not opened.file.days:
            opened.file = of_the_holder(opened.file, self.rights.main)
        perimeter = self._schedule.perimeter(opened.file)
        made: dict[DataFamily, AdictError | None] = {}
        while not self._is_shut_down and (due := self._schedule.first_due(opened.file)):
            call = MeterCall(due[0], self.pce, perimeter, priority=due[1])
            done = await async_try_call(
                self.hass, contract, self._schedule, call, opened, self.guard
            )
            made[call.family] = done.failure
            self._unannounced += done.events
            await opened.async_settle(perimeter)
            self._show_progress(opened.file)
            self._announce()
        records = self._data(opened.file).records
        self._failed_calls = {
            # A call that is not due now is still wrong.
            **{
                family: failure
                for family, failure in self._failed_calls.items()
                if family in perimeter.calls - made.keys()
                and (contract.trouble or records[family].trouble_since)
            },
            **{family: failure for family, failure in made.items() if failure},
        }
        return next(iter(self._failed_calls.values()), None)

    async def _async_project(
        self,
        opened: OpenBook,
        *,
        late: date | None = None,
        withdrawal_accepted: bool = False,
        rewrite: bool = False,
    ) -> None:
        """Keep what follows of the file's rows, write the recorder's, announce news.

        Raises:
            RecorderBusyError: the recorder is still working off its queue.
            UpdateFailed: the file could not be written.
        """
        is_away = True
        try:
            self._unannounced += await opened.async_project(
                late, withdrawal_accepted=withdrawal_accepted, rewrite=rewrite
            )
            is_away = False
        finally:
            self._is_recorder_away = is_away
            self.data = self._data(opened.file)
        self._announce()

    def _retry_wait(self, failure: AdictError) -> timedelta:
        now = dt_util.utcnow()
        due = self.data.next_update
        return min(
            due - now if due is not None and due > now else retry_wait(failure),
            _LONGEST_SLEEP,
        )

    @callback
    def _update_device(self) -> None:
        async_update_device(self.hass, self.config_entry, self.meter, self.data)

    @callback
    def _announce(self) -> None:
        """Announce what happened, once the entities show it."""
        events, self._unannounced = self._unannounced, ()
        if events:
            self.async_update_listeners()
        for event in events:
            async_dispatcher_send(self.hass, event_signal(self.key), event)
            async_dispatcher_send(self.hass, news_signal(), self.key, event)

    def _show_progress(self, file: MeterFile) -> None:
        before, self.data = self.data, self._data(file)
        if before != self.data:
            self.async_update_listeners()
        if before.progress != self.data.progress:
            LOGGER.info(
                "Meter %s: %s %% of the first import done, %s gas days",
                mask_pce(self.pce),
                self.data.progress,
                self.data.days,
            )

    @property
    def _rights_changed(self) -> bool:
        """Whether other rights decide than before, or one opens more."""
        opened = self._schedule.perimeter(self.data).calls - self._known_calls
        return (
            self._another_decides
            or deciding(self.rights) != self._deciding
            or bool(opened)
        )

    @callback
    def _on_rights(self) -> None:
        """Show the rights; ask at once when other ones decide, or one opens more."""
        self.data = self._with_health(self.data)
        wakes = self._rights_changed
        before, self._deciding = self._deciding, deciding(self.rights)
        self._another_decides |= before != self._deciding
        if wakes:
            self._wake()
        show = self.guard.task("entities after a reading of rights", self._async_show)
        self.config_entry.async_create_task(self.hass, show, f"{self.name} rights")

    async def _async_show(self) -> None:
        """Let the entities show what changed, one meter after another.

        What concerns all meters of a contract would hold Home Assistant up otherwise.
        """
        async with self._entity_lock:
            self.async_update_listeners()
            await asyncio.sleep(0)

    @callback
    def _wake(self) -> None:
        self.data = replace(self.data, next_update=AT_ONCE)
        self._plan()
        self.reschedule()

    def _data(self, file: MeterFile) -> MeterData:
        dues = self._schedule.agenda(file)
        if self.contract is not None and not self._is_shut_down:
            daily = daily_calls_at(dues, file)
            self.contract.daily_calls[self.subentry_id] = daily
        perimeter = self._schedule.perimeter(file)
        self._known_calls = perimeter.calls
        if self.config_entry.pref_disable_polling:
            # Nothing is asked for by itself.
            dues = ()
        return self._with_health(meter_data(file, dues, perimeter))

    @callback
    def async_update_health(self) -> None:
        """Work out the health again, at midnight in France, and show it."""
        self.data = self._with_health(self.data)
        self.async_update_listeners()

    def _with_health(self, data: MeterData) -> MeterData:
        after = with_health(
            data,
            self._account,
            self.config_entry,
            self.pce,
            is_recorder_away=self._is_recorder_away,
            unforeseen=self.guard.kind,
        )
        before = self._verdict
        self._verdict = verdict = after.health.state, after.health.reason
        if before is not None and before != verdict:
            LOGGER.info("Meter %s: %s (%s)", mask_pce(self.pce), *verdict)
        return after

    def _finish(self) -> None:
        """Plan the next refresh, and have the meter's repairs looked at."""
        self._plan()
        signal = refreshed_signal(self.config_entry.entry_id)
        async_dispatcher_send(self.hass, signal, self.subentry_id)

    def _plan(self) -> None:
        wait = (
            self.data.next_update - dt_util.utcnow()
            if self.data.next_update
            else _LONGEST_SLEEP
        )
        self.update_interval = min(max(wait, _SOONEST), _LONGEST_SLEEP)
