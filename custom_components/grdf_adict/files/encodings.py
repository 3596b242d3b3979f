"""The code page of a text table, chosen by what its bytes spell in French.

Excel and LibreOffice write in France: UTF-8 and UTF-16, with or without a byte order
mark; cp1252 ("CSV"); MacRoman ("CSV (Macintosh)"); cp850 ("CSV (MS-DOS)"); ISO 8859-15.
"""

import codecs
from itertools import islice
import re
from typing import Final

_MARKED: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The first of equals is taken: what Excel writes by default.
_CODE_PAGES: Final = ("cp1252", "iso8859-15", "mac-roman", "cp850", "utf-8")
_LOOKED_AT: Final = 4_096
_WORDS: Final = 2_000
_BEYOND_ASCII: Final = re.compile(
    rb"[A-Za-z\x80-\xff]{0,40}[\x80-\xff][A-Za-z\x80-\xff]{0,40}"
)
# Words of headers, qualifications and months, as they are spelt.
_SPELT: Final = frozenset(
    {
        *("relevé", "relevés", "consommé", "consommée", "énergie", "données"),
        *("mesuré", "mesurée", "estimé", "estimée", "corrigé", "début"),
        *("période", "journée", "température", "qualité", "février", "août"),
        *("décembre", "rôle", "publiées", "autorisé", "révoquer", "déclarer"),
        *("bâtiment", "résidence", "société", "téléphone", "numéro", "prénom"),
        *("propriétaire", "accès", "électricité", "coût", "m³"),
    }
)
_KNOWN_WORD: Final = 50
_SMALL: Final = "éèêëàâäîïôöùûüçœæÿ"
_LARGE: Final = "ÉÈÊËÀÂÄÎÏÔÖÙÛÜÇŒÆŸ"
_SIGNS: Final = "°²³€«»\N{NO-BREAK SPACE}\N{EN DASH}\N{RIGHT SINGLE QUOTATION MARK}"


def decoded(content: bytes) -> str:
    """Return the text of a table; bytes that are none in its code page are replaced."""
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if wide := _utf_16(content[:_LOOKED_AT]):
        return content.decode(wide, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(_likeliest(content), errors="replace")


def _utf_16(start: bytes) -> str | None:
    """Return the variant of UTF-16 without its mark; None where it is another text.

    Every second byte of a table in a Western language is zero.
    """
    half = len(start) // 2
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        if half and start[first::2].count(0) * 4 > half * 3:
            return encoding
    return None


def _likeliest(content: bytes) -> str:
    found = _BEYOND_ASCII.finditer(content)
    words = b" ".join(match[0] for match in islice(found, _WORDS))
    return max(_CODE_PAGES, key=lambda page: _plausibility(words, page))


def _plausibility(words: bytes, page: str) -> int:
    """Return how much words look like French in a code page."""
    return sum(
        _KNOWN_WORD * (word.casefold() in _SPELT) + _spelling(word)
        for word in words.decode(page, errors="replace").split(" ")
    )


def _spelling(word: str) -> int:
    """Return how many letters beyond ASCII are as French has them, less the others.

    A capital does not follow a small letter, and stands alone only as "À".
    """
    score, before = 0, ""
    for letter in word:
        if not letter.isascii():
            may_be_capital = not before.islower() and (len(word) > 1 or letter == "À")
            is_right = letter in _SMALL + _SIGNS or (
                letter in _LARGE and may_be_capital
            )
            score += 1 if is_right else -1
        before = letter
    return score
