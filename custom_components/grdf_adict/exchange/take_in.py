"""The import of exported files into a meter: read, matched to it, merged."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant

from ..const import GrdfEnvironment
from ..files import (
    NO_ANSWERS,
    ROW_PROBLEMS,
    Answers,
    ExportFile,
    ExportFileError,
    ExportQuestionError,
    Problem,
    RowFinding,
    read_bytes,
    read_export,
)
from ..helpers.clock import paris_today
from ..helpers.executor import async_compute
from ..helpers.ids import meter_key
from ..helpers.texts import Texts
from ..metering import (
    ExportedMeter,
    Ledger,
    Owner,
    Preview,
    merge_file,
    preview,
)
from ..meters.coordinator import MeterCoordinator
from ..meters.recovery import async_recovered_file
from ..meters.summaries import with_ledger
from ..storage.meter_file import MeterFile, MeterStore

_OURS: Final = frozenset({Owner.SAME, Owner.ZERO_LOST})


class FileRefusedError(Exception):
    """A file that is not imported; its text has no personal data.

    Attributes:
        key: of the text, in forms as in exceptions.
        findings: every problem of its rows.
        remaining: what is read without its invalid rows, or the question that this
            raises; None: nothing is, or its rows are not what is wrong.
        no_row_is_valid: whether its rows are what is wrong, and none remains.
    """

    def __init__(
        self,
        key: str,
        placeholders: Mapping[str, str] | None = None,
        *,
        findings: Sequence[RowFinding] = (),
        remaining: ExportFile | ExportQuestionError | None = None,
        no_row_is_valid: bool = False,
    ) -> None:
        """Keep the key of the text that explains it; never the file's name."""
        super().__init__(key)
        self.key = key
        self.findings = tuple(findings)
        self.remaining = remaining
        self.no_row_is_valid = no_row_is_valid
        self._placeholders = dict(placeholders or {})

    def placeholders(self, texts: Texts) -> dict[str, str]:
        """Return what fills the text; `texts` are those of the selectors."""
        if not self.no_row_is_valid:
            return self._placeholders
        word = "all_rows" if len(self.findings) == 1 else "no_other_row"
        rows = f"{self._placeholders['rows']} ({texts[f'file_word.{word}']})"
        return {**self._placeholders, "rows": rows}


async def async_read_file(
    hass: HomeAssistant,
    path: Path,
    *,
    leave_out_bad_rows: bool = False,
    answers: Answers = NO_ANSWERS,
) -> ExportFile:
    """Return what `read_file` does of a path, in the executor.

    The caller has checked that the path may be read.

    Raises:
        FileRefusedError: the file cannot be imported.
        ExportQuestionError: a person has to decide something first.
    """
    today = paris_today()

    def read() -> ExportFile:
        return read_file(
            content_of(path),
            path.name,
            today=today,
            leave_out_bad_rows=leave_out_bad_rows,
            answers=answers,
        )

    return await hass.async_add_executor_job(read)


def content_of(path: Path) -> bytes:
    """Return a file's bytes. Blocking.

    Raises:
        FileRefusedError: it cannot be read.
    """
    try:
        return read_bytes(path)
    except OSError:
        # Its text has the file's name, which contains the PCE.
        raise FileRefusedError("file_unreadable") from None


def read_file(
    content: bytes,
    name: str,
    *,
    today: date,
    leave_out_bad_rows: bool = False,
    answers: Answers = NO_ANSWERS,
) -> ExportFile:
    """Return what an exported file says; see `read_export`. Blocking.

    Raises:
        FileRefusedError: the file cannot be imported.
        ExportQuestionError: a person has to decide something first.
    """
    read = partial(read_export, content, name=name, today=today, answers=answers)
    try:
        return read(leave_out_bad_rows=leave_out_bad_rows)
    except ExportFileError as err:
        without = _without_bad_rows(read) if err.problem in ROW_PROBLEMS else err
        raise _refused(err, without) from err


def _refused(
    err: ExportFileError, without: ExportFile | ExportQuestionError | ExportFileError
) -> FileRefusedError:
    """Return the refusal; `without` is what the file is without its invalid rows."""
    of_rows = [each for each in err.findings if each.problem in ROW_PROBLEMS]
    problem, remaining, is_none_valid = err.problem, None, False
    if not isinstance(without, ExportFileError):
        remaining = without if err.rows_can_be_left_out else None
    elif of_rows and without.problem is Problem.NO_ROWS:
        problem, is_none_valid = of_rows[0].problem, True
    return FileRefusedError(
        f"file_{problem}",
        {"rows": places(each for each in err.findings if each.problem is problem)},
        findings=err.findings,
        remaining=remaining,
        no_row_is_valid=is_none_valid,
    )


def _without_bad_rows(
    read: Callable[..., ExportFile],
) -> ExportFile | ExportQuestionError | ExportFileError:
    try:
        return read(leave_out_bad_rows=True)
    except (ExportQuestionError, ExportFileError) as raised:
        # Its frames, and those of the error before it, have all rows; it is kept.
        raised.__context__ = None
        return raised.with_traceback(None)


def of_the_meter(
    export: ExportFile, pce: str, *, is_confirmed: bool = False
) -> tuple[ExportedMeter, ...]:
    """Return the tables of a file for the meter with a PCE, which the user named.

    A file's only table is the meter's where it names no PCE, or where the user has
    confirmed a file of another PCE (`is_confirmed`).

    Raises:
        FileRefusedError: it is another meter's, or several others'.
    """
    if ours := tuple(meter for meter in export.meters if meter.owner(pce) in _OURS):
        return ours
    only, *others = export.meters
    if others:
        raise FileRefusedError(
            "file_of_other_meters", {"count": str(len(export.meters))}
        )
    if only.pce is None or is_confirmed:
        return (only,)
    raise FileRefusedError("file_of_another_meter", {"pce": only.pce.masked})


async def async_take_files(
    meter: MeterCoordinator, exported: Iterable[ExportedMeter]
) -> tuple[Preview, ...]:
    """Import tables into their meter; imported twice, they change nothing.

    Returns:
        The effect of each, after those before it.

    Raises:
        UpdateFailed: the disk is full; nothing is lost, and a repetition is harmless.
    """
    return await meter.async_change_ledger(partial(merged, exported=tuple(exported)))


async def async_preview_files(
    meter: MeterCoordinator, exported: Iterable[ExportedMeter]
) -> tuple[Preview, ...]:
    """Return what `async_take_files` would do now; nothing changes."""
    ledger = await meter.book.async_ledger()
    _, previews = await async_compute(meter.hass, merged, ledger, tuple(exported))
    return previews


async def async_with_files(
    hass: HomeAssistant, file: MeterFile, exported: Iterable[ExportedMeter]
) -> tuple[MeterFile, tuple[Preview, ...]]:
    """Return the file of a meter without a contract with tables imported.

    Nothing is written: the caller does that.
    """
    change = partial(merged, exported=tuple(exported))
    after, _, previews = await async_compute(hass, with_ledger, file, change, None)
    return after, previews


async def async_kept_file(hass: HomeAssistant, pce: str) -> MeterFile:
    """Return what is still stored of a PCE that is not a meter: usually nothing."""
    key = meter_key(GrdfEnvironment.PRODUCTION, pce)
    kept = await MeterStore(hass, key).async_load()
    if kept is not None and not kept.is_damaged:
        return kept
    return await async_recovered_file(hass, pce, key, None, kept or MeterFile())


async def async_keep_file(hass: HomeAssistant, pce: str, file: MeterFile) -> None:
    """Write the file of a PCE that becomes a meter.

    Raises:
        WriteFailedError: nothing was written; the file is as it was before.
    """
    key = meter_key(GrdfEnvironment.PRODUCTION, pce)
    await MeterStore(hass, key).async_write(file)


def places(findings: Iterable[RowFinding]) -> str:
    """Return where problems were found, for the user: `12, 15, 16 … (2: 7)`."""
    listed: list[str] = []
    for found in findings:
        if not found.rows:
            continue
        more = " …" if found.count > len(found.rows) else ""
        rows = f"{', '.join(map(str, found.rows))}{more}"
        listed.append(rows if found.sheet == 1 else f"({found.sheet}: {rows})")
    return "; ".join(listed) or "-"


def merged(
    ledger: Ledger, exported: tuple[ExportedMeter, ...]
) -> tuple[Ledger, tuple[Preview, ...]]:
    """Return the ledger with tables imported, and the effect of each."""
    previews = []
    for meter in exported:
        after = merge_file(ledger, meter)
        previews.append(preview(ledger, after, meter))
        ledger = after
    return ledger, tuple(previews)
