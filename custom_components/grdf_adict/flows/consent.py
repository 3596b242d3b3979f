"""The forms that tell a customer's consent, one after the other."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.core import callback
import voluptuous as vol

from ..adict import AccessRight, check_declaration, parse_pce
from ..const import CONF_PCE
from ..helpers.forms import Form
from ..helpers.texts import shown_names
from ..storage.proofs import ProofRefusedError, ProofStage
from .declare_forms import (
    CHECKLISTS,
    CONF_CHECKLIST,
    CONF_DISCARD,
    CONF_PROOFS,
    Direction,
    Errors,
    Holder,
    Part,
    checklist_schema,
    declaration_of,
    direction_of,
    form_errors,
    holder_of,
    holder_schema,
    part_of,
    proofs_schema,
    refilled,
    scope_schema,
)
from .energy import EnergyFlow

type GoOn = Callable[[], Awaitable[SubentryFlowResult]]
type FormErrors = tuple[Errors, Mapping[str, str]]

_NO_ERRORS: FormErrors = ({}, {})


class ConsentFlow(EnergyFlow):
    """Asks for the holder, the dates, the perimeters and the proofs of a consent.

    What the forms hold of people lives as long as the flow, and is neither stored nor
    logged.
    """

    _values: Mapping[str, Any] = {}
    _told: FormErrors = _NO_ERRORS
    _stage: ProofStage | None = None

    @abstractmethod
    async def async_step_review(self, user_input: Form = None) -> SubentryFlowResult:
        """Go on once the forms are filled."""

    async def async_step_person(self, user_input: Form = None) -> SubentryFlowResult:
        """Ask who the customer is: a person."""
        schema = holder_schema(Holder.PERSON)
        return await self._async_form(
            "person", schema, user_input, self.async_step_scope
        )

    async def async_step_company(self, user_input: Form = None) -> SubentryFlowResult:
        """Ask who the customer is: a company, an association, an authority."""
        schema = holder_schema(Holder.COMPANY)
        return await self._async_form(
            "company", schema, user_input, self.async_step_scope
        )

    async def async_step_scope(self, user_input: Form = None) -> SubentryFlowResult:
        """Ask how long the consent lasts, and what it covers."""
        schema = scope_schema(direction_of(self._values))
        return await self._async_form(
            "scope", schema, user_input, self._async_checklist
        )

    async def async_step_checklist_person(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Go through what makes a person's consent valid."""
        return await self._async_tick(Holder.PERSON, user_input)

    async def async_step_checklist_company(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Go through what makes an organisation's consent valid."""
        return await self._async_tick(Holder.COMPANY, user_input)

    async def async_step_proofs(self, user_input: Form = None) -> SubentryFlowResult:
        """Ask for the files that show the consent, to keep them for a control."""
        if self._stage is None:
            self._stage = ProofStage(self.hass, self.flow_id)
        errors: Errors = {}
        if user_input is not None:
            if user_input.get(CONF_DISCARD):
                await self._stage.async_drop()
            errors = await self._async_attach(self._stage, user_input)
            if not errors and (self._attached or not user_input):
                return await self.async_step_review()
        return self.async_show_form(
            step_id="proofs",
            data_schema=proofs_schema(len(self._attached)),
            errors=errors,
            description_placeholders={"files": shown_names(self._attached)},
            last_step=False,
        )

    @callback
    def async_remove(self) -> None:
        """Forget the files of a flow that has ended; those to keep are kept by then."""
        if self._stage is not None:
            self._stage.async_leave()

    @property
    def _pce(self) -> str:
        return parse_pce(self._values[CONF_PCE])

    @property
    def _attached(self) -> list[str]:
        """The names of the files that are attached so far."""
        return [path.name for path in self._stage.files] if self._stage else []

    @property
    def _present(self) -> AccessRight | None:
        """The right on this way of the gas that GRDF lists for the PCE."""
        injection = direction_of(self._values) is Direction.INJECTION
        return self._deciding(self._pce, injection=injection)

    async def _async_form(
        self, step_id: str, schema: vol.Schema, form: Form, go_on: GoOn
    ) -> SubentryFlowResult:
        """Show a form until what it asks for keeps GRDF's rules."""
        (errors, explanation), self._told = self._told, _NO_ERRORS
        if form is not None:
            self._values = refilled(self._values, schema, form)
            problems = check_declaration(
                self._values[CONF_PCE], declaration_of(self._values), self._today
            )
            errors = form_errors(problems, schema)
            if not errors:
                return await go_on()
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, self._values),
            errors=errors,
            description_placeholders=explanation,
            last_step=False,
        )

    async def _async_holder(self) -> SubentryFlowResult:
        if holder_of(self._values) is Holder.PERSON:
            return await self.async_step_person()
        return await self.async_step_company()

    async def _async_checklist(self) -> SubentryFlowResult:
        if part_of(self._values) is Part.HOLDER:
            # Nobody else consents.
            return await self.async_step_proofs()
        return await self._async_tick(holder_of(self._values), None)

    async def _async_tick(self, holder: Holder, form: Form) -> SubentryFlowResult:
        errors: Errors = {}
        ticked = self._values.get(CONF_CHECKLIST, ())
        if form is not None:
            ticked = form[CONF_CHECKLIST]
            self._values = {**self._values, CONF_CHECKLIST: ticked}
            if set(CHECKLISTS[holder]) <= set(ticked):
                return await self.async_step_proofs()
            errors[CONF_CHECKLIST] = "consent_incomplete"
        known = [point for point in CHECKLISTS[holder] if point in ticked]
        return self.async_show_form(
            step_id=f"checklist_{holder}",
            data_schema=self.add_suggested_values_to_schema(
                checklist_schema(holder), {CONF_CHECKLIST: known}
            ),
            errors=errors,
            last_step=False,
        )

    async def _async_attach(self, stage: ProofStage, form: Mapping[str, Any]) -> Errors:
        errors: Errors = {}
        for field in CONF_PROOFS:
            if field in form:
                try:
                    await stage.async_add(form[field])
                except ProofRefusedError as err:
                    errors["base"] = err.key
        return errors
