"""One call to GRDF for one meter, and what it changes in the meter's file."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..adict import (
    AdictClient,
    Answer,
    Consumption,
    DateRange,
    FlowDirection,
    Priority,
)
from ..const import LOGGER
from ..helpers.clock import paris_today
from ..helpers.executor import async_compute
from ..metering import (
    ONE_DAY,
    MeterEvent,
    is_of,
    merge,
    most_energy,
    noticed_in_facts,
    noticed_in_readings,
    paris_date,
    with_contract,
    with_technical,
)
from ..metering.schedule import (
    CallRecord,
    DataFamily,
    Perimeter,
    Window,
    consumption_window,
)
from ..storage.meter_file import MeterFile
from .book import OpenBook
from .summaries import BRINGING, MeterRows


@dataclass(frozen=True, slots=True)
class MeterCall:
    """A call that is due for a meter, what its right covers, where it waits."""

    family: DataFamily
    pce: str
    perimeter: Perimeter
    priority: Priority


@dataclass(frozen=True, slots=True)
class Answered:
    """A meter's file with an answer taken in, and what happened to the meter."""

    file: MeterFile
    record: CallRecord
    events: tuple[MeterEvent, ...] = ()


async def async_make_call(
    hass: HomeAssistant, client: AdictClient, due: MeterCall, opened: OpenBook
) -> Answered:
    """Make a call and return the meter's file with its answer taken in, unwritten.

    Raises:
        AdictError: as the client raises it; nothing is to be kept.
    """
    file = opened.file
    match due.family:
        case DataFamily.TECHNICAL:
            answered = await _async_technical(client, due, file)
        case DataFamily.CONTRACT:
            answered = await _async_contract(client, due, file)
        case _:
            answered = await _async_gas_days(hass, client, due, opened)
    marks = {**file.records, due.family: answered.record}
    return replace(answered, file=replace(answered.file, records=marks))


def postponed(
    file: MeterFile,
    calls: Iterable[DataFamily],
    until: datetime,
    *,
    refused: bool,
    code: str | None = None,
) -> MeterFile:
    """Return the file with calls that failed put off."""
    marks = {
        call: _mark(file, call).after_failure(until, refused=refused, code=code)
        for call in calls
    }
    return replace(file, records={**file.records, **marks})


def lifted(file: MeterFile) -> MeterFile:
    """Return the file with what was refused due again: another right decides."""
    return replace(
        file, records={call: mark.lifted() for call, mark in file.records.items()}
    )


async def _async_technical(
    client: AdictClient, due: MeterCall, file: MeterFile
) -> Answered:
    technical = await client.technical_data(due.pce, place=due.priority)
    now = dt_util.utcnow()
    facts = with_technical(file.facts, technical)
    noticed = noticed_in_facts(file.facts, facts, paris_date(now))
    mark = _mark(file, due.family).after_answer(now, complete=True)
    return Answered(replace(file, facts=noticed.facts), mark, noticed.events)


async def _async_contract(
    client: AdictClient, due: MeterCall, file: MeterFile
) -> Answered:
    contract = await client.contract_data(due.pce, place=due.priority)
    mark = _mark(file, due.family).after_answer(dt_util.utcnow(), complete=True)
    return Answered(replace(file, facts=with_contract(file.facts, contract)), mark)


async def _async_gas_days(
    hass: HomeAssistant, client: AdictClient, due: MeterCall, opened: OpenBook
) -> Answered:
    file, rows = opened.file, await opened.async_rows()
    mark = _mark(file, due.family)
    today = paris_today()
    window = _window(due, mark, rows, today)
    if window is None:
        # The right covers no date that GRDF still keeps: a later one may.
        until = dt_util.utcnow() + ONE_DAY
        return Answered(file, mark.after_failure(until, refused=True))
    fetch = {
        DataFamily.INFORMATIVE: client.informative_consumption,
        DataFamily.PUBLISHED: client.published_consumption,
        DataFamily.INJECTIONS: client.published_injections,
    }[due.family]
    period = DateRange(window.start, window.end)
    answer = await fetch(due.pce, period, place=due.priority)
    for refused in answer.refused:
        LOGGER.debug("Refused a value of %s: %s", refused.gas_day, refused.reason)
    mark = mark.after_answer(
        dt_util.utcnow(), complete=answer.complete, start=window.start
    )
    was_imported = _mark(file, due.family).whole
    return await async_compute(
        hass, _merged, Answered(file, mark), answer, today, was_imported
    )


def _window(
    due: MeterCall, mark: CallRecord, rows: MeterRows, today: date
) -> Window | None:
    injected = due.family is DataFamily.INJECTIONS
    days = rows[
        FlowDirection.PRODUCTION if injected else FlowDirection.CONSUMPTION
    ].days
    whole = consumption_window(
        due.family, due.perimeter, days, first_time=True, today=today
    )
    # A right that was renewed may reach further back than the one before.
    if not mark.whole or mark.since is None or (whole and whole.start < mark.since):
        return whole
    return consumption_window(
        due.family, due.perimeter, days, first_time=False, today=today
    )


def _merged(
    answered: Answered,
    answer: Answer[Consumption],
    today: date,
    was_imported: bool,  # noqa: FBT001 - handed through an executor
) -> Answered:
    """Take an answer in: each block goes where its gas flows, whichever call told it.

    Blocks of injected gas among those of consumption describe the same gas days as
    published injections do: the ledger keeps one word of each source on a day.
    """
    file, events = answered.file, answered.events
    capacity = file.facts.capacity
    for direction in BRINGING:
        history = file.history(direction)
        ledger = merge(
            history.ledger,
            answer.items,
            direction=direction,
            complete=answer.complete,
            today=today,
            limit=lambda start, end: most_energy(capacity, start, end),
            doubtful={refused.gas_day for refused in answer.refused if refused.gas_day},
        )
        known = history.ledger.reading
        noticed = noticed_in_readings(
            file.facts,
            [block for block in answer.items if is_of(block, direction)],
            since=known.at if known and was_imported else None,
        )
        file = file.with_history(direction, replace(history, ledger=ledger))
        file = replace(file, facts=noticed.facts)
        events += noticed.events
    return replace(answered, file=file, events=events)


def _mark(file: MeterFile, call: DataFamily) -> CallRecord:
    return file.records.get(call, CallRecord())
