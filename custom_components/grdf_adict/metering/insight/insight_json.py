"""What a meter's rows tell as JSON values, and back."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from ..json_values import Json
from ..news import Announced
from ..series import BlockDifference
from .anomaly import Anomaly, AnomalyKind, Confidence
from .compare import Comparison, Period
from .degree_days import Corrected, HeatingFit
from .insights import Insight, Watch


def insight_to_json(insight: Insight) -> Json:
    """Return an insight as JSON values."""
    difference, watch = insight.difference, insight.watch
    return {
        "energy": comparison_to_json(insight.energy),
        "volume": comparison_to_json(insight.volume),
        "difference": difference
        and [
            difference.first.isoformat(),
            difference.last.isoformat(),
            difference.energy,
        ],
        "judged": watch.judged and watch.judged.isoformat(),
        "found": findings_to_json(watch.found),
        "told": findings_to_json(watch.told),
        "heating": insight.heating and asdict(insight.heating),
        "corrected": insight.corrected and asdict(insight.corrected),
    }


def insight_from_json(stored: Json | None) -> Insight:
    """Return what `insight_to_json` wrote; an empty one where there is none.

    Raises:
        KeyError, TypeError, ValueError: the values are not an insight's.
    """
    if stored is None:
        return Insight()
    heating, corrected = stored["heating"], stored["corrected"]
    return Insight(
        energy=comparison_from_json(stored["energy"]),
        volume=comparison_from_json(stored["volume"]),
        difference=_difference(stored["difference"]),
        watch=Watch(
            judged=_date(stored["judged"]),
            found=findings_from_json(stored["found"]),
            told=findings_from_json(stored["told"]),
        ),
        heating=HeatingFit(**heating) if heating else None,
        corrected=Corrected(**corrected) if corrected else None,
    )


def announced_to_json(told: Announced | None) -> Json | None:
    """Return what an owner was told as JSON values: one number a gas day."""
    if told is None:
        return None
    return {
        "days": {day.isoformat(): energy for day, energy in told.days.items()},
        "published": told.published and told.published.isoformat(),
        "late": told.late and told.late.isoformat(),
    }


def announced_from_json(stored: Json | None) -> Announced | None:
    """Return what `told_to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: the values are not what was told.
    """
    if stored is None:
        return None
    return Announced(
        days={
            date.fromisoformat(day): energy for day, energy in stored["days"].items()
        },
        published=_date(stored["published"]),
        late=_date(stored["late"]),
    )


def _difference(stored: list[Any] | None) -> BlockDifference | None:
    if stored is None:
        return None
    first, last, energy = stored
    return BlockDifference(date.fromisoformat(first), date.fromisoformat(last), energy)


def _date(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


def comparison_to_json(comparison: Comparison) -> Json:
    """Return a comparison as JSON values."""
    return {
        "today": comparison.today.isoformat(),
        "day": _period(comparison.day),
        "month": _period(comparison.month),
        "last_month": _period(comparison.last_month),
        "year": _period(comparison.year),
        "twelve_months": _period(comparison.twelve_months),
        "week_mean": comparison.week_mean,
        "final_share": comparison.final_share,
        "expected_year": comparison.expected_year,
    }


def comparison_from_json(stored: Json | None) -> Comparison:
    """Return what `comparison_to_json` wrote; an empty one where there is none.

    Raises:
        KeyError, TypeError, ValueError: the values are not a comparison's.
    """
    if stored is None:
        return Comparison()
    return Comparison(
        today=date.fromisoformat(stored["today"]),
        day=Period(*stored["day"]),
        month=Period(*stored["month"]),
        last_month=Period(*stored["last_month"]),
        year=Period(*stored["year"]),
        twelve_months=Period(*stored["twelve_months"]),
        week_mean=stored["week_mean"],
        final_share=stored["final_share"],
        expected_year=stored["expected_year"],
    )


def findings_to_json(findings: Iterable[Anomaly]) -> list[Json]:
    """Return findings as JSON values."""
    return [
        {
            "kind": finding.kind.value,
            "first": finding.first.isoformat(),
            "last": finding.last.isoformat(),
            "expected": finding.expected,
            "actual": finding.actual,
            "days": finding.days,
            "provisional": finding.provisional,
            "confidence": finding.confidence.value,
        }
        for finding in findings
    ]


def findings_from_json(stored: list[Json] | None) -> tuple[Anomaly, ...]:
    """Return what `findings_to_json` wrote; none where there is nothing.

    Raises:
        KeyError, TypeError, ValueError: the values are not findings'.
    """
    return tuple(
        Anomaly(
            kind=AnomalyKind(one["kind"]),
            first=date.fromisoformat(one["first"]),
            last=date.fromisoformat(one["last"]),
            expected=one["expected"],
            actual=one["actual"],
            days=one["days"],
            provisional=one["provisional"],
            confidence=Confidence(one["confidence"]),
        )
        for one in stored or []
    )


def _period(period: Period) -> list[float | None]:
    return [period.energy, period.before, period.change]
