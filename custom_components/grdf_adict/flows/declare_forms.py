"""The forms in which a customer's consent is told, and what they make of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    DateSelector,
    FileSelector,
    FileSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from ..adict import (
    CONTENT_TYPES,
    MOST_PROOFS,
    AccessRight,
    Declaration,
    DeclarationProblem,
    Role,
)
from ..const import CONF_PCE

type Errors = dict[str, str]
type Values = Mapping[str, Any]

CONF_ROLE: Final = "role"
CONF_FLOW: Final = "flow"
CONF_HOLDER: Final = "holder"
CONF_HOLDER_NAME: Final = "holder_name"
CONF_COMPANY: Final = "company"
CONF_POSTCODE: Final = "postcode"
CONF_MAIL: Final = "mail"
CONF_MOBILE: Final = "mobile"
CONF_START: Final = "start"
CONF_END: Final = "end"
CONF_DATA_FROM: Final = "data_from"
CONF_DATA_TO: Final = "data_to"
CONF_PUBLISHED: Final = "published"
CONF_INFORMATIVE: Final = "informative"
CONF_CONTRACTUAL: Final = "contractual"
CONF_TECHNICAL: Final = "technical"
CONF_CHECKLIST: Final = "checklist"
CONF_PROOFS: Final = tuple(f"proof_{number}" for number in range(1, MOST_PROOFS + 1))
CONF_DISCARD: Final = "discard"
CONF_CHANGE: Final = "change"

PERIMETERS: Final = (
    CONF_PUBLISHED,
    CONF_INFORMATIVE,
    CONF_CONTRACTUAL,
    CONF_TECHNICAL,
)

# How long a consent lasts, and how far back it reaches, unless told otherwise.
_YEARS_AHEAD: Final = 3
_YEARS_BACK: Final = 5


class Part(StrEnum):
    """What the holder of the contract is to the meter."""

    AUTHORISED = "authorised"
    HOLDER = "holder"


class Direction(StrEnum):
    """Which way the gas goes."""

    CONSUMPTION = "consumption"
    INJECTION = "injection"


class Holder(StrEnum):
    """Who the customer is."""

    PERSON = "person"
    COMPANY = "company"


# What GRDF looks for in a consent (deck, Les critères de validité d'un consentement).
CHECKLISTS: Final = {
    Holder.PERSON: ("identity", "requester", "dates", "purpose", "data"),
    Holder.COMPANY: ("identity", "requester", "dates", "transfer", "access"),
}

_ROLES: Final = {
    (Part.AUTHORISED, Direction.CONSUMPTION): Role.SUPPLY_AUTHORISED,
    (Part.HOLDER, Direction.CONSUMPTION): Role.SUPPLY_HOLDER,
    (Part.AUTHORISED, Direction.INJECTION): Role.INJECTION_AUTHORISED,
    (Part.HOLDER, Direction.INJECTION): Role.INJECTION_HOLDER,
}

_FIELDS: Final = {
    DeclarationProblem.PCE_FORMAT: CONF_PCE,
    DeclarationProblem.ROLE_UNKNOWN: CONF_ROLE,
    DeclarationProblem.HOLDER_TWICE: CONF_HOLDER,
    DeclarationProblem.POSTCODE_MISSING: CONF_POSTCODE,
    DeclarationProblem.POSTCODE_FORMAT: CONF_POSTCODE,
    DeclarationProblem.MAIL_MISSING: CONF_MAIL,
    DeclarationProblem.MAIL_FORMAT: CONF_MAIL,
    DeclarationProblem.MOBILE_FORMAT: CONF_MOBILE,
    DeclarationProblem.RIGHT_REVERSED: CONF_END,
    DeclarationProblem.RIGHT_NOT_STARTED: CONF_START,
    DeclarationProblem.RIGHT_OVER: CONF_END,
    DeclarationProblem.DATA_REVERSED: CONF_DATA_TO,
    DeclarationProblem.DATA_NOT_STARTED: CONF_DATA_FROM,
    DeclarationProblem.DATA_BEYOND_RIGHT: CONF_DATA_TO,
    DeclarationProblem.NOTHING_GRANTED: CONF_PUBLISHED,
    DeclarationProblem.INFORMATIVE_INJECTION: CONF_INFORMATIVE,
}

# What GRDF refuses of a single field (API notes §7).
_REFUSED_FIELDS: Final = {
    "1000000005": CONF_POSTCODE,
    "1000000006": CONF_PCE,
    "1000000022": CONF_DATA_FROM,
    "1000000024": CONF_MAIL,
    "1000000026": CONF_HOLDER_NAME,
    "1000000027": CONF_POSTCODE,
    "1000000028": CONF_MAIL,
    "1000000036": CONF_POSTCODE,
    "1000000037": CONF_PCE,
}


def blank(today: date) -> dict[str, Any]:
    """Return what the forms suggest for a first consent."""
    return {
        CONF_ROLE: Part.AUTHORISED.value,
        CONF_FLOW: Direction.CONSUMPTION.value,
        CONF_HOLDER: Holder.PERSON.value,
        CONF_START: today.isoformat(),
        CONF_END: _years_from(today, _YEARS_AHEAD).isoformat(),
        CONF_DATA_FROM: _years_from(today, -_YEARS_BACK).isoformat(),
        **dict.fromkeys(PERIMETERS, True),
    }


def of_right(right: AccessRight, today: date) -> dict[str, Any]:
    """Return what the forms suggest to renew a right: the same, for as long again."""
    injects = right.role.is_injection
    first = right.injection_from if injects else right.consumption_from
    lasts = right.end - right.start if right.end and right.start else None
    known = {
        CONF_PCE: right.pce,
        CONF_ROLE: _part(right.role),
        CONF_FLOW: (Direction.INJECTION if injects else Direction.CONSUMPTION).value,
        CONF_HOLDER: Holder.COMPANY.value if right.holder_company else None,
        CONF_HOLDER_NAME: right.holder_name,
        CONF_COMPANY: right.holder_company,
        CONF_POSTCODE: right.postcode,
        CONF_MAIL: right.mail,
        CONF_MOBILE: right.mobile,
        CONF_END: (today + lasts).isoformat() if lasts else None,
        CONF_DATA_FROM: first and first.isoformat(),
        CONF_PUBLISHED: right.published,
        CONF_INFORMATIVE: right.informative,
        CONF_CONTRACTUAL: right.contractual,
        CONF_TECHNICAL: right.technical,
    }
    kept = {key: value for key, value in known.items() if value not in (None, "")}
    return blank(today) | kept


def meter_schema() -> vol.Schema:
    """Return the form that asks for a meter, and whose it is."""
    return vol.Schema(
        {
            vol.Required(CONF_PCE): TextSelector(),
            vol.Optional(CONF_NAME): TextSelector(),
            **part_schema().schema,
        }
    )


def part_schema() -> vol.Schema:
    """Return the form that asks what one is to a meter, and whose it is."""
    return vol.Schema(
        {
            vol.Required(CONF_ROLE): _choice("part", Part),
            vol.Required(CONF_FLOW): _choice(CONF_FLOW, Direction),
            vol.Required(CONF_HOLDER): _choice(CONF_HOLDER, Holder),
        }
    )


def holder_schema(holder: Holder) -> vol.Schema:
    """Return the form that asks for the customer."""
    name = CONF_HOLDER_NAME if holder is Holder.PERSON else CONF_COMPANY
    return vol.Schema(
        {
            vol.Required(name): _private(TextSelectorType.TEXT),
            vol.Required(CONF_POSTCODE): _private(TextSelectorType.TEXT),
            vol.Required(CONF_MAIL): _private(TextSelectorType.EMAIL),
            vol.Optional(CONF_MOBILE): _private(TextSelectorType.TEL),
        }
    )


def scope_schema(direction: Direction) -> vol.Schema:
    """Return the form that asks for dates and perimeters."""
    return vol.Schema(
        {
            vol.Required(CONF_START): DateSelector(),
            vol.Required(CONF_END): DateSelector(),
            vol.Required(CONF_DATA_FROM): DateSelector(),
            vol.Optional(CONF_DATA_TO): DateSelector(),
            **{
                vol.Required(perimeter): BooleanSelector()
                for perimeter in PERIMETERS
                if direction is Direction.CONSUMPTION or perimeter != CONF_INFORMATIVE
            },
        }
    )


def checklist_schema(holder: Holder) -> vol.Schema:
    """Return the form on which a valid consent is ticked off, point by point."""
    return vol.Schema(
        {
            vol.Required(CONF_CHECKLIST, default=list): SelectSelector(
                SelectSelectorConfig(
                    options=list(CHECKLISTS[holder]),
                    multiple=True,
                    mode=SelectSelectorMode.LIST,
                    translation_key=f"checklist_{holder}",
                )
            )
        }
    )


def proofs_schema(attached: int) -> vol.Schema:
    """Return the form that takes files, beside those that are already attached."""
    discard = {vol.Optional(CONF_DISCARD): BooleanSelector()} if attached else {}
    return vol.Schema(
        {
            **{
                vol.Optional(field): FileSelector(
                    FileSelectorConfig(accept=",".join(CONTENT_TYPES))
                )
                for field in CONF_PROOFS[attached:]
            },
            **discard,
        }
    )


def review_schema() -> vol.Schema:
    """Return the form that comes before the call."""
    return vol.Schema({vol.Optional(CONF_CHANGE, default=False): BooleanSelector()})


def part_of(values: Values) -> Part:
    """Return what the holder of the contract is to the meter."""
    return Part(values[CONF_ROLE])


def direction_of(values: Values) -> Direction:
    """Return which way the gas goes."""
    return Direction(values[CONF_FLOW])


def holder_of(values: Values) -> Holder:
    """Return who the customer is."""
    return Holder(values[CONF_HOLDER])


def declaration_of(values: Values) -> Declaration:
    """Return what the forms declare, as far as they are filled."""
    person = holder_of(values) is Holder.PERSON
    direction = direction_of(values)
    end = date.fromisoformat(values[CONF_END])
    data_to = values.get(CONF_DATA_TO)
    return Declaration(
        role=_ROLES[part_of(values), direction],
        holder_name=values.get(CONF_HOLDER_NAME) if person else None,
        holder_company=None if person else values.get(CONF_COMPANY),
        postcode=values.get(CONF_POSTCODE, ""),
        mail=values.get(CONF_MAIL, ""),
        mobile=values.get(CONF_MOBILE),
        start=date.fromisoformat(values[CONF_START]),
        end=end,
        data_from=date.fromisoformat(values[CONF_DATA_FROM]),
        data_to=date.fromisoformat(data_to) if data_to else end,
        contractual=values[CONF_CONTRACTUAL],
        technical=values[CONF_TECHNICAL],
        informative=values[CONF_INFORMATIVE] and direction is Direction.CONSUMPTION,
        published=values[CONF_PUBLISHED],
    )


def refilled(values: Values, schema: vol.Schema, form: Values) -> dict[str, Any]:
    """Return the values with those of a form: what it leaves empty is empty."""
    others = {key: value for key, value in values.items() if key not in schema.schema}
    return others | dict(form)


def form_errors(problems: Iterable[DeclarationProblem], schema: vol.Schema) -> Errors:
    """Return the problems that a form can solve, the first of each field."""
    errors: Errors = {}
    for problem in problems:
        field = _field(problem, schema)
        if field is not None:
            errors.setdefault(field, problem.value)
    return errors


def refused_field(code: str | None) -> str | None:
    """Return the field that GRDF's code is about; None: no single one."""
    return _REFUSED_FIELDS.get(code or "")


def _field(problem: DeclarationProblem, schema: vol.Schema) -> str | None:
    if problem is DeclarationProblem.HOLDER_MISSING:
        names = (CONF_HOLDER_NAME, CONF_COMPANY)
        return next((name for name in names if name in schema.schema), None)
    field = _FIELDS[problem]
    return field if field in schema.schema else None


def _part(role: Role) -> str:
    parts = {known: part for (part, _), known in _ROLES.items()}
    return parts.get(role, Part.AUTHORISED).value


def _choice(key: str, options: type[StrEnum]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[option.value for option in options],
            mode=SelectSelectorMode.LIST,
            translation_key=key,
        )
    )


def _private(kind: TextSelectorType) -> TextSelector:
    return TextSelector(TextSelectorConfig(type=kind, autocomplete="off"))


def _years_from(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
