"""Comparisons, degree days and unusual days, from a meter's gas days."""

from .anomaly import Anomaly as Anomaly
from .compare import Comparison as Comparison, share_of_reference as share_of_reference
from .degree_days import (
    LEAST_FITTED as LEAST_FITTED,
    HourlyTemperature as HourlyTemperature,
    daily_means as daily_means,
)
from .insight_json import (
    announced_from_json as announced_from_json,
    announced_to_json as announced_to_json,
    insight_from_json as insight_from_json,
    insight_to_json as insight_to_json,
)
from .insights import Insight as Insight, insight as insight
