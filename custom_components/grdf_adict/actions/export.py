"""The action that writes meters' gas days to a file, for somebody's accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..const import DOMAIN, LOGGER
from ..exchange.export_rows import Layout, meter_periods
from ..files import DecimalSign, ExportRefusedError, TableFormat, WholeFile
from ..helpers.errors import invalid, not_done
from ..helpers.paths import is_allowed, is_served
from ..helpers.texts import async_texts
from ..metering import PeriodRow, Step
from ..meters.coordinator import MeterCoordinator
from ..runtime import loaded_meters
from ..storage.meter_file import MeterFile
from .target import meters_of_device

EXPORT: Final = "export"

_ATTR_BY: Final = "by"
_ATTR_DECIMAL: Final = "decimal"
_ATTR_END: Final = "end_date"
_ATTR_FORMAT: Final = "format"
_ATTR_LANGUAGE: Final = "language"
_ATTR_OVERWRITE: Final = "overwrite"
_ATTR_PATH: Final = "path"
_ATTR_START: Final = "start_date"

_FRENCH: Final = "fr"
_ENGLISH: Final = "en"
_FRANCE: Final = "FR"
_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(ATTR_DEVICE_ID, default=list): vol.All(
            cv.ensure_list, [cv.string]
        ),
        vol.Required(_ATTR_PATH): cv.string,
        vol.Optional(_ATTR_BY, default=Step.MONTH.value): vol.All(
            vol.In([step.value for step in Step]), vol.Coerce(Step)
        ),
        vol.Optional(_ATTR_START): cv.date,
        vol.Optional(_ATTR_END): cv.date,
        vol.Optional(_ATTR_FORMAT): vol.All(
            vol.In([kind.value for kind in TableFormat]), vol.Coerce(TableFormat)
        ),
        vol.Optional(_ATTR_LANGUAGE): vol.In([_ENGLISH, _FRENCH]),
        vol.Optional(_ATTR_DECIMAL): vol.All(
            vol.In([sign.value for sign in DecimalSign]), vol.Coerce(DecimalSign)
        ),
        vol.Optional(_ATTR_OVERWRITE, default=False): cv.boolean,
    }
)


@dataclass(slots=True)
class _Tally:
    """What was written so far."""

    rows: int = 0
    incomplete: int = 0
    meters: int = 0
    first: date | None = None
    last: date | None = None

    def count(self, periods: Iterable[PeriodRow]) -> None:
        """Count the rows of a meter."""
        for period in periods:
            self.rows += 1
            self.incomplete += not period.is_whole
            self.first = min(self.first or period.first, period.first)
            self.last = max(self.last or period.last, period.last)


@callback
def async_setup_export_action(hass: HomeAssistant) -> None:
    """Register the action: a whole PCE in a file is an administrator's to have."""
    async_register_admin_service(
        hass,
        DOMAIN,
        EXPORT,
        _async_export,
        _SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_export(call: ServiceCall) -> JsonObjectType:
    """Write one table of all meters named, and say what it holds."""
    hass, data = call.hass, call.data
    meters = _meters(call)
    first, last = data.get(_ATTR_START), data.get(_ATTR_END)
    if first is not None and last is not None and last < first:
        raise invalid("period_reversed")
    path, kind = await hass.async_add_executor_job(_target, hass, data)
    language = data.get(_ATTR_LANGUAGE) or _language(hass)
    layout = Layout(
        await async_texts(hass, language),
        data[_ATTR_BY],
        any(meter.data.injection.days for meter in meters),
        hass.config.currency,
        first,
        last,
    )
    try:
        tally = await _async_written(
            hass, meters, layout, path, kind, _sign(hass, data), data[_ATTR_OVERWRITE]
        )
    except ExportRefusedError as err:
        raise not_done(err.key) from err
    LOGGER.info("Exported %s rows of %s meters", tally.rows, tally.meters)
    return {
        "path": str(path),
        "rows": tally.rows,
        "incomplete": tally.incomplete,
        "meters": tally.meters,
        "without_data": len(meters) - tally.meters,
        "first": tally.first.isoformat() if tally.first else None,
        "last": tally.last.isoformat() if tally.last else None,
    }


async def _async_written(
    hass: HomeAssistant,
    meters: Iterable[MeterCoordinator],
    layout: Layout,
    path: Path,
    kind: TableFormat,
    sign: DecimalSign,
    overwrite: bool,  # noqa: FBT001 - of this room
) -> _Tally:
    """Write the table, one meter after the other: three hundred fit no memory.

    Raises:
        ExportRefusedError: nothing was written.
        ServiceValidationError: no meter has a gas day in the period.
    """

    def begin() -> WholeFile:
        return WholeFile.begin(path, kind, layout.header, sign, overwrite=overwrite)

    def finish() -> None:
        table.finish(overwrite=overwrite)

    tally = _Tally()
    table = await hass.async_add_executor_job(begin)
    try:
        for meter in meters:
            file = await meter.async_file()
            tally.meters += await hass.async_add_executor_job(
                _add_meter, table, tally, layout, meter, file
            )
        if not tally.rows:
            raise invalid("export_empty")
        await hass.async_add_executor_job(finish)
    finally:
        await hass.async_add_executor_job(table.drop)
    return tally


def _add_meter(
    table: WholeFile,
    tally: _Tally,
    layout: Layout,
    meter: MeterCoordinator,
    file: MeterFile,
) -> bool:
    """Write a meter's rows; return whether it has any."""
    before = tally.rows
    is_priced = meter.meter.prices is not None
    for direction, periods in meter_periods(file, layout, is_priced=is_priced):
        table.add(
            layout.cells(meter.pce, meter.title, direction, period)
            for period in periods
        )
        tally.count(periods)
    return tally.rows > before


def _meters(call: ServiceCall) -> list[MeterCoordinator]:
    """Return the meters named, each once; all where none is.

    Those of a sandbox are then left out beside real ones.
    """
    named = dict.fromkeys(call.data[ATTR_DEVICE_ID])
    if named:
        found = [
            meter
            for device_id in named
            for meter in meters_of_device(call.hass, device_id)
        ]
        return list(dict.fromkeys(found))
    everything = list(loaded_meters(call.hass))
    return [meter for meter in everything if meter.meter.is_production] or everything


def _target(hass: HomeAssistant, data: dict[str, Any]) -> tuple[Path, TableFormat]:
    """Return where the table goes, and its format.

    Raises:
        ServiceValidationError: it may not go there, or its format is not told.
    """
    wish = Path(data[_ATTR_PATH].replace("\0", ""))
    told: TableFormat | None = data.get(_ATTR_FORMAT)
    ending = wish.suffix.lower().removeprefix(".")
    if wish.name and not ending and told is not None:
        wish = wish.with_name(f"{wish.name}.{told}")
        ending = told.value
    if not wish.is_absolute() or ending not in set(TableFormat):
        raise invalid("export_path")
    if told is not None and told != ending:
        raise invalid("export_format")
    if not is_allowed(hass, wish):
        raise invalid("path_not_allowed")
    folder = wish.parent.resolve()
    if is_served(hass, folder):
        raise invalid("export_public_folder")
    return folder / wish.name, TableFormat(ending)


def _language(hass: HomeAssistant) -> str:
    return _FRENCH if hass.config.language.startswith(_FRENCH) else _ENGLISH


def _sign(hass: HomeAssistant, data: dict[str, Any]) -> DecimalSign:
    """Return the decimal sign: the one told, that of the language told, or of here."""
    if (told := data.get(_ATTR_DECIMAL)) is not None:
        return DecimalSign(told)
    language: str | None = data.get(_ATTR_LANGUAGE)
    here = _FRENCH if hass.config.country == _FRANCE else _language(hass)
    is_french = (language or here) == _FRENCH
    return DecimalSign.COMMA if is_french else DecimalSign.POINT
