"""A meter's file: loaded, changed, kept and projected under one lock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from weakref import WeakSet

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util.hass_dict import HassKey

from ..adict import mask_pce
from ..const import DOMAIN, LOGGER, Issue
from ..external_statistics.rows import Projection
from ..helpers.executor import async_compute
from ..helpers.guard import Guard
from ..helpers.issues import (
    async_clear_issue,
    async_raise_issue,
    async_raise_or_clear,
)
from ..helpers.signals import rows_signal
from ..helpers.store import WriteFailedError
from ..metering import Ledger, MeterEvent
from ..metering.price import PriceBook
from ..metering.schedule import Perimeter
from ..prices.entity import is_lost
from ..storage.meter_file import MeterFile, MeterStore
from .doubted_price import show_doubted_price
from .earlier import async_with_earlier_rows, show_earlier
from .meter import Meter
from .outdoor import outdoor_problem
from .projection import async_follow, async_write_rows, priced_alone
from .recovery import async_recovered_file, async_with_newer_days
from .summaries import (
    BRINGING,
    LedgerChange,
    MeterRows,
    meter_rows,
    settled,
    with_ledger,
    with_summaries,
)

_RETRY_WRITE: Final = timedelta(hours=1)
_BOOKS: HassKey[WeakSet[MeterBook]] = HassKey(f"{DOMAIN}_books")


class MeterBook:
    """The file of one meter. Whoever changes it opens it, and has it alone.

    Attributes:
        meter: what the meter is; replaced when its owner changes its settings.
        is_retired: whether nothing of the meter is to be written any more.
        writing: held while its file or its rows are being written.
        is_beside_recorder: whether the file has been compared with the recorder's rows
            since the start.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        meter: Meter,
        started: asyncio.Event,
        guard: Guard,
    ) -> None:
        """Prepare the file of a meter.

        Args:
            hass: Home Assistant.
            entry: the config entry that the meter belongs to.
            meter: what the meter is.
            started: set once Home Assistant has started: the recorder works off
                nothing before.
            guard: the meter's.
        """
        self.hass = hass
        self.entry = entry
        self.meter = meter
        self.started = started
        self.guard = guard
        self.store = MeterStore(hass, meter.key, entry.entry_id, meter.subentry_id)
        self.is_retired = False
        self.is_beside_recorder = False
        self.writing = asyncio.Lock()
        self._lock = asyncio.Lock()
        hass.data.setdefault(_BOOKS, WeakSet()).add(self)

    async def async_read(self) -> MeterFile:
        """Return everything that is kept of the meter."""
        return await self.store.async_load() or MeterFile()

    async def async_ledger(self) -> Ledger:
        """Return what is known of gas used; of a lost file, what the recorder holds."""
        async with self.async_open() as opened:
            return opened.file.ledger

    async def async_forget_answers(self) -> None:
        """Let the next refresh ask GRDF for all it keeps; nothing known is lost."""
        async with self.async_open() as opened:
            opened.file = replace(opened.file, records={})
            await opened.async_keep()

    @asynccontextmanager
    async def async_open(self) -> AsyncIterator[OpenBook]:
        """Open the file; a lost one begins with what the recorder still holds."""
        async with self._lock:
            yield await self._async_opened(await self.store.async_load())

    @asynccontextmanager
    async def async_open_kept(self) -> AsyncIterator[OpenBook | None]:
        """Open the file; None where nothing is kept."""
        async with self._lock:
            file = await self.store.async_load()
            yield None if file is None else await self._async_opened(file)

    async def _async_opened(self, file: MeterFile | None) -> OpenBook:
        """Return an open file; what it lost is what the recorder still holds."""
        opened = OpenBook(self, file or MeterFile())
        if file is None or file.is_damaged:
            meter = self.meter
            opened.file = await async_recovered_file(
                self.hass, meter.pce, meter.key, meter.prices, opened.file
            )
            if opened.file.has_days_ahead:
                # Their rows go, and the file alone keeps them.
                await opened.async_keep()
        return opened

    async def async_retire(self) -> None:
        """Write nothing any more, after what is under way has been written."""
        async with self._lock:
            self.is_retired = True

    async def async_end(self) -> None:
        """Write nothing any more: what a call in flight brings is dropped.

        When this returns, nothing is being written.
        """
        self.is_retired = True
        async with self.writing:
            pass


async def async_end_books(hass: HomeAssistant, key: str) -> None:
    """Let nothing be written any more under a meter's key, by any open file of it."""
    for book in list(hass.data.get(_BOOKS, ())):
        if book.meter.key == key:
            await book.async_end()


class OpenBook:
    """A meter's file, open to one change at a time.

    Attributes:
        file: as it was read, or changed since; `async_keep` writes it.
    """

    def __init__(self, book: MeterBook, file: MeterFile) -> None:
        """Begin with a file as it was read."""
        self._book = book
        self._kept = file
        self._rows: MeterRows | None = None
        self.file = file

    async def async_rows(self) -> MeterRows:
        """Return the rows of the file's ledgers; of the same ledgers, the same."""
        self._rows = await async_compute(
            self._book.hass, meter_rows, self.file, self._rows
        )
        return self._rows

    async def async_settle(self, perimeter: Perimeter | None) -> None:
        """Work out the summaries anew, and write the file.

        Args:
            perimeter: what the meter's rights let us ask GRDF for; None: it has no
                contract.

        Raises:
            UpdateFailed: the disk is full; the file is as it was before.
        """
        self.file, self._rows = await async_compute(
            self._book.hass, settled, self.file, perimeter, self._rows
        )
        await self.async_keep()

    async def async_change_ledger[T](
        self, change: LedgerChange[T], perimeter: Perimeter | None
    ) -> T:
        """Change the ledger of gas used, and write the file where that changed it.

        Args:
            change: returns another ledger, and a result.
            perimeter: as for `async_settle`.

        Raises:
            UpdateFailed: the disk is full; the file is as it was before.
        """
        self.file, self._rows, result = await async_compute(
            self._book.hass, with_ledger, self.file, change, perimeter
        )
        await self.async_keep()
        return result

    async def async_keep(self) -> None:
        """Write the file where it was changed.

        Raises:
            UpdateFailed: the disk is full; the file is as it was before.
        """
        book = self._book
        async with book.writing:
            if self.file is self._kept or book.is_retired:
                return
            try:
                await book.store.async_write(self.file)
            except WriteFailedError as err:
                async_raise_issue(book.hass, book.entry, Issue.WRITE_FAILED)
                raise UpdateFailed(
                    translation_domain=DOMAIN,
                    translation_key="write_failed",
                    retry_after=_RETRY_WRITE.total_seconds(),
                ) from err
            self._kept = self.file
            async_clear_issue(book.hass, book.entry, Issue.WRITE_FAILED)

    async def async_project(
        self,
        late: date | None = None,
        *,
        withdrawal_accepted: bool = False,
        rewrite: bool = False,
    ) -> tuple[MeterEvent, ...]:
        """Price the gas days, write the recorder's rows, keep what follows of them.

        While rows cannot be written, prices are kept and nothing is announced.

        Args:
            late: the newest gas day of a meter whose data are late; None: they are not.
            withdrawal_accepted: whether many days may become absent at once.
            rewrite: whether rows that are right are written anew too.

        Returns:
            What is to be announced.

        Raises:
            RecorderBusyError: the recorder is still working off its queue.
            UpdateFailed: the disk is full; the file is as it was before.
        """
        book = self._book
        # The recorder and price entities are there once Home Assistant has started.
        await book.started.wait()
        await self._async_take_newer_days()
        await self._async_take_earlier_rows()
        before, rows = self.file, await self.async_rows()
        followed = await async_follow(
            book.hass, book.meter, before, rows, late, book.guard
        )
        is_written = False
        try:
            async with book.writing:
                if book.is_retired:
                    return ()
                with book.guard.at("repairs of what is lost"):
                    self._show_what_is_lost(rows, followed.file.prices)
                outcome = await async_write_rows(
                    book.hass,
                    book.meter,
                    rows,
                    followed,
                    withdrawal_accepted=withdrawal_accepted,
                    rewrite=rewrite,
                )
                is_written = outcome is not Projection.WITHHELD
        finally:
            self.file = followed.file if is_written else priced_alone(before, followed)
            await self.async_keep()
        self._show_outcome(outcome, rows)
        return followed.events if is_written else ()

    async def _async_take_newer_days(self) -> None:
        """Once a start: the file may be older than the database."""
        book = self._book
        if book.is_beside_recorder:
            return
        meter, rows = book.meter, await self.async_rows()
        file = await async_with_newer_days(
            book.hass, meter.pce, meter.key, self.file, rows
        )
        if file is not self.file:
            self.file, self._rows = await async_compute(
                book.hass, with_summaries, file, rows
            )
        book.is_beside_recorder = True

    async def _async_take_earlier_rows(self) -> None:
        """Keep the rows that were imported by hand, before any row is written."""
        book, rows = self._book, await self.async_rows()
        self.file = await async_with_earlier_rows(
            book.hass, book.meter, self.file, rows
        )
        await self.async_keep()
        if book.is_retired:
            return
        with book.guard.at("repairs of earlier rows"):
            show_earlier(book.hass, book.entry, book.meter, self.file, rows)

    def _show_outcome(self, outcome: Projection, rows: MeterRows) -> None:
        book = self._book
        if book.is_retired:
            # It was deleted while its rows were being written.
            return
        issue = (book.hass, book.entry, Issue.WITHDRAWAL_WITHHELD, book.meter.subject)
        if outcome is Projection.WITHHELD:
            async_raise_issue(*issue)
            return
        async_clear_issue(*issue)
        if outcome is Projection.WRITTEN:
            days = [row.gas_day for found in rows.values() for row in found.days]
            LOGGER.info(
                "Meter %s: statistics written, %s gas days through %s",
                mask_pce(book.meter.pce),
                len(days),
                max(days, default="-"),
            )
            signal = rows_signal(book.entry.entry_id)
            async_dispatcher_send(book.hass, signal, book.meter.subentry_id)

    def _show_what_is_lost(self, rows: MeterRows, prices: PriceBook) -> None:
        """Show a repair where a price entity or outdoor sensor has no value to use.

        Where gas is injected alone, nothing is done with either.
        """
        book, meter = self._book, self._book.meter
        used, injected = (rows[direction].days for direction in BRINGING)
        if injected and not used:
            return
        price = meter.prices.entity if meter.prices else None
        currency = self.file.prices.currency or book.hass.config.currency
        lost_price = price and is_lost(book.hass, price.entity_id, currency)
        lost_outdoor = meter.outdoor and outdoor_problem(book.hass, meter.outdoor)
        for issue, message in (
            (
                Issue.PRICE_ENTITY_LOST,
                price.entity_id if price and lost_price else None,
            ),
            (Issue.OUTDOOR_LOST, meter.outdoor if lost_outdoor else None),
        ):
            async_raise_or_clear(book.hass, book.entry, issue, meter.subject, message)
        show_doubted_price(book.hass, book.entry, meter, prices)
