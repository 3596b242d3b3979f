"""The shape of a language's translations."""

from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .values import Validator, key, keyed, label, text

_TEXTS: Final = keyed(text)

_FORM: Final = {
    vol.Optional("description"): text,
    vol.Optional("data"): _TEXTS,
    vol.Optional("data_description"): _TEXTS,
}


def _only_fields_are_described(form: dict[str, Any]) -> dict[str, Any]:
    if not form.get("data_description", {}).keys() <= form.get("data", {}).keys():
        raise vol.Invalid("a description of a field that is not in data")
    return form


def _only_options_are_described(step: dict[str, Any]) -> dict[str, Any]:
    described = step.get("menu_option_descriptions", {}).keys()
    if not described <= step.get("menu_options", {}).keys():
        raise vol.Invalid("a description of an option that is not in menu_options")
    return step


_STEP: Final = vol.All(
    vol.Schema(
        {
            **_FORM,
            vol.Optional("title"): text,
            vol.Optional("menu_options"): _TEXTS,
            vol.Optional("menu_option_descriptions"): _TEXTS,
            vol.Optional("sections"): keyed(
                vol.All(
                    vol.Schema({**_FORM, vol.Optional("name"): text}),
                    _only_fields_are_described,
                )
            ),
            vol.Optional("submit"): text,
        }
    ),
    _only_fields_are_described,
    _only_options_are_described,
)

_FLOW: Final = vol.Schema(
    {
        vol.Optional("flow_title"): text,
        vol.Optional("initiate_flow"): {vol.Required("user"): text},
        vol.Required("step"): keyed(_STEP),
        vol.Optional("error"): _TEXTS,
        vol.Optional("abort"): _TEXTS,
        vol.Optional("progress"): _TEXTS,
        vol.Optional("create_entry"): _TEXTS,
    }
)

_SUBENTRY_FLOW: Final = _FLOW.extend(
    {
        vol.Required("entry_type"): text,
        vol.Required("initiate_flow"): {vol.Required("user"): text, key: text},
    }
)


def _says_that_it_was_changed(flow: dict[str, Any]) -> dict[str, Any]:
    # Home Assistant's own sentence is there in English alone.
    if "reconfigure" in flow["step"] and (
        "reconfigure_successful" not in flow.get("abort", {})
    ):
        raise vol.Invalid("no abort.reconfigure_successful")
    return flow


_ISSUE: Final = vol.All(
    cv.has_at_least_one_key("description", "fix_flow"),
    vol.Schema(
        {
            vol.Required("title"): text,
            vol.Optional("short_title"): text,
            vol.Exclusive("description", "fixable"): text,
            vol.Exclusive("fix_flow", "fixable"): _FLOW,
        }
    ),
)

_STATES: Final = keyed(label)

_ENTITY: Final = {
    vol.Optional("name"): text,
    vol.Optional("state"): _STATES,
    vol.Optional("state_attributes"): keyed(
        {vol.Optional("name"): label, vol.Optional("state"): _STATES}
    ),
    vol.Optional("unit_of_measurement"): label,
}

_SELECTOR: Final = {
    vol.Optional("choices"): _TEXTS,
    vol.Optional("options"): _TEXTS,
    vol.Optional("unit_of_measurement"): _TEXTS,
    vol.Optional("fields"): keyed(
        {vol.Required("name"): text, vol.Required("description"): text}
    ),
}


def _described(**more: Validator) -> dict[vol.Marker, Any]:
    field = {
        vol.Required("name"): text,
        vol.Required("description"): text,
        vol.Optional("example"): text,
    }
    return {
        vol.Required("name"): text,
        vol.Required("description"): text,
        vol.Optional("fields"): keyed(field),
        **{vol.Optional(part): schema for part, schema in more.items()},
    }


TRANSLATIONS: Final = vol.Schema(
    {
        vol.Optional("title"): text,
        vol.Optional("config"): _FLOW,
        vol.Optional("config_subentries"): keyed(
            vol.All(_SUBENTRY_FLOW, _says_that_it_was_changed)
        ),
        vol.Optional("options"): _FLOW,
        vol.Optional("preview_features"): keyed(
            {
                vol.Required("name"): text,
                vol.Required("description"): text,
                vol.Optional("enable_confirmation"): text,
                vol.Optional("disable_confirmation"): text,
            }
        ),
        vol.Optional("selector"): keyed(_SELECTOR),
        vol.Optional("device_automation"): {
            vol.Optional(part): _TEXTS
            for part in (
                "action_type",
                "condition_type",
                "trigger_type",
                "trigger_subtype",
                "extra_fields",
                "extra_fields_descriptions",
            )
        },
        vol.Optional("system_health"): {vol.Optional("info"): _TEXTS},
        vol.Optional("application_credentials"): {vol.Optional("description"): text},
        vol.Optional("issues"): keyed(_ISSUE),
        vol.Optional("device"): keyed({vol.Optional("name"): text}),
        vol.Optional("entity"): keyed(keyed(_ENTITY), slug=cv.slug),
        vol.Optional("exceptions"): keyed({vol.Required("message"): text}),
        vol.Optional("services"): keyed(
            _described(
                sections=keyed(
                    {vol.Required("name"): text, vol.Optional("description"): text}
                )
            )
        ),
        vol.Optional("triggers"): keyed(_described(), slug=cv.underscore_slug),
        vol.Optional("conditions"): keyed(_described(), slug=cv.underscore_slug),
        vol.Optional("conversation"): {
            vol.Required("agent"): {vol.Required("done"): text}
        },
        vol.Optional("common"): _TEXTS,
    }
)
