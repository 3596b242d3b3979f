"""Values that several stored files hold, from and to JSON."""

from datetime import date, datetime
from typing import Any

from ..metering import Json
from ..metering.schedule import CallRecord


def record_from_json(stored: Json) -> CallRecord:
    """Return how a call fared, as it was kept."""
    return CallRecord(
        answered=_instant(stored["answered"]),
        whole=stored["whole"],
        since=date_from_json(stored["since"]),
        cut=stored["cut"],
        not_before=_instant(stored["not_before"]),
        refused=stored["refused"],
        code=stored.get("code"),
    )


def record_to_json(mark: CallRecord) -> Json:
    """Return how a call fared, as it is kept."""
    return {
        "answered": _text(mark.answered),
        "whole": mark.whole,
        "since": mark.since and mark.since.isoformat(),
        "cut": mark.cut,
        "not_before": _text(mark.not_before),
        "refused": mark.refused,
        "code": mark.code,
    }


def _instant(stored: Any) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def date_from_json(stored: Any) -> date | None:
    """Return a date that was kept as text, or None."""
    return date.fromisoformat(stored) if stored else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
