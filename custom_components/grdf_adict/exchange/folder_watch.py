"""The watched folder: a file that is put there is imported once, and put away.

Off by default: anyone who can write to the folder, over a share for instance, can add
to a meter's history.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..const import CONF_FOLDER, DOMAIN, LOGGER, Issue
from ..files import ExportQuestionError
from ..helpers.issues import Repair, async_hide_issue, async_show_issue
from ..helpers.texts import async_texts, bullets, escaped
from .delivery import async_deliver, sorted_by_meter
from .folder import Outcome, Seen, files_in, put_away, unfit
from .folder_report import (
    async_refusal_report,
    done_report,
    question_report,
    shown_name,
)
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
    """Return the folder that is watched for an entry; None: none."""
    folder = entry.options.get(CONF_FOLDER)
    return Path(folder) if folder else None


class FolderWatch:
    """Checks the folder of an entry each minute, if one is set.

    A file goes to the meters of its PCE, of any entry. The first of several entries
    with the same folder watches it.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare the watch of an entry."""
        self._hass = hass
        self._entry = entry
        self._before: frozenset[Seen] = frozenset()
        # Could not be put away: shown once, not imported each minute.
        self._stuck: frozenset[Seen] = frozenset()
        self._not_before: datetime | None = None
        self._is_checking = False
        self._was_unfit = False

    @callback
    def async_start(self) -> None:
        """Begin once Home Assistant has started; the entry's unloading ends it."""
        entry = self._entry

        @callback
        def started(hass: HomeAssistant) -> None:
            entry.async_on_unload(
                async_track_time_interval(hass, self._on_the_minute, _EVERY)
            )

        entry.async_on_unload(async_at_started(self._hass, started))
        entry.async_on_unload(lambda: self._show((), ()))

    @callback
    def _on_the_minute(self, now: datetime) -> None:
        folder = folder_of(self._entry)
        if folder is None or not self._is_first(folder):
            self._show((), ())
            return
        if self._is_checking or (
            self._not_before is not None and now < self._not_before
        ):
            return
        if any(
            entry.state in _COMING and entry.disabled_by is None
            for entry in self._hass.config_entries.async_entries(DOMAIN)
        ):
            # A file may belong to a meter of an entry that is not loaded yet.
            return
        self._is_checking = True
        self._entry.async_create_background_task(
            self._hass, self._async_check(folder), f"{DOMAIN} watched folder"
        )

    async def _async_check(self, folder: Path) -> None:
        try:
            await self._async_take_files(folder)
        finally:
            self._is_checking = False

    async def _async_take_files(self, folder: Path) -> None:
        run = self._hass.async_add_executor_job
        if await run(unfit, self._hass, folder) is not None:
            if not self._was_unfit:
                LOGGER.warning(
                    "The watched folder may not be read any more: choose another one"
                )
            self._was_unfit = True
            return
        self._was_unfit, self._not_before = False, None
        waiting = await run(files_in, folder)
        self._stuck &= waiting
        # A file that is unchanged after a minute is complete.
        settled = (waiting & self._before) - self._stuck
        self._before = waiting
        for seen in sorted(settled, key=lambda seen: (seen.modified, seen.name)):
            if not await self._async_take(folder / seen.name, seen):
                break
        self._stuck &= await run(files_in, folder)
        self._show(await run(files_in, folder / Outcome.FAILED), self._stuck)

    async def _async_take(self, file: Path, seen: Seen) -> bool:
        """Import one file and put it away; return whether the next one can follow."""
        self._stuck |= {seen}
        try:
            outcome, report = await self._async_outcome(file)
        except UpdateFailed:
            # The disk is full, which has a repair of its own. The file stays for later.
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
        texts, language = await async_texts(self._hass), self._hass.config.language
        try:
            export = await async_read_file(self._hass, file)
            found = sorted_by_meter(self._hass, export)
        except FileRefusedError as err:
            return Outcome.FAILED, await async_refusal_report(self._hass, err, texts)
        except ExportQuestionError as asked:
            return Outcome.FAILED, question_report(asked, texts, language)
        delivered = await async_deliver(found.shares)
        report = done_report(export, delivered, found.unmatched, texts, language)
        return Outcome.DONE, report

    def _is_first(self, folder: Path) -> bool:
        entries = self._hass.config_entries.async_loaded_entries(DOMAIN)
        first = next(each for each in entries if folder_of(each) == folder)
        return first is self._entry

    @callback
    def _show(self, failed: Iterable[Seen], stuck: Iterable[Seen]) -> None:
        """Show one repair for all files that failed, and one for all that are stuck."""
        for issue, files in ((Issue.FILES_FAILED, failed), (Issue.FILES_STUCK, stuck)):
            listed = sorted(shown_name(seen.name) for seen in files)
            if not listed:
                async_hide_issue(self._hass, issue, self._entry.entry_id)
                continue
            texts = {
                "count": str(len(listed)),
                "files": bullets(listed, _MOST_NAMES),
                "folder": escaped(str(folder_of(self._entry))),
            }
            repair = Repair(issue, self._entry.entry_id, texts, is_fixable=False)
            async_show_issue(self._hass, self._entry, repair)
