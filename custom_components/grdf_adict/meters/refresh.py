"""One call to GRDF for one meter, and what it changes in the meter's file."""

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..adict import (
    AdictBadAnswerError,
    AdictClient,
    AdictDeferredError,
    AdictError,
    Answer,
    Consumption,
    DateRange,
    FlowDirection,
    Priority,
    Refused,
)
from ..const import LOGGER
from ..contract.coordinator import ContractCoordinator
from ..health import Arrivals, arrived
from ..helpers.clock import paris_today
from ..helpers.errors import retry_wait
from ..helpers.executor import async_compute
from ..helpers.guard import Guard
from ..metering import (
    ONE_DAY,
    MeterEvent,
    accepted,
    is_of,
    limit_of,
    merge,
    noticed_in_facts,
    noticed_in_readings,
    paris_date,
    refused_values,
    with_contract,
    with_technical,
)
from ..metering.schedule import (
    CallFailure,
    CallRecord,
    DataFamily,
    Perimeter,
    Window,
    consumption_window,
    coverage,
)
from ..rights import OPTIONAL
from ..storage.meter_file import MeterFile
from .book import OpenBook
from .schedule import MeterSchedule, postponed
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
    """A meter's file with an answer taken in, and what happened to the meter.

    `refused` are the answer's values that were not taken in; None: nothing was asked.
    """

    file: MeterFile
    record: CallRecord
    events: tuple[MeterEvent, ...] = ()
    refused: tuple[Refused, ...] | None = None


class Tried(NamedTuple):
    """What came of a call.

    Attributes:
        events: what happened to the meter, to be announced.
        failure: to be shown to the user; None: there is an answer, or nothing that
            the meter's gas days need was refused.
    """

    events: tuple[MeterEvent, ...] = ()
    failure: AdictError | None = None


async def async_try_call(
    hass: HomeAssistant,
    contract: ContractCoordinator,
    schedule: MeterSchedule,
    due: MeterCall,
    opened: OpenBook,
    guard: Guard,
) -> Tried:
    """Make a call, or put it off where it fails; nothing is written.

    Args:
        hass: whose executor takes the answer in.
        contract: whose client makes the call.
        schedule: of the meter's calls.
        due: the call.
        opened: the meter's file; it is changed.
        guard: catches unforeseen exceptions: the call is put off as after a fault.
    """
    if (away := contract.hold_up(due.pce)) is not None:
        opened.file = postponed(opened.file, {due.family}, away.until)
        return Tried(failure=away.error)
    answered: Answered | None = None
    try:
        with guard.at(f"call for {due.family} data", AdictError):
            answered = await _async_call(hass, contract.client, due, opened)
    except AdictDeferredError as err:
        until = dt_util.utcnow() + retry_wait(err)
        opened.file = postponed(opened.file, {due.family}, until)
        return Tried()
    except AdictError as err:
        if (away := contract.note(err, due.pce)) is None:
            opened.file = schedule.put_off(opened.file, due.family, err)
        else:
            opened.file = postponed(opened.file, {due.family}, away.until)
        is_needed = due.family not in OPTIONAL or err.concerns_all
        return Tried(failure=err if is_needed else None)
    if answered is None:
        unforeseen = AdictBadAnswerError("unforeseen")
        opened.file = schedule.put_off(opened.file, due.family, unforeseen)
        return Tried(failure=unforeseen)
    contract.answered(due.pce)
    opened.file = answered.file
    return Tried(answered.events)


async def _async_call(
    hass: HomeAssistant, client: AdictClient, due: MeterCall, opened: OpenBook
) -> Answered:
    """Make a call, and return the meter's file with its answer taken in.

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
    after = replace(
        answered.file, records={**file.records, due.family: answered.record}
    )
    if answered.refused is not None:
        after = _with_refused(after, due.family, answered.refused)
    return replace(answered, file=after)


def _with_refused(
    file: MeterFile, family: DataFamily, refused: tuple[Refused, ...]
) -> MeterFile:
    """Return the file with what the last answer to a call had refused values of."""
    others = {each: known for each, known in file.refused.items() if each != family}
    values = refused_values(refused)
    if values is None:
        return replace(file, refused=others)
    for value in values.newest:
        LOGGER.debug("Refused a value of %s: %s", value.gas_day, value.reason)
    return replace(file, refused={**others, family: values})


async def _async_technical(
    client: AdictClient, due: MeterCall, file: MeterFile
) -> Answered:
    technical = await client.technical_data(due.pce, place=due.priority)
    now = dt_util.utcnow()
    facts = with_technical(file.facts, technical)
    noticed = noticed_in_facts(file.facts, facts, paris_date(now))
    record = _record(file, due.family).after_answer(now, complete=True)
    return Answered(
        replace(file, facts=noticed.facts),
        record,
        noticed.events,
        tuple(map(Refused, technical.refused)),
    )


async def _async_contract(
    client: AdictClient, due: MeterCall, file: MeterFile
) -> Answered:
    contract = await client.contract_data(due.pce, place=due.priority)
    record = _record(file, due.family).after_answer(dt_util.utcnow(), complete=True)
    return Answered(
        replace(file, facts=with_contract(file.facts, contract)),
        record,
        refused=tuple(map(Refused, contract.refused)),
    )


async def _async_gas_days(
    hass: HomeAssistant, client: AdictClient, due: MeterCall, opened: OpenBook
) -> Answered:
    file, rows = opened.file, await opened.async_rows()
    record = _record(file, due.family)
    today = paris_today()
    window = _window(due, record, rows, today)
    if window is None:
        # The right covers no date that GRDF still keeps: a later one may.
        return Answered(
            file, record.after_refusal(dt_util.utcnow(), ONE_DAY, CallFailure())
        )
    fetch = {
        DataFamily.INFORMATIVE: client.informative_consumption,
        DataFamily.PUBLISHED: client.published_consumption,
        DataFamily.INJECTIONS: client.published_injections,
    }[due.family]
    period = DateRange(window.start, window.end)
    answer = await fetch(due.pce, period, place=due.priority)
    record = record.after_answer(
        dt_util.utcnow(), complete=answer.complete, start=window.start
    )
    before = _record(file, due.family)
    return await async_compute(
        hass, _merged, Answered(file, record), answer, window, before
    )


def _window(
    due: MeterCall, record: CallRecord, rows: MeterRows, today: date
) -> Window | None:
    injected = due.family is DataFamily.INJECTIONS
    days = rows[
        FlowDirection.PRODUCTION if injected else FlowDirection.CONSUMPTION
    ].days
    answered = record.answered if not record.cut else None

    def window(*, first_time: bool) -> Window | None:
        return consumption_window(
            due.family,
            due.perimeter,
            days,
            first_time=first_time,
            answered=answered and paris_date(answered),
            today=today,
        )

    whole = window(first_time=True)
    # A right that was renewed may reach further back than the one before.
    if (
        not record.whole
        or record.since is None
        or (whole and whole.start < record.since)
    ):
        return whole
    return window(first_time=False)


def _merged(
    answered: Answered,
    answer: Answer[Consumption],
    window: Window,
    before: CallRecord,
) -> Answered:
    """Merge an answer: each block goes where its gas flows, whichever call it is from.

    Blocks of injected gas among those of consumption describe the same gas days as
    published injections do: the ledger keeps one value of each source on a day.
    """
    file, events = answered.file, answered.events
    today = paris_date(answered.record.answered or dt_util.utcnow())
    taken = accepted(answer.items, first=window.start, last=window.end, today=today)
    refused = (*answer.refused, *taken.refused)
    for direction in BRINGING:
        history = file.history(direction)
        ledger = merge(
            history.ledger,
            taken.blocks,
            direction=direction,
            complete=answer.complete,
            today=today,
            limit=limit_of(file.facts, history.ledger, direction),
            doubtful={value.gas_day for value in answer.refused if value.gas_day},
        )
        known = history.ledger.reading
        noticed = noticed_in_readings(
            file.facts,
            [block for block in taken.blocks if is_of(block, direction)],
            since=known.at if known and before.whole else None,
        )
        file = file.with_history(direction, replace(history, ledger=ledger))
        file = replace(file, facts=noticed.facts)
        events += noticed.events
    asked = before.answered and paris_date(before.answered)
    file = _with_arrivals(answered.file, file, today, asked)
    return replace(answered, file=file, events=events, refused=refused)


def _with_arrivals(
    before: MeterFile, after: MeterFile, today: date, asked: date | None
) -> MeterFile:
    """Return the file after an answer with what its gas days show of GRDF's delays."""
    reach, reached = (
        coverage(file.ledger, file.injection.ledger) for file in (before, after)
    )
    newest = {
        FlowDirection.CONSUMPTION: (reach.used, reached.used),
        FlowDirection.PRODUCTION: (reach.injected, reached.injected),
    }
    arrivals = {
        direction: arrived(
            before.arrivals.get(direction, Arrivals()), *days, today, asked
        )
        for direction, days in newest.items()
    }
    return replace(after, arrivals=arrivals)


def _record(file: MeterFile, call: DataFamily) -> CallRecord:
    return file.records.get(call, CallRecord())
