"""GRDF's free text: masked where it is shown, left out where a word is expected."""

import re
from typing import Final
from unicodedata import normalize

_LIMIT: Final = 500
_SHOWN: Final = 4
_LONGEST_LABEL: Final = 60

_CAPITALISED: Final = r"[A-ZÀ-ÖØ-Þ][\w'\u2019.-]*"
_PARTICLES: Final = r"(?:(?:d[eu]|des|la|le|van|von)\s+|d['\u2019])*"
_NAME: Final = rf"{_PARTICLES}{_CAPITALISED}"
# "DUPONT Jean" or "JEAN DUPONT" among other words: what GRDF itself writes in capitals
# is none.
_CAPITALS: Final = (
    r"(?!(?:ADICT|CAR|CJA|GI|GRDF|KO|OK|PCE|RGPD|SMS|TIERS|TITULAIRE)\b)"
    r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'\u2019-]+"
)
# Mail addresses, GI PCE, any long run of digits (PCE, telephone), token-like text.
_PERSONAL: Final = re.compile(
    r"(?:[A-Za-z][\w+.-]*:)?//[^\s()<>\"']+|\bwww\.[^\s()<>\"']+"
    r"|[^\s@<>\"',;]+@[^\s@<>\"',;]+"
    r"|\b(?P<pce>[Gg][Ii](?:\s?\d){6})\b"
    r"|(?P<digits>\+?\d(?:[\s.]?\d){7,})"
    r"|[\w\-.~+/=]{32,}"
    r"|\b\d{1,4}(?:\s?(?:bis|ter))?,?\s(?i:rue|avenue|av\.|boulevard|bd|place|chemin"
    r"|allée|impasse|route|quai|cours|square)\s[^,;.()<>\[\]\n]{1,60}"
)
_TITLED: Final = re.compile(
    r"(?<!\w)(?P<title>(?i:M|MM|Mr|Mme|Mmes|Mlle|Monsieur|Messieurs|Madame"
    rf"|Mademoiselle)\.?)(?:\s+{_NAME}){{1,5}}"
)
_IN_CAPITALS: Final = re.compile(
    rf"\b(?:{_CAPITALS}\s+{_CAPITALS}|{_CAPITALS}\s+(?!(?:GRDF|PCE)\b){_CAPITALISED}"
    rf"|[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'\u2019-]+\s+{_CAPITALS})(?:\s+{_CAPITALS})*(?!\w)"
)
# GRDF's reasons have no links, markup or formulas: a text with them is left out.
_LEADS_ELSEWHERE: Final = re.compile(r"//|www\.|[<>\[\]{}|`=@\\]", re.IGNORECASE)
_CODE: Final = re.compile(r"[0-9]{1,10}|(?![Gg][Ii][0-9])[A-Za-z][A-Za-z0-9_]{0,39}")
_LABEL: Final = re.compile(r"[^\W_][\w .,'\u2019&()/+°:-]*")


def masked(text: str, *names: str | None) -> str:
    """Return the text without what points to a person or leads elsewhere.

    That is PCE, telephone numbers, mail and street addresses, links, tokens, what
    follows a form of address, and each word of the given names. A name that nothing
    marks as one is not recognised.
    """

    def mask(match: re.Match[str]) -> str:
        number = "".join((match["pce"] or match["digits"] or "").split())
        return f"…{number[-_SHOWN:]}"

    text = _PERSONAL.sub(mask, text[: 2 * _LIMIT])
    text = _TITLED.sub(r"\g<title> …", text)
    if any(char.islower() for char in text):
        text = _IN_CAPITALS.sub("…", text)
    words = {word for name in names for word in re.findall(r"\w{3,}", name or "")}
    if words:
        one = "|".join(sorted(words))
        text = re.sub(rf"(?i)(?<!\w)(?:{one})(?:\s+(?:{one}))*(?!\w)", "…", text)
    return text[:_LIMIT]


def reason(text: str | None, *names: str | None) -> str | None:
    """Return a text of GRDF's, masked; None of one that leads elsewhere, or of none."""
    if not text or _LEADS_ELSEWHERE.search(text):
        return None
    return masked(text, *names)


def is_code(text: str) -> bool:
    """Whether a text can be a code of GRDF's, or an error of the token server."""
    return _CODE.fullmatch(text) is not None


def label(text: str | None) -> str | None:
    """Return a short name or code on one line; None for anything else.

    Without links, markup and formulas: such a text is left out, not repaired.
    """
    line = " ".join((text or "").split())
    fits = len(line) <= _LONGEST_LABEL and "//" not in line
    return line if fits and _LABEL.fullmatch(normalize("NFC", line)) else None
