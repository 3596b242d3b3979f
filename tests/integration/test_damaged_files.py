"""Stored files of any wrong shape, in any field: Home Assistant starts with them.

Each damage is told, one copy of the file is kept, and no gas day is lost.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
import random
from typing import Any, Final
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.fleet import job_from_json
from custom_components.grdf_adict.helpers.store import read_stored
from custom_components.grdf_adict.storage.contract_file import contract_from_json
from custom_components.grdf_adict.storage.meter_file import meter_from_json
from custom_components.grdf_adict.storage.recording import recording_from_json
from tests.sandbox import FLAT, HOUSE, PRODUCER, Fault, Flow, Sandbox

from .actions import act
from .common import amounts, held, settle
from .conftest import NOW, AddEntry
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
    store,
    stored,
    value_at,
    without_digest,
)
from .fleet import build, row_of, table
from .grouping import grouped
from .price_flow import choose, period, reconfigure, submit
from .recording_flow import record

METER: Final = f"{DOMAIN}.meter.sandbox_{HOUSE}"
INJECTING: Final = f"{DOMAIN}.meter.sandbox_{PRODUCER.lower()}"
# Computed anew from gas days: they may be below zero.
_LEAST: Final = 7_500
_SIGNED: Final = {"insight", "costs", "prices"}
_REAL: Final = {
    name: getattr(Store, name)
    for name in ("_async_load", "_async_write_data", "async_remove")
}


@pytest.fixture(autouse=True)
def _own_files(
    hass: HomeAssistant,
    hass_storage: object,  # noqa: ARG001 - the test plugin's files in memory go first
    tmp_path: Path,
) -> Iterator[None]:
    """Let all files be real ones, in a folder of the test's own."""
    hass.config.currency = "EUR"
    hass.config.config_dir = str(tmp_path)
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    with patch.multiple(Store, **_REAL):
        yield


@dataclass(frozen=True)
class Home:
    """A home with all kinds of files: their contents by name, and its series."""

    hass: HomeAssistant
    entry: MockConfigEntry
    files: Mapping[str, Any]
    series: Mapping[str, Any]

    def name(self, kind: str) -> str:
        """Return the name of a file of the entry."""
        return f"{DOMAIN}.{kind}.{self.entry.entry_id}"

    async def start(self, files: Mapping[str, Any]) -> None:
        """Start with other files in place of some, and refresh once."""
        await self.hass.config_entries.async_unload(self.entry.entry_id)
        for issue in repairs(self.hass).values():
            ir.async_delete_issue(self.hass, DOMAIN, issue.issue_id)
        store(self.hass, {**self.files, **files})
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        if self.entry.state is ConfigEntryState.LOADED:
            await settle(self.hass, self.entry)

    async def rows(self) -> dict[str, Any]:
        """Return each series as the recorder holds it."""
        return {
            f"{pce} {name}": await amounts(self.hass, pce, name)
            for pce, name in (
                (HOUSE, "energy"),
                (HOUSE, "cost"),
                (FLAT, "energy"),
                (PRODUCER, "injection"),
            )
        }


def repairs(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the repairs of damaged files, by what they are of."""
    return {
        key.removeprefix("storage_unreadable_"): issue
        for (domain, key), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and key.startswith("storage_unreadable_")
    }


@pytest.fixture
async def home(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry, tmp_path: Path
) -> Home:
    """Two meters in a group, a price, one that injects, a job begun, a recording."""
    entry = await import_meters(HOUSE, FLAT, PRODUCER)
    ids = {subentry.unique_id: key for key, subentry in entry.subentries.items()}
    result = await choose(
        hass,
        await reconfigure(hass, entry, ids[HOUSE]),
        *("price", "price_list", "add_period"),
    )
    result = await submit(hass, result, period("2026-01-01", 0.1, 120))
    await choose(hass, result, "save_list")
    await grouped(hass, entry, HOUSE, FLAT)
    await record(hass, entry)
    sandbox.fail_next("00001/droit_acces", Fault.status(429))
    rows = [row_of(sandbox, pce, place) for place, pce in enumerate(build(sandbox, 3))]
    (tmp_path / "a.xlsx").write_bytes(table(rows))
    path = str(tmp_path / "a.xlsx")
    await act(hass, "declare_fleet", path=path, action="declare", start=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    await settle(hass, entry)
    home = Home(hass, entry, stored(hass), {})
    series = await home.rows()
    assert series[f"{HOUSE} energy"] == held(sandbox, HOUSE)
    injected = held(sandbox, PRODUCER, flow=Flow.INJECTION)
    assert series[f"{PRODUCER} injection"] == injected
    return Home(hass, entry, stored(hass), series)


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


# What takes part in each start of the normal run; each start damages one field of each
# kind of file.
_STARTS: Final = 8


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
            if at % 3 and "recording" not in name and told.get(name) != file
        ]
    print(f"{number} damages in {len(starts)} starts")  # noqa: T201 - it is asked for
    assert wrong == []
    return number
