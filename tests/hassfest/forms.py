"""The shapes of `services.yaml`, `triggers.yaml` and `conditions.yaml`.

Names and descriptions stand in the translations, never in these files.
"""

from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import TargetSelector, validate_selector
import voluptuous as vol

from .values import Validator, keyed


def _given(value: Any) -> Any:
    if value is None:
        raise vol.Invalid("empty")
    return value


_FIELD: Final = vol.Schema(
    {
        vol.Required("selector"): validate_selector,
        vol.Optional("default"): _given,
        vol.Optional("example"): _given,
        vol.Optional("required"): bool,
    }
)
_SECTION: Final = vol.Schema(
    {vol.Required("fields"): keyed(_FIELD), vol.Optional("collapsed"): bool}
)


def each_field(form: dict[str, Any] | None) -> list[tuple[str, dict[str, Any]]]:
    """Return the fields of a form by name, those of its sections too."""
    fields = (form or {}).get("fields", {})
    return [
        each
        for name, field in fields.items()
        for each in (field["fields"].items() if "fields" in field else [(name, field)])
    ]


def _field_or_section(value: Any) -> Any:
    is_section = isinstance(value, dict) and "fields" in value
    return (_SECTION if is_section else _FIELD)(value)


def _are_named_once(form: dict[str, Any]) -> dict[str, Any]:
    names = [name for name, _ in each_field(form)]
    if len(names) != len(set(names)):
        raise vol.Invalid("a field stands in two sections")
    return form


def _form(field: Validator) -> Any:
    shape = {
        vol.Optional("target"): TargetSelector.CONFIG_SCHEMA,
        vol.Optional("fields"): keyed(field),
    }
    return vol.Any(vol.All(shape, _are_named_once), None)


def _with_anchors(forms: dict[str, Any]) -> dict[str, Any]:
    """Check what is no anchor: the name of an anchor begins with a dot."""
    named = {name: form for name, form in forms.items() if not name.startswith(".")}
    return dict(keyed(_form(_FIELD), slug=cv.underscore_slug)(named))


# hassfest knows anchors of triggers and conditions, but not of a custom action.
ACTIONS: Final = vol.Schema(keyed(_form(_field_or_section)))
TRIGGERS: Final = vol.Schema(_with_anchors)
CONDITIONS: Final = TRIGGERS
