"""What is said before and after a declaration, in tables."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ..adict import GrantDifference
from ..const import CONF_PCE
from ..helpers.texts import NOTHING, Texts, escaped, shown_date
from .declare_forms import (
    CONF_COMPANY,
    CONF_FLOW,
    CONF_HOLDER_NAME,
    CONF_MOBILE,
    CONF_ROLE,
    PERIMETERS,
    Holder,
    declaration_of,
    holder_of,
)


def review_texts(
    values: Mapping[str, Any], words: Texts, language: str
) -> dict[str, str]:
    """Return what will be declared, for the customer's consent to be compared with.

    Args:
        values: of the forms.
        words: of the selectors, `flow.injection` for instance.
        language: of the dates.
    """
    declaration = declaration_of(values)
    person = holder_of(values) is Holder.PERSON
    granted = [
        words[f"grant_field.{perimeter}"]
        for perimeter in PERIMETERS
        if getattr(declaration, perimeter)
    ]
    return {
        "pce": escaped(values[CONF_PCE]),
        "role": words[f"part.{values[CONF_ROLE]}"],
        "flow": words[f"{CONF_FLOW}.{values[CONF_FLOW]}"],
        "holder": escaped(values[CONF_HOLDER_NAME if person else CONF_COMPANY]),
        "postcode": escaped(declaration.postcode),
        "mail": escaped(declaration.mail),
        "mobile": escaped(values.get(CONF_MOBILE) or NOTHING),
        "start": shown_date(declaration.start, language),
        "end": shown_date(declaration.end, language),
        "data_from": shown_date(declaration.data_from, language),
        "data_to": shown_date(declaration.data_to, language),
        "perimeters": ", ".join(granted),
    }


def difference_rows(
    found: Iterable[GrantDifference], words: Texts, language: str
) -> str:
    """Return what GRDF granted otherwise than it was asked for, as rows in Markdown."""
    rows = [
        (
            words[f"grant_field.{each.field}"],
            _shown(each.asked, words, language),
            _shown(each.granted, words, language),
        )
        for each in found
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _shown(value: object, words: Texts, language: str) -> str:
    if isinstance(value, date):
        return shown_date(value, language)
    if isinstance(value, bool):
        return words["grant_value.yes" if value else "grant_value.no"]
    return words[f"role.{value}"]
