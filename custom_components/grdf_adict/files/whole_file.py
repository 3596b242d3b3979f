"""A table in a folder of the user's: whole at its path, or not there at all."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
import errno
import os
from pathlib import Path
from typing import Final, Self
from uuid import uuid4

from .writer import (
    Cell,
    DecimalSign,
    TableFormat,
    TableWriter,
    TooManyRowsError,
    table_writer,
)

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class ExportRefusedError(Exception):
    """A file that could not be written; nothing of it is left.

    Attributes:
        key: of the text that explains it.
    """

    def __init__(self, key: str) -> None:
        """Keep the key; never the path, which ends in logs."""
        super().__init__(key)
        self.key = key


class WholeFile:
    """A table that is being written beside its path; every method blocks."""

    def __init__(self, path: Path, writer: TableWriter, part: Path) -> None:
        """Prepare; `begin` opens one."""
        self._path = path
        self._part = part
        self._writer = writer

    @classmethod
    def begin(
        cls,
        path: Path,
        kind: TableFormat,
        header: Sequence[str],
        sign: DecimalSign,
        *,
        overwrite: bool,
    ) -> Self:
        """Open the part that becomes the file.

        Raises:
            ExportRefusedError: a file is there already, or none can be written.
        """
        if path.exists() and not overwrite:
            raise ExportRefusedError("export_exists")
        part = path.with_name(f".{path.name}.{uuid4().hex}.part")
        try:
            return cls(path, table_writer(part, kind, header, sign), part)
        except OSError as err:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise ExportRefusedError(_key(err)) from err

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write some more rows.

        Raises:
            ExportRefusedError: the disk is full, or the sheet.
        """
        try:
            self._writer.add(rows)
        except TooManyRowsError as err:
            raise ExportRefusedError("export_too_many_rows") from err
        except OSError as err:
            raise ExportRefusedError(_key(err)) from err

    def finish(self, *, overwrite: bool) -> None:
        """Put the whole file at its path.

        Raises:
            ExportRefusedError: it could not be, or a file has come there meanwhile.
        """
        try:
            self._writer.close()
            _sync(self._part)
            if overwrite:
                self._part.replace(self._path)
            else:
                _move_to_free(self._part, self._path)
        except FileExistsError as err:
            raise ExportRefusedError("export_exists") from err
        except OSError as err:
            raise ExportRefusedError(_key(err)) from err

    def drop(self) -> None:
        """Leave nothing behind; after `finish`, there is nothing."""
        with suppress(OSError):
            self._writer.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _move_to_free(part: Path, path: Path) -> None:
    """Move a file to where none is; FileExistsError where one has come."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        # A network share or a stick may know no hard links.
        if path.exists():
            raise FileExistsError from None
        part.replace(path)
    else:
        part.unlink()


def _key(error: OSError) -> str:
    if error.errno in _FULL:
        return "export_disk_full"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "export_no_folder"
    return "export_not_written"
