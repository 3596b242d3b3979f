"""What Home Assistant's system information tells of GRDF and the contracts."""

from collections.abc import Coroutine, Iterable
from typing import Any, Final

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    async_check_can_reach_url,
)
from homeassistant.core import HomeAssistant, callback
from yarl import URL

from .adict import PRODUCTION
from .const import DOMAIN
from .contract.connection import contract_of, holds_contract
from .runtime import GrdfConfigEntry

_OF_GRDF: Final = PRODUCTION.token.host


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what is told."""
    register.async_register_info(async_system_health_info)


async def async_system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the state of every loaded contract, in one order, without their names.

    To reach GRDF, its server of tokens is asked for nothing: no call is counted.
    """
    entries: list[GrdfConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    contracts = [entry for entry in entries if holds_contract(entry.data)]
    accounts = [entry.runtime_data.contract for entry in contracts]
    quotas = [account.quota for account in accounts]
    return {
        **_reached(hass, contracts),
        "contracts": sum(
            holds_contract(entry.data)
            for entry in hass.config_entries.async_entries(DOMAIN)
        ),
        "contracts_loaded": len(contracts),
        "tokens_held": _listed(
            "yes" if account.client.has_token else "no" for account in accounts
        ),
        "calls_today": _listed(
            f"{quota.calls_today} / {quota.allowance.calls_per_day}" for quota in quotas
        ),
        "meters": _listed(len(entry.runtime_data.meters) for entry in contracts),
        "meters_of_files": sum(
            len(entry.runtime_data.meters)
            for entry in entries
            if not holds_contract(entry.data)
        ),
    }


def _reached(
    hass: HomeAssistant, entries: list[GrdfConfigEntry]
) -> dict[str, Coroutine[Any, Any, str | dict[str, str]]]:
    hosts = {contract_of(entry.data).endpoints.token.origin() for entry in entries}
    return {
        _key(host): async_check_can_reach_url(hass, str(host)) for host in sorted(hosts)
    }


def _key(host: URL) -> str:
    return "reach_grdf" if host.host == _OF_GRDF else "reach_other"


def _listed(values: Iterable[object]) -> str:
    return ", ".join(map(str, values)) or "-"
