"""The end of a fleet's job: a table of GRDF's answers, and a notification."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..adict import PARIS
from ..const import DOMAIN, LOGGER
from ..files import Cell, DecimalSign, TableFormat, table_writer
from ..fleet import Job
from ..helpers.paths import media_folder
from ..helpers.texts import Texts, async_texts, escaped
from .texts import job_texts, reason_text

_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
_HEADER_LINES: Final = 1
_COLUMNS: Final = ("line", "pce", "work", "result", "code", "message", "less")


async def async_report(hass: HomeAssistant, entry: ConfigEntry, job: Job) -> None:
    """Write a job's report, and show a notification with its path."""
    texts = await async_texts(hass)
    name = f"{dt_util.utcnow().astimezone(PARIS):%Y-%m-%d_%H-%M-%S}.csv"
    path = media_folder(hass) / "fleet" / name
    is_french = hass.config.language == "fr"
    sign = DecimalSign.COMMA if is_french else DecimalSign.POINT
    header = [texts[f"fleet_column.{column}"] for column in _COLUMNS]
    try:
        await hass.async_add_executor_job(_write, path, header, _rows(job, texts), sign)
    except OSError as err:
        LOGGER.warning("A fleet's report could not be written: %s", err.strerror)
        where = texts["fleet_text.no_report"]
    else:
        where = str(path)
    persistent_notification.async_create(
        hass,
        texts["fleet_text.ended"].format(
            **job_texts(job), account=escaped(entry.title), path=where
        ),
        title=texts["fleet_text.title"],
        notification_id=f"{DOMAIN}_fleet_{entry.entry_id}",
    )


def _rows(job: Job, texts: Texts) -> list[Sequence[Cell]]:
    """Return the outcome of each PCE of a job.

    It has whole PCE and GRDF's texts, and no name or address.
    """
    return [
        (
            task.line,
            task.pce,
            texts[f"fleet_work.{task.work}"],
            texts[f"fleet_state.{task.state}"],
            task.code,
            reason_text(task, texts),
            ", ".join(texts[f"grant_field.{name}"] for name in task.less),
        )
        for task in job.tasks
    ]


async def async_erase_from_reports(hass: HomeAssistant, pce: str) -> None:
    """Remove the lines on a PCE from every report; one that has no other goes."""
    folder = media_folder(hass) / "fleet"
    try:
        await hass.async_add_executor_job(_erase, folder, pce)
    except OSError as err:
        LOGGER.warning("A fleet's report could not be changed: %s", err.strerror)


def _erase(folder: Path, pce: str) -> None:
    for path in folder.glob("*.csv"):
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if pce.encode() not in line]
        if len(kept) <= _HEADER_LINES < len(lines):
            path.unlink()
        elif len(kept) < len(lines):
            path.write_bytes(b"".join(kept))


def _write(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    sign: DecimalSign,
) -> None:
    """Write a table that only Home Assistant's user can read. Blocking."""
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    path.touch(mode=_FILE_MODE)
    with closing(table_writer(path, TableFormat.CSV, header, sign)) as table:
        table.add(rows)
