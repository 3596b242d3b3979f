"""An exported file on its way to each of the meters that it is of."""

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


@dataclass(frozen=True, slots=True)
class MeterShare:
    """What a file says of one of our meters.

    Attributes:
        meter: the meter.
        exported: what the file says of it.
    """

    meter: MeterCoordinator
    exported: tuple[ExportedMeter, ...]


@dataclass(frozen=True, slots=True)
class SortedFile:
    """A file, by meter.

    Attributes:
        shares: one for each of our meters.
        unmatched: what the file says of others, or of nobody it names.
    """

    shares: tuple[MeterShare, ...]
    unmatched: tuple[ExportedMeter, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a file does to a meter, or has done.

    Attributes:
        meter: the meter.
        previews: of each of the file's tables that are this meter's.
    """

    meter: MeterCoordinator
    previews: tuple[Preview, ...]


@callback
def sorted_by_meter(hass: HomeAssistant, export: ExportFile) -> SortedFile:
    """Return which of our meters a file is of, by the PCE that it names.

    Raises:
        FileRefusedError: it is of none of them, or names none.
    """
    parcels = tuple(
        MeterShare(meter, of_the_meter(export, meter.pce))
        for meter in _meters_named(hass, export)
    )
    ours = [exported for parcel in parcels for exported in parcel.exported]
    strangers = tuple(each for each in export.meters if each not in ours)
    if parcels:
        return SortedFile(parcels, strangers)
    named = sorted({each.pce.masked for each in strangers if each.pce is not None})
    if not named:
        raise FileRefusedError("file_names_no_meter")
    raise FileRefusedError("file_of_unknown_meters", {"pces": ", ".join(named)})


@callback
def sorted_for(
    meter: MeterCoordinator, export: ExportFile, *, is_confirmed: bool = False
) -> SortedFile:
    """Return what a file says of the meter that somebody named.

    Args:
        meter: the meter.
        export: the file.
        is_confirmed: whether somebody has confirmed that a file of another PCE is this
            meter's all the same.

    Raises:
        FileRefusedError: it is another meter's, or several others'.
    """
    ours = of_the_meter(export, meter.pce, is_confirmed=is_confirmed)
    strangers = tuple(each for each in export.meters if each not in ours)
    return SortedFile((MeterShare(meter, ours),), strangers)


async def async_deliver(
    parcels: tuple[MeterShare, ...], *, only_preview: bool = False
) -> tuple[Delivered, ...]:
    """Have each meter take in what is its own; again changes nothing.

    Args:
        parcels: what the file says of each.
        only_preview: whether to tell only what would happen.

    Raises:
        UpdateFailed: the disk is full. What meters before it took in stays.
    """
    deliver = async_preview_files if only_preview else async_take_files
    return tuple(
        [
            Delivered(parcel.meter, await deliver(parcel.meter, parcel.exported))
            for parcel in parcels
        ]
    )


def _meters_named(
    hass: HomeAssistant, export: ExportFile
) -> tuple[MeterCoordinator, ...]:
    """Return the meters whose PCE a file names, each PCE once.

    Exported files are of the real world: its meter goes before one of the sandbox.
    """
    named = {each.pce.pce for each in export.meters if each.pce is not None}
    meters = [meter for meter in loaded_meters(hass) if meter.pce in named]
    meters.sort(key=lambda meter: meter.meter.is_production)
    return tuple({meter.pce: meter for meter in meters}.values())
