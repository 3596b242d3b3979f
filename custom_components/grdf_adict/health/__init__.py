"""The health of meters: a state, why, since when, what to do. Pure."""

from .lateness import (
    Arrivals as Arrivals,
    arrivals_from_json as arrivals_from_json,
    arrived as arrived,
    first_unknown as first_unknown,
)
from .rights import HealthFinding as HealthFinding, RightHealth as RightHealth
from .state import HealthState as HealthState, WhatToDo as WhatToDo
from .verdict import (
    Evidence as Evidence,
    Health as Health,
    Trouble as Trouble,
    Way as Way,
    health as health,
)
