"""What a test that failed leaves: a picture, and the end of Home Assistant's log."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
import re

from playwright.async_api import Error

from .album import PICTURES
from .house import House

_PCE = re.compile(r"(?<![0-9a-z])(?:\d{10}|gi\d{2})(\d{4})(?![0-9a-z])", re.IGNORECASE)


async def tell(house: House, test: str) -> str:
    """Keep a picture of the failure and return what else is known, masked."""
    file = PICTURES / "failed" / f"{re.sub(r'[^\w-]+', '-', test)}.png"
    await asyncio.to_thread(file.parent.mkdir, parents=True, exist_ok=True)
    # A page that has crashed shows nothing; the log still tells.
    with suppress(Error):
        await house.page.screenshot(path=file)
    log = await asyncio.to_thread(house.stage.process.last_lines)
    lines = [
        f"Picture: {file}",
        f"Page: {house.page.url}",
        *(f"Error in the page: {error}" for error in house.errors),
        f"Home Assistant's log ends with\n{log}",
    ]
    return masked("\n".join(lines), house.stage.secrets())


def masked(text: str, secrets: Iterable[str]) -> str:
    """Return a text without secrets, and with the end alone of each PCE."""
    for secret in secrets:
        text = text.replace(secret, "…")
    return _PCE.sub(r"…\1", text)
