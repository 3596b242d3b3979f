"""Client Connect: the customer consents at GRDF's, and their PCE become meters."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_CLIENT_SECRET
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    AUTH_CALLBACK_PATH,
    LocalOAuth2Implementation,
    async_get_redirect_uri,
)
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol
from yarl import URL

from .adict import (
    AdictError,
    BadConsentsError,
    ClientConnectError,
    ConnectCodeRefusedError,
    ConnectRedirectRefusedError,
    Consent,
    IdTokenAudienceError,
    IdTokenExpiredError,
    IdTokenInvalidError,
    IdTokenTooEarlyError,
    LoginHint,
    NoConsentsError,
    authorize_url,
    exchange_code,
    mask_pce,
)
from .connection import contract_of
from .const import DOMAIN, LOGGER
from .declare_texts import shown_names
from .entry_data import GrdfConfigEntry
from .errors import placeholders, translation_key
from .meter_adding import async_add_meter
from .meter_choice import MeterChoice, meter_choice
from .meter_id import meter_key
from .metering.gas_day import paris_date

CONF_FIRST_NAME: Final = "first_name"
CONF_LAST_NAME: Final = "last_name"
CONF_MAIL: Final = "mail"

_FAILURES: Final[dict[type[ClientConnectError], str]] = {
    ConnectCodeRefusedError: "code_refused",
    ConnectRedirectRefusedError: "redirect_refused",
    IdTokenAudienceError: "id_token_audience",
    IdTokenExpiredError: "id_token_expired",
    IdTokenInvalidError: "id_token_invalid",
    IdTokenTooEarlyError: "id_token_too_early",
    NoConsentsError: "no_consents",
    BadConsentsError: "bad_consents",
}


def _text(kind: TextSelectorType) -> TextSelector:
    return TextSelector(TextSelectorConfig(type=kind, autocomplete="off"))


_WHO: Final = vol.Schema(
    {
        vol.Optional(CONF_FIRST_NAME): _text(TextSelectorType.TEXT),
        vol.Optional(CONF_LAST_NAME): _text(TextSelectorType.TEXT),
        vol.Optional(CONF_MAIL): _text(TextSelectorType.EMAIL),
    }
)


class _Redirect(LocalOAuth2Implementation):
    """Home Assistant's own way back from a site: its address, its signed state."""

    @property
    @override
    def redirect_uri(self) -> str:
        """The address to come back to.

        Raises:
            NoURLAvailableError: this Home Assistant knows no address of its own.
        """
        try:
            return async_get_redirect_uri(self.hass)
        except RuntimeError:
            # Started by a script: there is no browser whose address could be taken.
            return f"{get_url(self.hass, prefer_external=True)}{AUTH_CALLBACK_PATH}"


class ClientConnectFlow(ConfigFlow):
    """Sends a customer to GRDF, and makes meters of what they come back with.

    A step of the contract's reconfiguration: core's callback view resumes config
    flows only, and checks the state for them.
    """

    _who: Mapping[str, Any] = {}
    _back: Mapping[str, Any]

    async def async_step_client_connect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what will happen, and ask for whom."""
        entry: GrdfConfigEntry = self._get_reconfigure_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        if user_input is not None:
            self._who = user_input
            return await self.async_step_authorize()
        return self._show_client_connect({}, {})

    async def async_step_authorize(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Send the customer to GRDF, and take what they come back with."""
        if user_input is not None:
            self._back = user_input
            return self.async_external_step_done(next_step_id="connected")
        contract = contract_of(self._get_reconfigure_entry().data)
        way_back = _Redirect(
            self.hass,
            DOMAIN,
            contract.client_id,
            "",
            str(contract.endpoints.authorize),
            "",
        )
        signed = URL(await way_back.async_generate_authorize_url(self.flow_id)).query
        address = authorize_url(
            contract.endpoints,
            client_id=contract.client_id,
            redirect_uri=signed["redirect_uri"],
            state=signed["state"],
            login_hint=self._hint(),
        )
        return self.async_external_step(step_id="authorize", url=address)

    async def async_step_connected(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Exchange the code for the consents, and add their PCE."""
        if "code" not in self._back:
            refused = {"error": str(self._back.get("error"))}
            return self._show_client_connect({"base": "not_authorized"}, refused)
        try:
            consents = await self._async_consents()
        except ClientConnectError as err:
            key = _FAILURES.get(type(err), "bad_answer")
            return self._show_client_connect({"base": key}, placeholders(err))
        except AdictError as err:
            key = translation_key(err)
            return self._show_client_connect({"base": key}, placeholders(err))
        choice = await self._async_told_choice()
        return self.async_abort(
            reason="connected",
            description_placeholders=self._add_meters(consents, choice),
        )

    async def _async_consents(self) -> tuple[Consent, ...]:
        data = self._get_reconfigure_entry().data
        contract = contract_of(data)
        result = await exchange_code(
            async_get_clientsession(self.hass),
            contract.endpoints,
            client_id=contract.client_id,
            client_secret=data[CONF_CLIENT_SECRET],
            code=self._back["code"],
            redirect_uri=self._back["state"]["redirect_uri"],
            clock=dt_util.utcnow,
        )
        return result.consents

    async def _async_told_choice(self) -> MeterChoice:
        """Read the rights anew: the new ones are among them."""
        entry: GrdfConfigEntry = self._get_reconfigure_entry()
        try:
            rights = (await entry.runtime_data.contract.async_read_rights()).items
        except AdictError as err:
            # The consent is given all the same; the rights are read again tomorrow.
            LOGGER.debug("Access rights could not be read after a consent: %s", err)
            rights = ()
        today = paris_date(dt_util.utcnow())
        return meter_choice(self.hass, entry.data, rights, today)

    def _add_meters(
        self, consents: tuple[Consent, ...], choice: MeterChoice
    ) -> dict[str, str]:
        """Add the PCE that nobody owns, and say what became of each."""
        entry = self._get_reconfigure_entry()
        ours = {subentry.unique_id for subentry in entry.subentries.values()}
        told: dict[str, list[str]] = {"added": [], "known": [], "owned": []}
        for pce in dict.fromkeys(consent.pce for consent in consents):
            owner = choice.owners.get(meter_key(choice.environment, pce))
            if pce in ours:
                told["known"].append(mask_pce(pce))
            elif owner is not None:
                told["owned"].append(f"{mask_pce(pce)} ({owner.title})")
            else:
                async_add_meter(self.hass, entry, choice.subentry(pce))
                told["added"].append(mask_pce(pce))
        return {key: shown_names(pces) for key, pces in told.items()}

    def _hint(self) -> LoginHint | None:
        hint = LoginHint(
            first_name=self._who.get(CONF_FIRST_NAME, ""),
            name=self._who.get(CONF_LAST_NAME, ""),
            mail=self._who.get(CONF_MAIL, ""),
            third_party=self._get_reconfigure_entry().title,
        )
        return hint if any(self._who.values()) else None

    def _show_client_connect(
        self, errors: dict[str, str], explanation: Mapping[str, str]
    ) -> ConfigFlowResult:
        try:
            address = _Redirect(self.hass, DOMAIN, "", "", "", "").redirect_uri
        except NoURLAvailableError:
            return self.async_abort(reason="no_address")
        return self.async_show_form(
            step_id="client_connect",
            data_schema=self.add_suggested_values_to_schema(_WHO, self._who),
            errors=errors,
            description_placeholders={"redirect": address, **explanation},
            last_step=False,
        )
