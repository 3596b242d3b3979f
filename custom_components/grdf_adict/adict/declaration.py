"""What is declared to GRDF of a customer's consent, and the rules that it must keep.

The rules are GRDF's own: the deck (Déclarer un Droit d'Accès), API notes §4 and the
refusals that the API's public contract lists for this call.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
import re
from typing import Final

from .errors import AdictBadRequestError, InvalidPceError
from .models.access_right import ROLES, Role
from .pce import parse_pce

# Whether such a place exists is for GRDF to say.
_POSTCODE: Final = re.compile(r"[0-9]{5}")
_MAIL: Final = re.compile(
    r"[^\s@<>()\[\]\\,;:\".]+(?:\.[^\s@<>()\[\]\\,;:\".]+)*"
    r"@(?:[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?\.)+[A-Za-z][0-9A-Za-z-]*[0-9A-Za-z]"
)
_LONGEST_MAIL: Final = 254
_MOBILE: Final = re.compile(r"(?:0|\+33(?:\(0\))?|0033)(?P<rest>[67][0-9]{8})")
_MOBILE_BLANKS: Final = re.compile(r"[\s.\-]")
_SHORTEST_WORD: Final = 3


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
    """The right ends before it starts."""
    RIGHT_NOT_STARTED = "right_not_started"
    """The right starts after today: the consent must be in force."""
    RIGHT_OVER = "right_over"
    """The right ended before today."""
    DATA_REVERSED = "data_reversed"
    """The data end before they begin."""
    DATA_NOT_STARTED = "data_not_started"
    """The data begin after today."""
    DATA_BEYOND_RIGHT = "data_beyond_right"
    """The data end after the right does."""
    NOTHING_GRANTED = "nothing_granted"
    """None of the four kinds of data."""
    INFORMATIVE_INJECTION = "informative_injection"
    """Informative data, which injections do not have."""


class InvalidDeclarationError(AdictBadRequestError):
    """A declaration that GRDF would refuse; `problems` says why."""

    problems: tuple[DeclarationProblem, ...]

    def __init__(self, problems: tuple[DeclarationProblem, ...]) -> None:
        """Say what is wrong, and nothing of the customer."""
        super().__init__(f"the declaration is refused: {', '.join(problems)}")
        self.problems = problems


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
    return (
        *_pce_problems(pce),
        *_holder_problems(declaration),
        *_contact_problems(declaration),
        *_date_problems(declaration, today),
        *_perimeter_problems(declaration),
    )


def declaration_body(declaration: Declaration) -> dict[str, str]:
    """Return the body of the call; what is not known is left out."""
    flow = "inj" if declaration.role.is_injection else "conso"
    body = {
        "role_tiers": ROLES.word(declaration.role),
        "raison_sociale": _blank_is_none(declaration.holder_company),
        "nom_titulaire": _blank_is_none(declaration.holder_name),
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


def personal_words(declaration: Declaration) -> set[str]:
    """Return what must not be repeated of a declaration, whole and word by word."""
    fields = (
        declaration.holder_name,
        declaration.holder_company,
        declaration.postcode,
        declaration.mail,
        declaration.mobile,
    )
    whole = {value.strip() for value in fields if value}
    words = {
        word
        for name in (declaration.holder_name, declaration.holder_company)
        for word in (name or "").split()
        if len(word) >= _SHORTEST_WORD
    }
    return whole | words


def _pce_problems(pce: str) -> list[DeclarationProblem]:
    try:
        parse_pce(pce)
    except InvalidPceError:
        return [DeclarationProblem.PCE_FORMAT]
    return []


def _holder_problems(declaration: Declaration) -> list[DeclarationProblem]:
    holders = [
        _blank_is_none(declaration.holder_name),
        _blank_is_none(declaration.holder_company),
    ]
    return _where(
        (DeclarationProblem.ROLE_UNKNOWN, declaration.role is Role.UNKNOWN),
        (DeclarationProblem.HOLDER_MISSING, not any(holders)),
        (DeclarationProblem.HOLDER_TWICE, all(holders)),
    )


def _contact_problems(declaration: Declaration) -> list[DeclarationProblem]:
    postcode, mail = _postcode(declaration), declaration.mail.strip()
    good_mail = len(mail) <= _LONGEST_MAIL and _MAIL.fullmatch(mail)
    mobile_given = _blank_is_none(declaration.mobile) is not None
    return _where(
        (DeclarationProblem.POSTCODE_MISSING, not postcode),
        (
            DeclarationProblem.POSTCODE_FORMAT,
            bool(postcode) and not _POSTCODE.fullmatch(postcode),
        ),
        (DeclarationProblem.MAIL_MISSING, not mail),
        (DeclarationProblem.MAIL_FORMAT, bool(mail) and not good_mail),
        (
            DeclarationProblem.MOBILE_FORMAT,
            mobile_given and _mobile(declaration) is None,
        ),
    )


def _date_problems(declaration: Declaration, today: date) -> list[DeclarationProblem]:
    return _where(
        (DeclarationProblem.RIGHT_REVERSED, declaration.end < declaration.start),
        (DeclarationProblem.RIGHT_NOT_STARTED, declaration.start > today),
        (DeclarationProblem.RIGHT_OVER, declaration.end < today),
        (DeclarationProblem.DATA_REVERSED, declaration.data_to < declaration.data_from),
        (DeclarationProblem.DATA_NOT_STARTED, declaration.data_from > today),
        (DeclarationProblem.DATA_BEYOND_RIGHT, declaration.data_to > declaration.end),
    )


def _perimeter_problems(declaration: Declaration) -> list[DeclarationProblem]:
    anything = (
        declaration.contractual
        or declaration.technical
        or declaration.informative
        or declaration.published
    )
    return _where(
        (DeclarationProblem.NOTHING_GRANTED, not anything),
        (
            DeclarationProblem.INFORMATIVE_INJECTION,
            declaration.informative and declaration.role.is_injection,
        ),
    )


def _where(*rules: tuple[DeclarationProblem, bool]) -> list[DeclarationProblem]:
    return [problem for problem, broken in rules if broken]


def _blank_is_none(value: str | None) -> str | None:
    return (value or "").strip() or None


def _postcode(declaration: Declaration) -> str:
    return "".join(declaration.postcode.split())


def _mobile(declaration: Declaration) -> str | None:
    """Return the number as GRDF writes it, ten digits; None where there is none."""
    digits = _MOBILE_BLANKS.sub("", declaration.mobile or "")
    found = _MOBILE.fullmatch(digits)
    return f"0{found['rest']}" if found else None


def _flag(*, granted: bool) -> str:
    return "Vrai" if granted else "Faux"
