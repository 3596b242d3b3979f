"""The dispatcher's signals, which carry ids and plain values."""

from collections.abc import Callable

from homeassistant.util.signal_type import SignalType

from ..const import DOMAIN
from ..metering import MeterEvent


def event_signal(key: str) -> SignalType[MeterEvent]:
    """Return the signal of what happens to the meter with this key."""
    return SignalType(f"{DOMAIN}_event_{key}")


def news_signal() -> SignalType[str, MeterEvent]:
    """Return the signal of what happens to any meter: its key, the event."""
    return SignalType(f"{DOMAIN}_news")


def job_signal(entry_id: str) -> SignalType[()]:
    """Return the signal that a contract's job began, or made a step."""
    return SignalType(f"{DOMAIN}_job_{entry_id}")


def recording_signal(entry_id: str) -> SignalType[()]:
    """Return the signal that a recording of answers began, ended or filled its file."""
    return SignalType(f"{DOMAIN}_recording_{entry_id}")


def _signal(name: str) -> Callable[[str], SignalType[str]]:
    return lambda entry_id: SignalType(f"{DOMAIN}_{name}_{entry_id}")


# By the entry's id, what happened to a meter or a group: they carry its subentry's id.
rows_signal = _signal("rows")
refreshed_signal = _signal("refreshed")
new_meter_signal = _signal("new_meter")
new_group_signal = _signal("new_group")
settings_signal = _signal("settings")
