"""The words of our selectors, where texts are put together as they are shown."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN


async def async_words(hass: HomeAssistant) -> Mapping[str, str]:
    """Return the words of our selectors in Home Assistant's language: `flow.injection`.

    They fill tables whose rows are known only when a step is shown.
    """
    texts = await async_get_translations(
        hass, hass.config.language, "selector", {DOMAIN}
    )
    start = f"component.{DOMAIN}.selector."
    return {
        key.removeprefix(start).replace(".options.", "."): text
        for key, text in texts.items()
    }
