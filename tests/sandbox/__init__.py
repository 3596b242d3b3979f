"""A bac à sable: GRDF's ADICT API over real HTTP, with invented meters.

An independent witness: it imports nothing of the integration that it tests.
"""

from .blocks import Block
from .cases import CASES_NOW
from .faults import Fault
from .meters import (
    BUSINESS,
    FLAT,
    FORMER,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    WAITING,
    Frequency,
    Meter,
)
from .rights import Right
from .server import Served, serve
from .world import Call, Sandbox, Truth, TruthDay

__all__ = [
    "BUSINESS",
    "CASES_NOW",
    "FLAT",
    "FORMER",
    "HALF_YEARLY",
    "HOUSE",
    "INDUSTRY",
    "WAITING",
    "Block",
    "Call",
    "Fault",
    "Frequency",
    "Meter",
    "Right",
    "Sandbox",
    "Served",
    "Truth",
    "TruthDay",
    "serve",
]
