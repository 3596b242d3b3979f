"""Values of the stored files as JSON, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from .stored import stored_day

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

type Json = dict[str, Any]


def fields_to_json(instance: DataclassInstance) -> Json:
    """Return a flat dataclass by field name: dates and enums as their text."""
    return {name: _to_json(value) for name, value in asdict(instance).items()}


def known_fields(kind: type[DataclassInstance], stored: Mapping[str, Any]) -> Json:
    """Return what is stored of a dataclass's fields, without any of a later version."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in stored.items() if name in names}


def date_from_json(stored: Any) -> date | None:
    """Return the date of a text; None of none.

    Raises:
        TypeError, ValueError: it is neither.
    """
    return None if stored is None else stored_day(stored)


def _to_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    return value.value if isinstance(value, Enum) else value
