"""What a meter's health follows from: its data, its rights, its contract."""

from dataclasses import replace

from homeassistant.config_entries import ConfigEntry
from homeassistant.util import dt as dt_util

from ..contract.coordinator import EntryCoordinator
from ..health import Evidence, health
from .data import MeterData, is_of_another_holder


def with_health(
    data: MeterData,
    account: EntryCoordinator,
    entry: ConfigEntry,
    pce: str,
    *,
    is_recorder_away: bool,
    unforeseen: str | None,
) -> MeterData:
    """Return a meter's data with the verdict on all that is known of it now."""
    contract, rights = account.contract, account.data.get(pce)
    known = Evidence(
        has_contract=contract is not None,
        rights=rights,
        another_holder=rights is not None and is_of_another_holder(rights.main, data),
        frequency=data.facts.frequency,
        records=data.records,
        refused=data.refused,
        used=data.used,
        injected=data.injected,
        filed=data.filed,
        doubted=data.doubted,
        progress=data.progress,
        is_polled=not entry.pref_disable_polling,
        trouble=contract.trouble if contract else None,
        is_recorder_away=is_recorder_away,
        unforeseen=unforeseen,
    )
    return replace(data, health=health(known, dt_util.utcnow()))
