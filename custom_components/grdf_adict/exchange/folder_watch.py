"""The watched folder: a file that is put there is taken in once, and put away.

Off until the owner asks for it: whoever can write to the folder, over a share for
instance, can add to a meter's history.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..const import CONF_FOLDER, DOMAIN, LOGGER, Issue
from ..helpers.issues import Repair, async_hide_issue, async_show_issue
from ..helpers.texts import async_texts, bullets
from .delivery import async_deliver, sorted_by_meter
from .folder import Outcome, Seen, failed_in, in_order, put_away, unfit, waiting_in
from .folder_report import async_refusal_report, done_report, shown_name
from .take_in import FileRefusedError, async_read_file

_EVERY: Final = timedelta(minutes=1)
_AFTER_A_FULL_DISK: Final = timedelta(hours=1)
_MOST_NAMES: Final = 20
_COMING: Final = frozenset(
    {
        ConfigEntryState.NOT_LOADED,
        ConfigEntryState.SETUP_IN_PROGRESS,
        ConfigEntryState.SETUP_RETRY,
        ConfigEntryState.UNLOAD_IN_PROGRESS,
    }
)


def folder_of(entry: ConfigEntry) -> Path | None:
    """Return the folder that an entry's owner wants watched; None: none."""
    folder = entry.options.get(CONF_FOLDER)
    return Path(folder) if folder else None


class FolderWatch:
    """Looks into the folder of an entry each minute, if its owner asked for that.

    A file goes to whichever meters its PCE are, of any entry. A folder that several
    entries name is the first one's.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare the watch of an entry."""
        self._hass = hass
        self._entry = entry
        self._before: frozenset[Seen] = frozenset()
        # Could not be put away: told once, not taken in each minute.
        self._stuck: frozenset[Seen] = frozenset()
        self._not_before: datetime | None = None
        self._looking = False
        self._was_unfit = False

    @callback
    def async_start(self) -> None:
        """Begin once Home Assistant has started; the entry's unloading ends it."""
        entry = self._entry

        @callback
        def started(hass: HomeAssistant) -> None:
            entry.async_on_unload(self._begin(hass))

        entry.async_on_unload(async_at_started(self._hass, started))
        entry.async_on_unload(lambda: self._show((), ()))

    def _begin(self, hass: HomeAssistant) -> CALLBACK_TYPE:
        return async_track_time_interval(hass, self._on_the_minute, _EVERY)

    @callback
    def _on_the_minute(self, now: datetime) -> None:
        folder = folder_of(self._entry)
        if folder is None or not self._is_first(folder):
            self._show((), ())
            return
        if self._looking or (self._not_before is not None and now < self._not_before):
            return
        if any(
            entry.state in _COMING and entry.disabled_by is None
            for entry in self._hass.config_entries.async_entries(DOMAIN)
        ):
            # Whose meters a file may be of.
            return
        self._looking = True
        self._entry.async_create_background_task(
            self._hass, self._async_look(folder), f"{DOMAIN} watched folder"
        )

    async def _async_look(self, folder: Path) -> None:
        try:
            await self._async_look_into(folder)
        finally:
            self._looking = False

    async def _async_look_into(self, folder: Path) -> None:
        run = self._hass.async_add_executor_job
        if await run(unfit, self._hass, folder) is not None:
            if not self._was_unfit:
                LOGGER.warning(
                    "The watched folder may not be read any more: choose another one"
                )
            self._was_unfit = True
            return
        self._was_unfit, self._not_before = False, None
        waiting = await run(waiting_in, folder)
        self._stuck &= waiting
        # What looks the same a minute later is whole.
        settled = (waiting & self._before) - self._stuck
        self._before = waiting
        for seen in in_order(settled):
            if not await self._async_take(folder / seen.name, seen):
                break
        self._stuck &= await run(waiting_in, folder)
        self._show(await run(failed_in, folder), [seen.name for seen in self._stuck])

    async def _async_take(self, file: Path, seen: Seen) -> bool:
        """Take one file in and put it away; whether the next one may come."""
        self._stuck |= {seen}
        try:
            outcome, report = await self._async_outcome(file)
        except UpdateFailed:
            # The disk is full, which has a repair of its own. It stays for later.
            self._stuck -= {seen}
            self._not_before = dt_util.utcnow() + _AFTER_A_FULL_DISK
            return False
        try:
            await self._hass.async_add_executor_job(put_away, file, outcome, report)
        except OSError:
            LOGGER.warning("A file of the watched folder cannot be moved: see Repairs")
        else:
            LOGGER.info("A file of the watched folder: %s", outcome)
            self._stuck -= {seen}
        return True

    async def _async_outcome(self, file: Path) -> tuple[Outcome, str]:
        words = await async_texts(self._hass)
        try:
            export = await async_read_file(self._hass, file)
            found = sorted_by_meter(self._hass, export)
        except FileRefusedError as err:
            report = await async_refusal_report(self._hass, err, words)
            return Outcome.FAILED, report
        delivered = await async_deliver(found.shares)
        report = done_report(
            export, delivered, found.unmatched, words, self._hass.config.language
        )
        return Outcome.DONE, report

    def _is_first(self, folder: Path) -> bool:
        entries: list[ConfigEntry] = self._hass.config_entries.async_loaded_entries(
            DOMAIN
        )
        return next(each for each in entries if folder_of(each) == folder) is (
            self._entry
        )

    @callback
    def _show(self, failed: Iterable[str], stuck: Iterable[str]) -> None:
        """Show what somebody must see to: one repair for all that failed."""
        for issue, names in ((Issue.FILES_FAILED, failed), (Issue.FILES_STUCK, stuck)):
            listed = sorted(map(shown_name, names))
            if not listed:
                async_hide_issue(self._hass, issue, self._entry.entry_id)
                continue
            texts = {
                "count": str(len(listed)),
                "files": bullets(listed, _MOST_NAMES),
                "folder": str(folder_of(self._entry)),
            }
            repair = Repair(issue, self._entry.entry_id, texts, is_fixable=False)
            async_show_issue(self._hass, self._entry, repair)
