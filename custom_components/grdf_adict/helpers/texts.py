"""Texts that are composed when they are shown: those of selectors, and lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN

NOTHING: Final = "—"
_NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"

type Texts = Mapping[str, str]
"""What `async_texts` returns."""


async def async_texts(hass: HomeAssistant, language: str | None = None) -> Texts:
    """Return the texts of our selectors by keys such as `flow.injection`.

    They fill tables whose rows are known only when a step is shown. The language is
    Home Assistant's where none is given.
    """
    texts = await async_get_translations(
        hass, language or hass.config.language, "selector", {DOMAIN}
    )
    start = f"component.{DOMAIN}.selector."
    return {
        key.removeprefix(start).replace(".options.", "."): text
        for key, text in texts.items()
    }


def shown_date(day: date | None, language: str) -> str:
    """Return a date as texts show it: 24/11/2026 in French; a dash for none."""
    if day is None:
        return NOTHING
    return f"{day:%d/%m/%Y}" if language == "fr" else day.isoformat()


def shown_amount(value: float, language: str) -> str:
    """Return an amount as texts show it: whole, with a thousands separator."""
    text = f"{value:,.0f}"
    return text.replace(",", _NO_BREAK_SPACE) if language == "fr" else text


def shown_decimal(value: Decimal, language: str) -> str:
    """Return a number with all its digits, and a comma in French."""
    text = f"{value:f}"
    return text.replace(".", ",") if language == "fr" else text


def shown_names(names: Iterable[str]) -> str:
    """Return names as one line of text."""
    return ", ".join(names) or NOTHING


def bullets(lines: Iterable[str], most: int) -> str:
    """Return lines as a list in Markdown, and how many more there are than `most`."""
    listed = [f"- {line}" for line in lines]
    if len(listed) > most:
        listed = [*listed[:most], f"- … (+ {len(listed) - most})"]
    return "\n".join(listed)
