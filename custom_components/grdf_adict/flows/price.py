"""A meter's prices: a list of periods, an entity, or none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import DateSelector
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..helpers.forms import CONF_CONFIRM, CONFIRM_SCHEMA, Form
from ..helpers.texts import escaped, shown_date, shown_decimal
from ..metering import gas_day_at, gas_days_through
from ..metering.price import Per, Price, PriceJump, PriceList, PricePeriod, price_list
from ..meters.meter import meter_of
from ..prices.entity import PriceEntityError, async_prices, current_price
from ..prices.pricing import async_jumps
from ..prices.settings import (
    CONF_ENTITY,
    CONF_FROM,
    CONF_PER,
    CONF_PERIODS,
    CONF_PRICE,
    CONF_SUBSCRIPTION,
    PriceEntity,
    PriceSettings,
    Reprice,
    price_data,
    price_period,
    price_settings,
)
from ..prices.texts import jump_texts, price_unit
from ..storage.meter_file import MeterFile, MeterStore
from .price_forms import (
    Errors,
    choice_schema,
    entity_schema,
    form_values,
    period_errors,
    period_schema,
    subscription_errors,
    table_rows,
)

# GRDF keeps five years, and a meter's history may be older still.
_LONGEST_PAST_DAYS = 366 * 10


class PriceFlow(ConfigSubentryFlow):
    """Tells a meter what its gas costs."""

    _draft: PriceList | None = None
    _edited: PricePeriod | None = None
    _entity: PriceEntity
    _price: Price
    _wanted: PriceSettings
    _jump: PriceJump

    async def async_step_price(self, user_input: Form = None) -> SubentryFlowResult:
        """Ask where the price of gas comes from."""
        options = ["price_list", "price_entity"]
        if self._settings is not None:
            options += ["reprice", "no_price"]
        return self.async_show_menu(step_id="price", menu_options=options)

    async def async_step_price_list(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Show the price list, and what can be done with it."""
        settings = self._settings or PriceSettings()
        options = ["add_period"]
        if self._periods:
            options += ["edit_period", "remove_period"]
        if self._periods and (settings.entity or self._periods != settings.periods):
            options.append("save_list")
        return self.async_show_menu(
            step_id="price_list",
            menu_options=options,
            description_placeholders={
                "currency": self._currency,
                "rows": table_rows(self._periods, self.hass.config.language),
            },
        )

    async def async_step_add_period(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Ask for a new period."""
        self._edited = None
        return await self._async_period("add_period", user_input, self._periods)

    async def async_step_edit_period(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Ask which period to change."""
        chosen = user_input[CONF_PERIODS] if user_input else None
        if len(self._periods) == 1:
            chosen = self._periods[0].start.isoformat()
        if chosen is None:
            return self._show_choice("edit_period", multiple=False)
        start = date.fromisoformat(chosen)
        self._edited = next(each for each in self._periods if each.start == start)
        return await self.async_step_change_period()

    async def async_step_change_period(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Ask for what a period becomes."""
        others = [each for each in self._periods if each != self._edited]
        return await self._async_period("change_period", user_input, tuple(others))

    async def async_step_remove_period(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Ask which periods to take away."""
        if user_input is None:
            return self._show_choice("remove_period", multiple=True)
        self._draft = tuple(
            period
            for period in self._periods
            if period.start.isoformat() not in user_input[CONF_PERIODS]
        )
        return await self.async_step_price_list()

    async def async_step_save_list(self, user_input: Form = None) -> SubentryFlowResult:
        """Price gas days by the list."""
        settings = self._settings or PriceSettings()
        return await self._async_save(
            replace(settings, periods=self._periods, entity=None)
        )

    async def async_step_price_entity(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Ask which entity tells the price."""
        errors: Errors = {}
        if user_input is not None:
            entity = PriceEntity(
                user_input[CONF_ENTITY],
                Decimal(str(user_input[CONF_SUBSCRIPTION])),
                Per(user_input[CONF_PER]),
            )
            errors = subscription_errors(entity.subscription)
            try:
                price = current_price(self.hass, entity.entity_id, self._currency)
            except PriceEntityError as err:
                errors[CONF_ENTITY] = err.key
            if not errors:
                self._entity, self._price = entity, price
                return await self.async_step_confirm_entity()
        return self.async_show_form(
            step_id="price_entity",
            data_schema=self.add_suggested_values_to_schema(
                entity_schema(self._currency), user_input or self._entity_values()
            ),
            errors=errors,
            description_placeholders={"currency": self._currency},
            last_step=False,
        )

    async def async_step_confirm_entity(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Say how far back the entity's prices reach, and ask whether to reprice."""
        if user_input is not None:
            settings = replace(self._settings or PriceSettings(), entity=self._entity)
            since = user_input.get(CONF_FROM)
            wanted = _repriced(settings, since) if since else settings
            return await self._async_save(wanted)
        return self.async_show_form(
            step_id="confirm_entity",
            data_schema=vol.Schema({vol.Optional(CONF_FROM): DateSelector()}),
            description_placeholders={
                "entity": escaped(self._entity.entity_id),
                "price": shown_decimal(
                    self._price.energy.normalize(), self.hass.config.language
                ),
                "unit": price_unit(self._price, self._currency),
                "since": shown_date(
                    await self._async_reach(), self.hass.config.language
                ),
            },
            last_step=True,
        )

    async def async_step_reprice(self, user_input: Form = None) -> SubentryFlowResult:
        """Ask from when on gas days are priced anew."""
        if user_input is not None:
            settings = self._settings or PriceSettings()
            return await self._async_save(_repriced(settings, user_input[CONF_FROM]))
        return self.async_show_form(
            step_id="reprice",
            data_schema=vol.Schema({vol.Required(CONF_FROM): DateSelector()}),
            last_step=True,
        )

    async def async_step_confirm_jump(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Show a price that jumps, and price nothing before the user agrees."""
        errors: Errors = {}
        if user_input is not None:
            if user_input[CONF_CONFIRM]:
                return self._save(self._wanted)
            errors[CONF_CONFIRM] = "not_confirmed"
        return self.async_show_form(
            step_id="confirm_jump",
            data_schema=CONFIRM_SCHEMA,
            errors=errors,
            description_placeholders=jump_texts(
                self._jump, self._currency, self.hass.config.language
            ),
            last_step=True,
        )

    async def async_step_no_price(self, user_input: Form = None) -> SubentryFlowResult:
        """Stop to keep costs, once the user has confirmed."""
        if user_input is None:
            return self.async_show_form(step_id="no_price", last_step=True)
        subentry = self._get_reconfigure_subentry()
        data = {key: kept for key, kept in subentry.data.items() if key != CONF_PRICE}
        return self.async_update_and_abort(
            self._get_entry(),
            subentry,
            reason="reconfigure_successful",
            data=data,
        )

    @property
    def _settings(self) -> PriceSettings | None:
        return price_settings(self._get_reconfigure_subentry().data)

    @property
    def _currency(self) -> str:
        """The currency of the meter's prices, as long as it is in force."""
        entry, own = self._get_entry(), self._get_reconfigure_subentry().subentry_id
        known = None
        if entry.state is ConfigEntryState.LOADED:
            meter = entry.runtime_data.meters.get(own)
            known = meter and meter.data.costs.currency
        return known or self.hass.config.currency

    @property
    def _periods(self) -> PriceList:
        """The list as it would be saved."""
        if self._draft is not None:
            return self._draft
        return self._settings.periods if self._settings else ()

    async def _async_period(
        self, step_id: str, form: Form, others: PriceList
    ) -> SubentryFlowResult:
        errors: Errors = {}
        if form is not None:
            period = price_period(form)
            errors = period_errors(period, others)
            if not errors:
                self._draft = price_list((*others, period))
                return await self.async_step_price_list()
        shown = form_values(self._edited) if self._edited else None
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                period_schema(self._currency), form or shown
            ),
            errors=errors,
            last_step=False,
        )

    def _show_choice(self, step_id: str, *, multiple: bool) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=choice_schema(
                self._periods,
                self._currency,
                self.hass.config.language,
                multiple=multiple,
            ),
            last_step=False,
        )

    def _entity_values(self) -> dict[str, Any] | None:
        entity = self._settings.entity if self._settings else None
        if entity is None:
            return None
        return {
            CONF_ENTITY: entity.entity_id,
            CONF_SUBSCRIPTION: float(entity.subscription),
            CONF_PER: entity.per.value,
        }

    async def _async_reach(self) -> date:
        """Return the first gas day whose price the entity's past still tells."""
        today = gas_day_at(dt_util.utcnow())
        oldest = date.fromordinal(today.toordinal() - _LONGEST_PAST_DAYS)
        days = list(gas_days_through(oldest, today))
        prices = await async_prices(
            self.hass, self._entity.entity_id, days, self._currency
        )
        return min(prices, default=today)

    async def _async_save(self, wanted: PriceSettings) -> SubentryFlowResult:
        """Save settings, once the user has agreed to prices that jump."""
        meter = meter_of(self._get_entry(), self._get_reconfigure_subentry())
        file = await MeterStore(self.hass, meter.key).async_load() or MeterFile()
        jumps = await async_jumps(self.hass, wanted, file)
        before = self._settings
        if wanted.entity and wanted.reprice == (before and before.reprice):
            # Only gas days after the last that has a price are priced: from there on,
            # what the user agrees to is a request.
            newest = max(file.prices.days, default=date.min)
            jumps = [jump for jump in jumps if jump.gas_day > newest]
            if jumps:
                wanted = _repriced(wanted, jumps[0].gas_day.isoformat())
        if not jumps:
            return self._save(wanted)
        self._wanted, self._jump = wanted, jumps[0]
        return await self.async_step_confirm_jump()

    def _save(self, settings: PriceSettings) -> SubentryFlowResult:
        return self.async_update_and_abort(
            self._get_entry(),
            self._get_reconfigure_subentry(),
            reason="reconfigure_successful",
            data_updates={CONF_PRICE: price_data(settings)},
        )


def _repriced(settings: PriceSettings, since: str) -> PriceSettings:
    wish = Reprice(date.fromisoformat(since), dt_util.utcnow().isoformat())
    return replace(settings, reprice=wish)
