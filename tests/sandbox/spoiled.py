"""Bodies whose bytes go wrong, whatever they mean."""

import asyncio
from collections.abc import AsyncIterator
import gzip
import socket
import struct
from typing import Final

from aiohttp import ClientConnectionError, web

from .faults import Fault, Lie

# What a test must not need longer for than a client ought to listen.
_END_OF_THE_ENDLESS: Final = 300_000_000
_SWELLS_TO: Final = 128_000_000


async def send_spoiled(
    request: web.Request, response: web.StreamResponse, body: bytes, fault: Fault
) -> None:
    """Send a body as a fault spoils it, as long as somebody listens."""
    if fault.gzip is not None:
        response.headers["Content-Encoding"] = "gzip"
        body = _compressed(body, fault.gzip)
    await response.prepare(request)
    try:
        async for piece in _pieces(body, fault):
            await response.write(piece)
        if fault.cuts_at is not None:
            # The body must have left before the connection goes.
            await asyncio.sleep(0)
            drop(request)
        else:
            await response.write_eof()
    except ClientConnectionError:
        return


async def dribble(request: web.Request, seconds: float) -> None:
    """Send a header that never ends, as long as somebody listens."""
    transport = request.transport
    if transport is None:
        return
    transport.write(b"HTTP/1.1 200 OK\r\nX-Wait: ")
    while not transport.is_closing():
        transport.write(b".")
        await asyncio.sleep(seconds)


def drop(request: web.Request, *, reset: bool = False) -> None:
    """Close a connection: politely though too early, or with RST."""
    transport = request.transport
    if transport is None:
        return
    if not reset:
        transport.close()
        return
    plug = transport.get_extra_info("socket")
    if plug is not None:
        linger = struct.pack("ii", 1, 0)
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


async def _pieces(body: bytes, fault: Fault) -> AsyncIterator[bytes]:
    if fault.byte_seconds and not fault.endless:
        for byte in body:
            yield bytes((byte,))
            await asyncio.sleep(fault.byte_seconds)
        return
    if kept := body[: fault.cuts_at]:
        yield kept
    sent = 0
    while fault.endless and sent < _END_OF_THE_ENDLESS:
        yield fault.endless
        sent += len(fault.endless)
        await asyncio.sleep(fault.byte_seconds)


def _compressed(body: bytes, lie: Lie) -> bytes:
    match lie:
        case Lie.PLAIN:
            return body
        case Lie.CUT:
            whole = gzip.compress(body)
            return whole[: len(whole) // 2]
        case Lie.BOMB:
            return gzip.compress(b" " * _SWELLS_TO, compresslevel=9)
