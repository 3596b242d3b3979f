"""GRDF's answers as the responses of actions: plain values under the models' names."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from homeassistant.util.json import JsonObjectType, JsonValueType

from ..adict import PARIS, Answer


def response_of(data: Any, *, without: Collection[str] = ()) -> JsonObjectType:
    """Return a dataclass as a mapping, without some fields.

    Dates and times become ISO texts, in Europe/Paris; enumerations become values.
    """
    return {
        field.name: _plain(getattr(data, field.name))
        for field in fields(data)
        if field.name not in without
    }


def response_of_answer(
    name: str, answer: Answer[Any], *, without: Collection[str] = ()
) -> JsonObjectType:
    """Return the items of an answer, whether it is complete, and the refused ones."""
    return {
        "complete": answer.complete,
        "refused": len(answer.refused),
        name: [response_of(item, without=without) for item in answer.items],
    }


def _plain(value: Any) -> JsonValueType:
    match value:
        case datetime():
            return value.astimezone(PARIS).isoformat()
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return response_of(value)
