"""What time does to access rights (deck, Parcours Tiers Direct; API notes §4)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from .clock import at
from .rights import (
    ACTIVE,
    LIVING,
    OBSOLETE,
    PROOF_AWAITED,
    PROOF_REFUSED,
    REFUSED,
    TO_RECHECK,
    TO_VALIDATE,
    Right,
)
from .working_days import working_days_after

# A person's silence is a no, an entity's a yes.
PERSON_ANSWERS_WITHIN: Final = timedelta(days=3)
ENTITY_OBJECTS_WITHIN: Final = timedelta(days=2)
PROOF_WORKING_DAYS: Final = 20
AT_ITS_END: Final = "La date de fin du droit d'accès est atteinte"
MOVED_OUT: Final = "Le client n'est plus titulaire de ce PCE"
RENEWED: Final = "Le droit d'accès a été renouvelé"
UNANSWERED: Final = "Le titulaire n'a pas répondu dans les 3 jours"
SAID_NO: Final = "Le titulaire a refusé"


def pass_time(rights: Sequence[Right], now: datetime) -> None:
    """Let each right become what an aware moment has made of it."""
    for right in rights:
        if right.state == TO_VALIDATE:
            _hear_silence(right, rights, now)
        if right.state in {ACTIVE, TO_RECHECK}:
            _miss_deadline(right, now.date())
        if right.state in LIVING and right.last_day < now.date():
            end(right, at(right.last_day + timedelta(days=1), 0), AT_ITS_END)


def answer_due(right: Right) -> datetime:
    """Return when the customer's silence becomes an answer."""
    patience = ENTITY_OBJECTS_WITHIN if right.is_of_entity else PERSON_ANSWERS_WITHIN
    return right.created + patience


def activate(right: Right, rights: Iterable[Right], when: datetime) -> None:
    """Open a right; it takes the place of the one that it renews.

    What becomes of the older one is not documented: two active rights of one role on
    a PCE would leave open which of them decides.
    """
    right.state = ACTIVE
    for other in rights:
        if (
            other is not right
            and other.state in {ACTIVE, TO_RECHECK}
            and (other.pce, other.role) == (right.pce, right.role)
        ):
            end(other, when, RENEWED)


def refuse(right: Right, when: datetime, source: str) -> None:
    """Let the customer's no, or a person's silence, end what was asked."""
    right.state = REFUSED
    right.refused = when
    right.refusal_source = source


def end(right: Right, when: datetime, source: str) -> None:
    """Make a right obsolete."""
    right.state = OBSOLETE
    right.obsolete = when
    right.obsolete_source = source


def proof_deadline(day: date) -> date:
    """Return the last day for the proofs of a campaign that starts on a date."""
    return working_days_after(day, PROOF_WORKING_DAYS)


def _hear_silence(right: Right, rights: Sequence[Right], now: datetime) -> None:
    due = answer_due(right)
    if now < due:
        return
    if right.is_of_entity:
        activate(right, rights, due)
    else:
        refuse(right, due, UNANSWERED)


def _miss_deadline(right: Right, today: date) -> None:
    """Close a right whose proof did not come in time.

    The deck only says that an answer is owed within 20 working days and that GRDF may
    act on a breach. Of GRDF's own words, "Vérifiée KO", "A revérifier" and the code
    1000011 fit: the consent is not shown, data stop, and a new campaign may ask again.
    """
    if (
        right.proof_state == PROOF_AWAITED
        and right.proof_deadline is not None
        and right.proof_deadline < today
    ):
        right.proof_state = PROOF_REFUSED
        right.state = TO_RECHECK
