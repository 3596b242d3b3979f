"""The names that outlive a version, gathered from outside, and the list of them.

A section of the list is gathered as nested dictionaries, with a placeholder for each id
that is new in each run. The list in `names.json` has one line a fact, so that a
difference is read line by line.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
import json
import os
from pathlib import Path
import re
from types import NoneType
from typing import Any, Final

from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.recorder import get_instance
import voluptuous as vol

from custom_components.grdf_adict.const import DOMAIN

PACKAGE: Final = Path(__file__).parents[2] / "custom_components" / DOMAIN
LIST: Final = Path(__file__).with_name("names.json")
WRITE: Final = "GRDF_WRITE_NAMES"

type Facts = Mapping[str, Any]

# What is data in a key, not a name: a date, a PCE, an id of Home Assistant, a number.
_DATUM: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}|GI\d{6}|[0-9A-HJKMNP-TV-Z]{26}|\d+(\.\d+)?", re.IGNORECASE
)
_OF_STATISTICS: Final = {
    "has_sum",
    "mean_type",
    "name",
    "source",
    "statistics_unit_of_measurement",
    "unit_class",
}
_OF_HOME_ASSISTANT: Final = {
    "device_class",
    "event_types",
    "friendly_name",
    "icon",
    "options",
    "state_class",
    "unit_of_measurement",
}
_FORMS: Final = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "instant": re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+([+-]\d{2}:\d{2}|Z)?"),
    "text": re.compile(r".*", re.DOTALL),
}
_TYPES: Final[Mapping[str, Any]] = {
    "null": NoneType,
    "boolean": bool,
    "number": int | float,
    "object": Mapping,
    "list": list | tuple,
}


class Shapes:
    """The paths of JSON values and the types found there, over several looks."""

    def __init__(self) -> None:
        """Begin with none."""
        self._types: defaultdict[str, set[str]] = defaultdict(set)

    def look(self, value: Any) -> None:
        """Take in what a value holds."""
        for path, kind in _paths(value, ""):
            self._types[path].add(kind)

    def facts(self) -> dict[str, str]:
        """Return the types of each path."""
        return {path: " | ".join(sorted(kinds)) for path, kinds in self._types.items()}


class StoredFiles:
    """The files of the integration in `.storage`, over several looks."""

    def __init__(self, storage: Mapping[str, Any], places: Places) -> None:
        """Watch the files that tests have instead of a disk."""
        self._storage = storage
        self._places = places
        self._versions: dict[str, str] = {}
        self._shapes: defaultdict[str, Shapes] = defaultdict(Shapes)

    def look(self) -> None:
        """Take in what the files hold now."""
        for key, file in self._storage.items():
            if key.startswith(f"{DOMAIN}."):
                name = self._places.put(key)
                self._versions[name] = f"{file['version']}.{file['minor_version']}"
                kind = ".".join(key.split(".")[:2])
                self._shapes[kind].look(file["data"])

    def facts(self) -> dict[str, Facts]:
        """Return the version of each file, and what the files of each kind hold."""
        return {
            "stored files": self._versions,
            "stored data": {
                kind: shapes.facts() for kind, shapes in self._shapes.items()
            },
        }


class Places:
    """What stands in the list for ids that are new in each run."""

    def __init__(self, *entries: ConfigEntry) -> None:
        """Name the ids of entries and subentries after their titles."""
        self._names: dict[str, str] = {}
        self.add(*entries)

    def add(self, *entries: ConfigEntry) -> None:
        """Take in the ids that entries and their subentries have by now."""
        for entry in entries:
            self._add(entry.entry_id, f"<entry {entry.title}>")
            for subentry_id, subentry in entry.subentries.items():
                name = f"<{subentry.subentry_type} {subentry.title}>"
                self._add(subentry_id, name)

    def put(self, text: str) -> str:
        """Return a text with its ids replaced."""
        for each, name in self._names.items():
            text = text.replace(each, name)
        return text

    def _add(self, varying: str, name: str) -> None:
        self._names[varying] = name
        self._names[varying.lower()] = name.lower()


def entities(hass: HomeAssistant, places: Places) -> Facts:
    """Return the entities of the integration, enabled or not."""
    registry = dr.async_get(hass)
    facts = {}
    for entity in er.async_get(hass).entities.values():
        if entity.platform != DOMAIN:
            continue
        state = hass.states.get(entity.entity_id)
        device = registry.async_get(entity.device_id or "")
        facts[entity.entity_id] = {
            "unique_id": places.put(entity.unique_id),
            "translation_key": entity.translation_key,
            "disabled_by": entity.disabled_by,
            "hidden_by": entity.hidden_by,
            "category": entity.entity_category,
            "device_class": entity.original_device_class,
            "unit": entity.unit_of_measurement,
            "capabilities": entity.capabilities,
            "device": device and _identifiers(device, places),
            "subentry": places.put(entity.config_subentry_id or ""),
            "attributes": own_attributes(state),
        }
    return facts


def own_attributes(state: State | None) -> list[str] | None:
    """Return the names of a state's attributes that are not Home Assistant's."""
    return sorted(state.attributes.keys() - _OF_HOME_ASSISTANT) if state else None


def devices(hass: HomeAssistant, places: Places, entry: ConfigEntry) -> Facts:
    """Return the devices of an entry by their identifiers."""
    registry = dr.async_get(hass)
    return {
        _identifiers(device, places): {
            "entry_type": device.entry_type,
            "manufacturer": device.manufacturer,
            "model": device.model,
            "name": device.name,
        }
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
    }


async def statistics(hass: HomeAssistant, places: Places) -> Facts:
    """Return the series that the integration has in the recorder."""
    known = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)
    return {
        places.put(row["statistic_id"]): {
            name: places.put(value) if isinstance(value, str) else value
            for name, value in row.items()
            if name in _OF_STATISTICS
        }
        for row in known
        if row["source"] == DOMAIN
    }


def entries(places: Places, *all_of_them: ConfigEntry) -> Facts:
    """Return what config entries and their subentries are kept as."""
    return {
        places.put(entry.entry_id): {
            "unique_id": places.put(entry.unique_id or "") or None,
            "version": f"{entry.version}.{entry.minor_version}",
            "data": _shape(entry.data),
            "options": _shape(entry.options),
            "subentry_types": {
                name: sorted(supported)
                for name, supported in entry.supported_subentry_types.items()
            },
            "supports_options": entry.supports_options,
            "supports_reconfigure": entry.supports_reconfigure,
            "subentries": {
                places.put(key): {
                    "type": subentry.subentry_type,
                    "unique_id": places.put(subentry.unique_id or "") or None,
                    "data": _shape(subentry.data),
                }
                for key, subentry in entry.subentries.items()
            },
        }
        for entry in all_of_them
    }


def repairs(hass: HomeAssistant, places: Places) -> Facts:
    """Return the repairs of the integration that are shown."""
    return {
        places.put(issue.issue_id): {
            "translation_key": issue.translation_key,
            "placeholders": sorted(issue.translation_placeholders or {}),
            "data": sorted(issue.data or {}),
            "is_fixable": issue.is_fixable,
            "is_persistent": issue.is_persistent,
            "severity": issue.severity,
            "learn_more_url": issue.learn_more_url,
        }
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    }


def actions(hass: HomeAssistant) -> Facts:
    """Return the registered actions: their fields and whether they answer."""
    return {
        name: {
            "supports_response": action.supports_response,
            "fields": {
                str(marker): "required"
                if isinstance(marker, vol.Required)
                else "optional"
                for marker in _markers(action.schema)
            },
        }
        for name, action in hass.services.async_services_for_domain(DOMAIN).items()
    }


def shape(value: Any) -> Facts:
    """Return the paths of a JSON value, and the types found there."""
    return _shape(value)


def leaves(texts: Facts, path: str = "") -> dict[str, str]:
    """Return the keys of texts; what they say may change."""
    found: dict[str, str] = {}
    for key, value in texts.items():
        within = f"{path}.{key}" if path else key
        found |= leaves(value, within) if isinstance(value, Mapping) else {within: "-"}
    return found


def flattened(facts: Any, path: str = "") -> Iterator[str]:
    """Give each fact as a line: its path and its value as JSON. None is no fact."""
    if isinstance(facts, Mapping):
        for key, value in facts.items():
            yield from flattened(value, f"{path} / {key}" if path else str(key))
    elif facts is not None:
        yield f"{path}: {json.dumps(_plain(facts), ensure_ascii=False)}"


def compare(section: str, facts: Facts) -> None:
    """Compare a section with the list, or write it there if so wished.

    Raises:
        AssertionError: they differ; the message has the lines of the list that are
            gone (-) and those that are new (+).
    """
    found = sorted(flattened(facts))
    known: dict[str, list[str]] = (
        json.loads(LIST.read_text("utf-8")) if LIST.exists() else {}
    )
    if os.environ.get(WRITE):
        text = json.dumps(
            known | {section: found}, indent=1, ensure_ascii=False, sort_keys=True
        )
        LIST.write_text(f"{text}\n", "utf-8")
        return
    gone, new = set(known[section]) - set(found), set(found) - set(known[section])
    # The old line of what has changed comes right before its new one.
    changed = sorted(
        gone | new, key=lambda line: (line.partition(": ")[0], line in new)
    )
    told = [f"{'+' if line in new else '-'} {line}" for line in changed]
    assert not changed, f"{section} differs from {LIST.name}:\n" + "\n".join(told)


def _identifiers(device: dr.DeviceEntry | dr.ChildDeviceEntry, places: Places) -> str:
    return places.put(
        ", ".join(sorted(":".join(each) for each in device.identifiers)) or "-"
    )


def _shape(value: Any) -> dict[str, str]:
    shapes = Shapes()
    shapes.look(value)
    return shapes.facts()


def _paths(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield path, "object"
        for key, each in value.items():
            name = _DATUM.sub("*", str(key))
            yield from _paths(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        yield path, "list"
        is_row = _is_row(value)
        for place, each in enumerate(value):
            within = f"{path}[{place if is_row else ''}]"
            yield from _paths(each, within)
    else:
        yield path, _type(value)


def _is_row(values: Iterable[Any]) -> bool:
    """Whether each value of a list has a meaning by its place: types are mixed."""
    kinds = {_type(value) for value in values}
    return len(kinds) > 1 and not kinds & {"list", "object"}


def _type(value: Any) -> str:
    if isinstance(value, str):
        return next(kind for kind, form in _FORMS.items() if form.fullmatch(value))
    return next(kind for kind, types in _TYPES.items() if isinstance(value, types))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _markers(schema: Any) -> Iterator[Any]:
    match schema:
        case vol.All() | vol.Any():
            for each in schema.validators:
                yield from _markers(each)
        case vol.Schema():
            yield from _markers(schema.schema)
        case Mapping():
            yield from schema
        case _:
            pass
