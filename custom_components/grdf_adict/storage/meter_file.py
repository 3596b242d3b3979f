"""What is stored of a meter: one file, written whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Final, override

from homeassistant.core import HomeAssistant

from ..adict import FlowDirection
from ..const import DOMAIN
from ..health import Arrivals, arrivals_from_json
from ..helpers.clock import paris_today
from ..helpers.executor import async_compute
from ..helpers.ids import Statistic
from ..helpers.store import KnownWriteStore
from ..metering import (
    Announced,
    EarlierRows,
    Json,
    Ledger,
    MeterFacts,
    PartReader,
    RefusedValues,
    SplitLedger,
    Summary,
    date_from_json,
    earlier_rows_from_json,
    earlier_rows_to_json,
    facts_from_json,
    facts_to_json,
    ledger_from_json,
    ledger_to_json,
    of_type,
    paris_date,
    refused_from_json,
    refused_to_json,
    rejoined,
    rows,
    split_ahead,
    summarise,
    summary_from_json,
    summary_to_json,
)
from ..metering.insight import (
    Insight,
    announced_from_json,
    announced_to_json,
    insight_from_json,
    insight_to_json,
)
from ..metering.price import (
    CostSummary,
    PriceBook,
    book_from_json,
    book_to_json,
    costs_from_json,
    costs_to_json,
)
from ..metering.schedule import HISTORY, CallRecord, DataFamily
from .base import record_from_json, to_json

_VERSION: Final = 2


class _MigratingStore(KnownWriteStore):
    @override
    def upgraded(self, data: Json) -> Json:
        marks = data.get("marks")
        if not isinstance(marks, dict):
            return data
        # Before 2, few facts were stored: those calls are due at once.
        due = {
            family: {**record, "answered": None}
            for family, record in marks.items()
            if family in {DataFamily.TECHNICAL, DataFamily.CONTRACT}
            and isinstance(record, dict)
        }
        return {**data, "marks": {**marks, **due}}


@dataclass(frozen=True, slots=True)
class GasHistory:
    """What is stored of the gas that flows one way; see `MeterFile`."""

    ledger: Ledger = field(default_factory=Ledger)
    summary: Summary = field(default_factory=Summary)
    counted_from: date | None = None
    announced: Announced | None = None
    ahead: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True, slots=True)
class MeterFile:
    """All that is stored of one meter.

    Attributes:
        ledger: each source's values of each gas day of consumption.
        summary: the figures of its sensors.
        counted_from: the first gas day of the cumulative sensor; None until the
            first import has ended.
        costs: the figures of its cost sensors.
        former: the right of the holder before the customer whose gas days these are;
            None: no earlier holder is known.
        insight: the analysis of the rows of consumption.
        announced: what was announced of them; None: nothing yet, and nothing is news.
        refused: per call, what was refused of its last answer; none: all was taken in.
        arrivals: how the gas days of each way have come.
        earlier: per series, the rows that were imported by hand before its first gas
            day.
        ahead: gas days later than the newest answer, which nothing may use: they are
            stored in the ledger, and set aside as it is loaded.
        is_damaged: whether parts of it were unreadable. GRDF is then asked for all it
            keeps; what the recorder holds beyond the ledgers is still to be taken back.
    """

    ledger: Ledger = field(default_factory=Ledger)
    summary: Summary = field(default_factory=Summary)
    facts: MeterFacts = field(default_factory=MeterFacts)
    records: Mapping[DataFamily, CallRecord] = field(default_factory=dict)
    counted_from: date | None = None
    prices: PriceBook = field(default_factory=PriceBook)
    costs: CostSummary = field(default_factory=CostSummary)
    former: str | None = None
    injection: GasHistory = field(default_factory=GasHistory)
    insight: Insight = field(default_factory=Insight)
    announced: Announced | None = None
    refused: Mapping[DataFamily, RefusedValues] = field(default_factory=dict)
    arrivals: Mapping[FlowDirection, Arrivals] = field(default_factory=dict)
    earlier: Mapping[Statistic, EarlierRows] = field(default_factory=dict)
    ahead: Ledger = field(default_factory=Ledger)
    is_damaged: bool = False

    @property
    def days(self) -> int:
        """How many gas days are known, of gas used and injected."""
        return self.summary.days + self.injection.summary.days

    @property
    def has_days_ahead(self) -> bool:
        """Whether gas days are set aside."""
        return not self.ahead == self.injection.ahead == Ledger()

    def history(self, direction: FlowDirection) -> GasHistory:
        """Return what is stored of the gas that flows one way."""
        if direction is FlowDirection.PRODUCTION:
            return self.injection
        return GasHistory(
            self.ledger, self.summary, self.counted_from, self.announced, self.ahead
        )

    def with_history(self, direction: FlowDirection, history: GasHistory) -> MeterFile:
        """Return the file with the history of the gas that flows one way."""
        if direction is FlowDirection.PRODUCTION:
            return replace(self, injection=history)
        return replace(
            self,
            ledger=history.ledger,
            summary=history.summary,
            counted_from=history.counted_from,
            announced=history.announced,
            ahead=history.ahead,
        )


class MeterStore:
    """The file of one meter."""

    def __init__(
        self,
        hass: HomeAssistant,
        key: str,
        entry_id: str | None = None,
        subentry_id: str | None = None,
    ) -> None:
        """Prepare the file of the meter with this key.

        The ids are those of its entry and subentry, as for `KnownWriteStore`.
        """
        self._hass = hass
        self._store = _MigratingStore(
            hass, _VERSION, f"{DOMAIN}.meter.{key}", entry_id, subentry_id
        )

    async def async_load(self) -> MeterFile | None:
        """Return what can be read of what is stored; None: there is no file."""
        return await self._store.async_read(
            partial(meter_from_json, today=paris_today())
        )

    async def async_write(self, file: MeterFile) -> None:
        """Write the whole file; raises as `KnownWriteStore.async_write`."""
        await self._store.async_write(
            await async_compute(self._hass, _meter_json, file)
        )

    async def async_remove(self) -> None:
        """Remove the file."""
        await self._store.async_remove()


def refused_by_call(file: MeterFile) -> Json:
    """Return what was refused of each call's last answer, as JSON values."""
    return {
        family.value: refused_to_json(values) for family, values in file.refused.items()
    }


def without_days_ahead(file: MeterFile, today: date) -> MeterFile:
    """Return the file with the gas days set aside that are later than any answer.

    Args:
        file: a meter's.
        today: the date in France, where no answer is known.
    """
    answered = [
        record.answered
        for family, record in file.records.items()
        if family in HISTORY and record.answered is not None
    ]
    newest = paris_date(max(answered)) if answered else None
    for direction in (FlowDirection.CONSUMPTION, FlowDirection.PRODUCTION):
        history = file.history(direction)
        ledger, ahead = split_ahead(history.ledger, answered=newest, today=today)
        if ahead != history.ahead:
            summary = summarise(rows(ledger), counted_from=history.counted_from)
            history = replace(history, ledger=ledger, ahead=ahead, summary=summary)
            file = file.with_history(direction, history)
    return file


def meter_from_json(stored: Json, reader: PartReader, today: date) -> MeterFile:
    """Return what can be read of a meter's file on a date in France."""

    def later[T](name: str, read: Callable[[Any], T], otherwise: T) -> T:
        """Return a field that the first files did not have."""
        return reader.field(stored, name, read, otherwise, may_miss=True)

    def section[T](name: str, read: Callable[[Json], T], otherwise: T) -> T:
        return later(name, lambda value: read(of_type(dict, value)), otherwise)

    file = MeterFile(
        facts=reader.field(stored, "facts", facts_from_json, MeterFacts()),
        records=reader.table_field(stored, "marks", DataFamily, record_from_json),
        prices=section("prices", book_from_json, PriceBook()),
        costs=section("costs", costs_from_json, CostSummary()),
        former=later("former", _former, None),
        injection=later("injection", partial(_history, reader), GasHistory()),
        insight=section("insight", insight_from_json, Insight()),
        refused=reader.table_field(
            stored, "refused", DataFamily, refused_from_json, may_miss=True
        ),
        arrivals=reader.table_field(
            stored, "arrivals", FlowDirection, arrivals_from_json, may_miss=True
        ),
        earlier=reader.table_field(
            stored, "earlier", Statistic, earlier_rows_from_json, may_miss=True
        ),
    ).with_history(FlowDirection.CONSUMPTION, _history(reader, stored))
    file = without_days_ahead(file, today)
    if not reader.unreadable:
        return file
    return replace(file, records={}, is_damaged=True)


def _meter_json(file: MeterFile) -> Json:
    return {
        **_history_json(file.history(FlowDirection.CONSUMPTION)),
        "facts": facts_to_json(file.facts),
        "marks": to_json(file.records),
        "prices": book_to_json(file.prices),
        "costs": costs_to_json(file.costs),
        "former": file.former,
        "injection": _history_json(file.injection),
        "insight": insight_to_json(file.insight),
        "refused": refused_by_call(file),
        "arrivals": to_json(file.arrivals),
        "earlier": {
            statistic.value: earlier_rows_to_json(earlier)
            for statistic, earlier in file.earlier.items()
        },
    }


def _history(reader: PartReader, stored: Json) -> GasHistory:
    summary = reader.field(stored, "summary", summary_from_json, Summary())
    return GasHistory(
        ledger=reader.field(
            stored, "ledger", partial(ledger_from_json, reader=reader), Ledger()
        ),
        summary=summary,
        counted_from=reader.field(
            stored, "counted_from", date_from_json, summary.counted_from
        ),
        announced=reader.field(
            stored, "told", announced_from_json, None, may_miss=True
        ),
    )


def _former(stored: Any) -> str | None:
    return None if stored is None else of_type(str, stored)


def _history_json(history: GasHistory) -> Json:
    return {
        "ledger": ledger_to_json(rejoined(SplitLedger(history.ledger, history.ahead))),
        "summary": summary_to_json(history.summary),
        "counted_from": history.counted_from and history.counted_from.isoformat(),
        "told": announced_to_json(history.announced),
    }
