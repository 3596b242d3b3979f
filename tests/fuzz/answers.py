"""GRDF's answers, broken in every way: read cleanly, or an error of ours."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
import resource
import sys
import time
import tracemalloc
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, settings
import orjson

from custom_components.grdf_adict.adict import (
    AdictError,
    Answer,
    Consumption,
)

from .mutations import VARIANTS, cases, variants
from .provenance import Objects
from .wire import SECRET, Callers, Reply, callers

REGRESSIONS: Final = Path(__file__).parent / "regressions"
# What an answer may cost, beside its own bytes.
MOST_SECONDS: Final = 2.0
MOST_BYTES: Final = 4_000_000
MOST_BYTES_A_BYTE: Final = 30
# What a whole run may grow by, in bytes.
MOST_GROWTH: Final = 200_000_000

_ROUND: Final = 1_000
_MEMORY_OF_EVERY: Final = 200


class EscapeError(AssertionError):
    """Something that must never happen, has."""


@dataclass
class Watch:
    """Checks cases, and keeps what they cost.

    Attributes:
        outcomes: how often a case ended in which way.
        most_seconds: that one case took of the processor.
        most_bytes: that one case took of memory, beside its answer's share.
    """

    callers: Callers
    outcomes: Counter[str] = field(default_factory=Counter)
    most_seconds: float = 0
    most_bytes: int = 0

    def check(self, name: str, reply: Reply) -> str:
        """Return in a word how a call ended.

        Raises:
            EscapeError: in a way that it must not.
        """
        traced = self.outcomes.total() % _MEMORY_OF_EVERY == 0
        if traced:
            tracemalloc.start()
        began = time.process_time()
        try:
            outcome, result = self._call(name, reply)
        finally:
            took = time.process_time() - began
            peak = tracemalloc.get_traced_memory()[1] if traced else 0
            tracemalloc.stop()
        self.most_seconds = max(self.most_seconds, 0 if traced else took)
        self.most_bytes = max(self.most_bytes, peak)
        if took > MOST_SECONDS * (10 if traced else 1):
            raise EscapeError(f"{name}: {took:.1f} s")
        if peak > MOST_BYTES + MOST_BYTES_A_BYTE * len(reply.body):
            raise EscapeError(f"{name}: {peak:,} bytes for {len(reply.body):,}")
        _check_result(name, reply.body, result)
        self.outcomes[f"{name}: {outcome}"] += 1
        return outcome

    def _call(self, name: str, reply: Reply) -> tuple[str, Any]:
        try:
            return "read", self.callers.call(name, reply)
        except AdictError as err:
            if SECRET in f"{err} {err.message}":
                raise EscapeError(f"{name}: the secret is told") from err
            return type(err).__name__, None
        except Exception as err:
            text = f"{name}: {type(err).__name__} escaped: {reply}"
            raise EscapeError(text) from err


def _check_result(name: str, body: bytes, result: Any) -> None:
    if name == "token":
        if result is not None and orjson.loads(body)["access_token"] != result:
            raise EscapeError("token: another than was given")
        return
    if isinstance(result, tuple):
        if not result:
            raise EscapeError("exchange_code: no consent")
        return
    objects = Objects(body)
    for item in _items(result):
        if missing := objects.unsaid(item):
            text = f"{name}: {', '.join(missing)} not in the answer: {body[:4000]!r}"
            raise EscapeError(text)
        if isinstance(item, Consumption) and not (
            item.start < item.end and 0 <= (item.energy or 0) < float("inf")
        ):
            raise EscapeError(f"{name}: a block that cannot be")


def _items(result: Any) -> Iterator[object]:
    if isinstance(result, Answer):
        yield from result.items
    elif result is not None:
        yield result


def run(count: int) -> Counter[str]:
    """Check so many cases; return how they went."""
    before = _resident()
    with callers() as fed:
        watch = Watch(fed)
        while (left := count - watch.outcomes.total()) > 0:
            # Hypothesis remembers every case of a round, and tries none twice.
            _run_round(min(-(-left // (1 + VARIANTS)), _ROUND), watch)
    grown = _resident() - before
    if grown > MOST_GROWTH:
        raise EscapeError(f"the run grew by {grown:,} bytes")
    return watch.outcomes + Counter()


def _run_round(count: int, watch: Watch) -> None:
    @settings(
        max_examples=count,
        deadline=timedelta(seconds=60),
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        print_blob=True,
    )
    @given(cases())
    def every_case(case: tuple[str, Reply, int]) -> None:
        name, reply, seed = case
        for each in variants(reply, seed):
            watch.check(name, each)

    every_case()
    sys.stdout.write(f"{watch.outcomes.total():>8,}  so far\n")
    sys.stdout.flush()


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
