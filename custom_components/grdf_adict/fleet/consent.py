"""What a row tells of a consent, which may be less than a declaration needs."""

from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta

from ..adict import AccessRight, Declaration, Role
from .errors import RowProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent as far as it is told; None: not told. Personal fields stay unshown."""

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
    """Return which dates a declaration lacks: nobody but the customer can tell them."""
    needed = (
        (RowProblem.START_MISSING, consent.start),
        (RowProblem.END_MISSING, consent.end),
        (RowProblem.DATA_FROM_MISSING, consent.data_from),
    )
    return tuple(problem for problem, day in needed if day is None)


def declaration_of(consent: Consent) -> Declaration:
    """Return the declaration; its dates must be there.

    What is not told is as the forms suggest it: authorised by the customer, every kind
    of data, until the right ends.
    """
    role = consent.role or Role.SUPPLY_AUTHORISED
    # `missing_dates` is asked first.
    start = consent.start or date.min
    end = consent.end or date.min
    return Declaration(
        role=role,
        holder_name=consent.holder_name,
        holder_company=consent.holder_company,
        postcode=consent.postcode or "",
        mail=consent.mail or "",
        mobile=consent.mobile,
        start=start,
        end=end,
        data_from=consent.data_from or date.min,
        data_to=consent.data_to or end,
        contractual=_granted(consent.contractual),
        technical=_granted(consent.technical),
        informative=(
            not role.is_injection
            if consent.informative is None
            else consent.informative
        ),
        published=_granted(consent.published),
    )


def renewed(consent: Consent, right: AccessRight, today: date) -> Consent:
    """Return a consent to renew a right: what is not told is as the right has it.

    It starts today, and lasts as long as the right did.
    """
    injects = right.role.is_injection
    lasts = right.end - right.start if right.end and right.start else None
    known = Consent(
        role=right.role,
        postcode=right.postcode,
        mail=right.mail,
        mobile=right.mobile,
        start=today,
        end=_later(consent.start or today, lasts),
        data_from=right.injection_from if injects else right.consumption_from,
        contractual=right.contractual,
        technical=right.technical,
        informative=right.informative and not injects,
        published=right.published,
    )
    if consent.holder_name is None and consent.holder_company is None:
        known = replace(
            known,
            holder_name=None if right.holder_company else right.holder_name,
            holder_company=right.holder_company,
        )
    told = {
        each.name: value
        for each in fields(consent)
        if (value := getattr(consent, each.name)) is not None
    }
    return replace(known, **told)


def _later(day: date, lasts: timedelta | None) -> date | None:
    return None if lasts is None else day + lasts


def _granted(told: bool | None) -> bool:  # noqa: FBT001 - a cell's value
    return True if told is None else told
