"""The dispatcher's signals. They carry ids and plain values, never a coordinator."""

from homeassistant.util.signal_type import SignalType

from ..const import DOMAIN
from ..metering import MeterEvent


def event_signal(key: str) -> SignalType[MeterEvent]:
    """Return the signal of what happens to the meter with this key."""
    return SignalType(f"{DOMAIN}_event_{key}")


def news_signal() -> SignalType[str, MeterEvent]:
    """Return the signal of what happens to any meter: its key, the event."""
    return SignalType(f"{DOMAIN}_news")


def rows_signal(entry_id: str) -> SignalType[str]:
    """Return the signal that a meter's rows were written: its subentry's id."""
    return SignalType(f"{DOMAIN}_rows_{entry_id}")


def refreshed_signal(entry_id: str) -> SignalType[str]:
    """Return the signal that a meter was refreshed or changed: its subentry's id."""
    return SignalType(f"{DOMAIN}_refreshed_{entry_id}")


def new_meter_signal(entry_id: str) -> SignalType[str]:
    """Return the signal that a meter was added: its subentry's id."""
    return SignalType(f"{DOMAIN}_new_meter_{entry_id}")


def new_group_signal(entry_id: str) -> SignalType[str]:
    """Return the signal that a group was added: its subentry's id."""
    return SignalType(f"{DOMAIN}_new_group_{entry_id}")


def settings_signal(entry_id: str) -> SignalType[str]:
    """Return the signal that a meter's settings were changed: its subentry's id."""
    return SignalType(f"{DOMAIN}_settings_{entry_id}")


def job_signal(entry_id: str) -> SignalType[()]:
    """Return the signal that a contract's job began, or made a step."""
    return SignalType(f"{DOMAIN}_job_{entry_id}")
