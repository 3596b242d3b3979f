"""Answers on the wire: streams in blocks of about 2 kB, whole or broken."""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import islice
import json
from typing import Final

from aiohttp import web

from .faults import Fault
from .spoiled import drop, send_spoiled
from .wire import Json

BLOCK: Final = 2048
FAULT: Final = web.RequestKey("fault", Fault)
PARTIAL: Final[Json] = {
    "statut_restitution": {
        "code": "2000100",
        "message": "Erreur partielle, veuillez relancer l'appel sur cette période.",
    }
}


async def stream(
    request: web.Request,
    objects: Iterable[Json],
    *,
    pretty: bool = False,
    content_type: str,
    status: int = 200,
) -> web.StreamResponse:
    """Send objects one a line, or pretty-printed and touching."""
    fault = request.get(FAULT, Fault())
    response = web.StreamResponse(status=status)
    response.content_type = content_type
    response.enable_chunked_encoding()
    if fault.is_of_bytes:
        body = b"".join(_texts(objects, fault, pretty=pretty))
        await send_spoiled(request, response, body, fault)
        return response
    await response.prepare(request)
    waiting = bytearray()
    for number, text in enumerate(_texts(objects, fault, pretty=pretty)):
        if number == fault.cuts_after:
            waiting += text[: len(text) // 2]
            break
        if number == fault.stalls_after:
            await response.write(bytes(waiting))
            waiting.clear()
            await asyncio.sleep(fault.seconds)
        waiting += text
        while len(waiting) >= BLOCK:
            await response.write(bytes(waiting[:BLOCK]))
            del waiting[:BLOCK]
    if waiting:
        await response.write(bytes(waiting))
    if fault.cuts_after is not None:
        drop(request)
    else:
        await response.write_eof()
    return response


def plain(status: int, body: Json) -> web.Response:
    """Answer with one JSON object."""
    return web.json_response(body, status=status, dumps=_line)


def failed(fault: Fault) -> web.Response:
    """Answer with a fault's status."""
    return web.Response(
        status=fault.http_status or 500,
        text=fault.body,
        content_type=fault.content_type,
        headers=fault.headers,
    )


def _texts(objects: Iterable[Json], fault: Fault, *, pretty: bool) -> Iterator[bytes]:
    if fault.rewrites is not None:
        objects = fault.rewrites(list(objects))
    if fault.ends_partial:
        objects = [*islice(objects, fault.partial_after), PARTIAL]
    if fault.garbles_newest:
        *whole, newest = objects
        objects = [*whole[:-1], newest, newest]
    for number, item in enumerate(objects):
        text = json.dumps(item, ensure_ascii=False, indent=2) if pretty else _line(item)
        if number == fault.malforms:
            # Half an object, as GRDF's own broken block: the next one follows.
            text = text[: len(text) // 2]
        yield (text if pretty else text + "\n").encode()


def _line(item: Json) -> str:
    return json.dumps(item, ensure_ascii=False)
