"""The declaration of a customer's consent to GRDF, and its rules.

The rules are GRDF's: the deck (Déclarer un Droit d'Accès), API notes §4 and the
refusals that the API's public contract lists for this call.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
import re
from typing import Final

from .errors import InvalidRequestError
from .models.access_right import Role
from .pce import is_pce

# Only GRDF can check that such a place exists.
_POSTCODE: Final = re.compile(r"[0-9]{5}")
_MAIL: Final = re.compile(
    r"[^\s@<>()\[\]\\,;:\".]+(?:\.[^\s@<>()\[\]\\,;:\".]+)*"
    r"@(?:[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?\.)+[A-Za-z][0-9A-Za-z-]*[0-9A-Za-z]"
)
_LONGEST_MAIL: Final = 254
_MOBILE: Final = re.compile(r"(?:0|\+33(?:\(0\))?|0033)(?P<rest>[67][0-9]{8})")
_MOBILE_BLANKS: Final = re.compile(r"[\s.\-]")
_SHORTEST_NAME: Final = 3


class DeclarationProblem(StrEnum):
    """What is wrong with a declaration: one member for each rule."""

    PCE_FORMAT = "pce_format"
    ROLE_UNKNOWN = "role_unknown"
    HOLDER_MISSING = "holder_missing"
    """Neither a person's name nor a company."""
    HOLDER_TWICE = "holder_twice"
    """Both a person's name and a company."""
    POSTCODE_MISSING = "postcode_missing"
    POSTCODE_FORMAT = "postcode_format"
    MAIL_MISSING = "mail_missing"
    MAIL_FORMAT = "mail_format"
    MOBILE_FORMAT = "mobile_format"
    """No French mobile number: 06 or 07, or +33 6 or 7."""
    RIGHT_REVERSED = "right_reversed"
    RIGHT_NOT_STARTED = "right_not_started"
    """The right starts after today: the consent must be in force."""
    RIGHT_OVER = "right_over"
    DATA_REVERSED = "data_reversed"
    DATA_NOT_STARTED = "data_not_started"
    DATA_BEYOND_RIGHT = "data_beyond_right"
    NOTHING_GRANTED = "nothing_granted"
    """None of the four kinds of data."""
    INFORMATIVE_INJECTION = "informative_injection"
    """Informative data, which injections do not have."""


class InvalidDeclarationError(InvalidRequestError[DeclarationProblem]):
    """A declaration that GRDF would refuse; the customer is not named."""

    subject = "the declaration is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A customer's consent, as it is declared for one PCE.

    The holder is a person (`holder_name`) or a company (`holder_company`), never both.
    Dates are French days, the last one included. `data_from` and `data_to` bound the
    gas days of consumption, or of injection for the roles of injection. Personal
    fields stay out of `repr`.
    """

    role: Role
    holder_name: str | None = field(default=None, repr=False)
    holder_company: str | None = field(default=None, repr=False)
    postcode: str = field(repr=False)
    mail: str = field(repr=False)
    mobile: str | None = field(default=None, repr=False)
    start: date
    end: date
    data_from: date
    data_to: date
    contractual: bool = False
    technical: bool = False
    informative: bool = False
    published: bool = False


def check_declaration(
    pce: str, declaration: Declaration, today: date
) -> tuple[DeclarationProblem, ...]:
    """Return what GRDF would refuse of a declaration, in the order of its fields.

    Args:
        pce: the metering point, in any spelling.
        declaration: what is to be declared.
        today: the date in France.
    """
    name = _stripped(declaration.holder_name)
    company = _stripped(declaration.holder_company)
    postcode, mail = _postcode(declaration), declaration.mail.strip()
    good_mail = len(mail) <= _LONGEST_MAIL and _MAIL.fullmatch(mail)
    anything = (
        declaration.contractual
        or declaration.technical
        or declaration.informative
        or declaration.published
    )
    broken = {
        DeclarationProblem.PCE_FORMAT: not is_pce(pce),
        DeclarationProblem.ROLE_UNKNOWN: declaration.role is Role.UNKNOWN,
        DeclarationProblem.HOLDER_MISSING: not name and not company,
        DeclarationProblem.HOLDER_TWICE: name and company,
        DeclarationProblem.POSTCODE_MISSING: not postcode,
        DeclarationProblem.POSTCODE_FORMAT: (
            postcode and not _POSTCODE.fullmatch(postcode)
        ),
        DeclarationProblem.MAIL_MISSING: not mail,
        DeclarationProblem.MAIL_FORMAT: mail and not good_mail,
        DeclarationProblem.MOBILE_FORMAT: (
            _stripped(declaration.mobile) and not _mobile(declaration)
        ),
        DeclarationProblem.RIGHT_REVERSED: declaration.end < declaration.start,
        DeclarationProblem.RIGHT_NOT_STARTED: declaration.start > today,
        DeclarationProblem.RIGHT_OVER: declaration.end < today,
        DeclarationProblem.DATA_REVERSED: declaration.data_to < declaration.data_from,
        DeclarationProblem.DATA_NOT_STARTED: declaration.data_from > today,
        DeclarationProblem.DATA_BEYOND_RIGHT: declaration.data_to > declaration.end,
        DeclarationProblem.NOTHING_GRANTED: not anything,
        DeclarationProblem.INFORMATIVE_INJECTION: (
            declaration.informative and declaration.role.is_injection
        ),
    }
    return tuple(problem for problem, is_broken in broken.items() if is_broken)


def declaration_body(declaration: Declaration) -> dict[str, str]:
    """Return the body of the call; what is not given is left out."""
    flow = "inj" if declaration.role.is_injection else "conso"
    body = {
        "role_tiers": declaration.role.spellings[0],
        "raison_sociale": _stripped(declaration.holder_company),
        "nom_titulaire": _stripped(declaration.holder_name),
        "code_postal": _postcode(declaration),
        "courriel_titulaire": declaration.mail.strip(),
        "numero_telephone_mobile_titulaire": _mobile(declaration),
        "date_debut_droit_acces": declaration.start.isoformat(),
        "date_fin_droit_acces": declaration.end.isoformat(),
        f"perim_donnees_{flow}_debut": declaration.data_from.isoformat(),
        f"perim_donnees_{flow}_fin": declaration.data_to.isoformat(),
        "perim_donnees_contractuelles": _flag(granted=declaration.contractual),
        "perim_donnees_techniques": _flag(granted=declaration.technical),
        "perim_donnees_informatives": _flag(granted=declaration.informative),
        "perim_donnees_publiees": _flag(granted=declaration.published),
    }
    return {name: value for name, value in body.items() if value}


def personal_texts(declaration: Declaration) -> set[str]:
    """Return the personal data of a declaration: fields, and single names."""
    names = (declaration.holder_name or "", declaration.holder_company or "")
    others = (declaration.postcode, declaration.mail, declaration.mobile or "")
    single = {part for name in names for part in name.split()}
    return {text.strip() for text in (*names, *others)} | {
        name for name in single if len(name) >= _SHORTEST_NAME
    }


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def _postcode(declaration: Declaration) -> str:
    return "".join(declaration.postcode.split())


def _mobile(declaration: Declaration) -> str:
    """Return the number as GRDF writes it, ten digits; empty where there is none."""
    digits = _MOBILE_BLANKS.sub("", declaration.mobile or "")
    found = _MOBILE.fullmatch(digits)
    return f"0{found['rest']}" if found else ""


def _flag(*, granted: bool) -> str:
    return "Vrai" if granted else "Faux"
