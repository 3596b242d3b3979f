"""The options of an entry: its watched folder, and what its removal erases."""

from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import BooleanSelector, TextSelector
import voluptuous as vol

from ..const import CONF_ERASE_WITH_ENTRY, CONF_FOLDER
from ..exchange.folder import created, unfit
from ..helpers.paths import media_folder

CONF_WATCH: Final = "watch"


class FolderOptionsFlow(OptionsFlow):
    """The options of an entry, of a contract as of exported files."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the folder, and whether removing the entry erases the histories.

        With the folder switched off, nothing is watched and nothing deleted.
        """
        errors: dict[str, str] = {}
        if user_input is not None:
            erases = user_input.get(CONF_ERASE_WITH_ENTRY, False)
            chosen = {CONF_ERASE_WITH_ENTRY: True} if erases else {}
            if not user_input[CONF_WATCH]:
                return self.async_create_entry(data=chosen)
            folder = user_input.get(CONF_FOLDER, "").strip()
            problem = await self.hass.async_add_executor_job(
                _problem, self.hass, Path(folder)
            )
            if problem is None:
                return self.async_create_entry(data={CONF_FOLDER: folder, **chosen})
            errors[CONF_FOLDER] = problem
        known = self.config_entry.options.get(CONF_FOLDER)
        suggested = {
            CONF_WATCH: known is not None,
            CONF_FOLDER: known or str(media_folder(self.hass)),
            CONF_ERASE_WITH_ENTRY: self.config_entry.options.get(
                CONF_ERASE_WITH_ENTRY, False
            ),
        }
        schema = vol.Schema(
            {
                vol.Required(CONF_WATCH): BooleanSelector(),
                vol.Optional(CONF_FOLDER): TextSelector(),
                vol.Optional(CONF_ERASE_WITH_ENTRY): BooleanSelector(),
            }
        )
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                schema, suggested if user_input is None else user_input
            ),
            errors=errors,
            last_step=True,
        )


def _problem(hass: HomeAssistant, folder: Path) -> str | None:
    """Return why a folder cannot be watched; None: it can, and is there."""
    problem = unfit(hass, folder)
    if problem is None and not created(folder):
        return "folder_not_writable"
    return problem
