"""Waiting for something that only shows when one looks."""

import asyncio
from collections.abc import Awaitable, Callable

from .saying import DemoError


async def look_until[T](
    look: Callable[[], Awaitable[T | None]],
    *,
    seconds: float,
    every: float,
    complaint: Callable[[], str],
) -> T:
    """Look again and again; return the first thing seen that is not None.

    Raises:
        DemoError: nothing was seen in time; its text is the complaint.
    """
    try:
        async with asyncio.timeout(seconds):
            while True:
                if (seen := await look()) is not None:
                    return seen
                await asyncio.sleep(every)
    except TimeoutError:
        raise DemoError(complaint()) from None
