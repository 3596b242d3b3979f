"""When each meter's calls are due, as the meters of a contract share its calls."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from homeassistant.util import dt as dt_util

from ..adict import AdictError, Priority
from ..contract.coordinator import EntryCoordinator
from ..helpers.clock import paris_today
from ..helpers.errors import is_refusal, refusal_code, retry_wait
from ..metering.schedule import (
    CallRecord,
    DataFamily,
    Due,
    Perimeter,
    agenda,
    coverage,
    first_due,
    has_daily_data,
    probed,
    without_future_times,
)
from ..rights import NO_RIGHTS, STATES, Asking, MeterRights, closes_the_meter
from ..storage.meter_file import MeterFile
from .data import MeterData, is_of_another_holder


@dataclass(frozen=True, slots=True)
class MeterSchedule:
    """What decides on the calls of one meter.

    Attributes:
        account: gives the rights and what the contract's calls allow.
        pce: the meter's.
        key: the meter's.
    """

    account: EntryCoordinator
    pce: str
    key: str

    @property
    def rights(self) -> MeterRights:
        """The meter's access rights, as GRDF last gave them."""
        return self.account.data.get(self.pce, NO_RIGHTS)

    def perimeter(self, known: MeterFile | MeterData) -> Perimeter:
        """Return what they let us ask for now.

        That is nothing where the right is a new customer's and somebody is to say first
        whether the gas days that are known are to be followed by theirs.
        """
        if is_of_another_holder(self.rights.main, known):
            return Perimeter()
        return self.rights.perimeter(paris_today())

    def import_of(self, file: MeterFile) -> Perimeter | None:
        """Return what the first import is to ask for; None: there is no contract."""
        return self.perimeter(file) if self.account.contract else None

    def agenda(self, file: MeterFile) -> tuple[Due, ...]:
        """Return the meter's calls, the next to make first; without a contract none."""
        contract = self.account.contract
        if contract is None:
            return ()
        place = crc32(self.key.encode()) / 2**32
        marks = _believed(file)
        dues = agenda(
            file.facts.frequency,
            self.perimeter(file),
            marks,
            (contract.phase + place) % 1,
            known=coverage(file.ledger, file.injection.ledger),
            share=contract.share,
        )
        return probed(dues, marks) if self._probes else dues

    @property
    def _probes(self) -> bool:
        """Whether an answer alone tells that the right is open."""
        right = self.rights.main
        today = paris_today()
        return (
            right is not None and STATES[right.standing(today)].asking is Asking.PROBE
        )

    def first_due(self, file: MeterFile) -> tuple[DataFamily, Priority] | None:
        """Return the call to make now and its place in line; None: nothing is due."""
        dues = self.agenda(file)
        return first_due(dues, file.facts.frequency, _believed(file), dt_util.utcnow())

    def put_off(self, file: MeterFile, call: DataFamily, err: AdictError) -> MeterFile:
        """Return the file with a call that failed put off as the error asks."""
        now = dt_util.utcnow()
        until, refused, code = now + retry_wait(err), is_refusal(err), refusal_code(err)
        # With GRDF away, or the right closed, every call that is due would fail alike.
        alike = {due.call for due in self.agenda(file) if due.at <= now}
        if refused:
            closes = code is not None and closes_the_meter(call, code)
            alike &= self.rights.calls_beside(call) if closes else frozenset()
        file = postponed(file, alike, until, refused=refused)
        return postponed(file, {call}, until, refused=refused, code=code)


def _believed(file: MeterFile) -> dict[DataFamily, CallRecord]:
    now = dt_util.utcnow()
    return {
        call: without_future_times(mark, now) for call, mark in file.records.items()
    }


def postponed(
    file: MeterFile,
    calls: Iterable[DataFamily],
    until: datetime,
    *,
    refused: bool,
    code: str | None = None,
) -> MeterFile:
    """Return the file with calls that failed put off."""
    records = {
        call: file.records.get(call, CallRecord()).after_failure(
            until, refused=refused, code=code
        )
        for call in calls
    }
    return replace(file, records={**file.records, **records})


def lifted(file: MeterFile) -> MeterFile:
    """Return the file with what was refused due again: another right decides."""
    return replace(
        file, records={call: record.lifted() for call, record in file.records.items()}
    )


def daily_calls_at(dues: Iterable[Due], file: MeterFile) -> tuple[datetime, ...]:
    """Return when gas days are asked for next: once for each way that gas flows."""
    frequency = file.facts.frequency
    return tuple(due.at for due in dues if has_daily_data(due.call, frequency))
