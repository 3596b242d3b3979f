"""Declaring a right on a PCE, which becomes a meter."""

from dataclasses import replace
from typing import Final, override

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME

from ..adict import (
    AccessRight,
    AccessRightState,
    AdictAlreadyExistsError,
    AdictError,
    AdictUncertainError,
    GrantDifference,
    differences,
    mask_pce,
)
from ..const import CONF_PCE
from ..contract.candidates import may_leave
from ..helpers.errors import placeholders, translation_key
from ..helpers.forms import Form
from ..helpers.texts import NOTHING, async_texts, escaped, shown_date, shown_names
from ..rights import meter_right
from ..storage.proofs import ProofRefusedError
from .consent import ConsentFlow, FormErrors
from .declare_forms import (
    CONF_CHANGE,
    CONF_COMPANY,
    CONF_DATA_FROM,
    CONF_HOLDER_NAME,
    Holder,
    blank,
    declaration_of,
    holder_of,
    meter_schema,
    refused_field,
    review_schema,
)
from .declare_texts import difference_rows, review_texts

_POSTCODE_MISMATCH: Final = "1000000005"


class DeclareFlow(ConsentFlow):
    """Declares what the forms tell, and says what GRDF made of it."""

    _offered: AccessRight
    _right: AccessRight
    _less: tuple[GrantDifference, ...] = ()

    async def async_step_declare(self, user_input: Form = None) -> SubentryFlowResult:
        """Ask which PCE, what we are to it, and whose it is."""
        await self._async_rights()
        if not self._values:
            self._values = blank(self._today)
        return await self._async_form(
            "declare", meter_schema(), user_input, self._async_after_meter
        )

    async def async_step_existing(self, user_input: Form = None) -> SubentryFlowResult:
        """Offer the right that there is already, or another one."""
        return self._show_existing("use_existing", "declare_anyway")

    async def async_step_use_existing(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Make the PCE a meter with the right that there is."""
        if told := await self._async_taken():
            self._told = told
            return await self._async_start_over()
        return await self._async_declared(self._offered)

    async def async_step_declare_anyway(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Declare beside the right that there is."""
        return await self._async_holder()

    @override
    async def async_step_review(self, user_input: Form = None) -> SubentryFlowResult:
        """Say what will be declared, and declare it."""
        if user_input is None:
            return await self._async_show_review()
        if user_input[CONF_CHANGE]:
            return await self._async_start_over()
        if told := await self._async_taken():
            self._told = told
            return await self._async_start_over()
        return await self._async_declare()

    async def async_step_proofs_lost(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Say that the right is declared although its files could not be kept."""
        if user_input is None:
            return self.async_show_form(step_id="proofs_lost", last_step=not self._less)
        return await self._async_tell()

    async def async_step_granted(self, user_input: Form = None) -> SubentryFlowResult:
        """Say what GRDF granted otherwise than it was asked for."""
        if user_input is not None:
            return await self._async_finish()
        words = await async_texts(self.hass)
        return self.async_show_form(
            step_id="granted",
            description_placeholders={
                "rows": difference_rows(self._less, words, self.hass.config.language)
            },
            last_step=True,
        )

    async def _async_after_meter(self) -> SubentryFlowResult:
        if told := await self._async_taken():
            self._told = told
            return await self.async_step_declare()
        if self._offer():
            return await self.async_step_existing()
        return await self._async_holder()

    async def _async_declare(self) -> SubentryFlowResult:
        before = {right.id for right in self._rights or ()}
        declaration = declaration_of(self._values)
        try:
            declared = await self._account.client.declare_access_right(
                self._pce, declaration
            )
        except AdictAlreadyExistsError as err:
            await self._async_read_again()
            return await self._async_exists(err)
        except AdictUncertainError as err:
            await self._async_read_again()
            right = self._present
            if right is None or right.id in before:
                return await self._async_refused(err)
        except AdictError as err:
            return await self._async_refused(err)
        else:
            right = declared.right
            await self._async_read_again()
        self._less = differences(declaration, right)
        return await self._async_declared(right)

    async def _async_declared(self, right: AccessRight) -> SubentryFlowResult:
        """Keep what there is to keep of a right, and say how it differs."""
        self._right = right
        if self._stage is not None:
            try:
                await self._stage.async_keep(self._key(self._pce))
            except ProofRefusedError:
                return await self.async_step_proofs_lost()
        return await self._async_tell()

    async def _async_tell(self) -> SubentryFlowResult:
        if self._less:
            return await self.async_step_granted()
        return await self._async_finish()

    async def _async_finish(self) -> SubentryFlowResult:
        """Add the meter: once the customer has agreed, it starts by itself."""
        choice = await self._async_choice()
        rights = {**choice.rights, self._pce: self._right}
        meter = replace(choice, rights=rights).subentry(
            self._pce, self._values.get(CONF_NAME)
        )
        return await self._async_add_meter(
            meter,
            self._right,
            description="waiting" if is_waiting(self._right) else "open",
        )

    async def _async_exists(self, err: AdictError) -> SubentryFlowResult:
        """Go on where GRDF has such a right already."""
        if self._offer():
            return self._show_existing("use_existing")
        return await self._async_refused(err)

    async def _async_refused(self, err: AdictError) -> SubentryFlowResult:
        """Show GRDF's refusal where it can be mended."""
        explanation = placeholders(err)
        field = self._mended_in(err)
        if field is None:
            self._told = {"base": translation_key(err)}, explanation
            return await self._async_show_review()
        key = "postcode_mismatch" if err.code == _POSTCODE_MISMATCH else "refused"
        self._told = {field: key}, explanation
        if field == CONF_PCE:
            return await self._async_start_over()
        if field == CONF_DATA_FROM:
            return await self.async_step_scope()
        return await self._async_holder()

    def _mended_in(self, err: AdictError) -> str | None:
        """Return the field in which GRDF's refusal can be mended; None: in none."""
        field = refused_field(err.code)
        if field == CONF_HOLDER_NAME and holder_of(self._values) is Holder.COMPANY:
            return CONF_COMPANY
        return field

    async def _async_start_over(self) -> SubentryFlowResult:
        """Show the first form again, with all that was told."""
        return await self.async_step_declare()

    async def _async_taken(self) -> FormErrors | None:
        """Say whose meter the PCE is already; None: nobody's."""
        choice = await self._async_choice()
        owner = choice.owners.get(self._key(self._pce))
        if owner is None or may_leave(owner):
            return None
        explanation = {"pce": mask_pce(self._pce), "account": escaped(owner.title)}
        return {CONF_PCE: "already_a_meter"}, explanation

    async def _async_show_review(self) -> SubentryFlowResult:
        (errors, explanation), self._told = self._told, ({}, {})
        words = await async_texts(self.hass)
        return self.async_show_form(
            step_id="review",
            data_schema=review_schema(),
            errors=errors,
            description_placeholders={
                **review_texts(self._values, words, self.hass.config.language),
                "files": shown_names(self._attached),
                **explanation,
            },
            last_step=False,
        )

    def _show_existing(self, *options: str) -> SubentryFlowResult:
        return self.async_show_menu(
            step_id="existing",
            menu_options=list(options),
            description_placeholders={
                "pce": mask_pce(self._pce),
                "state": self._offered.raw_state or NOTHING,
                "end": shown_date(self._offered.end, self.hass.config.language),
            },
        )

    def _offer(self) -> bool:
        """Whether GRDF lists a right that will do; it is the one that is offered."""
        right = self._present
        if right is None or not meter_right(right).standing(self._today).may_open:
            return False
        self._offered = right
        return True


def is_waiting(right: AccessRight) -> bool:
    """Whether the customer has yet to agree."""
    return right.state is AccessRightState.TO_VALIDATE
