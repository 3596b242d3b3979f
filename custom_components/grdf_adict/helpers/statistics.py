"""The recorder's long-term statistics and history, not all of it a public interface.

Without the statistics, whatever reads or writes them raises `RecorderBusyError`: rows
are written once there is an update. Without the history, it is empty.
"""

from typing import TYPE_CHECKING, Any

from .internals import Internal
from .recorder import RecorderBusyError

if TYPE_CHECKING:
    from homeassistant.components.recorder.history import state_changes_during_period
    from homeassistant.components.recorder.models import (
        StatisticData,
        StatisticMeanType,
        StatisticMetaData,
    )
    from homeassistant.components.recorder.statistics import (
        async_add_external_statistics,
        async_list_statistic_ids,
        get_metadata,
        statistics_during_period,
    )
else:
    (
        StatisticData,
        StatisticMeanType,
        StatisticMetaData,
        async_add_external_statistics,
        async_list_statistic_ids,
        statistics_during_period,
    ) = Internal.STATISTICS.load(RecorderBusyError)

    def _nothing(*_args: Any, **_kwargs: Any) -> dict[str, Any]:
        return {}

    state_changes_during_period, get_metadata = (
        [_nothing, _nothing] if Internal.HISTORY.missing else Internal.HISTORY.load()
    )

__all__ = [
    "StatisticData",
    "StatisticMeanType",
    "StatisticMetaData",
    "async_add_external_statistics",
    "async_list_statistic_ids",
    "get_metadata",
    "state_changes_during_period",
    "statistics_during_period",
]
