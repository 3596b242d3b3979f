"""The exported files of one flow: uploaded, read once, kept as long as it lasts."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    FileSelector,
    FileSelectorConfig,
)
import voluptuous as vol

from ..exchange.take_in import FileRefusedError, read_file
from ..files import ExportFile
from ..helpers.clock import paris_today
from ..helpers.texts import shown_names
from ..helpers.uploads import UploadGoneError, async_read_upload

CONF_LEAVE_OUT: Final = "leave_out"
FIELDS: Final = tuple(f"file_{number + 1}" for number in range(5))
_SELECTOR: Final = FileSelector(FileSelectorConfig(accept=".xlsx,.xlsm,.xls,.csv,.txt"))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, as it was read."""

    name: str
    export: ExportFile


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong with a form, by field, and what fills the texts."""

    errors: Mapping[str, str] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)


class FileIntake:
    """The files of one flow.

    Attributes:
        uploads: those that can be taken in.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is uploaded yet."""
        self._hass = hass
        self.uploads: tuple[Upload, ...] = ()
        self._without_bad_rows: tuple[Upload, ...] = ()

    @property
    def schema(self) -> vol.Schema:
        """Fields for some files; and the question whether to leave bad rows out."""
        fields: dict[vol.Marker, Any] = {
            vol.Optional(each): _SELECTOR for each in FIELDS
        }
        if self._without_bad_rows:
            leave_out = vol.Required(CONF_LEAVE_OUT, default=False)
            fields = {leave_out: BooleanSelector(), **fields}
        return vol.Schema(fields)

    @property
    def placeholders(self) -> dict[str, str]:
        """What fills the text above the fields."""
        return {"ready": shown_names(upload.name for upload in self.uploads)}

    async def async_take(self, form: Mapping[str, Any]) -> Told:
        """Take the uploads over; what is right stays for the next try.

        An upload can be used once. Of several that are wrong the first one's reason
        is told.
        """
        if form.get(CONF_LEAVE_OUT):
            self.uploads += self._without_bad_rows
        self._without_bad_rows = ()
        told = Told()
        for each in FIELDS:
            if each not in form:
                continue
            try:
                self.uploads += (await self._async_read(form[each]),)
            except FileRefusedError as err:
                if told.errors:
                    errors = {**told.errors, each: "file_refused_too"}
                    told = Told(errors, told.placeholders)
                else:
                    told = Told({each: err.key}, err.placeholders)
        if not (told.errors or self.uploads):
            return Told({"base": "no_file"})
        return told

    def drop(self, upload: Upload) -> None:
        """Forget a file that turned out to be nobody's here."""
        self.uploads = tuple(each for each in self.uploads if each is not upload)

    async def _async_read(self, upload_id: str) -> Upload:
        try:
            name, read, without_bad_rows = await async_read_upload(
                self._hass, upload_id, partial(_read, today=paris_today())
            )
        except UploadGoneError:
            raise FileRefusedError("file_gone") from None
        if isinstance(read, ExportFile):
            return Upload(name, read)
        if without_bad_rows is not None:
            self._without_bad_rows += (Upload(name, without_bad_rows),)
        raise read


def _read(
    path: Path, today: date
) -> tuple[str, ExportFile | FileRefusedError, ExportFile | None]:
    """Return a file's name, its content or the error, and that without its bad rows.

    The upload is deleted afterwards: what a second question may need is read at once.
    """
    try:
        return path.name, read_file(path, today=today), None
    except FileRefusedError as err:
        refused = err
    without_bad_rows = None
    if refused.rows_can_be_left_out:
        with suppress(FileRefusedError):
            without_bad_rows = read_file(path, today=today, leave_out_bad_rows=True)
    return path.name, refused, without_bad_rows
