"""Pages: Jinja's templates, which escape whatever they are given."""

from pathlib import Path
from typing import Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(name: str, *, status: int = 200, **values: object) -> web.Response:
    """Return a filled template; nothing of it runs, nobody frames it."""
    text = _TEMPLATES.get_template(f"{name}.html").render(values)
    return web.Response(
        status=status,
        text=text,
        content_type="text/html",
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
            "frame-ancestors 'none'",
            "Referrer-Policy": "same-origin",
        },
    )
