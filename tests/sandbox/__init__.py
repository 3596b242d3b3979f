"""A bac à sable: GRDF's ADICT API over real HTTP, with invented meters.

An independent witness: it imports nothing of the integration that it tests.
"""

from .blocks import Amendment, Block
from .cases import CASES_NOW
from .faults import Fault, Lie, Outage
from .mails import Mail
from .meters import (
    BUSINESS,
    FARM,
    FLAT,
    FORMER,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    PRODUCER,
    WAITING,
    Event,
    Flow,
    Frequency,
    Meter,
)
from .replay import Replay
from .rights import Perimeter, Proof, Right
from .server import Served, serve
from .world import Answer, Call, Sandbox, Truth, TruthDay

__all__ = [
    "BUSINESS",
    "CASES_NOW",
    "FARM",
    "FLAT",
    "FORMER",
    "HALF_YEARLY",
    "HOUSE",
    "INDUSTRY",
    "PRODUCER",
    "WAITING",
    "Amendment",
    "Answer",
    "Block",
    "Call",
    "Event",
    "Fault",
    "Flow",
    "Frequency",
    "Lie",
    "Mail",
    "Meter",
    "Outage",
    "Perimeter",
    "Proof",
    "Replay",
    "Right",
    "Sandbox",
    "Served",
    "Truth",
    "TruthDay",
    "serve",
]
