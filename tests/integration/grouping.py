"""Meters put together in tests, through the form."""

from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    SubentryFlowContext,
)
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import SUBENTRY_TYPE_GROUP

from .price_flow import submit

BUILDING: Final = {"name": "Les Lilas"}


async def open_group(
    hass: HomeAssistant, entry: MockConfigEntry, group: str | None = None
) -> dict[str, Any]:
    """Open the form of a new group, or of one that is there."""
    context = SubentryFlowContext(source=SOURCE_USER)
    if group is not None:
        context = SubentryFlowContext(source=SOURCE_RECONFIGURE, subentry_id=group)
    return dict(
        await hass.config_entries.subentries.async_init(
            (entry.entry_id, SUBENTRY_TYPE_GROUP), context=context
        )
    )


def ids_of(entry: MockConfigEntry, *pces: str) -> list[str]:
    """Return the subentry ids of meters."""
    by_pce = {each.unique_id: key for key, each in entry.subentries.items()}
    return [by_pce[pce] for pce in pces]


async def grouped(hass: HomeAssistant, entry: MockConfigEntry, *pces: str) -> str:
    """Put meters together; return the group's subentry id."""
    result = await submit(
        hass,
        await open_group(hass, entry),
        {**BUILDING, "meters": ids_of(entry, *pces)},
    )
    assert result["type"] == "create_entry"
    await hass.async_block_till_done(wait_background_tasks=True)
    (group,) = entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP)
    return str(group.subentry_id)
