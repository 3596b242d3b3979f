"""One call to GRDF for one meter, and what it changes in the meter's file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..adict import (
    AdictClient,
    Answer,
    Consumption,
    DateRange,
    FlowDirection,
    Place,
)
from ..const import LOGGER
from ..helpers.executor import async_compute
from ..metering.capacity import most_energy
from ..metering.changes import MeterEvent, noticed_in_facts, noticed_in_readings
from ..metering.facts import with_contract, with_technical
from ..metering.gas_day import ONE_DAY, paris_date
from ..metering.ledger import Ledger, is_of, merge
from ..metering.schedule.calls import (
    CONSUMPTION,
    HISTORY,
    Call,
    Mark,
    Perimeter,
    Window,
    calls_for,
    consumption_window,
)
from ..metering.series import rows
from ..metering.summary import summarise
from ..storage.meter_file import MeterFile

# The calls without which the gas that flows one way is not all imported. Answers on
# the gas used may tell of gas injected too.
_BRINGING: Final = {
    FlowDirection.CONSUMPTION: CONSUMPTION,
    FlowDirection.PRODUCTION: HISTORY,
}

type LedgerChange[T] = Callable[[Ledger], tuple[Ledger, T]]
"""Another ledger of gas used, and what to tell of it; pure."""


@dataclass(frozen=True, slots=True)
class MeterCall:
    """A call that is due for a meter, what its right covers, where it waits."""

    call: Call
    pce: str
    perimeter: Perimeter
    place: Place


@dataclass(frozen=True, slots=True)
class Answered:
    """A meter's file with an answer taken in, and what happened to the meter."""

    file: MeterFile
    mark: Mark
    events: tuple[MeterEvent, ...] = ()


async def async_make_call(
    hass: HomeAssistant, client: AdictClient, due: MeterCall, file: MeterFile
) -> Answered:
    """Make a call and return the meter's file with its answer taken in.

    Raises:
        AdictError: as the client raises it; nothing is to be kept.
    """
    match due.call:
        case Call.TECHNICAL:
            answered = await _async_technical(client, due, file)
        case Call.CONTRACT:
            answered = await _async_contract(client, due, file)
        case _:
            answered = await _async_gas_days(hass, client, due, file)
    marks = {**file.marks, due.call: answered.mark}
    return replace(answered, file=replace(answered.file, marks=marks))


def postponed(
    file: MeterFile,
    calls: Iterable[Call],
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
    return replace(file, marks={**file.marks, **marks})


def lifted(file: MeterFile) -> MeterFile:
    """Return the file with what was refused due again: another right decides."""
    return replace(
        file, marks={call: mark.lifted() for call, mark in file.marks.items()}
    )


def progress(file: MeterFile, perimeter: Perimeter) -> int | None:
    """Return how much of the first import is done, in percent; None: nothing to do."""
    calls = calls_for(file.facts.frequency, perimeter)
    if not calls:
        return None
    done = sum(_mark(file, call).is_settled for call in calls)
    return 100 * done // len(calls)


def with_ledger[T](
    file: MeterFile, change: LedgerChange[T], perimeter: Perimeter | None
) -> tuple[MeterFile, T]:
    """Return the file with a changed ledger, or itself; and what the change tells.

    Args:
        file: the meter's.
        change: what is done to the ledger of gas used.
        perimeter: what its rights let us ask GRDF for; None: it has no contract.
    """
    ledger, told = change(file.ledger)
    if ledger == file.ledger:
        return file, told
    return settled(replace(file, ledger=ledger), perimeter), told


def settled(file: MeterFile, perimeter: Perimeter | None) -> MeterFile:
    """Return the file with its summaries anew.

    The cumulative sensors start to count when the first import has ended: what is
    found later of older days did not flow today. Without a contract (None) every file
    is an import of its own, and the first one ends it.
    """
    for direction in _BRINGING:
        history = file.history(direction)
        days = rows(history.ledger)
        counted_from = history.counted_from
        if counted_from is None and days and _is_imported(file, perimeter, direction):
            counted_from = days[0].gas_day
        settled_history = replace(
            history,
            counted_from=counted_from,
            summary=summarise(days, counted_from=counted_from),
        )
        file = file.with_history(direction, settled_history)
    return file


async def _async_technical(
    client: AdictClient, due: MeterCall, file: MeterFile
) -> Answered:
    technical = await client.technical_data(due.pce, place=due.place)
    now = dt_util.utcnow()
    facts = with_technical(file.facts, technical)
    noticed = noticed_in_facts(file.facts, facts, paris_date(now))
    mark = _mark(file, due.call).after_answer(now, complete=True)
    return Answered(replace(file, facts=noticed.facts), mark, noticed.events)


async def _async_contract(
    client: AdictClient, due: MeterCall, file: MeterFile
) -> Answered:
    contract = await client.contract_data(due.pce, place=due.place)
    mark = _mark(file, due.call).after_answer(dt_util.utcnow(), complete=True)
    return Answered(replace(file, facts=with_contract(file.facts, contract)), mark)


async def _async_gas_days(
    hass: HomeAssistant, client: AdictClient, due: MeterCall, file: MeterFile
) -> Answered:
    mark = _mark(file, due.call)
    today = paris_date(dt_util.utcnow())
    window = await async_compute(hass, _window, due, file, today)
    if window is None:
        # The right covers no date that GRDF still keeps: a later one may.
        until = dt_util.utcnow() + ONE_DAY
        return Answered(file, mark.after_failure(until, refused=True))
    fetch = {
        Call.INFORMATIVE: client.informative_consumption,
        Call.PUBLISHED: client.published_consumption,
        Call.INJECTIONS: client.published_injections,
    }[due.call]
    period = DateRange(window.start, window.end)
    answer = await fetch(due.pce, period, place=due.place)
    for refused in answer.refused:
        LOGGER.debug("Refused a value of %s: %s", refused.gas_day, refused.reason)
    mark = mark.after_answer(
        dt_util.utcnow(), complete=answer.complete, start=window.start
    )
    was_imported = _mark(file, due.call).whole
    return await async_compute(
        hass, _merged, Answered(file, mark), answer, today, was_imported
    )


def _window(due: MeterCall, file: MeterFile, today: date) -> Window | None:
    injected = due.call is Call.INJECTIONS
    days = rows(file.injection.ledger if injected else file.ledger)
    mark = _mark(file, due.call)
    whole = consumption_window(
        due.call, due.perimeter, days, first_time=True, today=today
    )
    # A right that was renewed may reach further back than the one before.
    if not mark.whole or mark.since is None or (whole and whole.start < mark.since):
        return whole
    return consumption_window(
        due.call, due.perimeter, days, first_time=False, today=today
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
    for direction in _BRINGING:
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


def _mark(file: MeterFile, call: Call) -> Mark:
    return file.marks.get(call, Mark())


def _is_imported(
    file: MeterFile, perimeter: Perimeter | None, direction: FlowDirection
) -> bool:
    if perimeter is None:
        return True
    calls = calls_for(file.facts.frequency, perimeter)
    # Days of a file do not end an import that waits for its right.
    return bool(calls) and all(
        _mark(file, call).is_settled for call in calls if call in _BRINGING[direction]
    )
