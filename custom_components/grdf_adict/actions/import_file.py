"""The action that imports an exported file from an allowed folder."""

from pathlib import Path
from stat import S_ISREG
from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..adict import mask_pce
from ..exchange.delivery import async_deliver, sorted_by_meter, sorted_for
from ..exchange.questions import facts_text, option_text, question_text
from ..exchange.take_in import FileRefusedError, async_read_file
from ..files import YES, ExportQuestionError, Question, RowFinding
from ..helpers.errors import invalid
from ..helpers.paths import is_allowed
from ..helpers.texts import async_texts
from ..metering import DayOutcome, Preview
from ..meters.coordinator import MeterCoordinator
from .action import ServiceAction
from .target import meter_of

_ATTR_ANSWERS: Final = "answers"
_ATTR_LEAVE_OUT: Final = "leave_out_bad_rows"
_ATTR_OTHER_METER: Final = "other_meter"
_ATTR_PATH: Final = "path"
_ATTR_PREVIEW: Final = "preview"


def _answer(value: object) -> str:
    """Return an answer as text; YAML reads a bare yes as true."""
    return YES if value is True else cv.string(value)


_SCHEMA: Final = vol.Schema(
    {
        vol.Required(_ATTR_PATH): cv.string,
        vol.Optional(ATTR_DEVICE_ID): cv.string,
        vol.Optional(_ATTR_PREVIEW, default=False): cv.boolean,
        vol.Optional(_ATTR_OTHER_METER, default=False): cv.boolean,
        vol.Optional(_ATTR_LEAVE_OUT, default=False): cv.boolean,
        vol.Optional(_ATTR_ANSWERS, default={}): {vol.Coerce(Question): _answer},
    }
)


async def _async_import_file(call: ServiceCall) -> JsonObjectType:
    """Take a file in, or return what that would do, with what was read."""
    hass, data = call.hass, call.data
    target = meter_of(call) if ATTR_DEVICE_ID in data else None
    if data[_ATTR_OTHER_METER] and target is None:
        raise invalid("other_meter_unnamed")
    path = Path(data[_ATTR_PATH])
    if (problem := await hass.async_add_executor_job(_problem, hass, path)) is not None:
        raise invalid(problem)
    bad_rows, is_confirmed = data[_ATTR_LEAVE_OUT], data[_ATTR_OTHER_METER]
    try:
        export = await async_read_file(
            hass, path, leave_out_bad_rows=bad_rows, answers=data[_ATTR_ANSWERS]
        )
        found = (
            sorted_by_meter(hass, export)
            if target is None
            else sorted_for(target, export, is_confirmed=is_confirmed)
        )
        delivered = await async_deliver(found.shares, only_preview=data[_ATTR_PREVIEW])
    except FileRefusedError as err:
        raise invalid(err.key, err.placeholders(await async_texts(hass))) from err
    except ExportQuestionError as asked:
        raise await _async_open(hass, asked) from None
    return {
        "preview": data[_ATTR_PREVIEW],
        "kind": export.kind.value,
        "exported_on": export.exported_on and export.exported_on.isoformat(),
        "meters": [
            _meter(meter, preview)
            for meter, previews in delivered.items()
            for preview in previews
        ],
        "left_out": [
            each.pce.masked if each.pce is not None else None
            for each in found.unmatched
        ],
        "findings": [_finding(each) for each in export.warnings],
    }


async def _async_open(
    hass: HomeAssistant, asked: ExportQuestionError
) -> ServiceValidationError:
    """Return the error that asks; headers and names of sheets are not in it."""
    texts, language = await async_texts(hass), hass.config.language
    answers = [
        option.value
        if option.label
        else f"{option.value} ({option_text(option, texts)})"
        for option in asked.options
    ]
    return invalid(
        "file_question",
        {
            "question": question_text(asked, texts),
            "facts": facts_text(asked.facts, texts, language),
            "key": asked.question.value,
            "answers": ", ".join(answers),
        },
    )


def _meter(meter: MeterCoordinator, preview: Preview) -> JsonObjectType:
    return {
        "meter": meter.title,
        "pce": mask_pce(meter.pce),
        "first": preview.first.isoformat(),
        "last": preview.last.isoformat(),
        "days": preview.days,
        "energy": preview.energy,
        "volume": preview.volume,
        **{fate.value: preview.count(fate) for fate in DayOutcome},
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
        # A pipe would never end, and a folder has no rows.
        return None if S_ISREG(path.stat().st_mode) else "file_unreadable"
    except OSError, ValueError:
        return "file_unreadable"


IMPORT: Final = ServiceAction("import_file", _async_import_file, _SCHEMA)
