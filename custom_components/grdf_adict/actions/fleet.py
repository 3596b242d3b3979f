"""Actions for many PCE at once, each for an administrator."""

from pathlib import Path
from typing import Final

from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..fleet import (
    Action,
    FleetFileError,
    FleetSheetsError,
    Forecast,
    Job,
    State,
    Task,
    customers,
    mails,
    unasked,
)
from ..helpers.errors import invalid, not_done
from ..helpers.texts import Texts, async_texts
from ..jobs.intake import (
    FolderRefusedError,
    async_campaign,
    async_plan,
)
from ..jobs.plan import forecast_of
from ..jobs.runner import JobBusyError
from ..jobs.template_view import async_template
from ..jobs.texts import bad_reasons, reason_text, table_error_texts
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry
from .action import CONTRACT, ServiceAction
from .target import account_of, async_allowed_path

_ATTR_ACTION: Final = "action"
_ATTR_FOLDER: Final = "folder"
_ATTR_OWN: Final = "own_contracts"
_ATTR_PATH: Final = "path"
_ATTR_SHEET: Final = "sheet"
_ATTR_START: Final = "start"
_ATTR_ZEROS: Final = "restore_zeros"

_CONFIRMED: Final = {
    vol.Optional(_ATTR_ZEROS, default=False): cv.boolean,
    vol.Optional(_ATTR_START, default=False): cv.boolean,
}
_DECLARE_SCHEMA: Final = vol.Schema(
    {
        **CONTRACT,
        vol.Required(_ATTR_PATH): cv.string,
        vol.Optional(_ATTR_ACTION, default=Action.DECLARE.value): vol.Coerce(Action),
        vol.Optional(_ATTR_SHEET): cv.string,
        vol.Optional(_ATTR_OWN, default=False): cv.boolean,
        **_CONFIRMED,
    }
)
_PROOFS_SCHEMA: Final = vol.Schema(
    {**CONTRACT, vol.Required(_ATTR_FOLDER): cv.string, **_CONFIRMED}
)
_CONTRACT_SCHEMA: Final = vol.Schema(CONTRACT)
_TEMPLATE_SCHEMA: Final = vol.Schema(
    {vol.Required(_ATTR_PATH): vol.All(cv.string, vol.Match(r"(?i).+\.(xlsx|csv)\Z"))}
)


async def _async_declare(call: ServiceCall) -> JsonObjectType:
    """Return the tasks of a table, and start them where `start` is set."""
    entry = _entry_of(call)
    path = await async_allowed_path(call.hass, call.data[_ATTR_PATH])
    try:
        plan = await async_plan(
            call.hass,
            entry.runtime_data.contract,
            path,
            call.data[_ATTR_ACTION],
            zeros_confirmed=call.data[_ATTR_ZEROS],
            sheet=call.data.get(_ATTR_SHEET),
        )
    except FleetFileError as err:
        raise invalid(f"fleet_{err.problem}", table_error_texts(err)) from err
    except FleetSheetsError as err:
        raise invalid("fleet_several_sheets", {"count": str(len(err.sheets))}) from err
    not_asked = len(unasked(plan.tasks))
    if call.data[_ATTR_START] and not_asked and not call.data[_ATTR_OWN]:
        raise invalid("fleet_own_contracts", {"count": str(not_asked)})
    texts = await async_texts(call.hass)
    return {
        "rows": len(plan.tasks),
        "customers": customers(plan.tasks),
        "mails": mails(plan.tasks),
        "not_asked": not_asked,
        **_expected(forecast_of(entry.runtime_data.contract, plan.tasks)),
        "bad_rows": [
            {
                "line": row.line,
                "pce": row.pce,
                "reasons": [reason.value for reason in row.reasons],
                "explanation": "; ".join(bad_reasons(row, texts)),
            }
            for row in plan.bad
        ],
        "columns": {each.name: each.column.value for each in plan.columns},
        "unknown_columns": list(plan.unread.columns),
        "hidden_columns": list(plan.unread.hidden_columns),
        "hidden_rows": plan.unread.hidden_rows,
        "hidden_sheets": list(plan.unread.hidden_sheets),
        "other_sheets": list(plan.unread.other_sheets),
        "skipped_rows": plan.unread.skipped_rows,
        "landlines": plan.unread.landlines,
        "zeros_lost": plan.zeros_lost,
        "started": await _async_begin(call, entry, plan.tasks, plan.left_out),
    }


async def _async_send_proofs(call: ServiceCall) -> JsonObjectType:
    """Return the proofs found in a folder, and send them where `start` is set."""
    entry = _entry_of(call)
    try:
        found = await async_campaign(
            call.hass,
            entry.runtime_data.contract,
            call.data[_ATTR_FOLDER],
            zeros_confirmed=call.data[_ATTR_ZEROS],
        )
    except FolderRefusedError as err:
        raise invalid(err.key) from err
    texts = await async_texts(call.hass)
    return {
        "rows": len(found.tasks),
        **_expected(forecast_of(entry.runtime_data.contract, found.tasks)),
        "unanswered": list(found.unanswered),
        "extra_files": list(found.extra),
        "bad_files": [
            {
                "file": each.name,
                "reason": each.kind.value,
                "explanation": texts[f"fleet_reason.proof_{each.kind}"],
            }
            for each in found.refused
        ],
        "zeros_lost": found.zeros_lost,
        "started": await _async_begin(call, entry, found.tasks),
    }


async def _async_report(call: ServiceCall) -> JsonObjectType:
    """Return the state of the newest job, PCE by PCE, and the health of each meter."""
    data = _entry_of(call).runtime_data
    fleet = data.jobs
    texts = await async_texts(call.hass)
    until = fleet.paused_until
    return {
        **_progress(fleet.job),
        "paused_until": None if until is None else until.isoformat(),
        "pces": [_outcome(task, texts) for task in fleet.job.tasks],
        "meters": [_health(meter) for meter in data.meters.values()],
    }


def _health(meter: MeterCoordinator) -> JsonObjectType:
    health = meter.data.health
    return {
        "name": meter.title,
        "pce": meter.pce,
        "state": health.state.value,
        "reason": health.reason,
        "since": health.since.isoformat() if health.since else None,
        "what_to_do": health.what_to_do.value,
    }


async def _async_cancel(call: ServiceCall) -> JsonObjectType:
    """Cancel what is left of the job."""
    return _progress(await _entry_of(call).runtime_data.jobs.async_cancel())


async def _async_template(call: ServiceCall) -> JsonObjectType:
    """Write the table to fill in to an allowed folder."""
    path = await async_allowed_path(call.hass, call.data[_ATTR_PATH])
    content = await async_template(call.hass, path.suffix.lower().removeprefix("."))
    try:
        await call.hass.async_add_executor_job(_write_new, path, content)
    except FileExistsError as err:
        raise invalid("file_exists") from err
    except OSError as err:
        raise not_done("write_failed") from err
    return {"path": str(path)}


def _entry_of(call: ServiceCall) -> GrdfConfigEntry:
    entry: GrdfConfigEntry = account_of(call).config_entry
    return entry


async def _async_begin(
    call: ServiceCall,
    entry: GrdfConfigEntry,
    tasks: tuple[Task, ...],
    left_out: int = 0,
) -> bool:
    if not call.data[_ATTR_START] or not tasks:
        return False
    try:
        await entry.runtime_data.jobs.async_begin(tasks, left_out)
    except JobBusyError as err:
        raise invalid("fleet_busy") from err
    return True


def _write_new(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)


def _expected(expected: Forecast) -> JsonObjectType:
    return {
        "calls": expected.calls,
        "calls_today": expected.today,
        "days": expected.days,
        "minutes": expected.minutes,
    }


def _progress(job: Job) -> JsonObjectType:
    counts = job.counts
    return {
        "total": len(job.tasks),
        "left": job.left,
        "left_out": job.left_out,
        "progress": job.progress,
        **{state.value: counts[state] for state in State},
    }


def _outcome(task: Task, texts: Texts) -> JsonObjectType:
    return {
        "line": task.line,
        "pce": task.pce,
        "action": task.work.value,
        "result": task.state.value,
        "code": task.code,
        "message": reason_text(task, texts) or None,
        "granted_less": list(task.less),
    }


_ONLY: Final = SupportsResponse.ONLY
FLEET_ACTIONS: Final = (
    ServiceAction("declare_fleet", _async_declare, _DECLARE_SCHEMA, _ONLY),
    ServiceAction("send_fleet_proofs", _async_send_proofs, _PROOFS_SCHEMA, _ONLY),
    ServiceAction("fleet_report", _async_report, _CONTRACT_SCHEMA, _ONLY),
    ServiceAction("cancel_fleet", _async_cancel, _CONTRACT_SCHEMA),
    ServiceAction("fleet_template", _async_template, _TEMPLATE_SCHEMA),
)
