"""GRDF away: said once by whoever notices first, and once when it is back."""

from dataclasses import dataclass
from typing import Any

from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ..adict import AdictError, AdictUnavailableError


@dataclass(slots=True)
class Outage:
    """Whether GRDF is away, and which coordinator has said so.

    Home Assistant logs a coordinator's first failure, and its recovery: of a contract
    with a hundred meters, one line of each is enough.
    """

    told_by: str | None = None

    def note(self, coordinator: DataUpdateCoordinator[Any], error: AdictError) -> None:
        """Take note of a failure; who comes after the first one keeps silent."""
        if not isinstance(error, AdictUnavailableError):
            return
        self.told_by = self.told_by or coordinator.name
        if self.told_by != coordinator.name:
            # A failure that follows another is not logged.
            coordinator.last_update_success = False

    def answered(self) -> None:
        """GRDF is there."""
        self.told_by = None
