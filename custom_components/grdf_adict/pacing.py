"""When each meter's calls are due, as the meters of a contract share its calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from homeassistant.util import dt as dt_util

from .account import AccountCoordinator
from .adict import AdictError, Place
from .errors import is_refusal, retry_wait
from .metering.cadence import (
    Call,
    Due,
    Perimeter,
    agenda,
    first_due,
    has_daily_data,
)
from .metering.gas_day import paris_date
from .metering.rhythm import held
from .refresh import postponed
from .rights import NO_RIGHTS, MeterRights
from .store import MeterFile


@dataclass(frozen=True, slots=True)
class MeterPace:
    """What decides on the calls of one meter.

    Attributes:
        account: of the contract; tells the rights and what its calls allow.
        pce: the meter's.
        key: the meter's.
    """

    account: AccountCoordinator
    pce: str
    key: str

    @property
    def rights(self) -> MeterRights:
        """The meter's access rights, as GRDF last told them."""
        return self.account.data.get(self.pce, NO_RIGHTS)

    @property
    def perimeter(self) -> Perimeter:
        """What they let us ask for now."""
        return self.rights.perimeter(paris_date(dt_util.utcnow()))

    def agenda(self, file: MeterFile) -> tuple[Due, ...]:
        """Return the meter's calls, the next to make first."""
        place = crc32(self.key.encode()) / 2**32
        return agenda(
            file.facts.frequency,
            self.perimeter,
            file.marks,
            (self.account.draw + place) % 1,
            known=held(file.ledger, file.injection.ledger),
            share=self.account.share,
        )

    def first_due(self, file: MeterFile) -> tuple[Call, Place] | None:
        """Return the call to make now and its place in line; None: nothing is due."""
        dues = self.agenda(file)
        return first_due(dues, file.facts.frequency, file.marks, dt_util.utcnow())

    def put_off(self, file: MeterFile, call: Call, err: AdictError) -> MeterFile:
        """Return the file with a call that failed put off as the error asks."""
        now = dt_util.utcnow()
        refused = is_refusal(err)
        # With GRDF away, every call that is due would fail alike.
        calls = (
            {call}
            if refused
            else {due.call for due in self.agenda(file) if due.at <= now}
        )
        return postponed(file, calls, now + retry_wait(err), refused=refused)


def daily_calls_at(dues: Iterable[Due], file: MeterFile) -> tuple[datetime, ...]:
    """Return when gas days are asked for next: once for each way that gas flows."""
    frequency = file.facts.frequency
    return tuple(due.at for due in dues if has_daily_data(due.call, frequency))
