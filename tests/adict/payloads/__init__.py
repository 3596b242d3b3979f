"""GRDF's own examples, with invented PCE and people."""

from pathlib import Path
from typing import Any

import orjson

PCE = "09999999900617"
_FOLDER = Path(__file__).parent


def payload(name: str) -> dict[str, Any]:
    """Return one object; a change to it stays in the test."""
    found: dict[str, Any] = orjson.loads((_FOLDER / f"{name}.json").read_bytes())
    return found


def line(wire: object) -> bytes:
    """Return an object as a line of NDJSON."""
    return orjson.dumps(wire) + b"\n"
