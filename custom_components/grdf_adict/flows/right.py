"""What the flows of a meter share that deal with access rights."""

from datetime import date

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryFlow
from homeassistant.data_entry_flow import AbortFlow

from ..adict import AccessRight, AdictError
from ..const import CONF_PCE, LOGGER
from ..contract.candidates import MeterCandidates, async_meter_candidates
from ..contract.connection import environment_of
from ..contract.coordinator import ContractCoordinator
from ..helpers.clock import paris_today
from ..helpers.errors import placeholders, translation_key
from ..helpers.ids import meter_key
from ..rights import deciding_rights, meter_right
from ..runtime import GrdfConfigEntry


class RightFlow(ConfigSubentryFlow):
    """Knows the rights of the contract, people included, as long as the flow lasts."""

    _rights: tuple[AccessRight, ...] | None = None

    @property
    def _account(self) -> ContractCoordinator:
        """The account of the contract; AbortFlow where the contract is not loaded."""
        entry: GrdfConfigEntry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            raise AbortFlow("entry_not_loaded")
        return entry.runtime_data.contract

    async def _async_rights(self) -> tuple[AccessRight, ...]:
        """Return every right of the contract, read once in a flow.

        Raises:
            AbortFlow: the contract is not loaded, or GRDF does not tell.
        """
        if self._rights is None:
            try:
                self._rights = (await self._account.async_read_rights()).items
            except AdictError as err:
                raise AbortFlow(translation_key(err), placeholders(err)) from err
        return self._rights

    async def _async_read_again(self) -> tuple[AccessRight, ...]:
        """Read the rights after they have changed; without them, those from before.

        All of Home Assistant sees them at once; if GRDF does not tell, tomorrow.
        """
        try:
            self._rights = (await self._account.async_read_rights()).items
        except AdictError as err:
            LOGGER.debug("Access rights could not be read again: %s", err)
        return self._rights or ()

    async def _async_choice(self) -> MeterCandidates:
        rights = await self._async_rights()
        data = self._get_entry().data
        return await async_meter_candidates(self.hass, data, rights, self._today)

    async def _async_living(self, pce: str) -> list[AccessRight]:
        """Return the rights on a PCE that can be ended."""
        return [
            right
            for right in await self._async_rights()
            if right.pce == pce and meter_right(right).standing(self._today).may_open
        ]

    def _deciding(self, pce: str, *, injection: bool) -> AccessRight | None:
        """Return the right that decides for a PCE, wherever it stands."""
        rights = self._rights or ()
        return deciding_rights(rights, self._today, injection=injection).get(pce)

    def _key(self, pce: str) -> str:
        return meter_key(environment_of(self._get_entry().data), pce)

    @property
    def _today(self) -> date:
        return paris_today()

    @property
    def _meter_pce(self) -> str:
        """The PCE of the meter that is reconfigured."""
        return str(self._get_reconfigure_subentry().data[CONF_PCE])
