"""A table in a folder of the user's: complete at its path, or not there at all."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
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
        """Keep the key; never the path, which would appear in logs."""
        super().__init__(key)
        self.key = key


class WholeFile:
    """A table that is being written beside its path; every method blocks.

    All of them raise ExportRefusedError where the file cannot be written.
    """

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
        """Open the part that becomes the file."""
        part = path.with_name(f".{path.name}.{uuid4().hex}.part")
        with _refused():
            if path.exists() and not overwrite:
                raise FileExistsError
            try:
                return cls(path, table_writer(part, kind, header, sign), part)
            except OSError:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
                raise

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write some more rows."""
        with _refused():
            self._writer.add(rows)

    def finish(self, *, overwrite: bool) -> None:
        """Put the complete file at its path."""
        with _refused():
            self._writer.close()
            _sync(self._part)
            if overwrite:
                self._part.replace(self._path)
            else:
                _move_to_free(self._part, self._path)

    def drop(self) -> None:
        """Leave nothing behind; after `finish`, there is nothing."""
        with suppress(OSError):
            self._writer.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)


@contextmanager
def _refused() -> Generator[None]:
    try:
        yield
    except TooManyRowsError as err:
        raise ExportRefusedError("export_too_many_rows") from err
    except OSError as err:
        raise ExportRefusedError(_key(err)) from err


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _move_to_free(part: Path, path: Path) -> None:
    """Move a file to a free path; FileExistsError where another program took it."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        # A network share or a stick may not support hard links.
        if path.exists():
            raise FileExistsError from None
        part.replace(path)
    else:
        part.unlink()


def _key(error: OSError) -> str:
    if isinstance(error, FileExistsError):
        return "export_exists"
    if error.errno in _FULL:
        return "export_disk_full"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "export_no_folder"
    return "export_not_written"
