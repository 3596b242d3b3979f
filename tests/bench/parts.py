"""The parts of the benchmark: a name, and what measures."""

from collections.abc import Mapping
from typing import Final

from . import files, memory, series, stream, unusual
from .asked import Part

PARTS: Final[Mapping[str, Part]] = {
    "stream": stream.figures,
    "memory": memory.figures,
    "series": series.figures,
    "files": files.figures,
    "unusual": unusual.figures,
}
