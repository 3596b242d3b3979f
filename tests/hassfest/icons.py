"""The shape of `icons.json`."""

from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .values import icon, keyed

_ICONS: Final = keyed(icon)


def _number(value: str) -> str:
    try:
        float(value)
    except ValueError as err:
        raise vol.Invalid(f"{value!r} is not a number") from err
    return value


def _differ_from_the_default(drawn: dict[str, Any]) -> dict[str, Any]:
    for states in (drawn.get("state", {}), drawn.get("range", {})):
        for state, name in states.items():
            if name == drawn.get("default"):
                raise vol.Invalid(f"{state!r} has the default icon anyway")
    return drawn


def _drawn(**more: Any) -> Any:
    shape = {
        vol.Optional("default"): icon,
        vol.Optional("state"): _ICONS,
        vol.Optional("range"): keyed(icon, slug=_number),
        **{vol.Optional(part): schema for part, schema in more.items()},
    }
    return vol.All(vol.Schema(shape), _differ_from_the_default)


_FLOW: Final = {
    vol.Required("step"): keyed({vol.Required("sections"): _ICONS}),
}

ICONS: Final = vol.Schema(
    {
        vol.Optional("config"): _FLOW,
        vol.Optional("options"): _FLOW,
        vol.Optional("issues"): keyed({vol.Required("fix_flow"): _FLOW}),
        vol.Optional("entity"): keyed(
            keyed(_drawn(state_attributes=keyed(_drawn()))), slug=cv.slug
        ),
        vol.Optional("services"): keyed(
            {vol.Required("service"): icon, vol.Optional("sections"): _ICONS}
        ),
        vol.Optional("triggers"): keyed(
            {vol.Required("trigger"): icon}, slug=cv.underscore_slug
        ),
        vol.Optional("conditions"): keyed(
            {vol.Required("condition"): icon}, slug=cv.underscore_slug
        ),
    }
)
