"""What the gas days tell beyond their sums: comparisons, unusual days."""

from .anomaly import Anomaly
from .compare import Comparison, share_of_reference
from .degree_days import HourlyTemperature, daily_means
from .insight_json import (
    announced_from_json,
    announced_to_json,
    insight_from_json,
    insight_to_json,
)
from .insights import Insight, insight

__all__ = [
    "Anomaly",
    "Comparison",
    "HourlyTemperature",
    "Insight",
    "announced_from_json",
    "announced_to_json",
    "daily_means",
    "insight",
    "insight_from_json",
    "insight_to_json",
    "share_of_reference",
]
