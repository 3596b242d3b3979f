"""A real Home Assistant and the sandbox, both up, and a browser beside them."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
import json
from pathlib import Path
import time

import aiohttp
from playwright.async_api import Browser, BrowserContext

from tests.demo.check import wait_for_import
from tests.demo.cost import set_prices
from tests.demo.folder import Folder, prepare
from tests.demo.home import Home, signed_in
from tests.demo.login import Tokens, wait_for_answer
from tests.demo.processes import Child, running
from tests.demo.programs import home_of
from tests.demo.provision import DOMAIN, add_entry, erase_leftovers
from tests.demo.witness import CREDENTIALS, Meter, read_meters
from tests.sandbox import Sandbox, Served, serve
from tests.sandbox.clock import PARIS

from .chromium import launched
from .texts import Language, Texts

WIDTH, HEIGHT = 1280, 900
# Of one action in the page; the machine may be busy with other tests.
_PATIENCE_MS = 30_000


@dataclass(frozen=True, slots=True, repr=False)
class Stage:
    """What the tests of one language share.

    Attributes:
        language: of Home Assistant, its user and the browser.
        texts: what the screen says in that language.
        folder: where Home Assistant lives.
        process: Home Assistant's.
        home: the user's own connection to it.
        sandbox: GRDF; its clock stands still, its rights are a test's to change.
        served: where the sandbox answers.
    """

    language: Language
    texts: Texts
    folder: Folder
    process: Child
    home: Home
    sandbox: Sandbox
    served: Served
    _browser: Browser
    _http: aiohttp.ClientSession
    _tokens: Tokens

    async def empty(self) -> None:
        """Take everything away that an earlier test has set up."""
        for entry in await self.home.ask("config_entries/get", domain=DOMAIN):
            await self.home.delete(
                f"/api/config/config_entries/entry/{entry['entry_id']}"
            )
        await erase_leftovers(self.home)
        await self.home.ask("energy/save_prefs", energy_sources=[])
        fresh = Sandbox(now=self.sandbox.now)
        self.sandbox.rights[:] = fresh.rights
        self.sandbox.faults.clear()

    async def add_contract(self, *pces: str) -> list[Meter]:
        """Set up the contract with some meters, in a moment and without the browser."""
        meters = await self.meters(*pces)
        await add_entry(self.home, self.served.root_url, meters)
        return meters

    async def import_history(self, meters: Sequence[Meter]) -> None:
        """Tell the price of gas, and wait until every gas day is there."""
        await set_prices(self.home, meters)
        await wait_for_import(self.home, meters)

    async def meters(self, *pces: str) -> list[Meter]:
        """Return some meters with what the sandbox holds of them."""
        known = await read_meters(self._http, self.served.root_url)
        return [meter for meter in known if meter.pce in pces]

    def meter_name(self, pce: str) -> str:
        """Return how a person's meter is named by itself."""
        word = {"en": "Meter", "fr": "Compteur"}[self.language]
        return f"{word} …{pce[-4:]}"

    async def device_id(self, pce: str) -> str:
        """Return Home Assistant's id of a meter's device."""
        (device,) = (
            device["id"]
            for device in await self.home.ask("config/device_registry/list")
            if device["name"] == self.meter_name(pce)
        )
        return str(device)

    @asynccontextmanager
    async def visit(self) -> AsyncGenerator[BrowserContext]:
        """Open the browser of the user, signed in, with a fresh profile."""
        address = self.folder.home_address
        context = await self._browser.new_context(
            base_url=address,
            viewport={"width": WIDTH, "height": HEIGHT},
            locale=self.language,
            # Bars turn into lines when the browser's months begin at other hours than
            # those of Home Assistant.
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            storage_state={
                "cookies": [],
                "origins": [
                    {
                        "origin": address,
                        "localStorage": [
                            {"name": "hassTokens", "value": self._login(address)}
                        ],
                    }
                ],
            },
        )
        context.set_default_timeout(_PATIENCE_MS)
        try:
            yield context
        finally:
            await context.close()

    def secrets(self) -> Sequence[str]:
        """Return what no report may show."""
        return (self._tokens.access, self._tokens.refresh, CREDENTIALS[1])

    def _login(self, address: str) -> str:
        return json.dumps(
            {
                "hassUrl": address,
                "clientId": f"{address}/",
                "access_token": self._tokens.access,
                "refresh_token": self._tokens.refresh,
                "token_type": "Bearer",
                "expires_in": self._tokens.seconds,
                "expires": int((time.time() + self._tokens.seconds) * 1000),
            }
        )


@asynccontextmanager
async def staged(path: Path, language: Language) -> AsyncGenerator[Stage]:
    """Start Home Assistant, the sandbox and the browser; stop them at the end.

    Raises:
        DemoError: one of them does not come up.
    """
    folder = prepare(path, language)
    process = home_of(folder)
    sandbox = Sandbox(now=datetime.now(PARIS))
    async with (
        aiohttp.ClientSession() as http,
        running(process),
        serve(sandbox, port=folder.ports.sandbox) as served,
        launched() as browser,
    ):
        await wait_for_answer(http, folder.home_address)
        async with signed_in(http, folder.home_address, language) as (home, tokens):
            await home.wait_until_started()
            await _speak(home, language)
            yield Stage(
                language,
                Texts.of(language),
                folder,
                process,
                home,
                sandbox,
                served,
                browser,
                http,
                tokens,
            )


async def _speak(home: Home, language: Language) -> None:
    """Set the user's own language, as their profile does."""
    formats = ("number_format", "time_format", "date_format", "first_weekday")
    await home.ask(
        "frontend/set_user_data",
        key="language",
        value={
            "language": language,
            "time_zone": "local",
            **dict.fromkeys(formats, "language"),
        },
    )
