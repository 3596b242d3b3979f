"""Whether GRDF can be asked, judged by what the calls of a contract met."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from ..adict import AdictBadAnswerError, AdictError, AdictQuotaError
from ..helpers.errors import is_refusal, retry_wait
from ..metering import ONE_DAY

# Stands beside the PCE for what fails or answers.
LIST: Final = "list of rights"
# A probe that takes longer than this does not hold up the others.
PROBE: Final = timedelta(minutes=10)
# So many PCE that fail within this time, with no answer in between: it may be GRDF.
_SEVERAL: Final = 2
_TOGETHER: Final = timedelta(minutes=15)
# A list of rights that answered such a check so lately is not read for another one.
_LATELY: Final = timedelta(hours=1)


class Away(NamedTuple):
    """Until when no call is made, in UTC, and why."""

    until: datetime
    error: AdictError


@dataclass(frozen=True, slots=True)
class Reachability:
    """Whether GRDF can be asked.

    It is away where a call fails that stands for all (token, secret, own count of
    calls, list of rights), or where several PCE fail together and the list of rights,
    read at once, fails too. What fails while GRDF answers others is no sign of it.

    Attributes:
        away: until when no call is made; None: every call may be made.
        is_checking: only the list of rights is being read, to see what it is.
        failing: what failed and has not answered since, a PCE or `LIST`, and when.
        alone: those of them that failed while GRDF answered others.
        checked: when the list of rights last answered as it was read to see that.
    """

    away: Away | None = None
    is_checking: bool = False
    failing: Mapping[str, datetime] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    checked: datetime | None = None

    @property
    def trouble(self) -> AdictError | None:
        """Why GRDF cannot be asked, as far as that is sure; None: it can be."""
        return self.away.error if self.away and not self.is_checking else None

    def holds_up(self, who: str, now: datetime) -> Away | None:
        """Return until when a call is not made; None: now, as a probe if GRDF is away.

        What has not failed is asked first: it shows better whether GRDF is back.

        Args:
            who: the PCE, or `LIST`.
            now: in UTC.
        """
        if self.away is None or (who == LIST and self.is_checking):
            return None
        if self.away.until > now + ONE_DAY:
            # It was set while the clock was ahead.
            return None
        until = self.away.until + (PROBE if who in self.failing else timedelta())
        return Away(until, self.away.error) if now < until else None

    def probing(self, now: datetime) -> Reachability:
        """Return what holds while a call is made: the others wait for its end."""
        if self.away is None or self.is_checking:
            return self
        return replace(self, away=self.away._replace(until=now + PROBE))

    def answered(self, who: str, now: datetime) -> Reachability:
        """Return what holds once GRDF answered the call of a PCE, or `LIST`."""
        failing = {each: at for each, at in self.failing.items() if each != who}
        return Reachability(
            failing=failing,
            alone=frozenset(failing),
            checked=now if who == LIST and self.is_checking else self.checked,
        )

    def failed(
        self, who: str, error: AdictError, now: datetime, *, meters: int
    ) -> Reachability:
        """Return what holds once a call failed.

        Args:
            who: the PCE, or `LIST`.
            error: what it met.
            now: in UTC.
            meters: how many the contract has here.
        """
        if is_refusal(error) or isinstance(error, AdictBadAnswerError):
            # That is an answer: no sign that GRDF is away, nor that all is well. The
            # next call shows it.
            alone = {each: self.failing[each] for each in self.alone}
            away = None if self.is_checking else self._until(now)
            is_checking = self.is_checking and who != LIST
            return replace(
                self,
                failing=alone,
                away=self.away if is_checking else away,
                is_checking=is_checking,
            )
        is_429 = isinstance(error, AdictQuotaError) and error.status is not None
        if who == LIST:
            return self._list_failed(error, now)
        if is_429:
            # To the only meter of a contract, it concerns the contract.
            return self._meter_failed(who, error, now, several=min(_SEVERAL, meters))
        if error.concerns_all:
            return self._gone(error, now)
        return self._meter_failed(who, error, now, several=_SEVERAL)

    def _list_failed(self, error: AdictError, now: datetime) -> Reachability:
        if error.concerns_all:
            return self._gone(error, now)
        if LIST in self.failing:
            # It may be all that fails: a meter's call made at once shows whether.
            return replace(self, away=self._until(now), is_checking=False)
        failing = {**self.failing, LIST: now}
        return replace(self._gone(error, now), failing=failing)

    def _meter_failed(
        self, pce: str, error: AdictError, now: datetime, *, several: int
    ) -> Reachability:
        if pce in self.alone and several > 1:
            return self
        failing, alone = {**self.failing, pce: now}, self.alone - {pce}
        lately = [
            each
            for each, at in failing.items()
            if each not in {LIST, *alone} and now - at < _TOGETHER
        ]
        noted = replace(self, failing=failing, alone=alone)
        if self.is_checking or (self.away is None and len(lately) < several):
            return noted
        if self.away or LIST in failing or isinstance(error, AdictQuotaError):
            return replace(noted, away=self._gone(error, now).away)
        if self.checked is not None and now - self.checked < _LATELY:
            return noted
        return replace(noted, away=Away(now + PROBE, error), is_checking=True)

    def _until(self, now: datetime) -> Away | None:
        """Return that any call may be made now, as a probe, if GRDF is away."""
        return self.away and self.away._replace(until=now)

    def _gone(self, error: AdictError, now: datetime) -> Reachability:
        away = Away(now + retry_wait(error), error)
        return replace(self, away=away, is_checking=False)
