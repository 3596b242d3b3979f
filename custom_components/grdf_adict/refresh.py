"""One call to GRDF for one meter, and what it changes in the meter's file."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .adict import (
    AdictClient,
    Answer,
    Consumption,
    ContractData,
    DateRange,
    Place,
    TechnicalData,
)
from .const import LOGGER
from .metering.cadence import (
    Call,
    Mark,
    Perimeter,
    Window,
    calls_for,
    consumption_window,
)
from .metering.capacity import hourly_capacity, most_energy
from .metering.gas_day import ONE_DAY, paris_date
from .metering.ledger import merge
from .metering.series import rows
from .metering.summary import summarise
from .store import MeterFacts, MeterFile


@dataclass(frozen=True, slots=True)
class MeterCall:
    """A call that is due for a meter, what its right covers, where it waits."""

    call: Call
    pce: str
    perimeter: Perimeter
    place: Place


async def async_make_call(
    hass: HomeAssistant, client: AdictClient, due: MeterCall, file: MeterFile
) -> MeterFile:
    """Make a call and return the meter's file with its answer taken in.

    Raises:
        AdictError: as the client raises it; nothing is to be kept.
    """
    mark = _mark(file, due.call)
    match due.call:
        case Call.TECHNICAL:
            technical = await client.technical_data(due.pce, place=due.place)
            file = replace(file, facts=_with_technical(file.facts, technical))
            mark = mark.after_answer(dt_util.utcnow(), complete=True)
        case Call.CONTRACT:
            contract = await client.contract_data(due.pce, place=due.place)
            file = replace(file, facts=_with_contract(file.facts, contract))
            mark = mark.after_answer(dt_util.utcnow(), complete=True)
        case _:
            file, mark = await _async_consumption(hass, client, due, file)
    return replace(file, marks={**file.marks, due.call: mark})


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


def settled(file: MeterFile, perimeter: Perimeter) -> MeterFile:
    """Return the file with its summary anew.

    The cumulative sensor starts to count when the first import has ended: what is
    found later of older days was not used today.
    """
    days = rows(file.ledger)
    counted_from = file.counted_from
    if counted_from is None and days and _consumption_is_imported(file, perimeter):
        counted_from = days[0].gas_day
    return replace(
        file,
        counted_from=counted_from,
        summary=summarise(days, counted_from=counted_from),
    )


def _with_technical(facts: MeterFacts, technical: TechnicalData) -> MeterFacts:
    return replace(
        facts,
        frequency=technical.frequency,
        capacity=hourly_capacity(
            flow_rate=technical.flow_rate,
            normalised_flow_rate=technical.normalised_flow_rate,
            delivery_pressure=technical.delivery_pressure,
        ),
    )


def _with_contract(facts: MeterFacts, contract: ContractData) -> MeterFacts:
    return replace(
        facts, annual_reference_consumption=contract.annual_reference_consumption
    )


async def _async_consumption(
    hass: HomeAssistant, client: AdictClient, due: MeterCall, file: MeterFile
) -> tuple[MeterFile, Mark]:
    mark = _mark(file, due.call)
    today = paris_date(dt_util.utcnow())
    window = await hass.async_add_executor_job(_window, due, file, today)
    if window is None:
        # The right covers no date that GRDF still keeps: a later one may.
        until = dt_util.utcnow() + ONE_DAY
        return file, mark.after_failure(until, refused=True)
    fetch = (
        client.informative_consumption
        if due.call is Call.INFORMATIVE
        else client.published_consumption
    )
    period = DateRange(window.start, window.end)
    answer = await fetch(due.pce, period, place=due.place)
    for refused in answer.refused:
        LOGGER.debug("Refused a value of %s: %s", refused.gas_day, refused.reason)
    merged = await hass.async_add_executor_job(_merged, file, answer, today)
    return merged, mark.after_answer(
        dt_util.utcnow(), complete=answer.complete, start=window.start
    )


def _window(due: MeterCall, file: MeterFile, today: date) -> Window | None:
    days = rows(file.ledger)
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


def _merged(file: MeterFile, answer: Answer[Consumption], today: date) -> MeterFile:
    ledger = merge(
        file.ledger,
        answer.items,
        complete=answer.complete,
        today=today,
        limit=lambda start, end: most_energy(file.facts.capacity, start, end),
        doubtful={refused.gas_day for refused in answer.refused if refused.gas_day},
    )
    return replace(file, ledger=ledger)


def _mark(file: MeterFile, call: Call) -> Mark:
    return file.marks.get(call, Mark())


def _consumption_is_imported(file: MeterFile, perimeter: Perimeter) -> bool:
    return all(
        _mark(file, call).is_settled
        for call in calls_for(file.facts.frequency, perimeter)
        if call in {Call.INFORMATIVE, Call.PUBLISHED}
    )
