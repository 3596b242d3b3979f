"""What is left of meters that no entry has any more: found, shown, erased."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from homeassistant.core import HomeAssistant

from ..adict import mask_pce
from ..const import Issue
from ..contract.candidates import meter_owners, meter_title
from ..helpers.ids import PceKey, key_of_statistic, pce_key
from ..helpers.issues import (
    async_hide_lasting_issue,
    async_show_lasting_issue,
    is_lasting_issue_shown,
)
from ..helpers.recorder import RecorderBusyError
from ..helpers.statistics import async_list_statistic_ids
from ..helpers.texts import bullets
from ..storage.left_files import async_keys_on_disk
from ..storage.proofs import async_keys_with_proofs
from ..storage.settings import SettingsStore

_MOST_NAMES: Final = 20


@dataclass(frozen=True, slots=True)
class Leftover:
    """What is left of one PCE.

    Attributes:
        key: that of its first series.
        pce: whole; only its last digits are shown.
        title: the name that the meter had.
        keys: those of its series and files, the first one's included.
    """

    key: str
    pce: str
    title: str
    keys: tuple[str, ...]


async def async_leftovers(hass: HomeAssistant) -> tuple[Leftover, ...]:
    """Return what is left of each PCE that no entry has as a meter, loaded or not."""
    keys = await async_keys_on_disk(hass) | await async_keys_with_proofs(hass)
    # Files are listed, and can be erased, without the recorder.
    with suppress(RecorderBusyError):
        for found in await async_list_statistic_ids(hass):
            if (key := key_of_statistic(found["statistic_id"])) is not None:
                keys |= {key}
    by_pce: defaultdict[PceKey, set[str]] = defaultdict(set)
    for key in keys:
        if (about := pce_key(key)) is not None:
            by_pce[about] |= {about.first, key}
    owned = meter_owners(hass)
    return tuple(
        [
            await _async_leftover(hass, about, tuple(sorted(of_pce)))
            for about, of_pce in sorted(by_pce.items())
            if about.first not in owned
        ]
    )


async def async_show_leftovers(hass: HomeAssistant) -> None:
    """Show what is left, or hide the repair where nothing is."""
    left = await async_leftovers(hass)
    if not left:
        async_hide_lasting_issue(hass, Issue.LEFTOVERS)
        return
    pces = bullets((mask_pce(each.pce) for each in left), _MOST_NAMES)
    async_show_lasting_issue(
        hass, Issue.LEFTOVERS, {"count": str(len(left)), "meters": pces}
    )


async def async_update_leftovers(hass: HomeAssistant) -> None:
    """Bring the repair up to date where it is shown."""
    if is_lasting_issue_shown(hass, Issue.LEFTOVERS):
        await async_show_leftovers(hass)


async def _async_leftover(
    hass: HomeAssistant, about: PceKey, keys: tuple[str, ...]
) -> Leftover:
    kept = await SettingsStore(hass, about.first).async_load()
    title = kept.title if kept else meter_title(about.pce, hass.config.language)
    return Leftover(about.first, about.pce, title, keys)
