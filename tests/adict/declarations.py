"""A valid declaration, and its personal data."""

from datetime import date
from typing import Any

from custom_components.grdf_adict.adict import Declaration, Role

TODAY = date(2026, 11, 20)
PERSONAL = (
    "EXEMPLE",
    "JEAN",
    "37700",
    "jean@example.com",
    "0600000000",
    "06 00 00 00 00",
)


def declaration(**changes: Any) -> Declaration:
    good: dict[str, Any] = {
        "role": Role.SUPPLY_AUTHORISED,
        "holder_name": "M. EXEMPLE JEAN",
        "postcode": "37700",
        "mail": "jean@example.com",
        "mobile": "06 00 00 00 00",
        "start": date(2026, 11, 20),
        "end": date(2027, 11, 19),
        "data_from": date(2021, 11, 20),
        "data_to": date(2027, 11, 19),
        "contractual": True,
        "technical": True,
        "informative": True,
        "published": True,
    }
    return Declaration(**(good | changes))
