"""Comparisons and findings as JSON values, and back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from .anomaly import Confidence, Finding, FindingKind
from .compare import Comparison, Period

type Json = dict[str, Any]


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


def findings_to_json(findings: Iterable[Finding]) -> list[Json]:
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


def findings_from_json(stored: list[Json] | None) -> tuple[Finding, ...]:
    """Return what `findings_to_json` wrote; none where there is nothing.

    Raises:
        KeyError, TypeError, ValueError: the values are not findings'.
    """
    return tuple(
        Finding(
            kind=FindingKind(one["kind"]),
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
