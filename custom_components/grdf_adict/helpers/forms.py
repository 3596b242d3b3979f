"""What the forms of flows and repairs share."""

from typing import Any, Final

from homeassistant.helpers.selector import BooleanSelector
import voluptuous as vol

CONF_CONFIRM: Final = "confirm"
CONFIRM_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_CONFIRM, default=False): BooleanSelector()}
)

type Form = dict[str, Any] | None
"""What the user submitted; None: the form is still to be shown."""
