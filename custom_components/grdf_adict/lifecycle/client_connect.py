"""What a customer comes back with from GRDF: consents, and the meters they make."""

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
from ..helpers.ids import meter_key
from ..helpers.texts import shown_names
from ..runtime import loaded_contract
from .handover import async_release


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending a customer to GRDF.

    Attributes:
        error: the key of an error of the contract's flow; None: the customer consented.
        texts: what fills the error's text, or that of the end (`added`, `moved`,
            `known`, `owned`: masked PCE).
    """

    error: str | None = None
    texts: dict[str, str] = field(default_factory=dict)


async def async_take_consents(
    hass: HomeAssistant, entry: ConfigEntry, code: str, redirect_uri: str
) -> Outcome:
    """Exchange a code for the customer's consents, and make meters of their PCE.

    Args:
        hass: Home Assistant.
        entry: a contract; it need not be loaded.
        code: what the customer came back with, good for one exchange.
        redirect_uri: the address they came back to.
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
    rights = await _async_told_rights(entry)
    choice = meter_candidates(hass, entry.data, rights, paris_today())
    return Outcome(texts=await _async_add(hass, entry, consents, choice))


async def async_notify(
    hass: HomeAssistant, entry_id: str, account: str, outcome: Outcome
) -> None:
    """Say what came of it where no dialog is open to say it."""
    texts = await async_get_translations(hass, hass.config.language, "config", {DOMAIN})
    key = "abort.connected" if outcome.error is None else f"error.{outcome.error}"
    said = texts[f"component.{DOMAIN}.config.{key}"].format(**outcome.texts)
    title = texts[f"component.{DOMAIN}.config.step.client_connect.title"]
    persistent_notification.async_create(
        hass,
        said,
        title=f"{title} ({account})",
        notification_id=f"{DOMAIN}_client_connect_{entry_id}",
    )


async def _async_told_rights(entry: ConfigEntry) -> tuple[AccessRight, ...]:
    """Read the rights anew: the new ones are among them."""
    if (contract := loaded_contract(entry)) is None:
        return ()
    try:
        return (await contract.async_read_rights()).items
    except AdictError as err:
        # The consent is given all the same; the rights are read again tomorrow.
        LOGGER.debug("Access rights could not be read after a consent: %s", err)
        return ()


async def _async_add(
    hass: HomeAssistant,
    entry: ConfigEntry,
    consents: tuple[Consent, ...],
    choice: MeterCandidates,
) -> dict[str, str]:
    """Add the PCE that no other contract has, and say what became of each."""
    ours = {subentry.unique_id for subentry in entry.subentries.values()}
    told: dict[str, list[str]] = {"added": [], "moved": [], "known": [], "owned": []}
    for pce in dict.fromkeys(consent.pce for consent in consents):
        owner = choice.owners.get(meter_key(choice.environment, pce))
        if pce in ours:
            told["known"].append(mask_pce(pce))
        elif owner is not None and not may_leave(owner):
            told["owned"].append(f"{mask_pce(pce)} ({owner.title})")
        else:
            meter = choice.subentry(pce)
            if owner is not None:
                await async_release(hass, owner, pce)
            async_add_meter(hass, entry, meter)
            told["added" if owner is None else "moved"].append(mask_pce(pce))
    return {key: shown_names(pces) for key, pces in told.items()}
