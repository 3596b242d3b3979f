"""`python -m tests.browser.brand`: the images of `brand/`, from their drawings."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser

from .chromium import launched

_ROOT: Final = Path(__file__).parents[2]
_DRAWINGS: Final = _ROOT / "docs" / "brand"
_IMAGES: Final = _ROOT / "custom_components" / "grdf_adict" / "brand"
# The height of an icon, and of one for screens of twice the resolution.
_HEIGHTS: Final = {"": 256, "@2x": 512}


async def _draw(browser: Browser, drawing: Path, height: int) -> Image.Image:
    """Return a drawing at a height in pixels, on nothing, trimmed at its sides."""
    page = await browser.new_page(viewport={"width": 4 * height, "height": height})
    svg = await asyncio.to_thread(drawing.read_text, encoding="utf-8")
    await page.set_content(
        "<style>body{margin:0;background:none}svg{height:100vh;width:auto}</style>"
        + svg
    )
    picture = await page.locator("svg").screenshot(omit_background=True)
    await page.close()
    return Image.open(BytesIO(picture))


def _write(image: Image.Image, name: str) -> None:
    _IMAGES.mkdir(exist_ok=True)
    image.save(_IMAGES / f"{name}.png", optimize=True)


async def main() -> None:
    """Draw them all: light and dark, for plain and for fine screens."""
    async with launched() as browser:
        for drawing in await asyncio.to_thread(lambda: sorted(_DRAWINGS.glob("*.svg"))):
            for suffix, height in _HEIGHTS.items():
                image = await _draw(browser, drawing, height)
                await asyncio.to_thread(_write, image, f"{drawing.stem}{suffix}")


if __name__ == "__main__":
    asyncio.run(main())
