"""The consents that a customer gives on GRDF's site, and the meters they become."""

from dataclasses import dataclass, field

from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from ..adict import (
    AccessRight,
    AdictError,
    ClientConnectError,
    Consent,
    exchange_code,
    mask_pce,
)
from ..const import DOMAIN, LOGGER
from ..contract.candidates import (
    MeterCandidates,
    async_add_meter,
    may_leave,
    meter_candidates,
)
from ..contract.connection import contract_of
from ..helpers.clock import paris_today
from ..helpers.errors import placeholders, translation_key
from ..helpers.texts import escaped, shown_names
from ..runtime import loaded_contract
from .handover import async_release


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of sending a customer to GRDF.

    `error` is the key of an error of the contract's flow; None: the customer consented.
    `texts` are its placeholders, or masked PCE by `added`, `moved`, `known`, `owned`.
    """

    error: str | None = None
    texts: dict[str, str] = field(default_factory=dict)


async def async_take_consents(
    hass: HomeAssistant, entry: ConfigEntry, code: str, redirect_uri: str
) -> Outcome:
    """Exchange a one-time code for the customer's consents; add their PCE as meters.

    The contract's entry need not be loaded. `redirect_uri` is the address at which the
    code arrived.
    """
    contract = contract_of(entry.data)
    try:
        consents = await exchange_code(
            async_get_clientsession(hass),
            contract.endpoints,
            client_id=contract.client_id,
            client_secret=entry.data[CONF_CLIENT_SECRET],
            code=code,
            redirect_uri=redirect_uri,
            clock=dt_util.utcnow,
        )
    except ClientConnectError as err:
        return Outcome(err.problem.value, placeholders(err))
    except AdictError as err:
        return Outcome(translation_key(err), placeholders(err))
    rights = await _async_rights(entry)
    choice = meter_candidates(hass, entry.data, rights, paris_today())
    return Outcome(texts=await _async_add(hass, entry, consents, choice))


async def async_notify(
    hass: HomeAssistant, entry_id: str, account: str, outcome: Outcome
) -> None:
    """Show the outcome in a notification: the dialog is no longer open."""
    texts = await async_get_translations(hass, hass.config.language, "config", {DOMAIN})
    key = "abort.connected" if outcome.error is None else f"error.{outcome.error}"
    message = texts[f"component.{DOMAIN}.config.{key}"].format(**outcome.texts)
    title = texts[f"component.{DOMAIN}.config.step.client_connect.title"]
    persistent_notification.async_create(
        hass,
        message,
        title=f"{title} ({escaped(account)})",
        notification_id=f"{DOMAIN}_client_connect_{entry_id}",
    )


async def _async_rights(entry: ConfigEntry) -> tuple[AccessRight, ...]:
    """Read the rights again, with the new ones."""
    if (contract := loaded_contract(entry)) is None:
        return ()
    try:
        return (await contract.async_read_rights()).items
    except AdictError as err:
        # The consent is given nevertheless; the rights are read again tomorrow.
        LOGGER.debug("Access rights could not be read after a consent: %s", err)
        return ()


async def _async_add(
    hass: HomeAssistant,
    entry: ConfigEntry,
    consents: tuple[Consent, ...],
    choice: MeterCandidates,
) -> dict[str, str]:
    """Add the PCE that no other contract has; return the outcome of each."""
    ours = {subentry.unique_id for subentry in entry.subentries.values()}
    keys = ("added", "moved", "known", "owned")
    outcomes: dict[str, list[str]] = {key: [] for key in keys}
    for pce in dict.fromkeys(consent.pce for consent in consents):
        owner = choice.owner(pce)
        if pce in ours:
            outcomes["known"].append(mask_pce(pce))
        elif owner is not None and not may_leave(owner):
            outcomes["owned"].append(f"{mask_pce(pce)} ({owner.title})")
        else:
            meter = choice.subentry(pce)
            if owner is not None:
                await async_release(hass, owner, pce)
            async_add_meter(hass, entry, meter)
            outcomes["added" if owner is None else "moved"].append(mask_pce(pce))
    return {key: shown_names(pces) for key, pces in outcomes.items()}
