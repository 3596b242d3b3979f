"""Every field of every stored file damaged: nothing is lost, or wrong without a word.

All damages are read; with some of them a real Home Assistant starts, with more under
`-m slow`. Both print how many.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
import random
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
import pytest

from custom_components.grdf_adict.fleet import job_from_json
from custom_components.grdf_adict.helpers.store import read_stored
from custom_components.grdf_adict.storage.contract_file import contract_from_json
from custom_components.grdf_adict.storage.meter_file import meter_from_json
from custom_components.grdf_adict.storage.recording import recording_from_json

from .conftest import NOW
from .damage import (
    HUGE,
    NEGATIVE,
    REMOVED,
    RENAMED,
    RETYPED,
    Damage,
    Steps,
    copies,
    damages,
    failing,
    leaves,
    shortened,
    value_at,
    without_digest,
)
from .damaged_home import INJECTING, METER, Home, home, own_files

__all__ = ["home", "own_files"]

_WHOLE: Final = {(("digest",), REMOVED), (("digest",), RENAMED)}
_LEAST: Final = 7_500
# Computed anew from gas days: they may be below zero.
_SIGNED: Final = {"insight", "costs", "prices"}
# Of the normal run. Each start damages one field of each kind of file.
_STARTS: Final = 6


def _readers(home: Home) -> dict[str, tuple[Callable[..., Any], Any]]:
    """Return how each kind of file is read, and a real one's data."""
    today = NOW.date()
    both = {**home.files[METER]["data"]}
    both["injection"] = home.files[INJECTING]["data"]["injection"]
    del both["digest"]
    return {
        "meter": (partial(meter_from_json, today=today), both),
        "account": (contract_from_json, home.files[home.name("account")]["data"]),
        "fleet": (
            partial(job_from_json, now=NOW),
            home.files[home.name("fleet")]["data"],
        ),
        "recording": (recording_from_json, home.files[home.name("recording")]["data"]),
    }


async def test_each_damage_to_each_field_of_each_file_is_left_out_and_told(
    home: Home,
) -> None:
    number, wrong = 0, []
    for kind, (read, real) in _readers(home).items():
        data = shortened({**real, "digest": None})
        del data["digest"]
        whole, unreadable = read_stored(read, data)
        assert unreadable == ""
        for damage in damages(data):
            number += 1
            found, unreadable = read_stored(read, damage.content)
            if unreadable or found == whole:
                taken = damage.kind == "huge" and HUGE in leaves(found)
                is_wrong = taken or (
                    damage.kind == "negative"
                    and damage.steps[0] not in _SIGNED
                    and NEGATIVE in leaves(found)
                )
            else:
                is_wrong = not _is_taken(data, damage, list(leaves(found)))
            if is_wrong:
                wrong.append(f"{kind} {damage}")
    print(f"{number} damages read")  # noqa: T201 - the count is asked for
    assert wrong == []
    assert number > _LEAST


def _is_taken(data: Any, damage: Damage, inside: list[object]) -> bool:
    """Whether a field has what it may have: nothing, or a value of the type it had.

    Without a digest, as earlier versions wrote files, that is all that can be known.
    """
    if damage.kind in {REMOVED, RENAMED}:
        return True
    before, after = value_at(data, damage.steps), RETYPED[damage.kind]
    if after is None:
        # A gas day or a block without energy is an absence, and says so.
        return not _is_energy(damage.steps)
    if not after and isinstance(after, list | dict):
        return type(before) is type(after)
    if damage.kind == "first date" and "rights" in damage.steps:
        # What earlier versions wrote for "no bound".
        return True
    of_one_type = before is None or isinstance(before, type(after))
    numbers = isinstance(before, int | float) and isinstance(after, int | float)
    taken = all(
        any(form in inside for form in _forms(value)) for value in leaves(after)
    )
    return (of_one_type or numbers) and taken


def _forms(value: object) -> list[object]:
    """Return what a stored value may be read as."""
    forms = [value]
    if isinstance(value, str):
        for read in (Decimal, date.fromisoformat, bytes.fromhex):
            with suppress(ArithmeticError, ValueError):
                forms.append(read(value))
    return forms


def _is_energy(steps: Steps) -> bool:
    """Whether a field is the kWh of a gas day or of a block; see the ledger's file."""
    in_day = "daily" in steps[:-3] and steps[-1] == 1
    in_block = "blocks" in steps[:-2] and steps[-1] == 2
    return in_day or in_block


async def test_home_assistant_starts_with_damaged_files_and_loses_no_gas_day(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    assert await _start_with(home, caplog, _starts(home, random.Random(14), _STARTS))  # noqa: S311


@pytest.mark.slow
@pytest.mark.timeout(7200)
async def test_home_assistant_starts_with_each_field_damaged(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    assert await _start_with(home, caplog, _starts(home, random.Random(14), None))  # noqa: S311


def _starts(
    home: Home, roll: random.Random, number: int | None
) -> list[dict[str, Damage]]:
    """Return damages to start with, of each file one: some, or one of each field."""
    by_file = {}
    for name in (METER, INJECTING, *map(home.name, ("account", "fleet", "recording"))):
        of_field: dict[Steps, list[Damage]] = {}
        for damage in damages(home.files[name]["data"]):
            of_field.setdefault(damage.steps, []).append(damage)
        chosen = [roll.choice(found) for found in of_field.values()]
        by_file[name] = roll.sample(chosen, min(number or len(chosen), len(chosen)))
    longest = max(map(len, by_file.values()))
    return [
        {name: found[at] for name, found in by_file.items() if at < len(found)}
        for at in range(longest)
    ]


async def _start_with(
    home: Home, caplog: pytest.LogCaptureFixture, starts: list[dict[str, Damage]]
) -> int:
    """Start with damages; return how many. A third of files are without a digest."""
    wrong: list[tuple[object, ...]] = []
    number = 0
    for at, damaged in enumerate(starts):
        caplog.clear()
        files = {
            name: {
                **home.files[name],
                "data": without_digest(damage)
                if damage.kind not in {REMOVED, RENAMED} and at % 3 == 0
                else damage.content,
            }
            for name, damage in damaged.items()
        }
        await home.start(files)
        number += len(damaged)
        where = {name.split(".")[1]: str(damage) for name, damage in damaged.items()}
        if home.entry.state is not ConfigEntryState.LOADED:
            wrong.append((where, home.entry.state, home.entry.reason))
            continue
        if failing(home.entry) or "unforeseen" in caplog.text:
            wrong.append((where, failing(home.entry), caplog.text))
        rows = await home.rows()
        wrong += [
            (where, series, days.items() ^ rows[series].items())
            for series, days in home.series.items()
            if rows[series] != days
        ]
        told = copies(home.hass)
        wrong += [
            (where, "not told", name)
            for name, file in files.items()
            if at % 3
            and "recording" not in name
            # What lacks nothing but its digest is as an earlier version wrote it.
            and (damaged[name].steps, damaged[name].kind) not in _WHOLE
            and told.get(name) != file
        ]
    print(f"{number} damages in {len(starts)} starts")  # noqa: T201 - it is asked for
    assert wrong == []
    return number
