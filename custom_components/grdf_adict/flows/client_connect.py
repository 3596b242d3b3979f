"""Client Connect: the customer consents at GRDF's, and their PCE become meters."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.data_entry_flow import UnknownFlow
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol
from yarl import URL

from ..adict import LoginHint, authorize_url
from ..const import DOMAIN
from ..contract.connection import contract_of
from ..helpers.oauth import HAS_REDIRECT, Redirect
from ..helpers.texts import NOTHING
from ..lifecycle.client_connect import Outcome, async_notify, async_take_consents
from ..runtime import GrdfConfigEntry

CONF_FIRST_NAME: Final = "first_name"
CONF_LAST_NAME: Final = "last_name"
CONF_MAIL: Final = "mail"

_OUTCOME: Final = "outcome"
# As OAuth names its errors.
_ERROR: Final = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class ConnectRequest:
    """A customer who is sent to GRDF, and the dialog that sends them.

    Attributes:
        entry_id: the contract.
        account: its name.
        dialog: the flow that waits for them, as long as it is open.
    """

    entry_id: str
    account: str
    dialog: str


def _text(kind: TextSelectorType) -> TextSelector:
    return TextSelector(TextSelectorConfig(type=kind, autocomplete="off"))


_WHO: Final = vol.Schema(
    {
        vol.Optional(CONF_FIRST_NAME): _text(TextSelectorType.TEXT),
        vol.Optional(CONF_LAST_NAME): _text(TextSelectorType.TEXT),
        vol.Optional(CONF_MAIL): _text(TextSelectorType.EMAIL),
    }
)


class ClientConnectReturn(ConfigFlow):
    """Waits for a customer to come back, whether or not the dialog is still open.

    Core's callback view resumes a config flow by its id, and fails where that flow is
    gone; a dialog's flow goes when the dialog is closed. So a flow of its own, which
    no page shows, is the way back: it takes one customer, and stays until Home
    Assistant stops, so that whoever comes late or twice gets no error of the server's.
    """

    _departure: ConnectRequest
    _is_taken: bool = False

    async def async_wait_for(self, departure: ConnectRequest) -> ConfigFlowResult:
        """Begin to wait for a customer."""
        self._departure = departure
        return await self.async_step_way_back()

    async def async_step_way_back(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Wait, then take what the customer comes back with."""
        if user_input is not None and not self._is_taken:
            self._is_taken = True
            await self._async_tell(await self._async_outcome(user_input))
        return self.async_external_step(step_id="way_back", url="")

    async def _async_outcome(self, back: Mapping[str, Any]) -> Outcome:
        entry: GrdfConfigEntry | None = self.hass.config_entries.async_get_entry(
            self._departure.entry_id
        )
        if entry is None:
            return Outcome("contract_removed")
        if "code" not in back:
            # Anybody can put words into the address that leads back.
            error = str(back.get("error", ""))
            known = error if _ERROR.fullmatch(error) else NOTHING
            return Outcome("not_authorized", {"error": known})
        return await async_take_consents(
            self.hass, entry, back["code"], back["state"]["redirect_uri"]
        )

    async def _async_tell(self, outcome: Outcome) -> None:
        flows = self.hass.config_entries.flow
        departure = self._departure
        try:
            is_waited_for = flows.async_get(departure.dialog)["step_id"] == "authorize"
        except UnknownFlow:
            is_waited_for = False
        if is_waited_for:
            await flows.async_configure(departure.dialog, {_OUTCOME: outcome})
        else:
            await async_notify(
                self.hass, departure.entry_id, departure.account, outcome
            )


class ClientConnectFlow(ConfigFlow):
    """Sends a customer to GRDF, and tells what they came back with.

    A step of the contract's reconfiguration: core's callback view resumes config
    flows only, and checks the state for them.
    """

    _who: Mapping[str, Any] = {}
    _grdf: str
    _outcome: Outcome

    async def async_step_client_connect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what will happen, and ask for whom."""
        entry: GrdfConfigEntry = self._get_reconfigure_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        if not HAS_REDIRECT:
            return self.async_abort(reason="home_assistant_too_new")
        if user_input is not None:
            self._who = user_input
            self._grdf = await self._async_send_away(entry)
            return await self.async_step_authorize()
        return self._show_client_connect(Outcome())

    async def async_step_authorize(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Send the customer to GRDF, and wait for what they come back with."""
        outcome = (user_input or {}).get(_OUTCOME)
        if isinstance(outcome, Outcome):
            self._outcome = outcome
            return self.async_external_step_done(next_step_id="connected")
        return self.async_external_step(step_id="authorize", url=self._grdf)

    async def async_step_connected(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what came of it; whatever failed can be tried again."""
        if self._outcome.error is not None:
            return self._show_client_connect(self._outcome)
        return self.async_abort(
            reason="connected", description_placeholders=self._outcome.texts
        )

    async def _async_send_away(self, entry: GrdfConfigEntry) -> str:
        """Return GRDF's address for this customer, with a way back of their own."""
        # No page shows a flow of this source that somebody has not begun there.
        way_back = await self.hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": SOURCE_USER},
            data=ConnectRequest(entry.entry_id, entry.title, self.flow_id),
        )
        contract = contract_of(entry.data)
        core = Redirect(
            self.hass,
            DOMAIN,
            contract.client_id,
            "",
            str(contract.endpoints.authorize),
            "",
        )
        signed = URL(await core.async_generate_authorize_url(way_back["flow_id"])).query
        return authorize_url(
            contract.endpoints,
            client_id=contract.client_id,
            redirect_uri=signed["redirect_uri"],
            state=signed["state"],
            login_hint=self._hint(entry),
        )

    def _hint(self, entry: GrdfConfigEntry) -> LoginHint | None:
        hint = LoginHint(
            first_name=self._who.get(CONF_FIRST_NAME, ""),
            name=self._who.get(CONF_LAST_NAME, ""),
            mail=self._who.get(CONF_MAIL, ""),
            third_party=entry.title,
        )
        return hint if any(self._who.values()) else None

    def _show_client_connect(self, outcome: Outcome) -> ConfigFlowResult:
        try:
            address = Redirect(self.hass, DOMAIN, "", "", "", "").redirect_uri
        except NoURLAvailableError:
            return self.async_abort(reason="no_address")
        return self.async_show_form(
            step_id="client_connect",
            data_schema=self.add_suggested_values_to_schema(_WHO, self._who),
            errors={} if outcome.error is None else {"base": outcome.error},
            description_placeholders={"redirect": address, **outcome.texts},
            last_step=False,
        )
