"""A headless Chromium, driven over its own debugging protocol."""

import asyncio
import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
import shutil
from typing import Any

import aiohttp

from .processes import Child, running
from .saying import DemoError
from .waiting import look_until

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_START_SECONDS = 30.0
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-port=0",
)


def find_chromium() -> str:
    """Return the browser's path.

    Raises:
        DemoError: none is installed.
    """
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    raise DemoError(
        "No Chromium is installed. On Debian: apt-get install chromium; elsewhere any "
        f"of {', '.join(_NAMES)} on PATH."
    )


class Page:
    """One tab of the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Speak over the tab's debugging websocket."""
        self._socket = socket
        self._ids = count(1)

    async def call(self, method: str, **params: object) -> Any:
        """Call a method of the debugging protocol and return its result.

        Raises:
            DemoError: the browser refuses.
        """
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while (answer := await self._socket.receive_json()).get("id") != number:
            pass
        if "error" in answer:
            raise DemoError(f"Chromium refuses {method}: {answer['error']['message']}")
        return answer["result"]

    async def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page."""
        answer = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return answer["result"].get("value")

    async def picture(self) -> bytes:
        """Return what the page shows, as PNG."""
        answer = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(answer["data"])


@asynccontextmanager
async def opened(
    http: aiohttp.ClientSession, profile: Path, language: str
) -> AsyncGenerator[Page]:
    """Start the browser with a fresh profile and open one empty tab."""
    port_file = profile / "DevToolsActivePort"
    await asyncio.to_thread(_fresh, profile)
    command = (
        find_chromium(),
        *_FLAGS,
        f"--user-data-dir={profile}",
        f"--lang={language}",
    )
    child = Child("Chromium", command, profile, profile / "chromium.log")
    async with running(child):
        port = await _port(port_file, child)
        async with http.put(f"http://127.0.0.1:{port}/json/new?about:blank") as answer:
            target = await answer.json()
        async with http.ws_connect(
            target["webSocketDebuggerUrl"], max_msg_size=0
        ) as socket:
            yield Page(socket)


def _fresh(profile: Path) -> None:
    shutil.rmtree(profile, ignore_errors=True)
    profile.mkdir(parents=True)


async def _port(file: Path, child: Child) -> int:
    """Wait until the browser has written which port it listens on."""

    async def look() -> int | None:
        if child.exit_code is not None:
            raise child.ended()
        lines = await asyncio.to_thread(_lines, file)
        return int(lines[0]) if lines else None

    return await look_until(
        look,
        seconds=_START_SECONDS,
        every=0.1,
        complaint=lambda: (
            f"Chromium does not start. Its log ends with\n{child.last_lines()}"
        ),
    )


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
