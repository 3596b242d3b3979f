"""Home Assistant as its own frontend speaks to it: REST and websocket."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp

from .login import Tokens, sign_in, sign_out
from .saying import DemoError
from .waiting import look_until

_START_SECONDS = 120.0


class CommandError(DemoError):
    """Home Assistant refused a websocket command."""

    def __init__(self, command: str, code: str, message: str) -> None:
        """Keep Home Assistant's code, so that a caller can tell the expected one."""
        super().__init__(f"{command}: {message} ({code})")
        self.code = code


class Home:
    """One signed-in connection to Home Assistant."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        address: str,
        tokens: Tokens,
        socket: aiohttp.ClientWebSocketResponse,
    ) -> None:
        """Speak over an authenticated websocket, and REST with the same token."""
        self.address = address
        self._http = http
        self._headers = {"Authorization": f"Bearer {tokens.access}"}
        self._socket = socket
        self._ids = count(1)

    async def post(self, path: str, body: Mapping[str, object]) -> Any:
        """Send JSON to the REST API and return its answer.

        Raises:
            DemoError: any status but 200.
        """
        async with self._http.post(
            f"{self.address}{path}", json=body, headers=self._headers
        ) as response:
            if response.status != 200:
                raise DemoError(
                    f"Home Assistant answered {response.status} to {path}: "
                    f"{await response.text()}"
                )
            return await response.json()

    async def upload(self, name: str, content: bytes) -> str:
        """Upload a file as a browser does, and return its id.

        Raises:
            aiohttp.ClientResponseError: Home Assistant says no.
        """
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        async with self._http.post(
            f"{self.address}/api/file_upload", data=form, headers=self._headers
        ) as response:
            response.raise_for_status()
            return str((await response.json())["file_id"])

    async def delete(self, path: str) -> None:
        """Delete what a path of the REST API names.

        Raises:
            aiohttp.ClientResponseError: Home Assistant says no.
        """
        async with self._http.delete(
            f"{self.address}{path}", headers=self._headers
        ) as response:
            response.raise_for_status()

    async def ask(self, command: str, **fields: object) -> Any:
        """Send a websocket command and return its result.

        Raises:
            CommandError: Home Assistant says no.
        """
        number = next(self._ids)
        await self._socket.send_json({"id": number, "type": command, **fields})
        while (answer := await self._socket.receive_json())["id"] != number:
            pass
        if not answer["success"]:
            error = answer["error"]
            raise CommandError(command, error["code"], error["message"])
        return answer["result"]

    async def wait_until_started(self) -> None:
        """Wait until every integration is set up and the recorder works.

        Raises:
            DemoError: they are not within two minutes.
        """
        await look_until(
            self._started,
            seconds=_START_SECONDS,
            every=0.2,
            complaint=lambda: "Home Assistant does not finish its start.",
        )

    async def _started(self) -> bool | None:
        return (await self.ask("get_config"))["state"] == "RUNNING" or None


@asynccontextmanager
async def connected(
    http: aiohttp.ClientSession, address: str, tokens: Tokens
) -> AsyncGenerator[Home]:
    """Open the websocket of a signed-in user."""
    async with http.ws_connect(f"{address}/api/websocket", max_msg_size=0) as socket:
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": tokens.access})
        if (answer := await socket.receive_json())["type"] != "auth_ok":
            raise DemoError(f"Home Assistant refuses its own token: {answer}")
        yield Home(http, address, tokens, socket)


@asynccontextmanager
async def signed_in(
    http: aiohttp.ClientSession, address: str, language: str
) -> AsyncGenerator[tuple[Home, Tokens]]:
    """Open a connection of the demo's user, and what a browser needs to be theirs."""
    tokens = await sign_in(http, address, language)
    try:
        async with connected(http, address, tokens) as home:
            yield home, tokens
    finally:
        await sign_out(http, address, tokens)
