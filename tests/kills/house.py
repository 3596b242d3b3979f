"""The folder of a Home Assistant, its process, and what its database holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
import json
import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path
import shutil
import sqlite3
from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_USER,
    STORAGE_VERSION,
    STORAGE_VERSION_MINOR,
    ConfigEntry,
    ConfigSubentryData,
)

from tests.sandbox import Served
from tests.sandbox.clock import PARIS

from .launcher import run

CHECKOUT: Final = Path(__file__).parents[2]
ENTRY_ID: Final = "of_the_kills"
_ROWS: Final = (
    "SELECT meta.statistic_id, row.start_ts, row.state, row.sum"
    " FROM statistics AS row JOIN statistics_meta AS meta ON row.metadata_id = meta.id"
    " WHERE meta.source = 'grdf_adict' ORDER BY meta.statistic_id, row.start_ts"
)
_OURS: Final = (
    "SELECT row.id, row.start_ts"
    " FROM statistics AS row JOIN statistics_meta AS meta ON row.metadata_id = meta.id"
    " WHERE meta.source = 'grdf_adict'"
)
_BASE_HOUR: Final = 5

# Each run is a fork of one process that has imported Home Assistant, and no more.
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.kills.launcher"])

type Row = tuple[str, float, float | None, float | None]


class RunError(Exception):
    """A run did not come to its end; the text is what it printed last."""


@dataclass(frozen=True, slots=True)
class House:
    """A Home Assistant's folder."""

    path: Path

    @classmethod
    def furnished(cls, path: Path, served: Served, pces: tuple[str, ...]) -> House:
        """Make a folder with the contract and its meters, and nothing else."""
        storage = path / ".storage"
        storage.mkdir(parents=True)
        (path / "custom_components").symlink_to(CHECKOUT / "custom_components")
        content = {
            "version": STORAGE_VERSION,
            "minor_version": STORAGE_VERSION_MINOR,
            "key": "core.config_entries",
            "data": {"entries": [_entry(served, pces).as_dict()]},
        }
        file = storage / "core.config_entries"
        file.write_text(json.dumps(content, default=_plain))
        return cls(path)

    def copied(self, path: Path) -> House:
        """Return a copy of the folder, as its process left it."""
        shutil.copytree(self.path, path, symlinks=True)
        return House(path)

    def stored(self, key: str) -> Path:
        """Return one of Home Assistant's storage files."""
        return self.path / ".storage" / key

    def rows(self) -> list[Row]:
        """Return every row of our series; none before there is a database."""
        database = self.path / "home.db"
        if not database.exists():
            return []
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            return list(connection.execute(_ROWS))
        except sqlite3.OperationalError:  # killed before the tables were made
            return []
        finally:
            connection.close()

    def remove_base_rows(self) -> int:
        """Make the database one of an earlier version; return how many rows went."""
        connection = sqlite3.connect(self.path / "home.db")
        with connection:
            bases = [
                (number,)
                for number, start in connection.execute(_OURS)
                if datetime.fromtimestamp(start, PARIS).hour == _BASE_HOUR
            ]
            connection.executemany("DELETE FROM statistics WHERE id = ?", bases)
        connection.close()
        return len(bases)

    async def run(self, now: datetime) -> dict[str, Any]:
        """Run until all is done; return what was told.

        Raises:
            RunError: it ended otherwise.
        """
        async with self.running(now) as process:
            await asyncio.to_thread(process.join)
        if process.exitcode:
            raise RunError((self.path / "run.log").read_text()[-4000:])
        told: dict[str, Any] = json.loads((self.path / "told.json").read_text())
        return told

    @asynccontextmanager
    async def running(self, now: datetime) -> AsyncIterator[BaseProcess]:
        """Start the process; it is gone, killed if need be, when the block ends."""
        process = _FORKS.Process(target=run, args=(self.path, now))
        await asyncio.to_thread(process.start)
        try:
            yield process
        finally:
            # SIGKILL: nothing of it can say goodbye.
            process.kill()
            await asyncio.to_thread(process.join)


def _entry(served: Served, pces: tuple[str, ...]) -> ConfigEntry[Any]:
    return ConfigEntry(
        version=1,
        minor_version=1,
        domain="grdf_adict",
        title="Example",
        source=SOURCE_USER,
        entry_id=ENTRY_ID,
        unique_id="sandbox_demo",
        data={
            "environment": "sandbox",
            "client_id": "demo",
            "client_secret": "demo-secret",
            "addresses": {"api_url": served.api_url, "token_url": served.token_url},
        },
        options={},
        discovery_keys=MappingProxyType({}),
        subentries_data=[
            ConfigSubentryData(
                subentry_type="meter",
                title=f"Meter {pce[-4:]}",
                unique_id=pce,
                data={"pce": pce},
            )
            for pce in pces
        ],
    )


def _plain(value: object) -> object:
    if isinstance(value, MappingProxyType):
        return dict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(value)
