"""Many PCE at once: a table read, what is to be done of each, how it went.

Stands on `files`, `metering` and `adict`; no Home Assistant, no HTTP, no clock.
"""

from .consent import Consent, declaration_of, missing_dates, renewed
from .errors import FleetFileError, FleetProblem, RowProblem
from .job import (
    NO_JOB,
    Forecast,
    Job,
    State,
    Task,
    Work,
    by_customer,
    customers,
    forecast,
    mails,
)
from .job_json import job_from_json, job_to_json
from .proofs import Campaign, campaign
from .rows import Action, Bad, FleetRow, Reason, line_of
from .table import FleetTable, read_fleet, read_fleet_file
from .template_table import template

__all__ = [
    "NO_JOB",
    "Action",
    "Bad",
    "Campaign",
    "Consent",
    "FleetFileError",
    "FleetProblem",
    "FleetRow",
    "FleetTable",
    "Forecast",
    "Job",
    "Reason",
    "RowProblem",
    "State",
    "Task",
    "Work",
    "by_customer",
    "campaign",
    "customers",
    "declaration_of",
    "forecast",
    "job_from_json",
    "job_to_json",
    "line_of",
    "mails",
    "missing_dates",
    "read_fleet",
    "read_fleet_file",
    "renewed",
    "template",
]
