"""The steps that flows of exported files share: upload, whose, look, confirm."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, override

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import CONF_NAME
from homeassistant.data_entry_flow import FlowContext, FlowHandler, FlowResult
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..adict import InvalidPceError, mask_pce, parse_pce
from ..const import CONF_METERS, CONF_PCE, SUBENTRY_TYPE_METER, GrdfEnvironment
from ..contract.candidates import async_kept_title, meter_owners, meter_title
from ..exchange.take_in import async_keep_file, async_kept_file, async_with_files
from ..helpers.forms import Form
from ..helpers.ids import meter_key
from ..helpers.store import WriteFailedError
from ..helpers.texts import async_texts, escaped
from ..metering import ExportedMeter
from .file_question import (
    CONF_ANSWER,
    given_answer,
    question_placeholders,
    question_schema,
)
from .file_texts import FileMeter, preview_text, table_text
from .uploads import FileIntake, Told, Upload

type Place = tuple[int, int]
"""Of a table: its file's among the uploads, its own in the file."""

_CONF_ALL: Final = "all_of_them"


class FileSteps[ContextT: FlowContext, ResultT: FlowResult[Any, Any], HandlerT](
    FlowHandler[ContextT, ResultT, HandlerT]
):
    """Takes files over, shows what they would do, and does it."""

    _files: FileIntake | None = None
    _found: Sequence[FileMeter] = ()
    # PCE of the files that are meters elsewhere, and where.
    _owned: Mapping[str, str] = MappingProxyType({})

    @property
    def _intake(self) -> FileIntake:
        if self._files is None:
            self._files = FileIntake(self.hass)
        return self._files

    async def async_step_files(self, user_input: Form = None) -> ResultT:
        """Ask for the files."""
        if user_input is None:
            return self._show_upload(Told())
        return await self._async_go_on(await self._intake.async_take(user_input))

    async def async_step_file_question(self, user_input: Form = None) -> ResultT:
        """Ask what the next file leaves open; each file may leave several things."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if CONF_ANSWER in user_input:
                answer = given_answer(user_input[CONF_ANSWER])
                return await self._async_go_on(await self._intake.async_answer(answer))
            errors[CONF_ANSWER] = "answer_missing"
        asked, texts = self._intake.asked[0], await async_texts(self.hass)
        return self.async_show_form(
            step_id="file_question",
            data_schema=question_schema(asked, texts),
            errors=errors,
            description_placeholders=question_placeholders(
                asked, texts, self.hass.config.language
            ),
            last_step=False,
        )

    async def async_step_file_preview(self, user_input: Form = None) -> ResultT:
        """Show what the files say and what taking them in would do, and do it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            done = await self._async_take_in(user_input)
            if not isinstance(done, str):
                return done
            errors["base"] = done
        words = await async_texts(self.hass)
        language = self.hass.config.language
        return self.async_show_form(
            step_id="file_preview",
            data_schema=self.add_suggested_values_to_schema(
                self._preview_schema(), user_input or await self._async_kept_name()
            ),
            errors=errors,
            description_placeholders={
                "preview": preview_text(
                    self._found, self._intake.uploads, self._owned, words, language
                )
            },
        )

    async def _async_kept_name(self) -> dict[str, str]:
        """Return the name that the files' only meter had before it was deleted."""
        keys = [meter_key(GrdfEnvironment.PRODUCTION, each.pce) for each in self._found]
        title = await async_kept_title(self.hass, keys[0]) if len(keys) == 1 else None
        return {CONF_NAME: title} if title else {}

    async def _async_go_on(self, told: Told) -> ResultT:
        """Show what is wrong, ask the next question, or look whose the files are."""
        if told.errors:
            return self._show_upload(told)
        if self._intake.asked:
            return await self.async_step_file_question()
        if not self._intake.uploads:
            return self._show_upload(Told({"base": "no_file"}))
        return await self._async_sort()

    @abstractmethod
    async def _async_sort(self) -> ResultT:
        """Find whose the uploaded files are, and go on: ask, refuse, or preview."""

    @abstractmethod
    async def _async_take_in(self, form: dict[str, Any]) -> ResultT | str:
        """Take in what was previewed; the key of an error where that fails."""

    @abstractmethod
    def _preview_schema(self) -> vol.Schema:
        """Return what is asked beside the preview."""

    def _show_upload(self, told: Told) -> ResultT:
        return self.async_show_form(
            step_id="files",
            data_schema=self._intake.schema,
            errors=dict(told.errors),
            description_placeholders={**self._intake.placeholders, **told.placeholders},
            last_step=False,
        )


class NewMeterSteps[ContextT: FlowContext, ResultT: FlowResult[Any, Any], HandlerT](
    FileSteps[ContextT, ResultT, HandlerT]
):
    """Makes meters of files: of each PCE that they name, or that somebody names."""

    _one_meter_only = False
    _said: Mapping[Place, str] = MappingProxyType({})

    async def async_step_file_pce(self, user_input: Form = None) -> ResultT:
        """Ask whose the tables are that name no PCE: once for all, or one by one."""
        errors: dict[str, str] = {}
        explanation: dict[str, str] = {}
        unnamed = [
            (place, upload, exported)
            for place, upload, exported in self._tables()
            if self._pce_of(place, exported) is None
        ]
        places = [place for place, _, _ in unnamed]
        if user_input is not None:
            try:
                pce = parse_pce(user_input[CONF_PCE])
            except InvalidPceError:
                errors[CONF_PCE] = "invalid_pce"
                explanation["pce"] = escaped(user_input[CONF_PCE])
            else:
                answered = places if user_input.get(_CONF_ALL) else places[:1]
                self._said = {**self._said, **dict.fromkeys(answered, pce)}
                return await self._async_sort()
        language = self.hass.config.language
        words = await async_texts(self.hass)
        return self.async_show_form(
            step_id="file_pce",
            data_schema=self.add_suggested_values_to_schema(
                _pce_schema(places), user_input or self._known_pce()
            ),
            errors=errors,
            description_placeholders={
                "files": "\n".join(
                    f"- {table_text(upload.name, exported, words, language)}"
                    for _, upload, exported in unnamed
                ),
                **explanation,
            },
            last_step=False,
        )

    def _known_pce(self) -> dict[str, str]:
        """Return the PCE that was typed last, or that all other files name."""
        named = {
            pce
            for place, _, exported in self._tables()
            if (pce := self._pce_of(place, exported)) is not None
        }
        known = [*named][-1:] if len(named) == 1 else [*self._said.values()][-1:]
        return {CONF_PCE: known[0]} if known else {}

    @override
    async def _async_sort(self) -> ResultT:
        by_pce: defaultdict[str, list[tuple[Upload, ExportedMeter]]] = defaultdict(list)
        for place, upload, exported in self._tables():
            pce = self._pce_of(place, exported)
            if pce is None:
                return await self.async_step_file_pce()
            by_pce[pce].append((upload, exported))
        owners = meter_owners(self.hass)
        owned = {
            mask_pce(pce): owner.title
            for pce in by_pce
            if (owner := owners.get(meter_key(GrdfEnvironment.PRODUCTION, pce)))
        }
        if len(owned) == len(by_pce):
            self._files, self._said = None, {}
            pce, account = next(iter(owned.items()))
            return self._show_upload(
                Told(
                    {"base": "file_of_a_meter"},
                    {"pce": pce, "account": escaped(account)},
                )
            )
        self._owned = owned
        self._found = [
            await self._async_found(pce, tables)
            for pce, tables in by_pce.items()
            if meter_key(GrdfEnvironment.PRODUCTION, pce) not in owners
        ]
        return await self.async_step_file_preview()

    @override
    async def _async_take_in(self, form: dict[str, Any]) -> ResultT | str:
        named = form.get(CONF_METERS, [meter.pce for meter in self._found])
        chosen = [meter for meter in self._found if meter.pce in named]
        if not chosen:
            return "no_meter_chosen"
        try:
            for meter in chosen:
                kept = await async_kept_file(self.hass, meter.pce)
                file, _ = await async_with_files(self.hass, kept, meter.exported)
                await async_keep_file(self.hass, meter.pce, file)
        except WriteFailedError:
            return "write_failed"
        return await self._async_add(
            [self._subentry(meter.pce, form.get(CONF_NAME)) for meter in chosen]
        )

    @abstractmethod
    async def _async_add(self, meters: Sequence[ConfigSubentryData]) -> ResultT:
        """Add meters whose files are written already."""

    @override
    def _preview_schema(self) -> vol.Schema:
        name = {vol.Optional(CONF_NAME): TextSelector()}
        if len(self._found) == 1:
            return vol.Schema(name)
        pces = [meter.pce for meter in self._found]
        choice = vol.Required(
            CONF_METERS, default=pces[0] if self._one_meter_only else pces
        )
        selector = SelectSelector(
            SelectSelectorConfig(
                options=[SelectOptionDict(value=pce, label=pce) for pce in pces],
                multiple=not self._one_meter_only,
                mode=SelectSelectorMode.LIST,
            )
        )
        return vol.Schema({choice: selector, **(name if self._one_meter_only else {})})

    async def _async_found(
        self, pce: str, tables: Sequence[tuple[Upload, ExportedMeter]]
    ) -> FileMeter:
        exported = tuple(table for _, table in tables)
        kept = await async_kept_file(self.hass, pce)
        _, previews = await async_with_files(self.hass, kept, exported)
        names = tuple(upload.name for upload, _ in tables)
        return FileMeter(pce, names, exported, previews)

    def _tables(self) -> Iterator[tuple[Place, Upload, ExportedMeter]]:
        for number, upload in enumerate(self._intake.uploads):
            for within, exported in enumerate(upload.export.meters):
                yield (number, within), upload, exported

    def _pce_of(self, place: Place, exported: ExportedMeter) -> str | None:
        return exported.pce.pce if exported.pce else self._said.get(place)

    def _subentry(self, pce: str, name: str | None) -> ConfigSubentryData:
        return ConfigSubentryData(
            subentry_type=SUBENTRY_TYPE_METER,
            title=name or meter_title(pce, self.hass.config.language),
            unique_id=pce,
            data={CONF_PCE: pce},
        )


def _pce_schema(places: Sequence[Place]) -> vol.Schema:
    """Return the fields for the PCE of tables; of several, whether it is of all.

    Two tables of one file are two meters' more often than not, two files one meter's.
    """
    fields: dict[vol.Marker, Any] = {vol.Required(CONF_PCE): TextSelector()}
    if len(places) > 1:
        is_likely = len({file for file, _ in places}) == len(places)
        fields[vol.Required(_CONF_ALL, default=is_likely)] = BooleanSelector()
    return vol.Schema(fields)
