"""The parts of the benchmark: a name, and what measures."""

from collections.abc import Mapping
from typing import Final

from . import (
    engines,
    files,
    first_import,
    loop,
    memory,
    scale,
    series,
    start_up,
    stream,
    unusual,
)
from .asked import Part

PARTS: Final[Mapping[str, Part]] = {
    "stream": stream.figures,
    "memory": memory.figures,
    "series": series.figures,
    "files": files.figures,
    "loop": loop.figures,
    "first_import": first_import.figures,
    "start_up": start_up.figures,
    "scale": scale.figures,
    "engines": engines.figures,
    "unusual": unusual.figures,
}
