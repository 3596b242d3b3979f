"""A bac à sable: GRDF's ADICT API over real HTTP, with invented meters.

An independent witness: it imports nothing of the integration that it tests.
"""

from .blocks import Amendment, Block
from .cases import CASES_NOW
from .faults import Fault, Outage
from .meters import (
    BUSINESS,
    FLAT,
    FORMER,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    WAITING,
    Event,
    Frequency,
    Meter,
)
from .rights import Perimeter, Right
from .server import Served, serve
from .world import Answer, Call, Sandbox, Truth, TruthDay

__all__ = [
    "BUSINESS",
    "CASES_NOW",
    "FLAT",
    "FORMER",
    "HALF_YEARLY",
    "HOUSE",
    "INDUSTRY",
    "WAITING",
    "Amendment",
    "Answer",
    "Block",
    "Call",
    "Event",
    "Fault",
    "Frequency",
    "Meter",
    "Outage",
    "Perimeter",
    "Right",
    "Sandbox",
    "Served",
    "Truth",
    "TruthDay",
    "serve",
]
