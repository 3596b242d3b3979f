"""The action that takes an exported file in, from a folder of Home Assistant's."""

from pathlib import Path
from stat import S_ISREG
from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..adict import mask_pce
from ..const import DOMAIN
from ..exchange.delivery import async_deliver, sorted_by_meter, sorted_for
from ..exchange.take_in import FileRefusedError, async_read_file
from ..files import RowFinding
from ..helpers.errors import invalid, not_done
from ..helpers.paths import is_allowed
from ..metering import DayFate, Preview
from ..meters.coordinator import MeterCoordinator
from .target import meter_of

IMPORT_FILE: Final = "import_file"

_ATTR_LEAVE_OUT: Final = "leave_out_bad_rows"
_ATTR_OTHER_METER: Final = "other_meter"
_ATTR_PATH: Final = "path"
_ATTR_PREVIEW: Final = "preview"

_SCHEMA: Final = vol.Schema(
    {
        vol.Required(_ATTR_PATH): cv.string,
        vol.Optional(ATTR_DEVICE_ID): cv.string,
        vol.Optional(_ATTR_PREVIEW, default=False): cv.boolean,
        vol.Optional(_ATTR_OTHER_METER, default=False): cv.boolean,
        vol.Optional(_ATTR_LEAVE_OUT, default=False): cv.boolean,
    }
)


@callback
def async_setup_import_action(hass: HomeAssistant) -> None:
    """Register the action: it reads the disk, and so needs an administrator."""
    async_register_admin_service(
        hass,
        DOMAIN,
        IMPORT_FILE,
        _async_import_file,
        _SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_import_file(call: ServiceCall) -> JsonObjectType:
    """Take a file in, or tell what that would do; say what was read."""
    try:
        return await _async_imported(call)
    except FileRefusedError as err:
        raise invalid(err.key, err.placeholders) from err
    except UpdateFailed as err:
        raise not_done("write_failed") from err


async def _async_imported(call: ServiceCall) -> JsonObjectType:
    hass, data = call.hass, call.data
    target = meter_of(call) if ATTR_DEVICE_ID in data else None
    if data[_ATTR_OTHER_METER] and target is None:
        raise invalid("other_meter_unnamed")
    path = Path(data[_ATTR_PATH])
    if (problem := await hass.async_add_executor_job(_problem, hass, path)) is not None:
        raise invalid(problem)
    export = await async_read_file(hass, path, leave_out_bad_rows=data[_ATTR_LEAVE_OUT])
    found = (
        sorted_by_meter(hass, export)
        if target is None
        else sorted_for(target, export, is_confirmed=data[_ATTR_OTHER_METER])
    )
    delivered = await async_deliver(found.shares, only_preview=data[_ATTR_PREVIEW])
    return {
        "preview": data[_ATTR_PREVIEW],
        "kind": export.kind.value,
        "exported_on": export.exported_on and export.exported_on.isoformat(),
        "meters": [
            _told(meter, preview)
            for meter, previews in delivered.items()
            for preview in previews
        ],
        "left_out": [
            each.pce.masked if each.pce is not None else None
            for each in found.unmatched
        ],
        "findings": [_finding(each) for each in export.warnings],
    }


def _told(meter: MeterCoordinator, preview: Preview) -> JsonObjectType:
    return {
        "meter": meter.title,
        "pce": mask_pce(meter.pce),
        "first": preview.first.isoformat(),
        "last": preview.last.isoformat(),
        "days": preview.days,
        "energy": preview.energy,
        "volume": preview.volume,
        **{fate.value: preview.count(fate) for fate in DayFate},
        "elsewhere": preview.elsewhere,
        "gained": preview.gained,
    }


def _finding(found: RowFinding) -> JsonObjectType:
    return {
        "problem": found.problem.value,
        "sheet": found.sheet,
        "rows": list(found.rows),
        "count": found.count,
    }


def _problem(hass: HomeAssistant, path: Path) -> str | None:
    """Return why a path is not read. Blocking: for an executor."""
    try:
        if not is_allowed(hass, path):
            return "path_not_allowed"
        # A pipe would never end, nor does a folder hold rows.
        return None if S_ISREG(path.stat().st_mode) else "file_unreadable"
    except OSError, ValueError:
        return "file_unreadable"
