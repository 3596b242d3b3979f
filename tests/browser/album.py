"""Pictures of what the browser shows."""

import asyncio
from dataclasses import dataclass
import io
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from tests.demo.folder import CHECKOUT
from tests.demo.waiting import look_until

from .texts import Language

PICTURES = CHECKOUT / ".pictures"
"""Where every picture of the last run is kept."""

_STILL_SECONDS = 30.0
_COLOURS = 256


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures of one language, and where those of the documents go, if wanted."""

    language: Language
    documents: Path | None

    async def add(self, page: Page, name: str, *, in_documents: bool = False) -> None:
        """Keep a picture of the page, once it moves no more.

        Args:
            page: what is seen.
            name: of the file, without its language.
            in_documents: whether the documents show it.

        Raises:
            DemoError: the page does not come to rest.
        """
        picture = await _when_still(page)
        suffix = "" if self.language == "en" else f"-{self.language}"
        folders = [PICTURES]
        if in_documents and self.documents:
            folders.append(self.documents)
        for folder in folders:
            await asyncio.to_thread(_write, folder / f"{name}{suffix}.png", picture)


async def _when_still(page: Page) -> bytes:
    before = b""

    async def look() -> bytes | None:
        nonlocal before
        last, before = before, await page.screenshot(caret="hide")
        return before if before == last else None

    return await look_until(
        look,
        seconds=_STILL_SECONDS,
        every=0.2,
        complaint=lambda: "The page does not come to rest.",
    )


def _write(file: Path, picture: bytes) -> None:
    """Write a picture with few colours, which is a third of the size."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
        few.save(file, optimize=True)
