"""When calls are due."""

from .calls import (
    AT_ONCE as AT_ONCE,
    CONSUMPTION as CONSUMPTION,
    HISTORY as HISTORY,
    DataFamily as DataFamily,
    Due as Due,
    Perimeter as Perimeter,
    Span as Span,
    Window as Window,
    agenda as agenda,
    calls_for as calls_for,
    consumption_window as consumption_window,
    first_due as first_due,
    has_daily_data as has_daily_data,
    probed as probed,
    rights_due as rights_due,
)
from .records import (
    CallRecord as CallRecord,
    without_future_times as without_future_times,
)
from .slots import (
    WITH_INFORMATIVE as WITH_INFORMATIVE,
    Coverage as Coverage,
    Share as Share,
    coverage as coverage,
    late_from as late_from,
)
