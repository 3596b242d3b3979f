"""Findings of unusual consumption, and which of them are news."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# What comes back within this is the same matter, not announced again.
_SAME_MATTER: Final = timedelta(days=30)
_FORGOTTEN_AFTER: Final = timedelta(days=400)


class AnomalyKind(StrEnum):
    """What is unusual."""

    DAY = "day"
    SUSTAINED = "sustained"
    BASE_LOAD = "base_load"


class Confidence(StrEnum):
    """How likely it is that more than chance, weather or guests is behind it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """More gas than the meter's own history makes likely.

    Attributes:
        first: the first gas day of it, as estimated.
        last: the last gas day of it that is known.
        expected: kWh PCS that were likely on the days that were examined.
        actual: kWh PCS on the same days.
        days: how many were examined: those with a value of their own on which the
            home was not empty.
        provisional: how many of them GRDF may still replace.
    """

    kind: AnomalyKind
    first: date
    last: date
    expected: float
    actual: float
    days: int
    provisional: int
    confidence: Confidence


def news(found: Iterable[Anomaly], announced: Sequence[Anomaly]) -> tuple[Anomaly, ...]:
    """Return the findings that were not announced yet.

    A finding that goes on, or comes back within a month, is no news; a lasting one is,
    even where one of its days was announced. Of two on the same days, only the first is
    news.
    """
    fresh: list[Anomaly] = []
    for finding in found:
        if not any(_is_known(finding, before) for before in (*announced, *fresh)):
            fresh.append(finding)
    return tuple(fresh)


def remember(
    found: Iterable[Anomaly], announced: Sequence[Anomaly]
) -> tuple[Anomaly, ...]:
    """Return what to keep as announced once the news of these findings was announced.

    One that goes on is prolonged; after a year and a month it is dropped.
    """
    current = tuple(found)
    kept = [_continued(before, current) for before in announced]
    kept += news(current, announced)
    newest = max((finding.last for finding in kept), default=date.min)
    return tuple(
        finding
        for finding in sorted(kept, key=lambda finding: (finding.first, finding.kind))
        if newest - finding.last <= _FORGOTTEN_AFTER
    )


def _is_known(finding: Anomaly, before: Anomaly) -> bool:
    if before.kind is AnomalyKind.DAY:
        return finding.kind is AnomalyKind.DAY and finding.first == before.first
    if finding.kind is AnomalyKind.DAY:
        return before.first <= finding.first <= before.last
    return finding.first <= before.last + _SAME_MATTER and before.first <= finding.last


def _continued(before: Anomaly, current: Iterable[Anomaly]) -> Anomaly:
    if before.kind is AnomalyKind.DAY:
        return before
    last = max(
        (
            finding.last
            for finding in current
            if finding.kind is not AnomalyKind.DAY and _is_known(finding, before)
        ),
        default=before.last,
    )
    return replace(before, last=max(last, before.last))
