"""Keys and values that more than one kind of file holds."""

from collections.abc import Callable
import re
from string import Formatter
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

type Validator = Callable[[Any], Any]

_KEY: Final = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
_ICON: Final = re.compile(r"mdi:[a-z0-9]+(-[a-z0-9]+)*")
_ADDRESS: Final = re.compile(r"(\w+://|\bwww\.)\w", re.IGNORECASE)
_QUOTED: Final = re.compile(r"'\{\w+\}'")
_REFERENCE: Final = "[%"


def key(value: str) -> str:
    """Return a key of small letters and digits, its words joined by - or _."""
    if not _KEY.fullmatch(value):
        raise vol.Invalid(f"{value!r} is not a key")
    return value


def keyed(value: Any, *, slug: Validator = key) -> Validator:
    """Return the schema of a mapping whose keys are checked too."""
    return cv.schema_with_slug_keys(value, slug_validator=slug)


def text(value: Any) -> str:
    """Return a text that the frontend can show in any language."""
    if not isinstance(value, str):
        raise vol.Invalid("not a text")
    shown = cv.string_with_no_html(value)
    if shown != shown.strip():
        raise vol.Invalid("spaces at an end")
    if _QUOTED.search(shown):
        raise vol.Invalid("single quotes around a placeholder hide it")
    if _ADDRESS.search(shown):
        raise vol.Invalid("an address belongs in a placeholder")
    if _REFERENCE in shown:
        raise vol.Invalid("a custom integration's references are not resolved")
    if not all(name.isidentifier() for name in _placeholders(shown)):
        raise vol.Invalid("a placeholder is not an identifier")
    return shown


def label(value: Any) -> str:
    """Return a text that nothing is filled into."""
    shown = text(value)
    if _placeholders(shown):
        raise vol.Invalid("nothing fills in a placeholder here")
    return shown


def icon(value: Any) -> str:
    """Return the name of a Material Design icon."""
    if not isinstance(value, str) or not _ICON.fullmatch(value):
        raise vol.Invalid("not the name of an icon, as in mdi:fire")
    return value


def _placeholders(value: str) -> list[str]:
    try:
        return [name for _, name, _, _ in Formatter().parse(value) if name is not None]
    except ValueError as err:
        raise vol.Invalid(f"braces that do not match: {err}") from err
