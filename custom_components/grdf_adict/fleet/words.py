"""The meaning of a cell's words: an action, a role, or that there is no customer.

Only known phrases are read: one more word may mean the opposite.
"""

from enum import StrEnum
import re
from typing import Final
import unicodedata

from ..adict import Role
from ..files import header_words


class Action(StrEnum):
    """What is done for a PCE."""

    DECLARE = "declare"
    RENEW = "renew"
    REVOKE = "revoke"
    FOLLOW = "follow"


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text that are separated by blanks."""
    return frozenset(text.split())


_ACTIONS: Final = {
    Action.DECLARE: word_set("declarer declare declaration declarations"),
    Action.RENEW: word_set("renouveler renouvellement renouvellements renew renewal"),
    Action.REVOKE: word_set("revoquer revocation revocations revoke"),
    Action.FOLLOW: word_set("suivre suivi follow"),
}
# These change nothing: "À renouveler", "Suivre comme compteur".
_BESIDE: Final = word_set(
    "a the to de d du l la le ce cet cette un une as comme droit right acces access"
    " compteur meter pce svp please"
)
# "Déclaré" is done already; without accents it is the English for what is to be done.
_PAST: Final = re.compile(r"é(?:e|s|es)?\b")

_JUST_HOLDER: Final = tuple(map(word_set, ("titulaire", "holder", "detenteur")))
# The texts of the template.
_MYSELF: Final = tuple(
    map(word_set, ("je suis moi meme le titulaire", "i am the holder myself"))
)
_OF_GRDF: Final = (
    word_set("detenteur contrat fourniture"),
    word_set("detenteur contrat injection"),
)
_HOLDER: Final = ("detent", "titulaire", "holder")
_AUTHORISED: Final = ("autoris", "authoris", "authoriz", "mandat")
_INJECTION: Final = ("inject", "product")
# "Authorised by the holder" is a mandate, and so is "le titulaire m'autorise".
_BY: Final = word_set("par by m me us nous")
_NOT: Final = word_set(
    "ne n pas plus non no not never jamais sans without encore refus refuse revoque"
)

_UNOCCUPIED: Final = word_set(
    "vacant vacante vacants vacance vide inoccupe inoccupee unoccupied"
)
_NOBODY: Final = tuple(
    map(
        word_set,
        (
            *("parties communes", "a louer", "a vendre", "en travaux", "common areas"),
            *("ancien locataire", "ancienne locataire", "locataire parti"),
            *("sans locataire", "pas locataire", "to let", "to rent"),
            *("former tenant", "no tenant"),
        ),
    )
)
# These alone are no name.
_NO_NAME: Final = word_set(
    "ancien appartement bailleur client customer empty flat gardien inconnu inconnue"
    " le la libre locataire logement nouveau occupant personne proprietaire syndic tbd"
    " tenant titulaire unknown"
)


def action_of(cell: object) -> Action | None:
    """Return the action that a cell asks for; None: none, several, or a past one."""
    words = header_words(cell) - _BESIDE
    text = unicodedata.normalize("NFC", str(cell)).casefold()
    if not words or _PAST.search(text):
        return None
    return next((each for each, known in _ACTIONS.items() if words <= known), None)


def role_of(cell: object) -> Role | None:
    """Return the role that a cell names; None: none, or it may say the opposite."""
    words = header_words(cell)
    holds, authorised, injects = (
        any(word.startswith(beginnings) for word in words)
        for beginnings in (_HOLDER, _AUTHORISED, _INJECTION)
    )
    if words & _NOT:
        return None
    if authorised and (not holds or words & _BY):
        return Role.INJECTION_AUTHORISED if injects else Role.SUPPLY_AUTHORISED
    if _of_supply(words) in _JUST_HOLDER + _MYSELF or words in _OF_GRDF:
        return Role.INJECTION_HOLDER if injects else Role.SUPPLY_HOLDER
    return None


def says_just_holder(cell: object) -> bool:
    """Return whether a role is just "holder": of us, or of the person named."""
    return _of_supply(header_words(cell)) in _JUST_HOLDER


def names_nobody(name: str) -> bool:
    """Return whether a customer's name is a spreadsheet's error, or an empty flat."""
    words = header_words(name)
    return (
        name.startswith("#")
        or not words.isdisjoint(_UNOCCUPIED)
        or any(phrase <= words for phrase in _NOBODY)
        or (bool(words) and set(filter(str.isalpha, words)) <= _NO_NAME)
    )


def _of_supply(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if not word.startswith(_INJECTION))
