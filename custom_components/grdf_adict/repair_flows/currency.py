"""The fix of a repair about costs in another currency than Home Assistant's."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.helpers.update_coordinator import UpdateFailed

from ..helpers.forms import Form
from ..helpers.recorder import RecorderBusyError
from ..helpers.texts import escaped
from ..meters.currency import async_price_in, priced_otherwise
from ..runtime import GrdfConfigEntry
from ..watch.currency import async_show_currency


class CurrencyFlow(RepairsFlow):
    """Prices all gas days anew, or keeps the earlier costs as they are."""

    def __init__(self, entry: GrdfConfigEntry) -> None:
        """Prepare the choice for the meters of an entry."""
        super().__init__()
        self._entry = entry

    async def async_step_init(self, user_input: Form = None) -> RepairsFlowResult:
        """Ask what becomes of the costs so far."""
        currency = self.hass.config.currency
        found = priced_otherwise(self._entry.runtime_data.meters.values(), currency)
        if not found:
            return self.async_abort(reason="already_mended")
        before = sorted({str(meter.data.costs.currency) for meter in found})
        return self.async_show_menu(
            step_id="init",
            menu_options=["price_anew", "keep_earlier"],
            description_placeholders={
                "account": escaped(self._entry.title),
                "before": ", ".join(before),
                "currency": currency,
                "count": str(len(found)),
            },
        )

    async def async_step_price_anew(self, user_input: Form = None) -> RepairsFlowResult:
        """Price all gas days in the present currency."""
        return await self._async_price(keep_earlier=False)

    async def async_step_keep_earlier(
        self, user_input: Form = None
    ) -> RepairsFlowResult:
        """Price the gas days to come in the present currency, and no other."""
        return await self._async_price(keep_earlier=True)

    async def _async_price(self, *, keep_earlier: bool) -> RepairsFlowResult:
        currency, meters = self.hass.config.currency, self._entry.runtime_data.meters
        try:
            for meter in priced_otherwise(meters.values(), currency):
                await async_price_in(meter, currency, keep_earlier=keep_earlier)
        except RecorderBusyError, UpdateFailed:
            return self.async_abort(reason="not_now")
        finally:
            async_show_currency(self.hass, self._entry, meters)
        return self.async_create_entry(data={})
