"""The consent in a row, which may be less than a declaration needs."""

from dataclasses import dataclass, field, fields, replace
from datetime import date

from ..adict import AccessRight, Declaration, Role
from ..rights import is_another_customer
from .errors import RowProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent as far as it is given; None: not given. No personal data in `repr`."""

    role: Role | None = None
    holder_name: str | None = field(default=None, repr=False)
    holder_company: str | None = field(default=None, repr=False)
    postcode: str | None = field(default=None, repr=False)
    mail: str | None = field(default=None, repr=False)
    mobile: str | None = field(default=None, repr=False)
    start: date | None = None
    end: date | None = None
    data_from: date | None = None
    data_to: date | None = None
    contractual: bool | None = None
    technical: bool | None = None
    informative: bool | None = None
    published: bool | None = None

    @property
    def injects(self) -> bool:
        """Whether it is on gas that a site injects."""
        return self.role is not None and self.role.is_injection


def missing_dates(consent: Consent) -> tuple[RowProblem, ...]:
    """Return which dates a declaration lacks: only the customer can give them."""
    needed = (
        (RowProblem.START_MISSING, consent.start),
        (RowProblem.END_MISSING, consent.end),
        (RowProblem.DATA_FROM_MISSING, consent.data_from),
    )
    return tuple(problem for problem, day in needed if day is None)


def declaration_of(consent: Consent) -> Declaration:
    """Return the declaration; missing dates are `date.min`: see `missing_dates`.

    What is not given is as the forms suggest it: authorised by the customer, every kind
    of data, until the right ends.
    """
    role = consent.role or Role.SUPPLY_AUTHORISED
    end = consent.end or date.min
    return Declaration(
        role=role,
        holder_name=consent.holder_name,
        holder_company=consent.holder_company,
        postcode=consent.postcode or "",
        mail=consent.mail or "",
        mobile=consent.mobile,
        start=consent.start or date.min,
        end=end,
        data_from=consent.data_from or date.min,
        data_to=consent.data_to or end,
        contractual=consent.contractual is not False,
        technical=consent.technical is not False,
        informative=(
            not role.is_injection
            if consent.informative is None
            else consent.informative
        ),
        published=consent.published is not False,
    )


def renewed(consent: Consent, right: AccessRight, today: date) -> Consent:
    """Return a consent to renew a right: what is not given comes from the right.

    It starts today, and lasts as long as the right did. Nothing of the right's customer
    is taken where another one may be meant: GRDF would write to the wrong one.
    """
    injects = right.role.is_injection
    end = None
    if right.end and right.start:
        end = (consent.start or today) + (right.end - right.start)
    known = Consent(
        role=right.role,
        postcode=right.postcode,
        start=today,
        end=end,
        data_from=right.injection_from if injects else right.consumption_from,
        contractual=right.contractual,
        technical=right.technical,
        informative=False if injects else right.informative,
        published=right.published,
    )
    if _is_of_its_customer(consent, right):
        known = replace(known, mail=right.mail, mobile=right.mobile)
        if not _names_somebody(consent):
            known = replace(
                known,
                holder_name=None if right.holder_company else right.holder_name,
                holder_company=right.holder_company,
            )
    given = {
        each.name: value
        for each in fields(consent)
        if (value := getattr(consent, each.name)) is not None
    }
    return replace(known, **given)


def _is_of_its_customer(consent: Consent, right: AccessRight) -> bool:
    if consent.mail and consent.mail.casefold() != (right.mail or "").casefold():
        return False
    if not _names_somebody(consent):
        return True
    named = replace(
        right, holder_name=consent.holder_name, holder_company=consent.holder_company
    )
    is_named = bool(right.holder_name or right.holder_company)
    return is_named and not is_another_customer(named, right)


def _names_somebody(consent: Consent) -> bool:
    return bool(consent.holder_name or consent.holder_company)
