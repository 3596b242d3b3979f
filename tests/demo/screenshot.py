"""A picture of the Energy dashboard."""

import json
from pathlib import Path
import time

import aiohttp

from .chromium import Page, opened
from .login import Tokens
from .waiting import look_until

_WIDTH, _HEIGHT = 1280, 900
_DRAWN_SECONDS = 60.0
_PATH = "/energy"
# Walks through shadow roots: is the chart there, and the table of totals filled?
_SHOWN = """
(() => {
  let charts = 0, totals = 0;
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.localName === "canvas" && element.width > 300) charts += 1;
      if (element.matches("tbody td")) totals += 1;
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  return charts > 0 && totals > 0;
})()
"""


async def take_screenshot(
    http: aiohttp.ClientSession,
    *,
    profile: Path,
    address: str,
    tokens: Tokens,
    language: str,
) -> bytes:
    """Return the Energy dashboard of the last twelve months, as PNG."""
    async with opened(http, profile, language) as page:
        await page.call("Page.enable")
        await page.call(
            "Emulation.setDeviceMetricsOverride",
            width=_WIDTH,
            height=_HEIGHT,
            deviceScaleFactor=1,
            mobile=False,
        )
        # Bars turn into lines when the browser's months begin at other hours than
        # those of Home Assistant.
        await page.call("Emulation.setTimezoneOverride", timezoneId="Europe/Paris")
        await page.call(
            "Page.addScriptToEvaluateOnNewDocument",
            source=_local_storage(address, tokens, language),
        )
        await page.call("Page.navigate", url=f"{address}{_PATH}")
        return await _when_drawn(page)


def _local_storage(address: str, tokens: Tokens, language: str) -> str:
    """Return the script that makes the browser a signed-in one."""
    login = {
        "hassUrl": address,
        "clientId": f"{address}/",
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "token_type": "Bearer",
        "expires_in": tokens.seconds,
        "expires": int((time.time() + tokens.seconds) * 1000),
    }
    items = {
        "hassTokens": json.dumps(login),
        "selectedLanguage": json.dumps(language),
        "energy-default-period-_energy_dashboard": "now-12m",
    }
    return "".join(
        f"localStorage.setItem({json.dumps(key)}, {json.dumps(value)});"
        for key, value in items.items()
    )


async def _when_drawn(page: Page) -> bytes:
    """Return the picture once charts are there and two in a row are the same.

    Raises:
        DemoError: no chart shows within a minute.
    """
    before = b""

    async def look() -> bytes | None:
        nonlocal before
        if not await page.evaluate(_SHOWN):
            return None
        last, before = before, await page.picture()
        return before if before == last else None

    return await look_until(
        look,
        seconds=_DRAWN_SECONDS,
        every=1,
        complaint=lambda: "The Energy dashboard shows no chart after a minute.",
    )
