"""The action that writes meters' gas days to a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..const import LOGGER
from ..exchange.export_rows import Layout, meter_periods
from ..files import DecimalSign, ExportRefusedError, TableFormat, WholeFile
from ..helpers.errors import invalid, not_done
from ..helpers.paths import is_allowed, is_served
from ..helpers.texts import async_texts
from ..metering import PeriodRow, Step
from ..meters.coordinator import MeterCoordinator
from ..runtime import loaded_meters
from ..storage.meter_file import MeterFile
from .action import DATES, TEXTS, ServiceAction, one_of
from .target import dates_of, meters_of_device

_ATTR_BY: Final = "by"
_ATTR_DECIMAL: Final = "decimal"
_ATTR_FORMAT: Final = "format"
_ATTR_LANGUAGE: Final = "language"
_ATTR_OVERWRITE: Final = "overwrite"
_ATTR_PATH: Final = "path"

_FRENCH: Final = "fr"
_ENGLISH: Final = "en"
_FRANCE: Final = "FR"
_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(ATTR_DEVICE_ID, default=list): TEXTS,
        vol.Required(_ATTR_PATH): cv.string,
        vol.Optional(_ATTR_BY, default=Step.MONTH.value): one_of(*Step),
        **DATES,
        vol.Optional(_ATTR_FORMAT): one_of(*TableFormat),
        vol.Optional(_ATTR_LANGUAGE): vol.In([_ENGLISH, _FRENCH]),
        vol.Optional(_ATTR_DECIMAL): one_of(*DecimalSign),
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


async def _async_export(call: ServiceCall) -> JsonObjectType:
    """Write one table of all meters named, and return what it holds."""
    hass, data = call.hass, call.data
    meters = _meters(call)
    first, last = dates_of(call)
    path, kind = await hass.async_add_executor_job(_target, hass, data)
    language = data.get(_ATTR_LANGUAGE) or _language(hass)
    layout = Layout(
        await async_texts(hass, language),
        data[_ATTR_BY],
        any(meter.data.injection.days for meter in meters),
        _currencies(hass, meters),
        first,
        last,
    )
    overwrite: bool = data[_ATTR_OVERWRITE]
    sign = _sign(hass, data)
    begin = partial(
        WholeFile.begin, path, kind, layout.header, sign, overwrite=overwrite
    )
    try:
        table = await hass.async_add_executor_job(begin)
        try:
            tally = await _async_add_meters(hass, table, meters, layout)
            finish = partial(table.finish, overwrite=overwrite)
            await hass.async_add_executor_job(finish)
        finally:
            await hass.async_add_executor_job(table.drop)
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


async def _async_add_meters(
    hass: HomeAssistant,
    table: WholeFile,
    meters: Iterable[MeterCoordinator],
    layout: Layout,
) -> _Tally:
    """Write the rows, one meter after another: the files of 300 do not fit in memory.

    Raises:
        ExportRefusedError: the disk is full, or the sheet.
        ServiceValidationError: no meter has a gas day in the period.
    """
    tally = _Tally()
    for meter in meters:
        file = await meter.book.async_read()
        tally.meters += await hass.async_add_executor_job(
            _add_meter, table, tally, layout, meter, file
        )
    if not tally.rows:
        raise invalid("export_empty")
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


def _currencies(hass: HomeAssistant, meters: Iterable[MeterCoordinator]) -> str:
    """Return the currency of the meters' costs, or all of them."""
    found = {meter.data.costs.currency for meter in meters} - {None}
    return ", ".join(sorted(map(str, found))) or hass.config.currency


def _meters(call: ServiceCall) -> list[MeterCoordinator]:
    """Return the meters named, each once; all where none is.

    Those of a sandbox are then left out where there are real ones.
    """
    if named := call.data[ATTR_DEVICE_ID]:
        found = [
            meter
            for device_id in dict.fromkeys(named)
            for meter in meters_of_device(call.hass, device_id)
        ]
        return list(dict.fromkeys(found))
    everything = list(loaded_meters(call.hass))
    return [meter for meter in everything if meter.meter.is_production] or everything


def _target(hass: HomeAssistant, data: dict[str, Any]) -> tuple[Path, TableFormat]:
    """Return the path of the table, and its format.

    Raises:
        ServiceValidationError: the path is not allowed, or the format is not given.
    """
    path = Path(data[_ATTR_PATH].replace("\0", ""))
    kind: TableFormat | None = data.get(_ATTR_FORMAT)
    ending = path.suffix.lower().removeprefix(".")
    if path.name and not ending and kind is not None:
        path = path.with_name(f"{path.name}.{kind}")
        ending = kind.value
    if not path.is_absolute() or ending not in set(TableFormat):
        raise invalid("export_path")
    if kind is not None and kind != ending:
        raise invalid("export_format")
    if not is_allowed(hass, path):
        raise invalid("path_not_allowed")
    folder = path.parent.resolve()
    if is_served(hass, folder):
        raise invalid("export_public_folder")
    return folder / path.name, TableFormat(ending)


def _language(hass: HomeAssistant) -> str:
    return _FRENCH if hass.config.language.startswith(_FRENCH) else _ENGLISH


def _sign(hass: HomeAssistant, data: dict[str, Any]) -> DecimalSign:
    """Return the decimal sign given, else that of the language given or of here."""
    if (given := data.get(_ATTR_DECIMAL)) is not None:
        return DecimalSign(given)
    language: str | None = data.get(_ATTR_LANGUAGE)
    here = _FRENCH if hass.config.country == _FRANCE else _language(hass)
    is_french = (language or here) == _FRENCH
    return DecimalSign.COMMA if is_french else DecimalSign.POINT


EXPORT: Final = ServiceAction("export", _async_export, _SCHEMA)
