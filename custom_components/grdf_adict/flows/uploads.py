"""The exported files of one flow: uploaded, read once, kept as long as it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from homeassistant.components.file_upload import process_uploaded_file
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
        today = paris_today()
        name, read, mended = await self._hass.async_add_executor_job(
            _read, self._hass, upload_id, today
        )
        if isinstance(read, ExportFile):
            return Upload(name, read)
        if mended is not None:
            self._without_bad_rows += (Upload(name, mended),)
        raise read


def _read(
    hass: HomeAssistant, upload_id: str, today: date
) -> tuple[str, ExportFile | FileRefusedError, ExportFile | None]:
    """Return a file's name, what it says or why not, and what without its bad rows.

    The upload is gone afterwards: what a second question may need is read at once.
    """
    try:
        with process_uploaded_file(hass, upload_id) as path:
            try:
                return path.name, read_file(path, False, today), None  # noqa: FBT003
            except FileRefusedError as err:
                if not err.rows_can_be_left_out:
                    return path.name, err, None
                refused = err
            try:
                return path.name, refused, read_file(path, True, today)  # noqa: FBT003
            except FileRefusedError:
                # Nothing is left without them.
                return path.name, refused, None
    except ValueError:
        # Home Assistant was restarted since, or the upload was used before.
        return "", FileRefusedError("file_gone"), None
