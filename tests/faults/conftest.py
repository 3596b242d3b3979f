"""Some faults need a Home Assistant in a process of its own, as the kills do."""

from tests.kills.conftest import forks

__all__ = ["forks"]
