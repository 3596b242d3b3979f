"""The end of a fleet's job: a table of GRDF's answers, PCE by PCE, and a word on it."""

import csv
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Final

from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..fleet import Job
from ..helpers.texts import Texts, async_texts
from ..metering import PARIS
from .texts import job_texts, reason_text

_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
# A spreadsheet would run what begins with these.
_FORMULAS: Final = ("=", "+", "-", "@")
_COLUMNS: Final = ("line", "pce", "work", "result", "code", "message", "less")


async def async_tell(hass: HomeAssistant, entry: ConfigEntry, job: Job) -> None:
    """Write a job's report, and say that the job has ended and where the report is."""
    words = await async_texts(hass)
    path = report_path(hass, dt_util.utcnow())
    try:
        await hass.async_add_executor_job(
            write_private, path, report(job, words, french=_is_french(hass))
        )
    except OSError as err:
        LOGGER.warning("A fleet's report could not be written: %s", err.strerror)
        where = words["fleet_text.no_report"]
    else:
        where = str(path)
    persistent_notification.async_create(
        hass,
        words["fleet_text.ended"].format(
            **job_texts(job), account=entry.title, path=where
        ),
        title=words["fleet_text.title"],
        notification_id=f"{DOMAIN}_fleet_{entry.entry_id}",
    )


def report(job: Job, words: Texts, *, french: bool) -> bytes:
    """Return what became of each PCE of a job, as a text table for a spreadsheet.

    It holds whole PCE and GRDF's words, and nobody's name or address.
    """
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=";" if french else ",")
    writer.writerow(words[f"fleet_column.{column}"] for column in _COLUMNS)
    for task in job.tasks:
        writer.writerow(
            (
                _harmless(task.line),
                task.pce,
                words[f"fleet_work.{task.work}"],
                words[f"fleet_state.{task.state}"],
                task.code or "",
                _harmless(reason_text(task, words)),
                ", ".join(words[f"grant_field.{name}"] for name in task.less),
            )
        )
    return written.getvalue().encode("utf-8-sig")


def report_path(hass: HomeAssistant, now: datetime) -> Path:
    """Return where a report goes: the media folder, which asks for a login."""
    folders = hass.config.media_dirs
    media = folders.get("local") or next(iter(folders.values()), None)
    folder = Path(media or hass.config.path("media"), DOMAIN, "fleet")
    return folder / f"{now.astimezone(PARIS):%Y-%m-%d_%H-%M-%S}.csv"


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only Home Assistant's user can read. Blocking.

    Raises:
        OSError: it could not be written.
    """
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    path.touch(mode=_FILE_MODE)
    path.write_bytes(content)


def _is_french(hass: HomeAssistant) -> bool:
    return hass.config.language == "fr"


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text
