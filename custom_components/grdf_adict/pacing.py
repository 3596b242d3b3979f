"""When each meter's calls are due, as the meters of a contract share its calls."""

from collections.abc import Iterable
from datetime import datetime
from zlib import crc32

from .account import AccountCoordinator
from .metering.cadence import Due, Perimeter, agenda, has_daily_data
from .metering.rhythm import held
from .store import MeterFile


def meter_agenda(
    account: AccountCoordinator, key: str, perimeter: Perimeter, file: MeterFile
) -> tuple[Due, ...]:
    """Return the calls of the meter with this key, the next to make first."""
    place = crc32(key.encode()) / 2**32
    return agenda(
        file.facts.frequency,
        perimeter,
        file.marks,
        (account.draw + place) % 1,
        known=held(file.ledger),
        share=account.share,
    )


def daily_call_at(dues: Iterable[Due], file: MeterFile) -> datetime | None:
    """Return when gas days are asked for next; None: the meter has no daily data."""
    frequency = file.facts.frequency
    return next((due.at for due in dues if has_daily_data(due.call, frequency)), None)
