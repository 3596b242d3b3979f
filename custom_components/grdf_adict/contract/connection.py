"""From a config entry's data to a client of GRDF."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
from yarl import URL

from ..adict import AdictClient, Endpoints, Quota, allowance_for
from ..const import (
    CONF_ADDRESSES,
    CONF_API_URL,
    CONF_AUTHORIZE_URL,
    CONF_ENVIRONMENT,
    CONF_TOKEN_URL,
    DOMAIN,
    ENDPOINTS,
    GrdfEnvironment,
)

_QUOTAS: HassKey[dict[str, Quota]] = HassKey(f"{DOMAIN}_quotas")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Contract:
    """An ADICT contract as a config entry keeps it; its repr holds no secret."""

    environment: GrdfEnvironment
    endpoints: Endpoints
    client_id: str

    @property
    def unique_id(self) -> str:
        """The unique id of its config entry."""
        return f"{self.environment}_{self.client_id}"


def holds_contract(data: Mapping[str, Any]) -> bool:
    """Whether a config entry is a contract; the others are fed by exported files."""
    return CONF_CLIENT_ID in data


def environment_of(data: Mapping[str, Any]) -> GrdfEnvironment:
    """Return the environment of a config entry's meters; of files, production."""
    return GrdfEnvironment(data[CONF_ENVIRONMENT])


def contract_of(data: Mapping[str, Any]) -> Contract:
    """Return the contract in a config entry's data or a form of the same shape."""
    environment = environment_of(data)
    addresses = data.get(CONF_ADDRESSES, {})
    endpoints = ENDPOINTS[environment]
    if api_url := addresses.get(CONF_API_URL):
        endpoints = replace(endpoints, api=URL(api_url))
    if token_url := addresses.get(CONF_TOKEN_URL):
        endpoints = replace(endpoints, token=URL(token_url))
    if authorize_url := addresses.get(CONF_AUTHORIZE_URL):
        endpoints = replace(endpoints, authorize=URL(authorize_url))
    return Contract(environment, endpoints, data[CONF_CLIENT_ID])


def shared_quota(hass: HomeAssistant, contract: Contract) -> Quota:
    """Return the quota of a contract, which its flows and its entry share."""
    unused = Quota(allowance_for(0), clock=dt_util.utcnow)
    return hass.data.setdefault(_QUOTAS, {}).setdefault(contract.unique_id, unused)


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> AdictClient:
    """Return a client for a config entry's data or a form of the same shape."""
    contract = contract_of(data)
    return AdictClient(
        async_get_clientsession(hass),
        contract.endpoints,
        client_id=contract.client_id,
        client_secret=data[CONF_CLIENT_SECRET],
        quota=shared_quota(hass, contract),
        clock=dt_util.utcnow,
    )


def is_safe_address(address: str) -> bool:
    """Whether a secret may be sent there: over https, or to this machine."""
    try:
        url = URL(address)
    except ValueError:
        return False
    return bool(url.host) and (
        url.scheme == "https" or (url.scheme == "http" and url.host in _LOOPBACK)
    )
