"""The history that another integration counted, adopted by a meter after a preview."""

from collections import Counter
from decimal import Decimal
from typing import Any, Final

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    StatisticSelector,
)
from homeassistant.helpers.update_coordinator import UpdateFailed
import voluptuous as vol

from ..helpers.forms import Form
from ..helpers.texts import (
    NOTHING,
    Texts,
    async_texts,
    counted_text,
    escaped,
    shown_amount,
    shown_date,
    shown_decimal,
)
from ..metering import Adoption, AdoptionOutcome
from ..meters.adoption import (
    LEAST_COEFFICIENT,
    LONGEST_DELAY,
    MOST_COEFFICIENT,
    AdoptionRefusedError,
    AdoptionRequest,
    async_adopt,
    async_preview_adoption,
)
from ..meters.coordinator import MeterCoordinator
from .known_meter import KnownMeterFlow

_CONF_COEFFICIENT: Final = "coefficient"
_CONF_DELAY: Final = "delay"
_CONF_STATISTIC: Final = "statistic_id"

_SCHEMA: Final = vol.Schema(
    {
        # The frontend shows nothing of a form with a required field of this kind.
        vol.Optional(_CONF_STATISTIC): StatisticSelector(),
        vol.Optional(_CONF_COEFFICIENT): NumberSelector(
            NumberSelectorConfig(
                min=LEAST_COEFFICIENT,
                max=MOST_COEFFICIENT,
                step=0.01,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement="kWh/m³",
            )
        ),
        vol.Required(_CONF_DELAY, default=0): NumberSelector(
            NumberSelectorConfig(min=0, max=LONGEST_DELAY, mode=NumberSelectorMode.BOX)
        ),
    }
)


class AdoptFlow(KnownMeterFlow):
    """Fills a meter's missing gas days from another statistic."""

    _adopt_form: dict[str, Any]
    _adoption: Adoption

    async def async_step_adopt(self, user_input: Form = None) -> SubentryFlowResult:
        """Ask for the other statistic, and how it counts."""
        meter = self._known_meter
        errors: dict[str, str] = {}
        if user_input is not None and _CONF_STATISTIC not in user_input:
            errors[_CONF_STATISTIC] = "statistic_missing"
        elif user_input is not None:
            self._adopt_form = user_input
            try:
                self._adoption = await async_preview_adoption(meter, self._request)
            except AdoptionRefusedError as err:
                errors[_place(err)] = err.key
            else:
                return await self.async_step_adopt_preview()
        return self.async_show_form(
            step_id="adopt",
            data_schema=self.add_suggested_values_to_schema(_SCHEMA, user_input),
            errors=errors,
            description_placeholders={
                "meter": escaped(self._get_reconfigure_subentry().title),
                "coefficient": _shown_coefficient(meter, self.hass.config.language),
            },
            last_step=False,
        )

    async def async_step_adopt_preview(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Show the effect of the adoption, and adopt."""
        language = self.hass.config.language
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                done = await async_adopt(self._known_meter, self._request)
            except AdoptionRefusedError:
                return await self.async_step_adopt(self._adopt_form)
            except UpdateFailed:
                errors["base"] = "write_failed"
            else:
                return self.async_abort(
                    reason="adopted",
                    description_placeholders={
                        "meter": escaped(self._get_reconfigure_subentry().title),
                        "days": shown_amount(len(done.filled), language),
                        "energy": shown_amount(done.energy, language),
                    },
                )
        return self.async_show_form(
            step_id="adopt_preview",
            data_schema=vol.Schema({}),
            errors=errors,
            description_placeholders={
                "statistic": escaped(self._request.statistic_id),
                "preview": _preview(
                    self._adoption, await async_texts(self.hass), language
                ),
            },
        )

    @property
    def _request(self) -> AdoptionRequest:
        form = self._adopt_form
        return AdoptionRequest(
            form[_CONF_STATISTIC], form.get(_CONF_COEFFICIENT), int(form[_CONF_DELAY])
        )


def _place(refused: AdoptionRefusedError) -> str:
    """Return the field beside which a refusal is shown."""
    lacks_coefficient = refused.key == "adopt_coefficient_unknown"
    return _CONF_COEFFICIENT if lacks_coefficient else _CONF_STATISTIC


def _shown_coefficient(meter: MeterCoordinator, language: str) -> str:
    known = meter.data.coefficient
    return (
        NOTHING if known is None else shown_decimal(Decimal(f"{known:.2f}"), language)
    )


def _preview(adoption: Adoption, words: Texts, language: str) -> str:
    """Return what adopting does, in Markdown: a sentence, then what is doubtful."""
    lines = [f"**{_sentence(adoption, words, language)}**"]
    if kept := adoption.count(AdoptionOutcome.KEPT):
        alike = words["adopt_word.alike"].format(
            count=shown_amount(kept, language),
            alike=shown_amount(adoption.alike, language),
        )
        doubt = [words["adopt_word.check"]] if 2 * adoption.alike < kept else []
        lines += ["", " ".join([alike, *doubt])]
    refused = [
        f"- {words[f'adopt_doubt.{doubt}']} · {shown_amount(count, language)}"
        for doubt, count in Counter(adoption.doubts.values()).items()
    ]
    heading = ["", f"**{words['adopt_word.refused']}**", ""] if refused else []
    lines += [*heading, *refused]
    return "\n".join(lines)


def _sentence(adoption: Adoption, words: Texts, language: str) -> str:
    days = sorted({*adoption.outcomes, *adoption.doubts})
    counts = {outcome.value: adoption.count(outcome) for outcome in AdoptionOutcome}
    counts["refused"] = len(adoption.doubts)
    return words["adopt_word.sentence"].format(
        days=counted_text(
            words,
            "file_sentence.days",
            len(days),
            language,
            first=shown_date(days[0], language),
            last=shown_date(days[-1], language),
        ),
        energy=shown_amount(adoption.energy, language),
        parts=", ".join(
            counted_text(words, f"adopt_fate.{fate}", count, language)
            for fate, count in counts.items()
            if count
        ),
    )
