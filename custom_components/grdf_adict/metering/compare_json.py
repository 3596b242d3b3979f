"""Comparisons and findings as JSON values, and back."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from .compare import Comparison, Period
from .finding import Confidence, Finding, FindingKind

type Json = dict[str, Any]

_PERIODS: Final = ("day", "month", "last_month", "year", "twelve_months")
_FIGURES: Final = ("week_mean", "final_share", "expected_year")


def comparison_to_json(comparison: Comparison) -> Json:
    """Return a comparison as JSON values."""
    periods = {name: getattr(comparison, name) for name in _PERIODS}
    return {
        "today": comparison.today.isoformat(),
        **{
            name: [period.energy, period.before, period.change]
            for name, period in periods.items()
        },
        **{name: getattr(comparison, name) for name in _FIGURES},
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
        **{name: Period(*stored[name]) for name in _PERIODS},
        **{name: stored[name] for name in _FIGURES},
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
