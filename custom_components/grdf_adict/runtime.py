"""What a loaded config entry holds."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN

if TYPE_CHECKING:
    from .contract.coordinator import AccountCoordinator
    from .contract.entry_account import EntryAccount
    from .jobs.runner import FleetRunner
    from .meters.coordinator import MeterCoordinator
    from .meters.group import GroupCoordinator
    from .watch.issue_keeper import RightWatch

type GrdfConfigEntry = ConfigEntry[GrdfData]


@dataclass(slots=True)
class GrdfData:
    """What a loaded config entry holds.

    Attributes:
        account: what the meters share; a contract's reads the rights and owns the
            client, and so the token and the quota.
        configured: the entry's data at set-up, to tell when they change.
        started: set once Home Assistant has started and the recorder works.
        showing: held by the meter whose entities show what concerns all.
        watch: keeps the repairs of the meters' access rights.
        fleet: works off what is to be done of many PCE.
        meters: the coordinator of each meter, by subentry id.
        groups: the coordinator of each group of meters, by subentry id.
    """

    account: EntryAccount
    configured: dict[str, Any]
    watch: RightWatch
    fleet: FleetRunner
    started: asyncio.Event = field(default_factory=asyncio.Event)
    showing: asyncio.Lock = field(default_factory=asyncio.Lock)
    meters: dict[str, MeterCoordinator] = field(default_factory=dict)
    groups: dict[str, GroupCoordinator] = field(default_factory=dict)

    @property
    def contract(self) -> AccountCoordinator:
        """What speaks to GRDF.

        Raises:
            ServiceValidationError: the entry's meters live on exported files.
        """
        if (contract := self.account.contract) is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="no_contract"
            )
        return contract
