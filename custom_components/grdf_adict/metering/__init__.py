"""What GRDF's data mean: gas days, ledgers, series, due calls.

Pure: no Home Assistant, no HTTP, no clock of its own.
"""

from .acceptance import (
    Accepted as Accepted,
    RefusedValues as RefusedValues,
    accepted as accepted,
    refused_from_json as refused_from_json,
    refused_to_json as refused_to_json,
    refused_values as refused_values,
)
from .adoption import (
    Adoption as Adoption,
    AdoptionOutcome as AdoptionOutcome,
    Doubt as Doubt,
    Offered as Offered,
    SourceRow as SourceRow,
    adopt as adopt,
    day_values as day_values,
    nearest_coefficient as nearest_coefficient,
    offered as offered,
    within as within,
)
from .ahead import (
    SplitLedger as SplitLedger,
    rejoined as rejoined,
    split_ahead as split_ahead,
)
from .amounts import exact as exact
from .blocks import is_of as is_of
from .changes import (
    Detail as Detail,
    EventType as EventType,
    MeterEvent as MeterEvent,
    noticed_in_facts as noticed_in_facts,
    noticed_in_readings as noticed_in_readings,
)
from .earlier_rows import (
    EarlierRow as EarlierRow,
    EarlierRows as EarlierRows,
    earlier_rows_from_json as earlier_rows_from_json,
    earlier_rows_to_json as earlier_rows_to_json,
    with_rows as with_rows,
)
from .exported import (
    ExportedMeter as ExportedMeter,
    ExportedRow as ExportedRow,
    ExportKind as ExportKind,
    Owner as Owner,
    PceGuess as PceGuess,
    guess_pce as guess_pce,
)
from .facts import (
    MeterFacts as MeterFacts,
    facts_from_json as facts_from_json,
    facts_to_json as facts_to_json,
    most_energy as most_energy,
    with_contract as with_contract,
    with_technical as with_technical,
)
from .file_merge import (
    DayOutcome as DayOutcome,
    Preview as Preview,
    last_filed as last_filed,
    merge_file as merge_file,
    newest_reading as newest_reading,
    preview as preview,
)
from .gas_day import (
    ONE_DAY as ONE_DAY,
    gas_day_at as gas_day_at,
    gas_day_start as gas_day_start,
    gas_days_through as gas_days_through,
    paris_date as paris_date,
)
from .group_sum import (
    GroupFigures as GroupFigures,
    GroupSum as GroupSum,
    Member as Member,
    figures as figures,
    summed as summed,
)
from .json_values import (
    Json as Json,
    date_from_json as date_from_json,
    known_fields as known_fields,
)
from .ledger import (
    Daily as Daily,
    DayValue as DayValue,
    IndexReading as IndexReading,
    Ledger as Ledger,
    Limit as Limit,
    Source as Source,
    merge as merge,
    recovered as recovered,
    with_recovered as with_recovered,
)
from .ledger_json import (
    ledger_from_json as ledger_from_json,
    ledger_to_json as ledger_to_json,
    summary_from_json as summary_from_json,
    summary_to_json as summary_to_json,
)
from .limits import limit_of as limit_of
from .news import (
    INJECTION as INJECTION,
    Amount as Amount,
    Announced as Announced,
    day_events as day_events,
    directed as directed,
    finding_details as finding_details,
    known_days as known_days,
    month_event as month_event,
    published_month as published_month,
    unusual_event as unusual_event,
)
from .periods import (
    PeriodRow as PeriodRow,
    Step as Step,
    costed_days as costed_days,
    period_table as period_table,
)
from .series import (
    DayRow as DayRow,
    differences as differences,
    rows as rows,
    sources as sources,
)
from .stored import (
    UNBOUNDED as UNBOUNDED,
    PartReader as PartReader,
    checked as checked,
    number as number,
    of_type as of_type,
    stored_day as stored_day,
    stored_moment as stored_moment,
)
from .summary import Summary as Summary, summarise as summarise
from .temperatures import is_outdoors as is_outdoors
