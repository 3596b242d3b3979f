"""A meter of exported files, and files for a meter of any kind."""

from collections.abc import Sequence
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryData,
    SubentryFlowContext,
    SubentryFlowResult,
)
from homeassistant.helpers.update_coordinator import UpdateFailed
import voluptuous as vol

from ..exchange.take_in import (
    FileRefusedError,
    async_preview_files,
    async_take_files,
    of_the_meter,
)
from ..helpers.forms import CONF_CONFIRM, CONFIRM_SCHEMA, Form
from ..helpers.texts import async_texts, escaped, shown_amount
from ..metering import DayOutcome, ExportedMeter
from .energy import EnergyFlow
from .file_steps import NewMeterSteps
from .file_texts import FileMeter
from .known_meter import KnownMeterFlow
from .uploads import Told, Upload


class FileMeterFlow(
    NewMeterSteps[SubentryFlowContext, SubentryFlowResult, tuple[str, str]],
    EnergyFlow,
    KnownMeterFlow,
):
    """Adds a meter from files; reconfiguring, takes files in for one that is there."""

    _one_meter_only = True
    # Files that somebody confirmed to be the meter's, whatever PCE they name.
    _confirmed: tuple[Upload, ...] = ()
    _doubtful: Upload

    async def async_step_file_other(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Ask whether a file of another PCE is this meter's all the same."""
        if user_input is not None:
            if user_input[CONF_CONFIRM]:
                self._confirmed += (self._doubtful,)
            else:
                self._intake.drop(self._doubtful)
            return await self._async_go_on(Told())
        (exported,) = self._doubtful.export.meters
        return self.async_show_form(
            step_id="file_other",
            data_schema=CONFIRM_SCHEMA,
            description_placeholders={
                "file": escaped(self._doubtful.name),
                "pce": exported.pce.masked if exported.pce else "-",
                "meter": escaped(self._get_reconfigure_subentry().title),
            },
            last_step=False,
        )

    @override
    async def _async_sort(self) -> SubentryFlowResult:
        if self.source != SOURCE_RECONFIGURE:
            return await super()._async_sort()
        meter = self._known_meter
        tables: list[tuple[Upload, ExportedMeter]] = []
        for upload in self._intake.uploads:
            try:
                ours = of_the_meter(
                    upload.export,
                    meter.pce,
                    is_confirmed=any(upload is each for each in self._confirmed),
                )
            except FileRefusedError as err:
                if err.key == "file_of_another_meter":
                    self._doubtful = upload
                    return await self.async_step_file_other()
                self._intake.drop(upload)
                explained = err.placeholders(await async_texts(self.hass))
                return self._show_upload(Told({"base": err.key}, explained))
            tables += [(upload, exported) for exported in ours]
        exported = tuple(table for _, table in tables)
        names = tuple(upload.name for upload, _ in tables)
        previews = await async_preview_files(meter, exported)
        self._found = [FileMeter(meter.pce, names, exported, previews)]
        return await self.async_step_file_preview()

    @override
    async def _async_take_in(self, form: dict[str, Any]) -> SubentryFlowResult | str:
        if self.source != SOURCE_RECONFIGURE:
            return await super()._async_take_in(form)
        (found,) = self._found
        try:
            done = await async_take_files(self._known_meter, found.exported)
        except UpdateFailed:
            return "write_failed"
        language = self.hass.config.language
        changed = sum(
            told.count(fate)
            for told in done
            for fate in (DayOutcome.NEW, DayOutcome.CHANGED)
        )
        return self.async_abort(
            reason="files_taken",
            description_placeholders={
                "meter": escaped(self._get_reconfigure_subentry().title),
                "days": shown_amount(changed, language),
                "energy": shown_amount(sum(told.gained for told in done), language),
            },
        )

    @override
    async def _async_add(
        self, meters: Sequence[ConfigSubentryData]
    ) -> SubentryFlowResult:
        (meter,) = meters
        return await self._async_add_meter(meter)

    @override
    def _preview_schema(self) -> vol.Schema:
        if self.source != SOURCE_RECONFIGURE:
            return super()._preview_schema()
        return vol.Schema({})
