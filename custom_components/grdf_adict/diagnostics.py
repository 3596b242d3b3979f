"""What a maintainer needs to see of an account, without secrets or people."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .adict import FlowDirection, mask_pce
from .coordinator import GrdfConfigEntry, MeterCoordinator
from .metering.gas_day import paris_date
from .metering.ledger_json import ledger_to_json, summary_to_json
from .metering.series import differences
from .right_findings import RightStatus
from .rights import MeterRight
from .store import GasHistory


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: GrdfConfigEntry
) -> dict[str, Any]:
    """Return the state of the account and of each of its meters.

    Built from what is known to be harmless, rather than redacted from the whole.
    """
    data = entry.runtime_data
    return {
        "environment": entry.data["environment"],
        "custom_addresses": "addresses" in entry.data,
        "calls_today": data.account.quota.calls_today,
        "allowance": {
            "calls_per_second": data.account.quota.allowance.calls_per_second,
            "calls_per_day": data.account.quota.allowance.calls_per_day,
        },
        "throttled_below_own_count": data.account.quota.throttled_below_own_count,
        "rights_read": data.account.last_update_success,
        "contract_over": data.account.is_contract_over,
        "deleted_meters_asked_about": len(data.account.departed),
        "meters": [await _async_meter(meter) for meter in data.meters.values()],
    }


async def _async_meter(meter: MeterCoordinator) -> dict[str, Any]:
    file = await meter.async_file()
    return {
        "pce": mask_pce(meter.pce),
        "frequency": file.facts.frequency,
        "capacity_kwh_per_hour": file.facts.capacity,
        "series": meter.series,
        "rights": {
            "consumption": _right(meter.rights.consumption),
            "injection": _right(meter.rights.injection),
        },
        "status": [_status(status) for status in meter.right_statuses],
        "marks": {
            call: {
                "answered": mark.answered,
                "whole": mark.whole,
                "cut": mark.cut,
                "not_before": mark.not_before,
                "refused": mark.refused,
                "code": mark.code,
            }
            for call, mark in file.marks.items()
        },
        "next_update": meter.data.next_update,
        "directions": sorted(meter.directions),
        "price_source": _price_source(meter),
        "priced_days": len(file.prices.days),
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
        "state": right.state,
        "calls": sorted(right.calls),
        "first": right.first,
        "last": right.last,
        "ends": right.ends,
        "starts": right.starts,
        "declared": right.declared,
        "has_former": right.former is not None,
        "journey": right.journey,
        "proof_state": right.proof_state,
        "proof_deadline": right.proof_deadline,
    }


def _status(status: RightStatus) -> dict[str, Any]:
    today = paris_date(dt_util.utcnow())
    return {
        "standing": status.standing(today),
        "accessible": status.is_accessible(today),
        "another_holder": status.another_holder,
        # Without GRDF's own words: they may be a person's.
        "findings": [
            [finding.issue, finding.day, finding.is_grave]
            for finding in status.findings(today)
        ],
    }


def _price_source(meter: MeterCoordinator) -> str | None:
    if meter.prices is None:
        return None
    return "entity" if meter.prices.entity else "list"
