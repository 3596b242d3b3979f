"""The diagnostics of an entry or a meter, without secrets and personal data."""

from collections.abc import Sequence
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .adict import FlowDirection, mask_pce
from .const import DOMAIN
from .contract.coordinator import ContractCoordinator
from .contract.recording import AnswerRecording
from .dashboard.offer import is_hidden
from .fleet import Job
from .health import HealthFinding, RightHealth
from .metering import differences, ledger_to_json, summary_to_json
from .meters.coordinator import MeterCoordinator
from .rights import MeterRight
from .runtime import GrdfConfigEntry
from .storage.meter_file import GasHistory, refused_by_call


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: GrdfConfigEntry
) -> dict[str, Any]:
    """Return the state of the entry and of each of its meters.

    Built from what is known to be harmless, rather than redacted from the whole.
    """
    return await _async_entry(hass, entry, list(entry.runtime_data.meters.values()))


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: GrdfConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the state of one meter, and of its entry."""
    meters = [
        meter
        for meter in entry.runtime_data.meters.values()
        if (DOMAIN, meter.key) in device.identifiers
    ]
    return await _async_entry(hass, entry, meters)


async def _async_entry(
    hass: HomeAssistant, entry: GrdfConfigEntry, meters: list[MeterCoordinator]
) -> dict[str, Any]:
    account = entry.runtime_data.account
    return {
        "environment": entry.data["environment"],
        "meters_in_all": len(entry.runtime_data.meters),
        "deleted_meters_asked_about": len(account.deleted),
        "has_contract": account.contract is not None,
        "groups": [
            {
                "meters": group.data.meters,
                "meters_lacking": group.data.lacking,
                "updated": group.last_update_success,
            }
            for group in entry.runtime_data.groups.values()
        ],
        **(
            _contract(account.contract, entry.runtime_data.jobs.job)
            if account.contract
            else {}
        ),
        "recording": _recording(entry.runtime_data.recording),
        "meters": [await _async_meter(hass, meter) for meter in meters],
    }


def _contract(account: ContractCoordinator, job: Job) -> dict[str, Any]:
    return {
        "custom_addresses": "addresses" in account.config_entry.data,
        "calls_today": account.quota.calls_today,
        "calls_waiting": account.quota.waiting,
        "allowance": _fields(
            account.quota.allowance, "calls_per_second", "calls_per_day"
        ),
        "throttled_below_own_count": account.quota.throttled_below_own_count,
        "token_held": account.client.has_token,
        "rights_read": account.last_update_success,
        "last_failure": _failure(account),
        "unforeseen": dict(account.guard.failing),
        "contract_over": account.is_contract_over,
        "fleet": {state.value: count for state, count in job.counts.items()},
    }


def _recording(recording: AnswerRecording | None) -> dict[str, Any] | None:
    """Return the facts of a recording, not what is in it."""
    if recording is None or recording.until is None:
        return None
    return _fields(recording, "until", "size", "is_full")


def _failure(coordinator: DataUpdateCoordinator[Any]) -> list[Any] | None:
    """Return the last error: the key of its text and GRDF's code, not its message.

    It stays after a success: `updated` says whether it is over.
    """
    err = coordinator.last_exception
    if err is None:
        return None
    texts = getattr(err, "translation_placeholders", None) or {}
    key = getattr(err, "translation_key", None)
    return [type(err).__name__, key, texts.get("code")]


async def _async_meter(hass: HomeAssistant, meter: MeterCoordinator) -> dict[str, Any]:
    shown = meter.showable
    health = meter.data.health
    file = await meter.book.async_read()
    return {
        "pce": mask_pce(meter.pce),
        **_fields(health, "state", "reason", "since", "what_to_do", "late"),
        "findings": _findings(health.findings),
        "updated": meter.last_update_success,
        "last_failure": _failure(meter),
        "unforeseen": dict(meter.guard.failing),
        "first_import": meter.data.progress,
        "counted_from": file.counted_from,
        "not_in_energy_dashboard": shown is not None and is_hidden(hass, shown),
        "frequency": file.facts.frequency,
        "capacity_kwh_per_hour": file.facts.most_an_hour,
        "series": meter.meter.series,
        "rights": {
            "consumption": _right(meter.rights.consumption),
            "injection": _right(meter.rights.injection),
            "others": [_right(right) for right in meter.rights.others],
        },
        "status": [_status(status) for status in health.rights],
        "marks": {
            call: _fields(
                record, "answered", "whole", "cut", "not_before", "refused", "code"
            )
            | _fields(record, "failures", "trouble_since")
            for call, record in file.records.items()
        },
        "refused": refused_by_call(file),
        "next_update": meter.data.next_update,
        "directions": sorted(meter.directions),
        "price_source": _price_source(meter),
        "priced_days": len(file.prices.days),
        "temperatures": len(file.ledger.temperatures),
        **_history(file.history(FlowDirection.CONSUMPTION)),
        "injection": _history(file.injection),
    }


def _history(history: GasHistory) -> dict[str, Any]:
    ledger = ledger_to_json(history.ledger)
    return {
        "summary": summary_to_json(history.summary),
        "sources": {source: len(days) for source, days in ledger["daily"].items()},
        "published_blocks": len(ledger["blocks"]),
        "held": ledger["held"],
        "differences": [
            [difference.first, difference.last, difference.energy]
            for difference in differences(history.ledger)
        ],
    }


def _right(right: MeterRight | None) -> dict[str, Any] | None:
    if right is None:
        return None
    return {
        **_fields(right, "state", "first", "last", "ends", "starts", "declared"),
        **_fields(right, "journey", "proof_state", "proof_deadline", "proof_since"),
        **_fields(right, "as_holder", "of_company"),
        "calls": sorted(right.calls),
        "has_former": right.former is not None,
    }


def _status(status: RightHealth) -> dict[str, Any]:
    return {
        "standing": status.standing,
        "accessible": status.is_accessible,
        "another_holder": status.another_holder,
        "findings": _findings(status.findings),
    }


def _findings(findings: Sequence[HealthFinding]) -> list[list[Any]]:
    """Return findings without GRDF's own text: it may name people."""
    return [[finding.issue, finding.day, finding.is_grave] for finding in findings]


def _price_source(meter: MeterCoordinator) -> str | None:
    if meter.meter.prices is None:
        return None
    return "entity" if meter.meter.prices.entity else "list"


def _fields(of: object, *names: str) -> dict[str, Any]:
    return {name: getattr(of, name) for name in names}
