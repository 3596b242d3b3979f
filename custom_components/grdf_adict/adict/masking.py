"""GRDF's answers without people: what is kept is listed, everything else is masked.

Layout, order, the names of fields and the form of values stay, broken parts included: a
masked answer is read as GRDF's own was.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
import hashlib
import hmac
import json
import re
from typing import Any, Final
from uuid import UUID

from . import known_fields as fields
from .free_text import masked
from .models.wire import folded
from .observed import Exchange
from .pce import is_pce, parse_pce

type Record = Mapping[str, Any]
"""An exchange without people, as JSON."""

# An object is JSON when it gets to these: what is neither key, text nor number is
# blanks, brackets, or true, false and null.
_PART: Final = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*+"(?=\s*+:))|(?P<text>"(?:[^"\\]|\\.)*+")'
    r"|(?P<number>-?[0-9][0-9.eE+-]*+)"
)
_KEY: Final = re.compile(r"(?!\w*\d{5})[a-z]\w{0,59}", re.ASCII)
_DATE: Final = re.compile(
    r"\d{4}(?:-W?\d{2,3}|-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?"
    r"(?:Z|[+-]\d{2}:?\d{2})?)?)?",
    re.ASCII,
)
# No telephone number: these begin with 0, or have more digits.
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:[.,]\d{1,6})?", re.ASCII)
_SHORT_CODE: Final = re.compile(r"[A-Z]{0,3}\d{1,4}", re.ASCII)
# Of 10 or 7 digits, of fewer where it came as a number; and Okta's.
_STATUS_CODE: Final = re.compile(r"\d{1,3}|\d0{6}\d{3}|[1-9]0{3}\d{3}|E\d{7}", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HEADER: Final = {
    "Content-Type": re.compile(
        r"(?i)(?:application|text)/[a-z+.-]{1,30}(?:; ?charset=[\w-]{1,20})?"
    ),
    "Content-Encoding": re.compile(r"(?i)gzip|deflate|br|identity|zstd"),
    "Retry-After": re.compile(r"\d{1,7}|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} [\d: ]+GMT"),
}
_TITLE: Final = re.compile(r"<title>([^<]{0,200})", re.IGNORECASE)
# What looks like a host's name, the digits that `masked` shows, others, a word.
_WORD: Final = re.compile(r"\S+\.[^\W\d]\S*|…\d+|\d{5,}|[^\W\d_]+")
_HARMLESS: Final = re.compile(r"[\s\ufeff,\[\]]*")
_PUNCTUATION: Final = frozenset(" \t\r\n.,:;!?'\"()[]{}<>/\\|@#&*+-=_%")
# Written as a byte that is no UTF-8 either.
_NO_UTF_8: Final = "\udcff"
# What is worth knowing of a part that is no JSON: how it begins and how it ends.
_SHOWN: Final = 500
_LONGEST: Final = 60
_MOST_BREAKS: Final = 100

_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str)


class Masker:
    """Masks the exchanges of one recording: the same in, the same out.

    Args:
        key: random, of this recording alone; it never leaves the house.
        pces: the PCE that were met, and what stands for them; it is added to.
        scales: whether kWh and m³ are multiplied by a factor of the PCE's own.
    """

    def __init__(self, key: bytes, pces: dict[str, str], *, scales: bool) -> None:
        """Prepare to mask."""
        self._key = key
        self._pces = pces
        self._scales = scales
        rules: tuple[tuple[frozenset[str], Callable[[str], str]], ...] = (
            (fields.PCE, self._pce),
            (fields.NAMES, lambda text: f"NOM {self._hex(text)}"),
            (fields.PLACES, lambda text: f"LIEU {self._hex(text)}"),
            (fields.MAILS, lambda text: f"x{self._hex(text)}@example.com"),
            (fields.PHONES, self._phone),
            (fields.IDS, self._alike),
        )
        self._people = {name: rule for names, rule in rules for name in names}

    def record(self, exchange: Exchange) -> Record:
        """Return an exchange without people."""
        path = [self._path_part(part) for part in exchange.path]
        pce = next((part for part in exchange.path if is_pce(part)), "")
        return {
            "method": exchange.method,
            "path": path,
            "query": [
                [name, value if _is_known(value) else _shape(value)]
                for name, value in exchange.query
            ],
            "status": exchange.status,
            "headers": {
                name: value if _HEADER[name].fullmatch(value) else _shape(value)
                for name, value in exchange.headers.items()
            },
            "seconds": round(exchange.seconds, 2),
            "size": exchange.size,
            "is_cut": exchange.is_cut,
            "body": self._body(exchange.body, self._factor(pce)),
        }

    def _path_part(self, part: str) -> str:
        if part in fields.PATH:
            return part
        return self._pce(part) if is_pce(part) else self._alike(part)

    def _body(self, body: bytes, factor: Decimal) -> str:
        """Return a body; bytes that are no UTF-8 stay recognisable as such."""
        text = body.decode("utf-8", "surrogateescape")
        if text.lstrip("\ufeff \t\r\n").startswith("<"):
            title = _TITLE.search(text)
            return f"<html><title>{_prose(title[1]) if title else ''}</title></html>"
        parts: list[str] = []
        at = breaks = 0
        while (start := text.find("{", at)) >= 0 and breaks < _MOST_BREAKS:
            parts.append(_between(text[at:start]))
            try:
                found, at = _DECODER.raw_decode(text, start)
            except ValueError, RecursionError:
                # What follows may still be whole: objects within a broken one are.
                breaks += 1
                at = start + 1
                parts.append("{")
            else:
                parts.append(self._object(text[start:at], found, factor))
        parts.append(_between(text[at:]))
        return "".join(parts)

    def _object(self, text: str, found: Mapping[str, Any], factor: Decimal) -> str:
        """Return the text of a JSON object, which has been parsed."""
        names = [
            name for key in fields.NAMES if isinstance(name := found.get(key), str)
        ]
        field = ""

        def replaced(part: re.Match[str]) -> str:
            nonlocal field
            if (number := part["number"]) is not None:
                return self._number(field, number, factor)
            raw = part["key"] or part["text"]
            value: str = json.loads(raw)
            if part["key"] is not None:
                field = value
                masked_value = value if _KEY.fullmatch(value) else _shape(value)
            else:
                masked_value = self._text(field, value, names, factor)
            if masked_value == value:
                return raw
            return json.dumps(masked_value, ensure_ascii="\\u" in raw)

        return _PART.sub(replaced, text)

    def _text(self, field: str, value: str, names: list[str], factor: Decimal) -> str:
        """Return what stands for a text in a field of this name."""
        if not (written := value.strip()):
            return value
        if (rule := self._people.get(field)) is not None:
            return rule(value)
        if field in fields.PROSE:
            return _prose(value, *names)
        if field in fields.AMOUNTS and _NUMBER.fullmatch(written):
            return self._amount(written, factor)
        return value if _is_kept(field, written) else _shape(value)

    def _number(self, field: str, value: str, factor: Decimal) -> str:
        """Return what stands for a number: a number."""
        if field in fields.AMOUNTS and _NUMBER.fullmatch(value):
            return self._amount(value, factor)
        if _is_kept(field, value):
            return value
        return re.sub(r"\d", "9", value.partition("e")[0].partition("E")[0])

    def _amount(self, value: str, factor: Decimal) -> str:
        """Return an amount with as many decimals, and the same sign for them."""
        if not self._scales:
            return value
        number = Decimal(value.replace(",", "."))
        scaled = f"{(number * factor).quantize(number):f}"
        return scaled.replace(".", ",") if "," in value else scaled

    def _factor(self, pce: str) -> Decimal:
        """Return the factor of a PCE's amounts: 0.5 to 1.5, in steps of 0.0001."""
        drawn = int.from_bytes(self._digest(f"factor {pce}")[:4])
        return Decimal(5_000 + drawn % 10_001) / 10_000

    def _pce(self, text: str) -> str:
        """Return an invented PCE of the same kind; of what is no PCE, the form."""
        if not is_pce(text):
            return self._alike(text)
        pce = parse_pce(text)
        if pce not in self._pces:
            start, digits = ("GI99", 4) if pce.startswith("GI") else ("099999999", 5)
            drawn = int.from_bytes(self._digest(pce)[:4])
            taken = set(self._pces.values())
            # One for each, as long as there are enough.
            candidates = (
                f"{start}{(drawn + step) % 10**digits:0{digits}}"
                for step in range(10**digits)
            )
            free = (each for each in candidates if each not in taken)
            self._pces[pce] = next(free, f"{start}{drawn % 10**digits:0{digits}}")
        return self._pces[pce]

    def _phone(self, text: str) -> str:
        """Return digits of the numbers kept for fiction, 06 39 98, in the same form."""
        drawn = int.from_bytes(self._digest(text)[:4]) % 10_000
        digits = iter(f"63998{drawn:04}".rjust(sum(map(str.isdigit, text)), "0"))
        if not text.isascii() or text.strip("+0123456789 .-"):
            return _shape(text)
        return "".join(next(digits) if char.isdigit() else char for char in text)

    def _alike(self, text: str) -> str:
        """Return a text of the same form: digits for digits, letters for letters."""
        digest = self._digest(text)
        if _UUID.fullmatch(text):
            return str(UUID(bytes=digest[:16]))
        return "".join(
            _of_its_kind(char, drawn)
            for char, drawn in zip(text[:_LONGEST], digest * 2, strict=False)
        )

    def _hex(self, text: str) -> str:
        return self._digest(folded(text))[:4].hex()

    def _digest(self, text: str) -> bytes:
        content = text.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, content, hashlib.sha256)


def _is_kept(field: str, written: str) -> bool:
    """Whether a field holds what it is known to hold."""
    return (
        (field in fields.NUMBERS and _NUMBER.fullmatch(written) is not None)
        or (field in fields.CODES and _SHORT_CODE.fullmatch(written) is not None)
        or (
            field in fields.STATUS_CODES and _STATUS_CODE.fullmatch(written) is not None
        )
        or (field in fields.DATES and _DATE.fullmatch(written) is not None)
        or folded(written) in fields.VOCABULARY
    )


def _is_known(value: str) -> bool:
    return _DATE.fullmatch(value) is not None or folded(value) in fields.VOCABULARY


def _prose(text: str, *names: str) -> str:
    """Return GRDF's words without names: `masked`, and no other capitalised word."""

    def kept(word: re.Match[str]) -> str:
        is_plain = word[0].isalpha() and (
            word[0].islower() or len(word[0]) == 1 or word[0] in fields.CAPITALISED
        )
        return word[0] if is_plain else "…"

    return _WORD.sub(kept, masked(text, *names))


def _between(text: str) -> str:
    """Return what stands between objects: blanks, or the form of what is no JSON."""
    if _HARMLESS.fullmatch(text):
        return text
    if len(text) <= 2 * _SHOWN:
        return _form(text)
    return f"{_form(text[:_SHOWN])}…({len(text)})…{_form(text[-_SHOWN:])}"


def _shape(text: str) -> str:
    """Return the form of a value, and its length where it is long."""
    short = _form(text[:_LONGEST])
    return short if len(text) <= _LONGEST else f"{short}…({len(text)})"


def _form(text: str) -> str:
    """Return X for capitals, x for letters, 9 for digits; punctuation stays."""
    return "".join(map(_class_of, text))


def _class_of(char: str) -> str:
    if char.isalpha():
        return "X" if char.isupper() else "x"
    if char.isdigit():
        return "9"
    if "\ud800" <= char <= "\udfff":
        return _NO_UTF_8
    return char if char in _PUNCTUATION else "?"


def _of_its_kind(char: str, drawn: int) -> str:
    if char.isdigit():
        return str(drawn % 10)
    if char.isalpha():
        letter = chr(ord("a") + drawn % 26)
        return letter.upper() if char.isupper() else letter
    return char if char in _PUNCTUATION else "?"
