"""A headless Chromium: the system's where there is one, else Playwright's own."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
import shutil

from playwright.async_api import Browser, Playwright, async_playwright

from tests.demo.saying import DemoError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Playwright adds --headless and a fresh profile.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@asynccontextmanager
async def launched() -> AsyncGenerator[Browser]:
    """Keep a browser up for the length of the block.

    Raises:
        DemoError: none is installed.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=_executable(playwright), args=_FLAGS
        )
        try:
            yield browser
        finally:
            await browser.close()


def _executable(playwright: Playwright) -> str:
    installed = filter(None, map(shutil.which, _NAMES))
    own = playwright.chromium.executable_path
    found = next(installed, own if Path(own).exists() else None)
    if found is None:
        raise DemoError("No Chromium is installed: scripts/chromium installs one.")
    return found
