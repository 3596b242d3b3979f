"""The fix of a repair about a proof that GRDF awaits: choose files and send them."""

from pathlib import Path
from typing import Any, Final, override

from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    FileSelector,
    FileSelectorConfig,
)
import voluptuous as vol

from ..adict import (
    CONTENT_TYPES,
    MOST_PROOFS,
    AdictError,
    AdictUncertainError,
    InvalidProofError,
    Proof,
)
from ..const import LOGGER
from ..helpers.errors import placeholders, translation_key
from ..helpers.forms import Form
from ..helpers.texts import escaped
from ..storage.proofs import ProofRefusedError, ProofStage, async_kept_proofs
from .forms import RightRepairFlow

_CONF_KEPT: Final = "kept"
_FIELDS: Final = tuple(f"proof_{number + 1}" for number in range(MOST_PROOFS))
_SELECTOR: Final = FileSelector(FileSelectorConfig(accept=",".join(CONTENT_TYPES)))


class ProofFlow(RightRepairFlow):
    """Sends the proofs of a consent that GRDF checks."""

    _stage: ProofStage | None = None
    _kept: list[Path]

    @override
    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        """Ask for the files, send them, and read the state of the right again."""
        if self._stage is None:
            self._stage = ProofStage(self.hass, self.flow_id)
            self._kept = await async_kept_proofs(
                self.hass, self._case.meter.meter.proofs_key
            )
        errors: dict[str, str] = {}
        explanation = self._issues.placeholders([self._case])
        if user_input is not None:
            errors = await self._async_take(self._stage, user_input)
        if user_input is not None and not errors:
            try:
                return await self._async_send(self._stage, user_input)
            except InvalidProofError as err:
                errors["base"] = f"proof_{err.problems[0].kind}"
            except AdictError as err:
                is_uncertain = isinstance(err, AdictUncertainError)
                key = "proofs_uncertain" if is_uncertain else translation_key(err)
                errors["base"] = key
                explanation |= placeholders(err)
        return self.async_show_form(
            step_id="confirm",
            data_schema=self.add_suggested_values_to_schema(
                self._schema(), {_CONF_KEPT: (user_input or {}).get(_CONF_KEPT, True)}
            ),
            errors=errors,
            description_placeholders={
                **explanation,
                "kept": _names(self._kept),
                "ready": _names(self._stage.files),
            },
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Leave no uploaded file behind."""
        if self._stage is not None:
            self._stage.async_leave()

    def _schema(self) -> vol.Schema:
        fields: dict[vol.Marker, Any] = {
            vol.Optional(field): _SELECTOR for field in _FIELDS
        }
        if self._kept:
            fields = {vol.Required(_CONF_KEPT): BooleanSelector(), **fields}
        return vol.Schema(fields)

    async def _async_take(
        self, stage: ProofStage, form: dict[str, Any]
    ) -> dict[str, str]:
        """Add the uploads to the stage; return the errors by field.

        Those without an error stay for the next try: an upload can be used once.
        """
        errors: dict[str, str] = {}
        for field in _FIELDS:
            if field in form:
                try:
                    await stage.async_add(form[field])
                except ProofRefusedError as err:
                    errors[field] = err.key
        return errors

    async def _async_send(
        self, stage: ProofStage, form: dict[str, Any]
    ) -> RepairsFlowResult:
        account = self._entry.runtime_data.contract
        right = self._case.right
        if right is None:
            return self.async_abort(reason="already_mended")
        kept = self._kept if form.get(_CONF_KEPT) else []
        await account.client.send_proofs(
            right.id, [Proof(path) for path in (*kept, *stage.files)]
        )
        try:
            await account.async_read_rights()
        except AdictError:
            LOGGER.debug("The proofs are sent; their state is read tomorrow")
        # The end of the flow removes the repair; it is shown again for what remains.
        self.hass.loop.call_soon(self._issues.update_all)
        return self.async_create_entry(data={})


def _names(files: list[Path] | tuple[Path, ...]) -> str:
    return ", ".join(escaped(file.name) for file in files) or "-"
