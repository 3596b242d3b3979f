"""When each meter's calls are due: the meters of a contract share its calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from homeassistant.util import dt as dt_util

from ..adict import AdictError, Priority
from ..contract.coordinator import EntryCoordinator
from ..helpers.clock import paris_today
from ..helpers.errors import failure_of, is_refusal, retry_wait
from ..metering.schedule import (
    CallFailure,
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
    """The calls of one meter: its rights and its contract's calls decide on them."""

    account: EntryCoordinator
    pce: str
    key: str

    @property
    def rights(self) -> MeterRights:
        """The meter's access rights, as GRDF last gave them."""
        return self.account.data.get(self.pce, NO_RIGHTS)

    def perimeter(self, known: MeterFile | MeterData) -> Perimeter:
        """Return what the rights allow now.

        That is nothing for a new customer's right until the user has decided whether
        their gas days continue the known ones.
        """
        if is_of_another_holder(self.rights.main, known):
            return Perimeter()
        return self.rights.perimeter(paris_today())

    def import_of(self, file: MeterFile) -> Perimeter | None:
        """Return what the first import covers; None: there is no contract."""
        return self.perimeter(file) if self.account.contract else None

    def agenda(self, file: MeterFile) -> tuple[Due, ...]:
        """Return the meter's calls, the next to make first; without a contract none."""
        contract = self.account.contract
        if contract is None:
            return ()
        phase = contract.phase + crc32(self.key.encode()) / 2**32
        records = _records(file)
        dues = agenda(
            file.facts.frequency,
            self.perimeter(file),
            records,
            phase % 1,
            known=coverage(file.ledger, file.injection.ledger),
            share=contract.share,
        )
        right, today = self.rights.main, paris_today()
        if right is not None and STATES[right.standing(today)].asking is Asking.PROBE:
            # Only an answer shows that the right is open.
            return probed(dues, records)
        return dues

    def first_due(self, file: MeterFile) -> tuple[DataFamily, Priority] | None:
        """Return the call to make now and its priority; None: nothing is due."""
        dues = self.agenda(file)
        return first_due(dues, file.facts.frequency, _records(file), dt_util.utcnow())

    def put_off(
        self, file: MeterFile, family: DataFamily, err: AdictError
    ) -> MeterFile:
        """Return the file with a failed call postponed as the error requires."""
        now, cause, wait = dt_util.utcnow(), failure_of(err), retry_wait(err)
        record = file.records.get(family, CallRecord())
        if not is_refusal(err):
            least = timedelta(seconds=err.retry_after or 0)
            return _with(file, {family: record.after_fault(now, least, cause)})
        if cause.code is not None and closes_the_meter(family, cause.code):
            # With the right closed, every due call would be refused alike.
            due = {due.call for due in self.agenda(file) if due.at <= now}
            alike = due & self.rights.calls_beside(family)
            unmade = {
                each: file.records.get(each, CallRecord()).after_refusal(
                    now, wait, CallFailure()
                )
                for each in alike
            }
            file = _with(file, unmade)
        return _with(file, {family: record.after_refusal(now, wait, cause)})


def _records(file: MeterFile) -> dict[DataFamily, CallRecord]:
    now = dt_util.utcnow()
    return {
        family: without_future_times(record, now)
        for family, record in file.records.items()
    }


def postponed(
    file: MeterFile, families: Iterable[DataFamily], until: datetime
) -> MeterFile:
    """Return the file with calls that are not made before a moment."""
    return _with(
        file,
        {
            family: file.records.get(family, CallRecord()).put_off(until)
            for family in families
        },
    )


def _with(file: MeterFile, records: Mapping[DataFamily, CallRecord]) -> MeterFile:
    return replace(file, records={**file.records, **records})


def lifted(file: MeterFile) -> MeterFile:
    """Return the file with refused calls due again: another right decides."""
    records = {family: record.lifted() for family, record in file.records.items()}
    return replace(file, records=records)


def daily_calls_at(dues: Iterable[Due], file: MeterFile) -> tuple[datetime, ...]:
    """Return when the next calls for gas days are due: one for each way of gas."""
    frequency = file.facts.frequency
    return tuple(due.at for due in dues if has_daily_data(due.call, frequency))
