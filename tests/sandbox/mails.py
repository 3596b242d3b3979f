"""The mails that GRDF sends, one for a burst of declarations (deck, annexe 2)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from .rights import Right

# "Si le délai entre deux déclarations de droits d'accès est ≤ 60s, un seul email".
TOGETHER: Final = timedelta(seconds=60)
ASKS: Final = "Validez l'accès à vos données de gaz"
INFORMS: Final = "Un tiers demande l'accès à vos données de gaz"
CONTROLS: Final = "Contrôle GRDF : transmettez vos preuves sous 20 jours ouvrés"


@dataclass(slots=True, kw_only=True)
class Mail:
    """One mail.

    `at` is the moment of its first declaration, `newest` of its last; `rights` are the
    ids of what it tells of.
    """

    to: str
    subject: str
    at: datetime
    newest: datetime
    rights: list[str] = field(default_factory=list)


def post(mails: list[Mail], right: Right, to: str, subject: str, now: datetime) -> None:
    """Tell somebody of a right, in the last mail to them if that is fresh enough."""
    fresh = (
        mail
        for mail in reversed(mails)
        if (mail.to, mail.subject) == (to, subject) and now - mail.newest <= TOGETHER
    )
    mail = next(fresh, None)
    if mail is None:
        mail = Mail(to=to, subject=subject, at=now, newest=now)
        mails.append(mail)
    mail.newest = now
    mail.rights.append(right.id)
