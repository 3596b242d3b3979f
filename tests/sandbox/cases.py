"""GRDF's own test cases (API notes §11): which PCE shows what.

They lie in 2021 to 2023: set the sandbox's time to `CASES_NOW` to ask for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
import json
from typing import Final

from .clock import at
from .faults import Fault
from .meters import Event, Frequency, Meter, Site, Use
from .rights import (
    AUTHORISED_INJECTION,
    BY_THE_CUSTOMER,
    BY_THE_THIRD_PARTY,
    OBSOLETE,
    REFUSED,
    REVOKED,
    Right,
)
from .trials import trial_meters, trial_rights
from .wire import Json

CASES_NOW: Final[datetime] = at(date(2023, 10, 20), 16)

LATE_PUBLISHED: Final = "09999999900617"
BROKEN_BLOCK: Final = "09999999975102"
FREQUENCY_CHANGE: Final = "GI999055"
SUPPLIER_CHANGE: Final = "GI999947"
BUSINESS_INFORMATIVE: Final = "GI151947"
METER_CHANGE: Final = "09999999928289"
TARIFF_CHANGE: Final = "GI999159"
NO_RIGHT_AT_ALL: Final = "09999999900112"
OUT_OF_SERVICE: Final = "GI999092"
RIGHT_EXPIRED: Final = "09999999930215"
REVOKED_BY_CUSTOMER: Final = "09999999932770"
REVOKED_BY_THIRD_PARTY: Final = "09999999970626"
STREAM_ERROR: Final = "GI999054"
INJECTING: Final = "GI999150"
INJECTING_WITHOUT_RIGHT: Final = "GI999602"

_HOME: Final = Use(heating=4.0, hot_water=6.0)
_SHOP: Final = Use(heating=60, hot_water=80, conversion=10.6)
_PLANT: Final = Use(heating=300, hot_water=5000, conversion=10.9)
_BIOMETHANE: Final = Use(heating=0, hot_water=40_000, conversion=10.7)
_OLD: Final = date(2019, 1, 1)


@dataclass(frozen=True, slots=True)
class Quirk:
    """A call of one PCE that fails: part of the path, the query, what happens."""

    path_part: str
    query: Mapping[str, str]
    fault: Fault


_YEAR_2023: Final = {"periode": "2023"}
_SERVER_ERROR: Final = Fault.status(500)
# The words are the swagger's; nobody has published the code.
CONTRACT_OVER: Final[Json] = {
    "statut_restitution": {
        "code": "1000099",
        "message": "Votre contrat GRDF ADICT est expiré.",
    },
}
_CONTRACT_OVER: Final = Fault.status(200, json.dumps(CONTRACT_OVER, ensure_ascii=False))
_QUIRKS: Final = {
    LATE_PUBLISHED: (Quirk("informatives", _YEAR_2023, _SERVER_ERROR),),
    BROKEN_BLOCK: (
        Quirk(
            "publiees",
            {"date_debut": "2021-08-18", "date_fin": "2023-08-17"},
            Fault.malformed(at_object=1),
        ),
    ),
    FREQUENCY_CHANGE: (Quirk("informatives", {}, _CONTRACT_OVER),),
    TARIFF_CHANGE: (Quirk("publiees", _YEAR_2023, _SERVER_ERROR),),
    STREAM_ERROR: (
        Quirk("publiees", _YEAR_2023, Fault.partial_error(after_objects=40)),
    ),
}


def case_fault(pce: str, path: str, query: Mapping[str, str]) -> Fault | None:
    """Return how a call of a test case fails, or None where it does not."""
    for quirk in _QUIRKS.get(pce, ()):
        asked = quirk.query.items() <= query.items()
        if quirk.path_part in path and asked:
            return quirk.fault
    return None


def case_meters() -> dict[str, Meter]:
    """Return the test cases' meters, keyed by PCE."""
    meters = (
        _meter(
            LATE_PUBLISHED,
            Frequency.MONTHLY,
            since=date(2021, 1, 1),
            until=date(2021, 10, 15),
            reading_day=23,
            first_index=771,
        ),
        _meter(BROKEN_BLOCK, Frequency.HALF_YEARLY, reading_day=18),
        Meter(
            pce=FREQUENCY_CHANGE,
            role="case",
            phases=(
                (_OLD, Frequency.BUSINESS_MONTHLY),
                (date(2023, 2, 10), Frequency.DAILY),
            ),
            use=_PLANT,
        ),
        _meter(
            SUPPLIER_CHANGE,
            Frequency.BUSINESS_MONTHLY,
            events=(Event(day=date(2023, 1, 1), reason="CHF1"),),
        ),
        _meter(BUSINESS_INFORMATIVE, Frequency.BUSINESS_MONTHLY),
        Meter(
            pce=METER_CHANGE,
            role="case",
            phases=(
                (_OLD, Frequency.HALF_YEARLY),
                (date(2023, 8, 14), Frequency.MONTHLY),
            ),
            use=_HOME,
            reading_day=14,
            first_index=9120,
            events=(Event(day=date(2023, 3, 29), reason="COM", new_meter=True),),
        ),
        _meter(
            TARIFF_CHANGE,
            Frequency.DAILY,
            events=(Event(day=date(2023, 2, 1), reason="CHT"),),
        ),
        _meter(NO_RIGHT_AT_ALL, Frequency.MONTHLY),
        _meter(OUT_OF_SERVICE, Frequency.BUSINESS_MONTHLY, until=date(2022, 7, 1)),
        _meter(RIGHT_EXPIRED, Frequency.MONTHLY),
        _meter(REVOKED_BY_CUSTOMER, Frequency.MONTHLY),
        _meter(REVOKED_BY_THIRD_PARTY, Frequency.MONTHLY),
        _meter(STREAM_ERROR, Frequency.DAILY),
        *(
            Meter(
                pce=pce,
                role="case",
                phases=((date(2023, 7, 1), Frequency.DAILY),),
                output=_BIOMETHANE,
                until=date(2023, 7, 18),
            )
            for pce in (INJECTING, INJECTING_WITHOUT_RIGHT)
        ),
    )
    return {meter.pce: meter for meter in meters} | trial_meters()


def case_rights() -> list[Right]:
    """Return the test cases' rights; one of them has none."""
    without = {NO_RIGHT_AT_ALL, *trial_meters()}
    rights = {pce: _right(pce) for pce in case_meters() if pce not in without}
    rights[BROKEN_BLOCK].informative = False
    rights[BROKEN_BLOCK].contractual = False
    rights[FREQUENCY_CHANGE].technical = False
    expired = rights[RIGHT_EXPIRED]
    expired.state = OBSOLETE
    expired.end = date(2022, 12, 31)
    expired.obsolete = at(date(2023, 1, 1), 0)
    for pce, source in (
        (REVOKED_BY_CUSTOMER, BY_THE_CUSTOMER),
        (REVOKED_BY_THIRD_PARTY, BY_THE_THIRD_PARTY),
    ):
        rights[pce].state = REVOKED
        rights[pce].revoked = at(date(2023, 5, 2), 10)
        rights[pce].revocation_source = source
    for pce in (INJECTING, INJECTING_WITHOUT_RIGHT):
        rights[pce].role = AUTHORISED_INJECTION
    rights[INJECTING_WITHOUT_RIGHT].state = REFUSED
    return [*rights.values(), *trial_rights()]


def _meter(
    pce: str,
    frequency: Frequency,
    *,
    since: date = _OLD,
    until: date | None = None,
    reading_day: int = 1,
    first_index: int = 0,
    events: tuple[Event, ...] = (),
) -> Meter:
    uses = {Frequency.BUSINESS_MONTHLY: _SHOP, Frequency.DAILY: _PLANT}
    return Meter(
        pce=pce,
        role="case",
        phases=((since, frequency),),
        use=uses.get(frequency, _HOME),
        site=Site(serial_number=pce[-6:]),
        reading_day=reading_day,
        first_index=first_index,
        until=until,
        events=events,
    )


def _right(pce: str) -> Right:
    return Right(
        id=f"00000000-0000-4000-8000-{pce[-6:]:0>12}",
        pce=pce,
        holder_company="CAS DE TEST EXEMPLE",
        created=at(date(2021, 1, 4), 9),
        start=date(2021, 1, 4),
        end=date(2035, 12, 31),
        consumption_from=_OLD,
        consumption_to=date(2035, 12, 31),
    )
