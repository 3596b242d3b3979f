"""When calls are due."""

from .calls import (
    AT_ONCE as AT_ONCE,
    CONSUMPTION as CONSUMPTION,
    HISTORY as HISTORY,
    LATE_DAYS as LATE_DAYS,
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
    CallFailure as CallFailure,
    CallRecord as CallRecord,
    without_future_times as without_future_times,
)
from .slots import (
    WITH_INFORMATIVE as WITH_INFORMATIVE,
    Coverage as Coverage,
    Share as Share,
    coverage as coverage,
    expected_publication as expected_publication,
    informative_delay as informative_delay,
)
