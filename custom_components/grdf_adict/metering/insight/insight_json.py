"""A meter's insight and announcements as JSON values, and back."""

from collections.abc import Iterable
from dataclasses import astuple
from datetime import date
from typing import Any, Final

from ..json_values import Json, date_from_json, fields_to_json, known_fields
from ..news import Announced
from ..series import BlockDifference
from ..stored import UNBOUNDED, checked, of_type, stored_day
from .anomaly import Anomaly, AnomalyKind, Confidence
from .compare import Comparison, Period
from .degree_days import Corrected, HeatingFit
from .insights import Insight, Watch
from .weather import TemperatureSource

_PERIODS: Final = ("day", "month", "last_month", "year", "twelve_months")
_FIGURES: Final = ("week_mean", "final_share", "expected_year")


def insight_to_json(insight: Insight) -> Json:
    """Return an insight as JSON values."""
    difference, watch = insight.difference, insight.watch
    return {
        "energy": comparison_to_json(insight.energy),
        "volume": comparison_to_json(insight.volume),
        "difference": difference and list(fields_to_json(difference).values()),
        "judged": watch.judged and watch.judged.isoformat(),
        "found": findings_to_json(watch.found),
        "told": findings_to_json(watch.announced),
        "heating": insight.heating and fields_to_json(insight.heating),
        "corrected": insight.corrected and fields_to_json(insight.corrected),
    }


def insight_from_json(stored: Json | None) -> Insight:
    """Return what `insight_to_json` wrote; an empty one where there is none.

    Raises:
        KeyError, TypeError, ValueError: the values are not an insight's.
    """
    if stored is None:
        return Insight()
    heating, corrected = stored["heating"], stored["corrected"]
    found = Insight(
        energy=comparison_from_json(stored["energy"]),
        volume=comparison_from_json(stored["volume"]),
        difference=_difference(stored["difference"]),
        watch=Watch(
            judged=date_from_json(stored["judged"]),
            found=findings_from_json(stored["found"]),
            announced=findings_from_json(stored["told"]),
        ),
        heating=None if heating is None else _with_source(HeatingFit, heating),
        corrected=None if corrected is None else _with_source(Corrected, corrected),
    )
    return checked(found, least=UNBOUNDED)


def announced_to_json(announced: Announced | None) -> Json | None:
    """Return what was announced as JSON values: one number a gas day."""
    if announced is None:
        return None
    return {
        "days": {day.isoformat(): energy for day, energy in announced.days.items()},
        "published": announced.published and announced.published.isoformat(),
        "late": announced.late and announced.late.isoformat(),
    }


def announced_from_json(stored: Json | None) -> Announced | None:
    """Return what `announced_to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: the values are not announcements.
    """
    if stored is None:
        return None
    return checked(
        Announced(
            days={stored_day(day): energy for day, energy in stored["days"].items()},
            published=date_from_json(stored["published"]),
            late=date_from_json(stored["late"]),
        )
    )


def comparison_to_json(comparison: Comparison) -> Json:
    """Return a comparison as JSON values: one short list a period."""
    return {
        "today": comparison.today.isoformat(),
        **{name: list(astuple(getattr(comparison, name))) for name in _PERIODS},
        **{name: getattr(comparison, name) for name in _FIGURES},
    }


def comparison_from_json(stored: Json | None) -> Comparison:
    """Return what `comparison_to_json` wrote; an empty one where there is none.

    Raises:
        KeyError, TypeError, ValueError: the values are not a comparison's.
    """
    if stored is None:
        return Comparison()
    values: Json = {name: Period(*of_type(list, stored[name])) for name in _PERIODS}
    values |= {name: stored[name] for name in _FIGURES}
    return Comparison(date.fromisoformat(stored["today"]), **values)


def findings_to_json(findings: Iterable[Anomaly]) -> list[Json]:
    """Return findings as JSON values."""
    return [fields_to_json(finding) for finding in findings]


def findings_from_json(stored: list[Json] | None) -> tuple[Anomaly, ...]:
    """Return what `findings_to_json` wrote; none where there is nothing.

    Raises:
        KeyError, TypeError, ValueError: the values are not findings'.
    """
    return tuple(
        Anomaly(
            **{
                **known_fields(Anomaly, one),
                "kind": AnomalyKind(one["kind"]),
                "first": stored_day(one["first"]),
                "last": stored_day(one["last"]),
                "confidence": Confidence(one["confidence"]),
            }
        )
        for one in ([] if stored is None else of_type(list, stored))
    )


def _with_source[T: (HeatingFit, Corrected)](kind: type[T], stored: Json) -> T:
    # Before files had temperatures, all were a sensor's.
    source = TemperatureSource(stored.get("source", TemperatureSource.SENSOR))
    return kind(**known_fields(kind, stored) | {"source": source})


def _difference(stored: list[Any] | None) -> BlockDifference | None:
    if stored is None:
        return None
    first, last, energy = stored
    return BlockDifference(stored_day(first), stored_day(last), energy)
