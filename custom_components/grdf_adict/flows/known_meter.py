"""The meter that a subentry flow reconfigures."""

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryFlow
from homeassistant.data_entry_flow import AbortFlow

from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry


class KnownMeterFlow(ConfigSubentryFlow):
    """Finds the meter that is reconfigured."""

    @property
    def _known_meter(self) -> MeterCoordinator:
        """The meter that is reconfigured; AbortFlow where it is not loaded."""
        entry: GrdfConfigEntry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            raise AbortFlow("entry_not_loaded")
        return entry.runtime_data.meters[self._get_reconfigure_subentry().subentry_id]
