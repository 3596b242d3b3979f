"""Many PCE at once: a table or a folder is previewed, then worked off."""

from collections.abc import Iterable, Mapping
from typing import Final

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.helpers.selector import (
    BooleanSelector,
    FileSelector,
    FileSelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..adict import AdictError
from ..files import read_bytes
from ..fleet import (
    ALL_SHEETS,
    Action,
    Campaign,
    FleetFileError,
    FleetProblem,
    FleetSheetsError,
    SheetChoice,
    Work,
    unasked,
)
from ..helpers.errors import placeholders, translation_key
from ..helpers.forms import CONF_CONFIRM, CONFIRM_SCHEMA, Form
from ..helpers.store import WriteFailedError
from ..helpers.texts import async_texts
from ..helpers.uploads import UploadGoneError, async_read_upload
from ..jobs.intake import (
    FolderRefusedError,
    async_campaign,
    async_plan,
)
from ..jobs.plan import Plan, forecast_of
from ..jobs.runner import JobBusyError
from ..jobs.template_view import template_links
from ..jobs.texts import (
    campaign_texts,
    forecast_texts,
    job_texts,
    plan_texts,
    table_error_texts,
)
from ..runtime import GrdfConfigEntry

CONF_ACTION: Final = "action"
CONF_CONSENTS: Final = "consents"
CONF_FILE: Final = "file"
CONF_FOLDER: Final = "folder"
CONF_OWN: Final = "own_contracts"
CONF_SHEET: Final = "sheet"
CONF_ZEROS: Final = "restore_zeros"


_TABLE: Final = vol.Schema(
    {
        vol.Required(CONF_FILE): FileSelector(FileSelectorConfig(accept=".xlsx,.csv")),
        vol.Required(CONF_ACTION, default=Action.DECLARE.value): SelectSelector(
            SelectSelectorConfig(
                options=[action.value for action in Action],
                mode=SelectSelectorMode.LIST,
                translation_key="fleet_work",
            )
        ),
    }
)
_FOLDER: Final = vol.Schema({vol.Required(CONF_FOLDER): TextSelector()})


class FleetFlow(ConfigFlow):
    """Declares, renews, revokes, follows and proves for many PCE of a contract.

    What the table holds of people lives as long as the flow, and is not logged.
    """

    _content: bytes
    _action: Action
    _folder: str
    _zeros: bool = False
    _sheet: str | None = None
    _sheets: tuple[SheetChoice, ...] = ()
    _plan: Plan
    _campaign: Campaign

    async def async_step_fleet(self, user_input: Form = None) -> ConfigFlowResult:
        """Ask what is to be done, or say how far a job has come."""
        entry = self._fleet_entry
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        if entry.runtime_data.jobs.is_busy:
            return await self.async_step_fleet_cancel()
        return self.async_show_menu(
            step_id="fleet", menu_options=["fleet_table", "fleet_folder"]
        )

    async def async_step_fleet_table(self, user_input: Form = None) -> ConfigFlowResult:
        """Ask for the table, and what is done with its rows."""
        errors: dict[str, str] = {}
        explanation: Mapping[str, str] = {}
        if user_input is not None:
            self._action, self._sheet = Action(user_input[CONF_ACTION]), None
            try:
                errors, explanation = await self._async_planned(
                    CONF_FILE, user_input[CONF_FILE]
                )
            except FleetSheetsError as err:
                self._sheets = err.sheets
                return await self.async_step_fleet_sheet()
            if not errors:
                return await self.async_step_fleet_preview()
        kept = {CONF_ACTION: user_input[CONF_ACTION]} if user_input else {}
        return self.async_show_form(
            step_id="fleet_table",
            data_schema=self.add_suggested_values_to_schema(_TABLE, kept),
            errors=errors,
            description_placeholders={**template_links(self.hass), **explanation},
            last_step=False,
        )

    async def async_step_fleet_sheet(self, user_input: Form = None) -> ConfigFlowResult:
        """Ask which of several sheets is meant."""
        errors: dict[str, str] = {}
        explanation: Mapping[str, str] = {}
        if user_input is not None:
            self._sheet = user_input[CONF_SHEET]
            errors, explanation = await self._async_planned(CONF_SHEET)
            if not errors:
                return await self.async_step_fleet_preview()
        texts = await async_texts(self.hass)
        schema = _sheet_schema(self._sheets, texts["fleet_text.all_sheets"])
        return self.async_show_form(
            step_id="fleet_sheet",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders=explanation,
            last_step=False,
        )

    async def async_step_fleet_preview(
        self, user_input: Form = None
    ) -> ConfigFlowResult:
        """Say what will be done and what will not, and begin once confirmed."""
        errors: dict[str, str] = {}
        explanation: Mapping[str, str] = {}
        if user_input is not None:
            if user_input.get(CONF_ZEROS):
                self._zeros = True
                errors, explanation = await self._async_planned()
            elif not self._plan.tasks:
                errors["base"] = "fleet_nothing_to_do"
            elif not user_input.get(CONF_CONSENTS, True):
                errors[CONF_CONSENTS] = "consents_not_held"
            elif not user_input.get(CONF_OWN, True):
                errors[CONF_OWN] = "fleet_own_contracts"
            elif self._fleet_entry.runtime_data.jobs.is_busy:
                return self.async_abort(reason="fleet_busy")
            else:
                # Hours may have passed since: rights came, ended or were revoked.
                shown = self._plan.tasks
                errors, explanation = await self._async_planned()
                if not errors and shown == self._plan.tasks:
                    return await self._async_begin(self._plan, "fleet_preview")
                errors = errors or {"base": "fleet_plan_changed"}
        return await self._async_show_preview(errors, explanation)

    async def async_step_fleet_folder(
        self, user_input: Form = None
    ) -> ConfigFlowResult:
        """Ask for the folder of a campaign's proofs."""
        errors: dict[str, str] = {}
        explanation: Mapping[str, str] = {}
        if user_input is not None:
            self._folder = user_input[CONF_FOLDER]
            try:
                self._campaign = await self._async_campaign_found()
            except FolderRefusedError as err:
                errors[CONF_FOLDER] = err.key
            except AdictError as err:
                errors["base"] = translation_key(err)
                explanation = placeholders(err)
            else:
                return await self.async_step_fleet_answers()
        return self.async_show_form(
            step_id="fleet_folder",
            data_schema=self.add_suggested_values_to_schema(_FOLDER, user_input),
            errors=errors,
            description_placeholders=explanation,
            last_step=False,
        )

    async def async_step_fleet_answers(
        self, user_input: Form = None
    ) -> ConfigFlowResult:
        """Say which files answer which rights, and send them once confirmed."""
        errors: dict[str, str] = {}
        explanation: Mapping[str, str] = {}
        if user_input is not None:
            if user_input.get(CONF_ZEROS):
                self._zeros = True
                try:
                    self._campaign = await self._async_campaign_found()
                except FolderRefusedError as err:
                    errors["base"] = err.key
                except AdictError as err:
                    errors["base"] = translation_key(err)
                    explanation = placeholders(err)
            elif not self._campaign.tasks:
                errors["base"] = "fleet_nothing_to_do"
            else:
                return await self._async_begin(self._campaign, "fleet_answers")
        return await self._async_show_answers(errors, explanation)

    async def async_step_fleet_cancel(
        self, user_input: Form = None
    ) -> ConfigFlowResult:
        """Say how far the job has come, and end it if so wished."""
        errors: dict[str, str] = {}
        fleet = self._fleet_entry.runtime_data.jobs
        if user_input is not None:
            if not user_input[CONF_CONFIRM]:
                return self.async_abort(reason="fleet_goes_on")
            try:
                job = await fleet.async_cancel()
            except WriteFailedError:
                errors["base"] = "fleet_not_written"
            else:
                return self.async_abort(
                    reason="fleet_cancelled", description_placeholders=job_texts(job)
                )
        return self.async_show_form(
            step_id="fleet_cancel",
            data_schema=CONFIRM_SCHEMA,
            errors=errors,
            description_placeholders=job_texts(fleet.job),
            last_step=True,
        )

    @property
    def _fleet_entry(self) -> GrdfConfigEntry:
        return self._get_reconfigure_entry()

    async def _async_uploaded(self, upload_id: str) -> bytes:
        try:
            return await async_read_upload(self.hass, upload_id, read_bytes)
        except UploadGoneError, OSError:
            raise FleetFileError(FleetProblem.UNREADABLE) from None

    async def _async_planned(
        self, place: str = "base", upload_id: str | None = None
    ) -> tuple[dict[str, str], Mapping[str, str]]:
        """Plan by the rights as they are now.

        Returns:
            Errors, that of the table at a field (`place`), and what fills their texts.

        Raises:
            FleetSheetsError: several sheets have a table, and none was chosen.
        """
        try:
            if upload_id is not None:
                self._content = await self._async_uploaded(upload_id)
            self._plan = await async_plan(
                self.hass,
                self._fleet_entry.runtime_data.contract,
                self._content,
                self._action,
                zeros_confirmed=self._zeros,
                sheet=self._sheet,
            )
        except FleetFileError as err:
            return {place: f"fleet_{err.problem}"}, table_error_texts(err)
        except AdictError as err:
            return {"base": translation_key(err)}, placeholders(err)
        return {}, {}

    async def _async_campaign_found(self) -> Campaign:
        return await async_campaign(
            self.hass,
            self._fleet_entry.runtime_data.contract,
            self._folder,
            zeros_confirmed=self._zeros,
        )

    async def _async_show_preview(
        self, errors: dict[str, str], explanation: Mapping[str, str]
    ) -> ConfigFlowResult:
        declares = any(
            task.work in {Work.DECLARE, Work.RENEW} for task in self._plan.tasks
        )
        account = self._fleet_entry.runtime_data.contract
        return self.async_show_form(
            step_id="fleet_preview",
            data_schema=_confirmation(
                self._plan.zeros_lost,
                consents=declares,
                own=bool(unasked(self._plan.tasks)),
            ),
            errors=errors,
            description_placeholders={
                **plan_texts(
                    self._plan,
                    forecast_of(account, self._plan.tasks),
                    await async_texts(self.hass),
                ),
                **explanation,
            },
            last_step=True,
        )

    async def _async_show_answers(
        self, errors: dict[str, str], explanation: Mapping[str, str]
    ) -> ConfigFlowResult:
        account = self._fleet_entry.runtime_data.contract
        return self.async_show_form(
            step_id="fleet_answers",
            data_schema=_confirmation(self._campaign.zeros_lost, consents=False),
            errors=errors,
            description_placeholders={
                **campaign_texts(self._campaign, await async_texts(self.hass)),
                **forecast_texts(forecast_of(account, self._campaign.tasks)),
                **explanation,
            },
            last_step=True,
        )

    async def _async_begin(self, what: Plan | Campaign, step: str) -> ConfigFlowResult:
        fleet = self._fleet_entry.runtime_data.jobs
        left_out = what.left_out if isinstance(what, Plan) else 0
        try:
            job = await fleet.async_begin(what.tasks, left_out)
        except JobBusyError:
            return self.async_abort(reason="fleet_busy")
        except WriteFailedError:
            show = {
                "fleet_preview": self._async_show_preview,
                "fleet_answers": self._async_show_answers,
            }[step]
            return await show({"base": "fleet_not_written"}, {})
        return self.async_abort(
            reason="fleet_started", description_placeholders=job_texts(job)
        )


def _sheet_schema(sheets: Iterable[SheetChoice], every: str) -> vol.Schema:
    """Return the choice of a sheet; `every` is the label of all of them."""
    options = [
        SelectOptionDict(value=each.name, label=f"{each.name} ({each.rows})")
        for each in sheets
    ]
    selector = SelectSelector(
        SelectSelectorConfig(
            options=[*options, SelectOptionDict(value=ALL_SHEETS, label=every)],
            mode=SelectSelectorMode.LIST,
        )
    )
    return vol.Schema({vol.Required(CONF_SHEET): selector})


def _confirmation(zeros: int, *, consents: bool, own: bool = False) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(field, default=False): BooleanSelector()
            for field, is_asked in (
                (CONF_ZEROS, zeros > 0),
                (CONF_CONSENTS, consents),
                (CONF_OWN, own),
            )
            if is_asked
        }
    )
