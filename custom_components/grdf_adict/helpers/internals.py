"""What is used of Home Assistant beyond its documented interfaces.

Any release may change it. The table `Internal` is all of it; each is looked for when
its module of `helpers` is imported, and a missing one is logged at the start. It costs
a feature, never the load: what is missing is replaced by a class that raises.
"""

from collections.abc import Callable
from enum import Enum
from functools import cache, reduce
from importlib import import_module
from typing import Any, Final, Never, override

from homeassistant.core import HomeAssistant, callback

from ..const import LOGGER

_COMPONENTS: Final = "homeassistant.components."
_RECORDER: Final = "homeassistant.components.recorder"


class InternalMissingError(Exception):
    """This release of Home Assistant lacks something that we use."""


class _Missing(type):
    """The class of what stands for a missing name: any use of it raises."""

    error: Callable[[], Exception]

    @override
    def __call__(cls, *args: Any, **kwargs: Any) -> Never:
        raise cls.error()

    def __getattr__(cls, name: str) -> Never:
        raise AttributeError(name) if name.startswith("__") else cls.error()


class Internal(Enum):
    """What is used: what its lack costs, and the names, each as `module:name`."""

    CONDITIONS = (
        "the conditions of automations",
        "homeassistant.helpers.condition:ATTR_BEHAVIOR",
        "homeassistant.helpers.condition:BEHAVIOR_ALL",
        "homeassistant.helpers.condition:BEHAVIOR_ANY",
        "homeassistant.helpers.condition:Condition",
        "homeassistant.helpers.condition:Condition._async_check",
        "homeassistant.helpers.condition:ConditionCheckParams",
        "homeassistant.helpers.condition:ConditionConfig",
    )
    ENERGY = (
        "showing meters in the Energy dashboard for you",
        "homeassistant.components.energy.data:ENERGY_SOURCE_SCHEMA",
        "homeassistant.components.energy.data:async_get_manager",
    )
    HISTORY = (
        "the past prices of price entities",
        f"{_RECORDER}.history:state_changes_during_period",
        f"{_RECORDER}.statistics:get_metadata",
    )
    QUEUE = (
        "nothing: another way to wait for the recorder is taken",
        f"{_RECORDER}.tasks:SynchronizeTask",
    )
    REDIRECT = (
        "sending customers to GRDF for their consent",
        "homeassistant.helpers.config_entry_oauth2_flow:AUTH_CALLBACK_PATH",
        "homeassistant.helpers.config_entry_oauth2_flow:LocalOAuth2Implementation",
        "homeassistant.helpers.config_entry_oauth2_flow:async_get_redirect_uri",
    )
    SCHEDULE = (
        "nothing: what becomes due is asked for at once",
        "homeassistant.helpers.update_coordinator:DataUpdateCoordinator._schedule_refresh",
    )
    SIGNED_PATHS = (
        "the downloads of forms",
        "homeassistant.components.http.auth:async_sign_path",
    )
    STATISTICS = (
        "the statistics of the Energy dashboard",
        f"{_RECORDER}.models:StatisticData",
        f"{_RECORDER}.models:StatisticMeanType",
        f"{_RECORDER}.models:StatisticMetaData",
        f"{_RECORDER}.statistics:async_add_external_statistics",
        f"{_RECORDER}.statistics:async_list_statistic_ids",
        f"{_RECORDER}.statistics:statistics_during_period",
    )
    STORE = (
        "nothing: each file is read again after it is written",
        "homeassistant.helpers.storage:Store._async_write_data",
    )
    TARGETS = (
        "areas, floors and labels as targets: devices and entities remain",
        "homeassistant.helpers.target:TargetSelection",
        "homeassistant.helpers.target:async_extract_referenced_entity_ids",
    )
    TRIGGERS = (
        "the triggers of automations",
        "homeassistant.helpers.trigger:NotTriggeredInfo",
        "homeassistant.helpers.trigger:Trigger",
        "homeassistant.helpers.trigger:TriggerActionRunner",
        "homeassistant.helpers.trigger:TriggerConfig",
        "homeassistant.helpers.trigger:TriggerNotTriggeredReporter",
    )

    def __init__(self, cost: str, *names: str) -> None:
        """Take a row of the table."""
        self.cost = cost
        self.names = names

    @property
    def missing(self) -> list[str]:
        """Those of its names that this Home Assistant does not have."""
        return [name for name in self.names if isinstance(_found(name), _Missing)]

    def load(self, error: Callable[[], Exception] = InternalMissingError) -> list[Any]:
        """Return what its names are, in their order.

        Args:
            error: of the exception that any use of a missing one raises.
        """
        return [
            _Missing(name, (), {"error": error})
            if isinstance(found := _found(name), _Missing)
            else found
            for name in self.names
        ]

    def is_of_what_runs(self, hass: HomeAssistant) -> bool:
        """Whether the integration that it belongs to is set up, if it is of one."""
        module, _, rest = self.names[0].removeprefix(_COMPONENTS).partition(".")
        return (
            not self.names[0].startswith(_COMPONENTS)
            or not rest
            or module in hass.config.components
        )


@cache
def _found(name: str) -> Any:
    module, _, path = name.partition(":")
    try:
        return reduce(getattr, path.split("."), import_module(module))
    except ImportError, AttributeError:
        return _Missing(name, (), {"error": InternalMissingError})


@callback
def log_missing(hass: HomeAssistant) -> None:
    """Log what this Home Assistant lacks, and what that costs: once, at the start."""
    for internal in Internal:
        if internal.is_of_what_runs(hass) and internal.missing:
            LOGGER.warning(
                "This Home Assistant lacks %s. That costs %s; look for an update of"
                " the integration",
                ", ".join(name.replace(":", ".") for name in internal.missing),
                internal.cost,
            )
