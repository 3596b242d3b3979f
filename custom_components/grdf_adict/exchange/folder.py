"""A folder whose files are taken in and put away. Blocking: for an executor."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
import os
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant

from ..helpers.paths import is_allowed, is_served, media_folder

# What desktops, shares and downloads leave beside a file, or before it is whole.
_HIDDEN: Final = (".", "~")
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".tmp")
_OF_A_DESKTOP: Final = frozenset({"desktop.ini", "thumbs.db"})
# They may be put back together with what they are about.
_REPORT: Final = ".report.txt"


class Outcome(StrEnum):
    """What became of a file; also the sub-folder it is put away in."""

    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was seen; one that is still being written differs at each look."""

    name: str
    size: int
    modified: int


def default_folder(hass: HomeAssistant) -> Path:
    """Return the folder that is proposed: in the media folder."""
    return media_folder(hass)


def unfit(hass: HomeAssistant, folder: Path) -> str | None:
    """Return the key of why a folder cannot be watched; None: it can."""
    if not folder.is_absolute() or "\0" in str(folder):
        return "folder_not_absolute"
    place = folder.resolve()
    if is_served(hass, folder):
        return "folder_served"
    if not is_allowed(hass, folder):
        return "folder_not_allowed"
    shared = (hass.config.config_dir, *hass.config.media_dirs.values())
    if place in {Path(each).resolve() for each in shared}:
        return "folder_not_its_own"
    return None


def created(folder: Path) -> bool:
    """Whether a folder is there to be written to; made where it was not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def waiting_in(folder: Path) -> frozenset[Seen]:
    """Return the files that wait in a folder; none where there is no folder.

    Neither sub-folders nor links: what they lead to is not the folder's.
    """
    try:
        return frozenset(_seen(folder))
    except OSError:
        # Not mounted, maybe: it is looked for again.
        return frozenset()


def failed_in(folder: Path) -> list[str]:
    """Return the names of the files that were put away as failed."""
    return sorted(seen.name for seen in waiting_in(folder / Outcome.FAILED))


def put_away(file: Path, outcome: Outcome, report: str) -> None:
    """Move a file to a sub-folder, with a report beside it.

    A name that is taken gets a number. Where no report can be written, the file is
    moved all the same.

    Raises:
        OSError: it could not be moved, and is where it was.
    """
    target = file.parent / outcome
    target.mkdir(exist_ok=True)
    if target.is_symlink():
        raise NotADirectoryError
    place = next(each for each in _names(target, file.name) if _is_free(each))
    beside = _beside(place)
    with suppress(OSError):
        beside.write_text(report, encoding="utf-8")
    try:
        file.rename(place)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _seen(folder: Path) -> Iterator[Seen]:
    with os.scandir(folder) as found:
        for each in found:
            if _is_meant(each.name) and each.is_file(follow_symlinks=False):
                about = each.stat(follow_symlinks=False)
                yield Seen(each.name, about.st_size, about.st_mtime_ns)


def _is_meant(name: str) -> bool:
    folded = name.casefold()
    return not (
        folded.startswith(_HIDDEN)
        or folded.endswith((_REPORT, *_UNFINISHED))
        or folded in _OF_A_DESKTOP
    )


def _names(folder: Path, name: str) -> Iterator[Path]:
    path = folder / name
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1


def _is_free(path: Path) -> bool:
    return not any(os.path.lexists(each) for each in (path, _beside(path)))


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}{_REPORT}")


def in_order(files: Iterable[Seen]) -> list[Seen]:
    """Return files as they came."""
    return sorted(files, key=lambda seen: (seen.modified, seen.name))
