"""A folder whose files are imported and put away. Blocking: for an executor."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
import os
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant

from ..helpers.paths import is_allowed, is_served

# What desktops, shares and downloads leave beside a file, or before it is complete.
_HIDDEN: Final = (".", "~")
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".tmp")
_OF_A_DESKTOP: Final = frozenset({"desktop.ini", "thumbs.db"})
# A report may be put back together with its file.
_REPORT: Final = ".report.txt"


class Outcome(StrEnum):
    """The outcome of a file; also the sub-folder it is put away in."""

    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was found; one that is still being written differs each time."""

    name: str
    size: int
    modified: int


def unfit(hass: HomeAssistant, folder: Path) -> str | None:
    """Return the key of why a folder cannot be watched; None: it can."""
    if not folder.is_absolute() or "\0" in str(folder):
        return "folder_not_absolute"
    if is_served(hass, folder):
        return "folder_served"
    if not is_allowed(hass, folder):
        return "folder_not_allowed"
    shared = (hass.config.config_dir, *hass.config.media_dirs.values())
    if folder.resolve() in {Path(each).resolve() for each in shared}:
        return "folder_not_its_own"
    return None


def created(folder: Path) -> bool:
    """Create a folder if it is missing; return whether it can be read and written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def files_in(folder: Path) -> frozenset[Seen]:
    """Return the files in a folder; none where there is no folder.

    Neither sub-folders nor links: their targets are not in the folder.
    """
    try:
        return frozenset(_seen(folder))
    except OSError:
        # It may not be mounted yet.
        return frozenset()


def put_away(file: Path, outcome: Outcome, report: str) -> None:
    """Move a file to a sub-folder, with a report beside it.

    A name that is taken gets a number. Where no report can be written, the file is
    moved all the same.

    Raises:
        OSError: it could not be moved.
    """
    target = file.parent / outcome
    target.mkdir(exist_ok=True)
    if target.is_symlink():
        raise NotADirectoryError
    path = next(each for each in _names(target, file.name) if _is_free(each))
    beside = _beside(path)
    with suppress(OSError):
        beside.write_text(report, encoding="utf-8")
    try:
        file.rename(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _seen(folder: Path) -> Iterator[Seen]:
    with os.scandir(folder) as found:
        for each in found:
            if _is_input(each.name) and each.is_file(follow_symlinks=False):
                stat = each.stat(follow_symlinks=False)
                yield Seen(each.name, stat.st_size, stat.st_mtime_ns)


def _is_input(name: str) -> bool:
    folded = name.casefold()
    return not (
        folded.startswith(_HIDDEN)
        or folded.endswith((_REPORT, *_UNFINISHED))
        or folded in _OF_A_DESKTOP
    )


def _names(folder: Path, name: str) -> Iterator[Path]:
    path = folder / name
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")


def _is_free(path: Path) -> bool:
    return not any(os.path.lexists(each) for each in (path, _beside(path)))


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}{_REPORT}")
