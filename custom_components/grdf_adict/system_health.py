"""Home Assistant's system information on GRDF and the contracts."""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    async_check_can_reach_url,
)
from homeassistant.core import HomeAssistant, callback

from .adict import PRODUCTION
from .const import DOMAIN
from .contract.connection import contract_of, holds_contract
from .runtime import GrdfConfigEntry

_GRDF: Final = PRODUCTION.token.host


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register the information."""
    register.async_register_info(async_system_health_info)


async def async_system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the state of every loaded contract, in one order, without their names.

    GRDF's token server is only reached, not called: no call is counted.
    """
    entries: list[GrdfConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    contracts = [entry for entry in entries if holds_contract(entry.data)]
    meters_of_files = [
        len(entry.runtime_data.meters) for entry in entries if entry not in contracts
    ]
    accounts = [entry.runtime_data.contract for entry in contracts]
    quotas = [account.quota for account in accounts]
    hosts = {contract_of(entry.data).endpoints.token.origin() for entry in contracts}
    return {
        **{
            "reach_grdf" if host.host == _GRDF else "reach_other": (
                async_check_can_reach_url(hass, str(host))
            )
            for host in sorted(hosts)
        },
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
        "meters_of_files": sum(meters_of_files),
    }


def _listed(values: Iterable[object]) -> str:
    return ", ".join(map(str, values)) or "-"
