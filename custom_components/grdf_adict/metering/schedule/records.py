"""What became of a call: when it was answered, refused or failed."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from ..gas_day import ONE_DAY

# After so many cut answers, waiting longer for a whole first one is of no use.
_CUTS_TO_ACCEPT: Final = 5
# A call that fails is made again after these waits, the last one again and again: with
# the tries of the first one, at most six calls on the first day and two on any other.
_WAITS: Final = tuple(timedelta(hours=hours) for hours in (1, 4, 12))


class CallFailure(NamedTuple):
    """Why a call brought nothing: GRDF's code or the HTTP status, its masked text."""

    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """The results of a call so far.

    Attributes:
        answered: when an answer last came, whole or cut; None: never.
        whole: whether a whole answer ever came.
        since: the earliest date that a whole answer was asked from; None where dates
            are not asked for.
        cut: how many answers in a row were cut short or partial.
        not_before: after a failure, when it may be tried again.
        failures: how many times in a row it failed without a refusal.
        refused: whether GRDF refused the call since it last answered.
        code: of its newest refusal or failure since then: GRDF's, else the HTTP
            status; None: none was given.
        message: GRDF's own text beside it, masked.
        trouble_since: when it was first refused, or failed, since it last answered.
    """

    answered: datetime | None = None
    whole: bool = False
    since: date | None = None
    cut: int = 0
    not_before: datetime | None = None
    refused: bool = False
    code: str | None = None
    failures: int = 0
    message: str | None = None
    trouble_since: datetime | None = None

    def after_answer(
        self, at: datetime, *, complete: bool, start: date | None = None
    ) -> CallRecord:
        """Return the record once an answer has come, asked from a start date on."""
        starts = [day for day in (self.since, start if complete else None) if day]
        return CallRecord(
            answered=at,
            whole=self.whole or complete,
            since=min(starts, default=None),
            cut=0 if complete else self.cut + 1,
        )

    def put_off(self, until: datetime) -> CallRecord:
        """Return the record of a call that is not made before a moment."""
        return replace(self, not_before=until)

    def after_refusal(
        self, now: datetime, wait: timedelta, failure: CallFailure
    ) -> CallRecord:
        """Return the record once GRDF has refused the call, which is put off."""
        return replace(
            self.put_off(now + wait),
            refused=True,
            code=failure.code,
            message=failure.message,
            trouble_since=self.trouble_since or now,
        )

    def after_fault(
        self, now: datetime, least: timedelta, failure: CallFailure
    ) -> CallRecord:
        """Return the record once the call failed for a reason of its own.

        Args:
            now: when it failed.
            least: how long GRDF asks to wait, at least.
            failure: what went wrong.
        """
        wait = max(_WAITS[min(self.failures, len(_WAITS) - 1)], least)
        return replace(
            self.put_off(now + wait),
            failures=self.failures + 1,
            code=failure.code,
            message=failure.message,
            trouble_since=self.trouble_since or now,
        )

    def lifted(self) -> CallRecord:
        """Return the record once another right may open what was refused."""
        if not self.refused:
            return self
        return self.without_trouble()

    def without_trouble(self) -> CallRecord:
        """Return the record as if the call had neither failed nor been refused."""
        return replace(
            self,
            not_before=None,
            refused=False,
            code=None,
            failures=0,
            message=None,
            trouble_since=None,
        )

    @property
    def is_settled(self) -> bool:
        """Whether waiting longer for the first history would be of no use."""
        return self.whole or self.refused or self.cut >= _CUTS_TO_ACCEPT


def without_future_times(record: CallRecord, now: datetime) -> CallRecord:
    """Return a record without the times that a clock ahead of its time has left.

    A machine whose clock was a year ahead would else ask nothing for a year. No call
    is put off for longer than a day.
    """
    latest = now + ONE_DAY
    if (record.trouble_since or now) > latest:
        record = record.without_trouble()
    return replace(
        record,
        answered=record.answered if (record.answered or now) <= latest else None,
        not_before=record.not_before if (record.not_before or now) <= latest else None,
    )
