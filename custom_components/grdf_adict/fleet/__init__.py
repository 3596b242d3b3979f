"""Many PCE at once: a table read, the task of each PCE, the outcome.

Above `files`, `rights`, `metering` and `adict`; no Home Assistant, no HTTP, no clock.
"""

from .consent import (
    Consent as Consent,
    declaration_of as declaration_of,
    missing_dates as missing_dates,
    renewed as renewed,
)
from .errors import (
    FleetFileError as FleetFileError,
    FleetProblem as FleetProblem,
    FleetSheetsError as FleetSheetsError,
    RowProblem as RowProblem,
    SheetChoice as SheetChoice,
)
from .found import ALL_SHEETS as ALL_SHEETS
from .job import (
    NO_JOB as NO_JOB,
    Forecast as Forecast,
    Job as Job,
    State as State,
    Task as Task,
    Work as Work,
    by_customer as by_customer,
    customers as customers,
    forecast as forecast,
    mails as mails,
    unasked as unasked,
)
from .job_json import job_from_json as job_from_json, job_to_json as job_to_json
from .proofs import Campaign as Campaign, campaign as campaign
from .rows import (
    BadRow as BadRow,
    FleetRow as FleetRow,
    Reason as Reason,
)
from .table import (
    NOTHING_UNREAD as NOTHING_UNREAD,
    ColumnUse as ColumnUse,
    FleetTable as FleetTable,
    Unread as Unread,
    read_fleet as read_fleet,
)
from .template_table import template as template
from .words import Action as Action
