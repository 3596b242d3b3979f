"""The demo's user: created by onboarding the first time, signed in afterwards."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from .saying import DemoError
from .waiting import look_until

USER = "demo"
PASSWORD = "demo"
_ANSWER_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a browser keeps of a login; the access token lives for a while."""

    access: str
    refresh: str
    seconds: int


async def wait_for_answer(http: aiohttp.ClientSession, address: str) -> None:
    """Wait until Home Assistant answers HTTP.

    Raises:
        DemoError: it does not within a minute and a half.
    """
    await look_until(
        lambda: _answer(http, f"{address}/manifest.json"),
        seconds=_ANSWER_SECONDS,
        every=0.1,
        complaint=lambda: f"Home Assistant does not answer at {address}.",
    )


async def sign_in(http: aiohttp.ClientSession, address: str, language: str) -> Tokens:
    """Return tokens of the demo's user, who is created if need be."""
    # The client of Home Assistant's own frontend: a browser can take the tokens over.
    client = f"{address}/"
    if await _onboarded(http, address):
        code = await _code_of_login(http, address, client)
    else:
        answer = await _post(
            http,
            f"{address}/api/onboarding/users",
            json={
                "name": USER.capitalize(),
                "username": USER,
                "password": PASSWORD,
                "client_id": client,
                "language": language,
            },
        )
        code = answer["auth_code"]
    answer = await _post(
        http,
        f"{address}/auth/token",
        data={"grant_type": "authorization_code", "code": code, "client_id": client},
    )
    return Tokens(answer["access_token"], answer["refresh_token"], answer["expires_in"])


async def sign_out(http: aiohttp.ClientSession, address: str, tokens: Tokens) -> None:
    """Revoke the tokens, so that runs do not pile them up."""
    async with http.post(f"{address}/auth/revoke", data={"token": tokens.refresh}):
        pass


async def _answer(http: aiohttp.ClientSession, url: str) -> bool | None:
    try:
        async with http.get(url) as response:
            return response.status == 200 or None
    except aiohttp.ClientError:
        return None


async def _onboarded(http: aiohttp.ClientSession, address: str) -> bool:
    async with http.get(f"{address}/api/onboarding") as response:
        # The address goes away once every step is done.
        if response.status == 404:
            return True
        return all(step["done"] for step in await response.json())


async def _code_of_login(http: aiohttp.ClientSession, address: str, client: str) -> str:
    flow = await _post(
        http,
        f"{address}/auth/login_flow",
        json={
            "client_id": client,
            "handler": ["homeassistant", None],
            "redirect_uri": client,
        },
    )
    answer = await _post(
        http,
        f"{address}/auth/login_flow/{flow['flow_id']}",
        json={"client_id": client, "username": USER, "password": PASSWORD},
    )
    if answer["type"] != "create_entry":
        raise DemoError(
            f"Home Assistant refuses the login {USER} / {PASSWORD}: was the password "
            "changed? Delete the demo's folder to begin anew."
        )
    return str(answer["result"])


async def _post(http: aiohttp.ClientSession, url: str, **body: Any) -> Any:
    async with http.post(url, **body) as response:
        if response.status != 200:
            raise DemoError(
                f"Home Assistant answered {response.status} to {url}: "
                f"{await response.text()}"
            )
        return await response.json()
