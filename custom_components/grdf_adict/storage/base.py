"""Values that several stored files hold, from and to JSON."""

from datetime import datetime
from typing import Any

from homeassistant.helpers.json import json_bytes
from homeassistant.util.json import json_loads_object

from ..metering import Json, checked, date_from_json, known_fields, stored_moment
from ..metering.schedule import CallRecord


def record_from_json(stored: Json) -> CallRecord:
    """Return the record of a call from its stored form.

    Raises:
        KeyError, TypeError, ValueError: the values are no record's.
    """
    return checked(
        CallRecord(
            **{
                **known_fields(CallRecord, stored),
                "answered": _moment(stored["answered"]),
                "since": date_from_json(stored["since"]),
                "not_before": _moment(stored["not_before"]),
                "trouble_since": _moment(stored.get("trouble_since")),
            }
        )
    )


def to_json(value: object) -> Json:
    """Return a dataclass as JSON: its fields' names are stored, dates in ISO 8601."""
    return json_loads_object(json_bytes(value))


def _moment(stored: Any) -> datetime | None:
    return None if stored is None else stored_moment(stored)
