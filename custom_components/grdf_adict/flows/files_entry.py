"""From exported files to an entry without a contract: its meters, its data."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowContext,
    ConfigFlowResult,
    ConfigSubentryData,
)

from ..const import CONF_ENVIRONMENT, CONF_PCE, GrdfEnvironment
from ..dashboard.offer import Offer, Showable, async_accept, async_offer
from ..helpers.ids import meter_key
from ..lifecycle.handover import async_release
from .energy import CONF_SHOW, ENERGY_SCHEMA
from .file_steps import NewMeterSteps

# All exported files of an installation are one entry: it has nothing of its own.
FILES_UNIQUE_ID: Final = "files"


class FilesEntryFlow(
    NewMeterSteps[ConfigFlowContext, ConfigFlowResult, str], ConfigFlow
):
    """Adds the entry of exported files, and offers to show new meters."""

    _entry: dict[str, Any]
    _moving: Mapping[str, ConfigEntry]
    _energy_offer: Offer

    @override
    async def async_step_files(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the files; a second entry of files is not needed."""
        await self.async_set_unique_id(FILES_UNIQUE_ID, raise_on_progress=False)
        self._abort_if_unique_id_configured(error="files_configured")
        return await super().async_step_files(user_input)

    async def async_step_energy(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer to show the meters in the Energy dashboard."""
        if user_input is not None:
            if user_input[CONF_SHOW]:
                await async_accept(self.hass, self._energy_offer.meters)
            return await self._async_finish()
        return self.async_show_form(
            step_id="energy",
            data_schema=ENERGY_SCHEMA,
            description_placeholders=self._energy_offer.placeholders,
            last_step=True,
        )

    @override
    async def _async_add(
        self, meters: Sequence[ConfigSubentryData]
    ) -> ConfigFlowResult:
        french = self.hass.config.language == "fr"
        shown = [
            Showable(
                meter_key(GrdfEnvironment.PRODUCTION, meter["data"][CONF_PCE]),
                meter["title"],
            )
            for meter in meters
        ]
        return await self._async_create(
            shown,
            title="Fichiers exportés (GRDF)" if french else "Exported files (GRDF)",
            data={CONF_ENVIRONMENT: GrdfEnvironment.PRODUCTION.value},
            subentries=list(meters),
        )

    async def _async_create(
        self,
        shown: Sequence[Showable],
        *,
        moving: Mapping[str, ConfigEntry] | None = None,
        **entry: Any,
    ) -> ConfigFlowResult:
        """Create an entry, after the offer where there is one to make.

        Args:
            shown: its meters, as the Energy dashboard can show them.
            moving: those of its PCE that leave another entry, and which one.
            entry: its title, data and subentries.
        """
        self._entry, self._moving = entry, moving or {}
        offer = await async_offer(self.hass, shown)
        if offer is None:
            return await self._async_finish()
        self._energy_offer = offer
        return await self.async_step_energy()

    async def _async_finish(self) -> ConfigFlowResult:
        for pce, owner in self._moving.items():
            await async_release(self.hass, owner, pce)
        return self.async_create_entry(**self._entry)
