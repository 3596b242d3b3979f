"""Texts that are composed when they are shown: those of selectors, and lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
import re
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN

NOTHING: Final = "—"
_NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"

# What begins a link, an image, HTML, a code span, emphasis or a table's cell in
# Markdown, or a block at its start. Underscores within a word begin nothing.
_MARKUP: Final = re.compile(
    r"[\\`*\[\]|~<>]|(?<![^\W_])_|!(?=\[)|(?<=\])\("
    r"|:(?=//)|(?<=www)\.|&(?=#?\w+;)|^#(?=[#\s]|$)|^[+-](?=\s)",
    re.IGNORECASE,
)
_ENTITIES: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}

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


def counted_text(texts: Texts, key: str, count: int, language: str, **more: str) -> str:
    """Return the text for a number of things: `<key>_one` for one, else `<key>`."""
    text = texts[f"{key}_one" if count == 1 else key]
    return text.format(count=shown_amount(count, language), **more)


def shown_decimal(value: Decimal, language: str) -> str:
    """Return a number with all its digits, and a comma in French."""
    text = f"{value:f}"
    return text.replace(".", ",") if language == "fr" else text


def escaped(text: str) -> str:
    """Return foreign text on one line, to be shown as it is written.

    Foreign is what GRDF, a file or a person wrote: messages, names, titles, columns.
    Repairs, notifications and flows render Markdown and HTML: what is put into their
    texts goes through here, once. Most names stay as they are, so that titles and
    errors, which are rendered as plain text, can have the same placeholders.
    """
    line = " ".join(
        "".join(char if char.isprintable() else " " for char in text).split()
    )
    return _MARKUP.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), line)


def shown_names(names: Iterable[str]) -> str:
    """Return names as one line of Markdown."""
    return ", ".join(map(escaped, names)) or NOTHING


def bullets(lines: Iterable[str], most: int) -> str:
    """Return lines as a list in Markdown, and how many more there are than `most`."""
    listed = [f"- {escaped(line)}" for line in lines]
    if len(listed) > most:
        listed = [*listed[:most], f"- … (+ {len(listed) - most})"]
    return "\n".join(listed)
