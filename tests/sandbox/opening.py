"""The rights that a sandbox starts with."""

from collections.abc import Iterable
from datetime import date

from .clock import at
from .life import AT_ITS_END
from .meters import FORMER, HOUSE, WAITING, Flow, Meter
from .rights import (
    AUTHORISED_INJECTION,
    BY_THE_CUSTOMER,
    OBSOLETE,
    REVOKED,
    TO_VALIDATE,
    Right,
    identity,
)


def right_for(meter: Meter, today: date) -> Right:
    """Return a wide, active right on a meter around a date."""
    return Right(
        id=identity(meter.pce, "active"),
        pce=meter.pce,
        holder_name=meter.site.holder_name,
        holder_company=meter.site.holder_company,
        mail=meter.site.mail,
        postcode=meter.site.postcode,
        created=at(date(today.year - 1, 1, 1), 9),
        start=date(today.year - 1, 1, 1),
        end=date(today.year + 3, 12, 31),
        consumption_from=date(today.year - 6, 1, 1),
        consumption_to=date(today.year + 3, 12, 31),
    )


def opening_rights(meters: Iterable[Meter], today: date) -> list[Right]:
    """Return the rights a sandbox starts with; not all of them are active."""
    meters = list(meters)
    rights = {
        meter.pce: right_for(meter, today)
        for meter in meters
        if meter.through(Flow.CONSUMPTION)
    }
    last_year = today.year - 1
    waiting, former = rights[WAITING], rights[FORMER]
    waiting.state = TO_VALIDATE
    waiting.created = at(today, 8)
    former.state = OBSOLETE
    former.start = date(last_year - 2, 1, 1)
    former.created = at(former.start, 9)
    former.end = former.consumption_to = date(last_year, 6, 30)
    former.obsolete = at(date(last_year, 7, 1), 0)
    former.obsolete_source = AT_ITS_END
    house = rights[HOUSE]
    older = Right(
        id=identity(HOUSE, "revoked"),
        pce=HOUSE,
        state=REVOKED,
        holder_name=house.holder_name,
        mail=house.mail,
        created=at(date(last_year - 2, 3, 4), 16),
        start=date(last_year - 2, 3, 4),
        end=date(last_year + 1, 3, 3),
        consumption_from=date(last_year - 3, 1, 1),
        consumption_to=date(last_year + 1, 3, 3),
        revoked=at(date(last_year - 1, 12, 31), 18),
        revocation_source=BY_THE_CUSTOMER,
    )
    injections = [injection_right_for(meter, today) for meter in meters if meter.output]
    return [older, *rights.values(), *injections]


def injection_right_for(meter: Meter, today: date) -> Right:
    """Return a wide, active right on what a meter injects, around a date."""
    right = right_for(meter, today)
    right.id = identity(meter.pce, "injection")
    right.role = AUTHORISED_INJECTION
    right.injection_from, right.consumption_from = right.consumption_from, None
    right.injection_to, right.consumption_to = right.consumption_to, None
    return right
