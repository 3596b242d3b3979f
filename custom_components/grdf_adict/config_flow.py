"""From a contract's credentials to its meters."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import callback
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from .adict import AccessRight, AdictEmptyAnswerError, AdictError, mask_pce
from .const import (
    CONF_ADDRESSES,
    CONF_API_URL,
    CONF_AUTHORIZE_URL,
    CONF_CALLS_PER_DAY,
    CONF_ENVIRONMENT,
    CONF_METERS,
    CONF_TOKEN_URL,
    DOMAIN,
    LOGGER,
    SUBENTRY_TYPE_GROUP,
    SUBENTRY_TYPE_METER,
    GrdfEnvironment,
)
from .contract.candidates import (
    MeterCandidates,
    async_meter_candidates,
    contract_title,
    meter_subentry,
)
from .contract.connection import (
    contract_of,
    create_client,
    holds_contract,
    is_safe_address,
)
from .flows.client_connect import ClientConnectFlow, ClientConnectReturn, ConnectRequest
from .flows.files_entry import FilesEntryFlow
from .flows.fleet import FleetFlow
from .flows.folder import FolderOptionsFlow
from .flows.group import GroupSubentryFlow
from .flows.leftovers import LeftoversFlow
from .flows.meter import MeterSubentryFlow, pce_selector
from .flows.recording import RecordingFlow
from .helpers.clock import paris_today
from .helpers.errors import placeholders, translation_key
from .helpers.forms import CONF_CONFIRM, CONFIRM_SCHEMA
from .helpers.texts import escaped, shown_names
from .lifecycle.leftovers import async_leftovers

# Of GRDF's largest tier (deck, Quotas GRDF ADICT).
_MOST_CALLS_PER_DAY = 240_000

_SECRET = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)
_ADDRESS = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))

_ADDRESSES = section(
    vol.Schema(
        {
            vol.Optional(CONF_API_URL): _ADDRESS,
            vol.Optional(CONF_TOKEN_URL): _ADDRESS,
            vol.Optional(CONF_AUTHORIZE_URL): _ADDRESS,
        }
    ),
    {"collapsed": True},
)

_CONTRACT_SCHEMA = vol.Schema(
    {
        vol.Required(
            CONF_ENVIRONMENT, default=GrdfEnvironment.PRODUCTION.value
        ): SelectSelector(
            SelectSelectorConfig(
                options=[environment.value for environment in GrdfEnvironment],
                mode=SelectSelectorMode.DROPDOWN,
                translation_key=CONF_ENVIRONMENT,
            )
        ),
        vol.Required(CONF_CLIENT_ID): TextSelector(
            TextSelectorConfig(autocomplete="off")
        ),
        vol.Required(CONF_CLIENT_SECRET): _SECRET,
        vol.Required(CONF_ADDRESSES): _ADDRESSES,
    }
)
_RECONFIGURE_SCHEMA = vol.Schema(
    {
        vol.Optional(CONF_CALLS_PER_DAY): NumberSelector(
            NumberSelectorConfig(
                min=1, max=_MOST_CALLS_PER_DAY, step=1, mode=NumberSelectorMode.BOX
            )
        ),
        vol.Optional(CONF_CLIENT_SECRET): _SECRET,
        vol.Required(CONF_ADDRESSES): _ADDRESSES,
    }
)
_REAUTH_SCHEMA = vol.Schema({vol.Required(CONF_CLIENT_SECRET): _SECRET})


class GrdfAdictConfigFlow(
    ClientConnectFlow,
    ClientConnectReturn,
    FilesEntryFlow,
    FleetFlow,
    LeftoversFlow,
    RecordingFlow,
    domain=DOMAIN,
):
    """Adds an ADICT contract or exported files; renews a contract's secret."""

    VERSION = 1

    _contract: dict[str, Any]
    _choice: MeterCandidates
    _chosen: list[str]

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to a contract."""
        return {
            SUBENTRY_TYPE_METER: MeterSubentryFlow,
            SUBENTRY_TYPE_GROUP: GroupSubentryFlow,
        }

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return what can be set of any entry."""
        return FolderOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | ConnectRequest | None = None
    ) -> ConfigFlowResult:
        """Ask where gas days come from; or wait for a customer sent to GRDF."""
        if isinstance(user_input, ConnectRequest):
            return await self.async_wait_for(user_input)
        left = ["leftovers"] if await async_leftovers(self.hass) else []
        return self.async_show_menu(
            step_id="user", menu_options=["contract", "files", *left]
        )

    async def async_step_contract(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the contract's credentials, and try them."""
        errors: dict[str, str] = {}
        explanation: dict[str, str] = {}
        if user_input is not None:
            contract = _tidy(user_input)
            # Who closes a tab half-way must be able to begin again.
            await self.async_set_unique_id(
                contract_of(contract).unique_id, raise_on_progress=False
            )
            self._abort_if_unique_id_configured()
            if _has_unsafe_address(contract):
                errors["base"] = "unsafe_address"
            else:
                try:
                    rights = await self._async_rights(contract)
                except AdictError as err:
                    errors["base"] = translation_key(err)
                    explanation = placeholders(err)
                else:
                    self._contract = contract
                    self._choice = await async_meter_candidates(
                        self.hass, contract, rights, paris_today()
                    )
                    return await self.async_step_meters()
        return self.async_show_form(
            step_id="contract",
            data_schema=self.add_suggested_values_to_schema(
                _CONTRACT_SCHEMA, user_input
            ),
            errors=errors,
            description_placeholders=explanation,
            last_step=False,
        )

    async def async_step_meters(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the contract's PCE become meters."""
        errors: dict[str, str] = {}
        options = self._choice.options()
        explanation = {"count": str(len(options))}
        if user_input is not None:
            chosen = list(dict.fromkeys(user_input[CONF_METERS]))
            refusals = [self._choice.refusal(pce) for pce in chosen]
            if refusal := next(filter(None, refusals), None):
                errors[CONF_METERS] = refusal.key
                explanation |= refusal.placeholders
            else:
                self._chosen = chosen
                if self._choice.moving(chosen):
                    return await self.async_step_take_over()
                return await self._async_add_contract()
        schema = vol.Schema(
            {vol.Required(CONF_METERS): pce_selector(options, multiple=True)}
        )
        return self.async_show_form(
            step_id="meters",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders=explanation,
            last_step=True,
        )

    async def async_step_take_over(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say which meters leave the exported files, and ask for the user's word."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if user_input[CONF_CONFIRM]:
                return await self._async_add_contract()
            errors[CONF_CONFIRM] = "not_confirmed"
        moving = self._choice.moving(self._chosen)
        return self.async_show_form(
            step_id="take_over",
            data_schema=CONFIRM_SCHEMA,
            errors=errors,
            description_placeholders={
                "meters": shown_names(
                    meter_subentry(owner, pce).title for pce, owner in moving.items()
                ),
                "account": escaped(next(iter(moving.values())).title),
            },
        )

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Start over with a secret that GRDF accepts."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the contract's new secret, and try it."""
        errors: dict[str, str] = {}
        entry = self._get_reauth_entry()
        explanation = {"client_id": escaped(entry.data[CONF_CLIENT_ID])}
        if user_input is not None:
            contract = {**entry.data, **user_input}
            try:
                await create_client(self.hass, contract).authenticate()
            except AdictError as err:
                errors["base"] = translation_key(err)
                explanation |= placeholders(err)
            else:
                if contract == dict(entry.data) or not entry.update_listeners:
                    # Nobody would notice an update: the secret was right all along,
                    # or the entry is not loaded.
                    self.hass.config_entries.async_schedule_reload(entry.entry_id)
                return self.async_update_and_abort(
                    entry, reason="reauth_successful", data_updates=user_input
                )
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=_REAUTH_SCHEMA,
            errors=errors,
            description_placeholders=explanation,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to do with a contract; exported files have no settings."""
        if not holds_contract(self._get_reconfigure_entry().data):
            return self.async_abort(reason="files_have_no_settings")
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["settings", "client_connect", "fleet", "recording"],
        )

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change what a contract may call, its secret, or its addresses."""
        errors: dict[str, str] = {}
        entry = self._get_reconfigure_entry()
        explanation = {"client_id": escaped(entry.data[CONF_CLIENT_ID])}
        if user_input is not None:
            contract = _reconfigured(entry.data, user_input)
            if _has_unsafe_address(contract):
                errors["base"] = "unsafe_address"
            else:
                try:
                    await create_client(self.hass, contract).authenticate()
                except AdictError as err:
                    errors["base"] = translation_key(err)
                    explanation |= placeholders(err)
                else:
                    if not entry.update_listeners:
                        self.hass.config_entries.async_schedule_reload(entry.entry_id)
                    return self.async_update_and_abort(
                        entry, reason="reconfigure_successful", data=contract
                    )
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(
                _RECONFIGURE_SCHEMA, user_input or _shown(entry.data)
            ),
            errors=errors,
            description_placeholders=explanation,
        )

    async def _async_rights(
        self, contract: Mapping[str, Any]
    ) -> tuple[AccessRight, ...]:
        client = create_client(self.hass, contract)
        await client.authenticate()
        try:
            return (await client.access_rights()).items
        except AdictEmptyAnswerError:
            # Of a contract that has rights it would be a failure; none is known yet.
            return ()

    async def _async_add_contract(self) -> ConfigFlowResult:
        chosen = self._chosen
        LOGGER.debug("Adding meters %s", ", ".join(map(mask_pce, chosen)))
        return await self._async_create(
            self._choice.showable(chosen),
            moving=self._choice.moving(chosen),
            title=contract_title(self._contract, self._choice),
            data=self._contract,
            subentries=[self._choice.subentry(pce) for pce in chosen],
        )


def _tidy(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's values without the blanks that copying brings along."""
    addresses = {
        key: value.strip()
        for key, value in form[CONF_ADDRESSES].items()
        if value and value.strip()
    }
    return {
        CONF_ENVIRONMENT: form[CONF_ENVIRONMENT],
        CONF_CLIENT_ID: form[CONF_CLIENT_ID].strip(),
        CONF_CLIENT_SECRET: form[CONF_CLIENT_SECRET].strip(),
        **({CONF_ADDRESSES: addresses} if addresses else {}),
    }


def _shown(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a contract a form may show: never its secret."""
    return {
        key: contract[key]
        for key in (CONF_CALLS_PER_DAY, CONF_ADDRESSES)
        if key in contract
    }


def _reconfigured(
    contract: Mapping[str, Any], form: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a contract with what a form changes; an empty secret stays as it is."""
    secret = form.get(CONF_CLIENT_SECRET, "").strip()
    changed = _tidy(
        {
            **contract,
            CONF_CLIENT_SECRET: secret or contract[CONF_CLIENT_SECRET],
            CONF_ADDRESSES: form[CONF_ADDRESSES],
        }
    )
    if CONF_CALLS_PER_DAY in form:
        changed[CONF_CALLS_PER_DAY] = int(form[CONF_CALLS_PER_DAY])
    return changed


def _has_unsafe_address(contract: Mapping[str, Any]) -> bool:
    addresses = contract.get(CONF_ADDRESSES, {})
    return not all(is_safe_address(address) for address in addresses.values())
