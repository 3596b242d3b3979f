"""The fix of a repair about a deleted meter: its right, its history."""

from typing import Final, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlowResult
from homeassistant.helpers.selector import BooleanSelector
import voluptuous as vol

from ..adict import NO_RIGHT, AdictError, mask_pce
from ..contract.candidates import meter_owners
from ..helpers.errors import placeholders, revocation_key
from ..helpers.forms import Form
from ..helpers.ids import pce_key
from ..helpers.texts import escaped
from ..lifecycle.deleted import async_forget_deleted
from ..lifecycle.erasure import async_erase_meter
from ..lifecycle.leftovers import async_update_leftovers
from ..rights import is_of_holder
from ..runtime import GrdfConfigEntry
from ..storage.contract_file import Deleted

_CONF_ERASE: Final = "erase"
_CONF_REVOKE: Final = "revoke"


class DeletedMeterFlow(ConfirmRepairFlow):
    """Revokes the right of a deleted meter, or erases its history, or neither."""

    def __init__(self, entry: GrdfConfigEntry, name: str) -> None:
        """Prepare the form for the meter that is stored under this name."""
        super().__init__()
        self._entry = entry
        self._name = name

    @override
    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        """Ask what to revoke or erase; what is not selected stays."""
        account = self._entry.runtime_data.account
        deleted = account.deleted.get(self._name)
        if deleted is None:
            return self.async_abort(reason="already_mended")
        errors: dict[str, str] = {}
        explanation = {
            "account": escaped(self._entry.title),
            "pce": mask_pce(deleted.pce),
        }
        if user_input is not None:
            try:
                await self._async_end(deleted, user_input)
            except AdictError as err:
                as_holder = any(
                    is_of_holder(account.data, right) for right in deleted.rights
                )
                errors["base"] = revocation_key(err, as_holder=as_holder)
                explanation |= placeholders(err)
            else:
                await async_forget_deleted(self.hass, account, self._name)
                return self.async_create_entry(data={})
        fields = [
            *([_CONF_REVOKE] if deleted.rights else []),
            *([_CONF_ERASE] if deleted.keys and not self._is_owned(deleted) else []),
        ]
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema(
                {
                    vol.Required(
                        field, default=bool(user_input and user_input[field])
                    ): BooleanSelector()
                    for field in fields
                }
            ),
            errors=errors,
            description_placeholders=explanation,
        )

    async def _async_end(self, deleted: Deleted, form: dict[str, bool]) -> None:
        """Do what was selected: first what GRDF may refuse."""
        if form.get(_CONF_REVOKE):
            client = self._entry.runtime_data.contract.client
            for right in deleted.rights:
                try:
                    await client.revoke_access_right(right)
                except AdictError as err:
                    # Ended meanwhile, by the customer or by its date.
                    if err.code != NO_RIGHT:
                        raise
        if form.get(_CONF_ERASE) and not self._is_owned(deleted):
            for key in deleted.keys:
                await async_erase_meter(self.hass, key)
            await async_update_leftovers(self.hass)

    def _is_owned(self, deleted: Deleted) -> bool:
        """Whether the PCE is a meter again, of any entry."""
        owned = meter_owners(self.hass).keys()
        return any(
            (about := pce_key(key)) is not None and about.first in owned
            for key in deleted.keys
        )
