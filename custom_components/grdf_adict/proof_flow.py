"""The fix of a proof that GRDF asks for: upload the files, and send them."""

from pathlib import Path
import shutil
import tempfile
from typing import Final, override

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import FileSelector, FileSelectorConfig
import voluptuous as vol

from .adict import (
    AdictError,
    AdictUncertainError,
    Proof,
    ProofProblemKind,
    check_proofs,
)
from .adict.proofs import CONTENT_TYPES
from .const import DOMAIN, LOGGER
from .coordinator import GrdfConfigEntry
from .errors import placeholders, translation_key
from .issues import Issue
from .repair_forms import Form, RightRepairFlow

_FIELDS: Final = ("proof_1", "proof_2", "proof_3")
_SELECTOR: Final = FileSelector(FileSelectorConfig(accept=",".join(CONTENT_TYPES)))


class ProofFlow(RightRepairFlow):
    """Sends the proofs of a consent that GRDF controls."""

    def __init__(self, entry: GrdfConfigEntry, issue: Issue, case: str | None) -> None:
        """Start without a file."""
        super().__init__(entry, issue, case)
        self._folder: Path | None = None
        self._proofs: dict[str, Proof] = {}

    @override
    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        """Ask for the files, send them, and look what GRDF says of the right then."""
        errors: dict[str, str] = {}
        explanation = self._watch.placeholders([self._case])
        if user_input is not None:
            errors = await self.hass.async_add_executor_job(self._take, user_input)
        if user_input is not None and not errors:
            try:
                return await self._async_send()
            except AdictError as err:
                uncertain = isinstance(err, AdictUncertainError)
                errors["base"] = (
                    "proofs_uncertain" if uncertain else translation_key(err)
                )
                explanation |= placeholders(err)
        names = [proof.shown_name for proof in self._proofs.values()]
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema(
                {vol.Optional(field): _SELECTOR for field in _FIELDS}
            ),
            errors=errors,
            description_placeholders={**explanation, "ready": ", ".join(names) or "-"},
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Leave no file behind."""
        if self._folder is not None:
            self.hass.async_add_executor_job(
                shutil.rmtree,
                self._folder,
                True,  # noqa: FBT003 - ignore_errors
            )

    async def _async_send(self) -> RepairsFlowResult:
        account = self._entry.runtime_data.account
        right = self._case.right
        if right is None:
            return self.async_abort(reason="already_mended")
        await account.client.send_proofs(right.id, list(self._proofs.values()))
        try:
            await account.async_read_rights()
        except AdictError:
            LOGGER.debug("The proofs are sent; GRDF tells their state tomorrow")
        # Ending the flow takes the repair away: of those that remain, it is told again.
        self.hass.loop.call_soon(self._watch.look_at_all)
        return self.async_create_entry(data={})

    def _take(self, form: dict[str, str]) -> dict[str, str]:
        """Take the uploaded files over; return what is wrong, by field.

        What is right stays for the next try: an upload can be used once.
        """
        errors: dict[str, str] = {}
        for field in _FIELDS:
            if (upload := form.get(field)) is None:
                continue
            proof = self._taken(field, upload)
            if proof is None:
                errors[field] = "upload_gone"
            elif problems := check_proofs((proof,)):
                errors[field] = f"proof_{problems[0].kind}"
            else:
                self._proofs[field] = proof
        if not errors and not self._proofs:
            errors["base"] = f"proof_{ProofProblemKind.NONE_GIVEN}"
        return errors

    def _taken(self, field: str, upload: str) -> Proof | None:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=DOMAIN))
        try:
            with process_uploaded_file(self.hass, upload) as path:
                kept = self._folder / field
                shutil.move(path, kept)
                return Proof(kept, path.name)
        except ValueError:
            return None
