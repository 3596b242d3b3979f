"""The exported files of one flow: uploaded, read, kept as long as it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    FileSelector,
    FileSelectorConfig,
)
import voluptuous as vol

from ..exchange.take_in import FileRefusedError, content_of, read_file
from ..files import NO_ANSWERS, Answers, ExportFile, ExportQuestionError
from ..helpers.clock import paris_today
from ..helpers.texts import async_texts, shown_names
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


@dataclass(frozen=True, slots=True)
class _File:
    """An upload's bytes, which can be fetched once, and how they are to be read."""

    name: str
    content: bytes = field(repr=False)
    leaves_out_bad_rows: bool = False
    answers: Answers = NO_ANSWERS

    def read(self) -> Upload | AskedFile:
        """Return its content, or what it leaves open. Blocking.

        Raises:
            FileRefusedError: it cannot be imported.
        """
        try:
            export = read_file(
                self.content,
                self.name,
                today=paris_today(),
                leave_out_bad_rows=self.leaves_out_bad_rows,
                answers=self.answers,
            )
        except ExportQuestionError as asked:
            return self.asks(asked)
        return Upload(self.name, export)

    def asks(self, asked: ExportQuestionError) -> AskedFile:
        """Return the file with a question of its own."""
        # The frames of what was raised hold all rows.
        return AskedFile(self, asked.with_traceback(None))


@dataclass(frozen=True, slots=True)
class AskedFile:
    """A file with a question that is still to be answered."""

    file: _File
    asked: ExportQuestionError


@dataclass(frozen=True, slots=True)
class _Box:
    """A file refused for some of its rows, and what is left without them."""

    file: _File
    remaining: Upload | AskedFile


class FileIntake:
    """The files of one flow.

    Attributes:
        uploads: those that can be taken in.
        asked: those with an open question. Their bytes are kept until it is answered.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is uploaded yet."""
        self._hass = hass
        self.uploads: tuple[Upload, ...] = ()
        self.asked: tuple[AskedFile, ...] = ()
        self._refused = ""
        self._box: _Box | None = None

    @property
    def schema(self) -> vol.Schema:
        """Fields for some files; and the question whether to leave bad rows out."""
        fields: dict[vol.Marker, Any] = {
            vol.Optional(each): _SELECTOR for each in FIELDS
        }
        if self._box is not None:
            leave_out = vol.Required(CONF_LEAVE_OUT, default=False)
            fields = {leave_out: BooleanSelector(), **fields}
        return vol.Schema(fields)

    @property
    def placeholders(self) -> dict[str, str]:
        """What fills the texts of the form."""
        asked = [each.file.name for each in self.asked]
        return {
            "ready": shown_names([*(each.name for each in self.uploads), *asked]),
            "refused": shown_names([self._refused] if self._refused else []),
        }

    async def async_take(self, form: Mapping[str, Any]) -> Told:
        """Take the uploads over; what is right stays for the next try.

        Of several that are wrong the first one's reason is told. The box is about that
        one alone; with it ticked, the same file may be chosen again, corrected or not.
        """
        ticked = self._box if form.get(CONF_LEAVE_OUT) else None
        self._box, self._refused = None, ""
        told = Told()
        for each in FIELDS:
            if each not in form:
                continue
            file = None
            try:
                file = await self._async_fetched(form[each])
                if ticked is not None and file.content == ticked.file.content:
                    continue
                if ticked is not None and file.name == ticked.file.name:
                    file, ticked = replace(file, leaves_out_bad_rows=True), None
                await self._async_keep(file)
            except FileRefusedError as err:
                if told.errors:
                    errors = {**told.errors, each: "file_refused_too"}
                    told = Told(errors, told.placeholders)
                else:
                    told = await self._async_told(each, err, file)
        if ticked is not None:
            self._keep(ticked.remaining)
        return told

    async def async_answer(self, answer: str | None) -> Told:
        """Read the first file with a question again; None: it is left out.

        Returns:
            Why it is refused, beside no field; nothing where it is not.
        """
        (first, *others), self.asked = self.asked, ()
        told = Told()
        if answer is not None:
            answers = {**first.file.answers, first.asked.question: answer}
            file = replace(first.file, answers=answers)
            try:
                await self._async_keep(file)
            except FileRefusedError as err:
                told = await self._async_told("base", err, file)
        self.asked += tuple(others)
        return told

    def drop(self, upload: Upload) -> None:
        """Forget a file that turned out to be nobody's here."""
        self.uploads = tuple(each for each in self.uploads if each is not upload)

    async def _async_fetched(self, upload_id: str) -> _File:
        try:
            return await async_read_upload(self._hass, upload_id, _fetched)
        except UploadGoneError:
            raise FileRefusedError("file_gone") from None

    async def _async_keep(self, file: _File) -> None:
        self._keep(await self._hass.async_add_executor_job(file.read))

    def _keep(self, read: Upload | AskedFile) -> None:
        if isinstance(read, Upload):
            self.uploads += (read,)
        else:
            self.asked += (read,)

    async def _async_told(
        self, place: str, refused: FileRefusedError, file: _File | None
    ) -> Told:
        """Tell beside a field why a file is refused; offer the box where one fits."""
        self._refused = file.name if file is not None else ""
        if file is not None and refused.remaining is not None:
            partly = replace(file, leaves_out_bad_rows=True)
            self._box = _Box(
                file,
                Upload(file.name, refused.remaining)
                if isinstance(refused.remaining, ExportFile)
                else partly.asks(refused.remaining),
            )
        texts = await async_texts(self._hass)
        return Told({place: refused.key}, refused.placeholders(texts))


def _fetched(path: Path) -> _File:
    return _File(path.name, content_of(path))
