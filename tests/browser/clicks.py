"""Clicks on what is still being drawn may be lost: they are made again."""

from collections.abc import Awaitable, Callable
from typing import Final

from tests.demo.waiting import look_until

TAKEN_MS: Final = 5_000
_SECONDS: Final = 60.0


async def click_until_taken(
    click: Callable[[], Awaitable[None]], complaint: str
) -> None:
    """Click until it counts.

    `click` clicks once, and expects within `TAKEN_MS` what it brings about.

    Raises:
        DemoError: it never did; its text is the complaint.
    """

    async def look() -> bool | None:
        try:
            await click()
        except AssertionError:
            return None
        return True

    await look_until(look, seconds=_SECONDS, every=0.0, complaint=lambda: complaint)
