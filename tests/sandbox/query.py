"""The query of a consumption call and its rules (API notes §3)."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
import re
from typing import Final

from .clock import years_before
from .meters import Meter
from .wire import Json

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIOD: Final = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d{2})|-W(?P<week>\d{2})|-(?P<day>\d{3}))?"
)
_PCE: Final = re.compile(r"\d{14}|GI\d{6}")
_LAST_MONTH: Final = 12


class QueryError(Exception):
    """A call that GRDF refuses, and the body and HTTP status it answers with."""

    def __init__(self, body: Json, status: int = 400) -> None:
        """Keep the body and the status."""
        super().__init__("GRDF refuses the query")
        self.body = body
        self.status = status


@dataclass(frozen=True, slots=True)
class Query:
    """The days asked for, both included, and GRDF's echo of the query."""

    first: date
    last: date
    echo: Json


def is_pce(text: str) -> bool:
    """Whether a text is written as a PCE is."""
    return _PCE.fullmatch(text) is not None


def check_pce(pce: str) -> None:
    """Refuse what is not a PCE with a `QueryError`."""
    if not is_pce(pce):
        raise refused("1000000037", "Le format du PCE est invalide.")


def known_meter(find: Callable[[str], Meter | None], pce: str) -> Meter:
    """Return the meter of a PCE; QueryError where it is malformed or unknown."""
    check_pce(pce)
    meter = find(pce)
    if meter is None:
        raise refused("1000000006", "Le PCE est inconnu.", 404)
    return meter


def refused(code: str, message: str, status: int = 400) -> QueryError:
    """Return the error that GRDF answers with a ten-digit code (API notes §7)."""
    return QueryError(treatment(code, message), status)


def treatment(code: str, message: str) -> Json:
    """Return GRDF's word on what became of a call."""
    return {"code_statut_traitement": code, "message_retour_traitement": message}


def bad_request(message: str) -> QueryError:
    """Return the error of a call that breaks a rule without a code of its own."""
    return QueryError({"status": 400, "error": "Bad Request", "message": message})


def parse_query(params: Mapping[str, str], today: date, depth: int) -> Query:
    """Read a query that may reach `depth` years back; QueryError where it is bad."""
    period = params.get("periode")
    start, end = params.get("date_debut"), params.get("date_fin")
    if period is not None:
        if start is not None or end is not None:
            raise bad_request("periode et date_debut / date_fin sont exclusifs")
        return _calendar(period, today, depth)
    if start is None or end is None:
        raise bad_request("periode, ou date_debut et date_fin, sont obligatoires")
    first, last = _day(start), _day(end)
    if first >= last:
        raise bad_request("date_debut doit précéder date_fin")
    if last > today:
        raise QueryError(
            {
                "statut_restitution": {
                    "code": "1000016",
                    "message": "La date de fin est postérieure à la date du jour.",
                }
            }
        )
    if first < years_before(today, depth):
        raise bad_request(f"date_debut remonte à plus de {depth} ans")
    return Query(first, last, {"valeur": None, "date_debut": start, "date_fin": end})


def _calendar(period: str, today: date, depth: int) -> Query:
    """Read a calendar period; GRDF gives what exists of one that is running."""
    try:
        first, last = _bounds(period)
    except ValueError:
        raise bad_request(f"periode invalide : {period}") from None
    oldest = years_before(today, depth)
    if last < oldest or first > today:
        raise bad_request(f"periode hors des {depth} dernières années")
    echo: Json = {"valeur": period, "date_debut": None, "date_fin": None}
    return Query(max(first, oldest), min(last, today), echo)


def _bounds(period: str) -> tuple[date, date]:
    """Return a period's first and last day; ValueError where there is no such."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(period)
    year = int(found["year"])
    if found["month"]:
        month = int(found["month"])
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if found["week"]:
        monday = date.fromisocalendar(year, int(found["week"]), 1)
        return monday, monday + timedelta(days=6)
    if found["day"]:
        day = date(year, 1, 1) + timedelta(days=int(found["day"]) - 1)
        if day.year != year:
            raise ValueError(period)
        return day, day
    return date(year, 1, 1), date(year, _LAST_MONTH, 31)


def _day(text: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise bad_request(f"date invalide : {text}")
