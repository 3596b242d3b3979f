"""An exported file, distributed to the meters that it covers."""

from collections.abc import Mapping
from dataclasses import dataclass

from homeassistant.core import HomeAssistant, callback

from ..files import ExportFile
from ..metering import ExportedMeter, Preview
from ..meters.coordinator import MeterCoordinator
from ..runtime import loaded_meters
from .take_in import (
    FileRefusedError,
    async_preview_files,
    async_take_files,
    of_the_meter,
)

type Shares = Mapping[MeterCoordinator, tuple[ExportedMeter, ...]]
"""The tables of a file for each of our meters."""
type Delivered = Mapping[MeterCoordinator, tuple[Preview, ...]]
"""The effect of a file on each meter, by table."""


@dataclass(frozen=True, slots=True)
class SortedFile:
    """A file, by meter.

    Attributes:
        shares: the tables of our meters.
        unmatched: the tables of other meters, or of a PCE that is not named.
    """

    shares: Shares
    unmatched: tuple[ExportedMeter, ...]


@callback
def sorted_by_meter(hass: HomeAssistant, export: ExportFile) -> SortedFile:
    """Return which of our meters a file covers, by the PCE that it names.

    Raises:
        FileRefusedError: it covers none of them, or names none.
    """
    found = _sorted(
        export,
        {
            meter: of_the_meter(export, meter.pce)
            for meter in _meters_named(hass, export)
        },
    )
    if found.shares:
        return found
    named = sorted({each.pce.masked for each in export.meters if each.pce is not None})
    if not named:
        raise FileRefusedError("file_names_no_meter")
    raise FileRefusedError("file_of_unknown_meters", {"pces": ", ".join(named)})


@callback
def sorted_for(
    meter: MeterCoordinator, export: ExportFile, *, is_confirmed: bool = False
) -> SortedFile:
    """Return the tables of a file for the meter that the user named.

    `is_confirmed` and errors as in `of_the_meter`.
    """
    ours = of_the_meter(export, meter.pce, is_confirmed=is_confirmed)
    return _sorted(export, {meter: ours})


async def async_deliver(shares: Shares, *, only_preview: bool = False) -> Delivered:
    """Import each meter's tables, or preview it; a repetition changes nothing.

    Raises:
        UpdateFailed: the disk is full. Meters that were done before stay imported.
    """
    deliver = async_preview_files if only_preview else async_take_files
    return {meter: await deliver(meter, tables) for meter, tables in shares.items()}


def _sorted(export: ExportFile, shares: Shares) -> SortedFile:
    ours = [table for tables in shares.values() for table in tables]
    others = tuple(table for table in export.meters if table not in ours)
    return SortedFile(shares, others)


def _meters_named(hass: HomeAssistant, export: ExportFile) -> list[MeterCoordinator]:
    """Return the meters whose PCE a file names, each PCE once.

    Exported files are not from a sandbox: a production meter has priority.
    """
    named = {each.pce.pce for each in export.meters if each.pce is not None}
    meters = [meter for meter in loaded_meters(hass) if meter.pce in named]
    meters.sort(key=lambda meter: meter.meter.is_production)
    return list({meter.pce: meter for meter in meters}.values())
