"""Damage to stored files: each field removed, renamed, of another type, beyond sense.

The files are those of a real run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields as dataclass_fields, is_dataclass
import json
from pathlib import Path
from typing import Any, Final, NamedTuple

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import DOMAIN

type Json = Any
type Steps = tuple[str | int, ...]

TEXT: Final = "neither GRDF's nor ours"
NEGATIVE: Final = -7777.25
HUGE: Final = 1e300
_ENDS: Final = 2
REMOVED: Final = "removed"
RENAMED: Final = "renamed"
# What a field becomes. Where it is that already, nothing is damaged.
RETYPED: Final[Mapping[str, Json]] = {
    "none": None,
    "text": TEXT,
    "empty text": "",
    "number": 7777.25,
    "whole number": 7777,
    "list": [TEXT],
    "empty list": [],
    "dict": {TEXT: TEXT},
    "empty dict": {},
    "negative": NEGATIVE,
    "nan": "nan",
    "huge": HUGE,
    "flag": True,
    "first date": "0001-01-01",
    "last moment": "9999-12-31T23:59:59-12:00",
    "naive moment": "2026-11-20T06:00:00",
    "number as text": "12",
}


class Damage(NamedTuple):
    """A damaged file: where, how, and what it holds then."""

    steps: Steps
    kind: str
    content: Json

    def __str__(self) -> str:
        """Return where it is, and how."""
        return f"{'.'.join(map(str, self.steps))} {self.kind}"


def damages(content: Json) -> Iterator[Damage]:
    """Yield each damage to each field of a file, of lists the first and last item's."""
    for steps in fields(content):
        before = value_at(content, steps)
        for kind, value in RETYPED.items():
            if type(before) is not type(value) or before != value:
                yield Damage(steps, kind, changed(content, steps, value))
        yield Damage(steps, REMOVED, changed(content, steps))
        if isinstance(steps[-1], str):
            renamed = changed(content, steps)
            after = changed(renamed, (*steps[:-1], f"{steps[-1]}_"), before)
            yield Damage(steps, RENAMED, after)


def fields(content: Json, steps: Steps = ()) -> Iterator[Steps]:
    """Yield where each field is; of rows and of dates that are keys, first and last."""
    if isinstance(content, dict):
        names = list(content)
        if len(names) > 2 and all(name[:4].isdecimal() for name in names):
            names = [names[0], names[-1]]
        items: list[tuple[str | int, Json]] = [(name, content[name]) for name in names]
    elif isinstance(content, list):
        rows = content and isinstance(content[0], list | dict)
        places = {0, len(content) - 1} if rows else range(len(content))
        items = [(place, content[place]) for place in sorted(places)]
    else:
        return
    for name, value in items:
        yield (*steps, name)
        yield from fields(value, (*steps, name))


def changed(content: Json, steps: Steps, *value: Json) -> Json:
    """Return a file with another value of a field; without any, without the field."""
    name, *rest = steps
    after = content.copy()
    if rest:
        after[name] = changed(content[name], tuple(rest), *value)
    elif value:
        (after[name],) = value
    else:
        del after[name]
    return after


def shortened(content: Json) -> Json:
    """Return a file with the first and last two items alone of longer lists of rows."""
    if isinstance(content, dict):
        return {name: shortened(value) for name, value in content.items()}
    if isinstance(content, list):
        is_long = len(content) > 2 * _ENDS and isinstance(content[0], list)
        items = content[:_ENDS] + content[-_ENDS:] if is_long else content
        return [shortened(value) for value in items]
    return content


def leaves(value: object) -> Iterator[object]:
    """Yield all that is in an object that was read, at any depth."""
    if is_dataclass(value) and not isinstance(value, type):
        value = [getattr(value, each.name) for each in dataclass_fields(value)]
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def without_digest(damage: Damage) -> Json:
    """Return the damaged data as a version without a digest would have left them."""
    return {name: value for name, value in damage.content.items() if name != "digest"}


def stored(hass: HomeAssistant) -> dict[str, Json]:
    """Return the content of our files, by name."""
    return {
        file.name: json.loads(file.read_text())
        for file in sorted(_folder(hass).glob(f"{DOMAIN}.*"))
        if file.is_file() and not _is_copy(file)
    }


def folder_of(hass: HomeAssistant) -> dict[str, int]:
    """Return the names of our files and their copies, and the mode of each."""
    return {
        file.name: file.stat().st_mode & 0o777
        for file in _folder(hass).glob(f"{DOMAIN}.*")
        if file.is_file()
    }


def store(
    hass: HomeAssistant, files: Mapping[str, Json], raw: Mapping[str, bytes]
) -> None:
    """Write our files, those of `raw` as they are, and remove all others of ours."""
    for file in _folder(hass).glob(f"{DOMAIN}.*"):
        if file.is_file():
            file.unlink()
    for name, content in files.items():
        (_folder(hass) / name).write_text(json.dumps(content))
    for name, text in raw.items():
        (_folder(hass) / name).write_bytes(text)


def copies(hass: HomeAssistant) -> dict[str, Json]:
    """Return the copies of damaged files, by the names of these."""
    return {
        file.name.removesuffix(".unreadable"): json.loads(file.read_text())
        for file in _folder(hass).glob(f"{DOMAIN}.*.unreadable")
    }


def failing(entry: MockConfigEntry) -> dict[str, str]:
    """Return what fails without being foreseen in a loaded entry."""
    data = entry.runtime_data
    guards = [each.guard for each in (data.account, *data.meters.values())]
    guards += [group.guard for group in data.groups.values()]
    return {what: how for guard in guards for what, how in guard.failing.items()}


def _folder(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(".storage"))


def _is_copy(file: Path) -> bool:
    return file.suffix == ".unreadable" or ".corrupt." in file.name


def value_at(content: Json, steps: Steps) -> Json:
    """Return what a field holds."""
    for name in steps:
        content = content[name]
    return content
