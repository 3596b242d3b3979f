"""Actions for many PCE at once, each for an administrator."""

from pathlib import Path
from typing import Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..const import DOMAIN
from ..fleet import Action, FleetFileError, Forecast, Job, State, Task, customers, mails
from ..helpers.errors import invalid, not_done
from ..helpers.paths import is_allowed
from ..helpers.texts import Texts, async_texts
from ..jobs.intake import (
    FolderRefusedError,
    async_campaign,
    async_plan,
)
from ..jobs.plan import forecast_of
from ..jobs.runner import JobBusyError
from ..jobs.template_view import async_template
from ..jobs.texts import bad_reasons, reason_text
from ..runtime import GrdfConfigEntry
from .target import account_of, explaining

CANCEL_FLEET: Final = "cancel_fleet"
DECLARE_FLEET: Final = "declare_fleet"
FLEET_REPORT: Final = "fleet_report"
FLEET_TEMPLATE: Final = "fleet_template"
SEND_FLEET_PROOFS: Final = "send_fleet_proofs"

_ATTR_ACTION: Final = "action"
_ATTR_FOLDER: Final = "folder"
_ATTR_PATH: Final = "path"
_ATTR_START: Final = "start"
_ATTR_ZEROS: Final = "restore_zeros"

_CONTRACT: Final = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
_CONFIRMED: Final = {
    vol.Optional(_ATTR_ZEROS, default=False): cv.boolean,
    vol.Optional(_ATTR_START, default=False): cv.boolean,
}
_DECLARE_SCHEMA: Final = vol.Schema(
    {
        **_CONTRACT,
        vol.Required(_ATTR_PATH): cv.string,
        vol.Optional(_ATTR_ACTION, default=Action.DECLARE.value): vol.Coerce(Action),
        **_CONFIRMED,
    }
)
_PROOFS_SCHEMA: Final = vol.Schema(
    {**_CONTRACT, vol.Required(_ATTR_FOLDER): cv.string, **_CONFIRMED}
)
_CONTRACT_SCHEMA: Final = vol.Schema(_CONTRACT)
_TEMPLATE_SCHEMA: Final = vol.Schema(
    {vol.Required(_ATTR_PATH): vol.All(cv.string, vol.Match(r"(?i).+\.(xlsx|csv)\Z"))}
)


@callback
def async_setup_fleet_actions(hass: HomeAssistant) -> None:
    """Register them."""
    only, optional = SupportsResponse.ONLY, SupportsResponse.OPTIONAL
    for name, handler, schema, response in (
        (DECLARE_FLEET, _async_declare, _DECLARE_SCHEMA, only),
        (SEND_FLEET_PROOFS, _async_send_proofs, _PROOFS_SCHEMA, only),
        (FLEET_REPORT, _async_report, _CONTRACT_SCHEMA, only),
        (CANCEL_FLEET, _async_cancel, _CONTRACT_SCHEMA, optional),
        (FLEET_TEMPLATE, _async_template, _TEMPLATE_SCHEMA, optional),
    ):
        async_register_admin_service(
            hass, DOMAIN, name, explaining(handler), schema, supports_response=response
        )


async def _async_declare(call: ServiceCall) -> JsonObjectType:
    """Return what a table comes to, and begin with it if so wished."""
    entry = _entry_of(call)
    path = await _async_allowed(call.hass, call.data[_ATTR_PATH])
    try:
        plan = await async_plan(
            call.hass,
            entry.runtime_data.contract,
            path,
            call.data[_ATTR_ACTION],
            zeros_confirmed=call.data[_ATTR_ZEROS],
        )
    except FleetFileError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=f"fleet_{err.problem}",
            translation_placeholders=err.placeholders,
        ) from err
    words = await async_texts(call.hass)
    return {
        "rows": len(plan.tasks),
        "customers": customers(plan.tasks),
        "mails": mails(plan.tasks),
        **_expected(forecast_of(entry.runtime_data.contract, plan.tasks)),
        "bad_rows": [
            {
                "line": row.line,
                "pce": row.pce,
                "reasons": [reason.value for reason in row.reasons],
                "explanation": "; ".join(bad_reasons(row, words)),
            }
            for row in plan.bad
        ],
        "unknown_columns": list(plan.unknown),
        "zeros_lost": plan.zeros_lost,
        "started": await _async_begin(call, entry, plan.tasks),
    }


async def _async_send_proofs(call: ServiceCall) -> JsonObjectType:
    """Return what a folder answers of a campaign, and begin with it if so wished."""
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
    words = await async_texts(call.hass)
    return {
        "rows": len(found.tasks),
        **_expected(forecast_of(entry.runtime_data.contract, found.tasks)),
        "unanswered": list(found.unanswered),
        "extra_files": list(found.extra),
        "bad_files": [
            {
                "file": each.name,
                "reason": each.kind.value,
                "explanation": words[f"fleet_reason.proof_{each.kind}"],
            }
            for each in found.refused
        ],
        "zeros_lost": found.zeros_lost,
        "started": await _async_begin(call, entry, found.tasks),
    }


async def _async_report(call: ServiceCall) -> JsonObjectType:
    """Return how the newest job stands, PCE by PCE."""
    fleet = _entry_of(call).runtime_data.jobs
    words = await async_texts(call.hass)
    until = fleet.paused_until
    return {
        **_standing(fleet.job),
        "paused_until": None if until is None else until.isoformat(),
        "pces": [_outcome(task, words) for task in fleet.job.tasks],
    }


async def _async_cancel(call: ServiceCall) -> JsonObjectType:
    """End the job where it is."""
    return _standing(await _entry_of(call).runtime_data.jobs.async_cancel())


async def _async_template(call: ServiceCall) -> JsonObjectType:
    """Write the table to fill in to an allowed folder."""
    path = await _async_allowed(call.hass, call.data[_ATTR_PATH])
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


async def _async_allowed(hass: HomeAssistant, name: str) -> Path:
    """Return the path of a file that actions may touch.

    Raises:
        ServiceValidationError: it lies outside the allowed folders.
    """
    if not await hass.async_add_executor_job(is_allowed, hass, name):
        raise invalid("path_not_allowed")
    return Path(name)


async def _async_begin(
    call: ServiceCall, entry: GrdfConfigEntry, tasks: tuple[Task, ...]
) -> bool:
    if not call.data[_ATTR_START] or not tasks:
        return False
    try:
        await entry.runtime_data.jobs.async_begin(tasks)
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


def _standing(job: Job) -> JsonObjectType:
    counts = job.counts
    return {
        "total": len(job.tasks),
        "left": job.left,
        "progress": job.progress,
        **{state.value: counts[state] for state in State},
    }


def _outcome(task: Task, words: Texts) -> JsonObjectType:
    return {
        "line": task.line,
        "pce": task.pce,
        "action": task.work.value,
        "result": task.state.value,
        "code": task.code,
        "message": reason_text(task, words) or None,
        "granted_less": list(task.less),
    }
