"""Files as GRDF's customer space exports them, made from plain rows.

Used by the tests and by the demo. Layouts: API notes §9.
"""

from .layouts import (
    build_business,
    build_daily,
    build_monthly,
    build_older_daily,
    build_text,
    build_weekly,
    workbook_of,
)
from .plain import Day, invented_days

__all__ = [
    "Day",
    "build_business",
    "build_daily",
    "build_monthly",
    "build_older_daily",
    "build_text",
    "build_weekly",
    "invented_days",
    "workbook_of",
]
