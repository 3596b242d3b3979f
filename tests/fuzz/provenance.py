"""Whether a value stands in an answer: by another way than the client's own."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import product
import json
import math
import re
from typing import Any, Final
import unicodedata
from zoneinfo import ZoneInfo

from custom_components.grdf_adict.adict import (
    AccessRightState,
    ConsumptionKind,
    ConsumptionStatus,
    FlowDirection,
    Frequency,
    Journey,
    ProofState,
    Qualification,
    ReadingQuality,
    ReadingStatus,
    Role,
)

_PARIS: Final = ZoneInfo("Europe/Paris")
# Of a very long answer, what begins among its first and last braces.
_MOST_OBJECTS: Final = 100
# What GRDF calls each of ours (API notes §4, §5, §6), folded.
_WORDS: Final[dict[StrEnum, tuple[str, ...]]] = {
    Role.SUPPLY_AUTHORISED: ("autorise contrat fourniture",),
    Role.SUPPLY_HOLDER: ("detenteur contrat fourniture",),
    Role.INJECTION_AUTHORISED: ("autorise contrat injection",),
    Role.INJECTION_HOLDER: ("detenteur contrat injection",),
    AccessRightState.ACTIVE: ("active",),
    AccessRightState.TO_VALIDATE: ("a valider",),
    AccessRightState.REVOKED: ("revoquee",),
    AccessRightState.TO_RECHECK: ("a reverifier",),
    AccessRightState.OBSOLETE: ("obsolete",),
    AccessRightState.REFUSED: ("refusee",),
    Journey.DIRECT: ("tiers direct",),
    Journey.CLIENT_CONNECT: ("client connect",),
    ProofState.AWAITED: ("preuve en attente",),
    ProofState.UNDER_REVIEW: ("preuve en cours de verification", "preuve a verifier"),
    ProofState.ACCEPTED: ("preuve verifiee ok",),
    ProofState.REFUSED: ("preuve verifiee ko",),
    Qualification.MEASURED: ("mesure",),
    Qualification.ESTIMATED: ("estime",),
    Qualification.CORRECTED: ("corrige",),
    Qualification.ABSENT: ("absence de donnees",),
    ConsumptionStatus.PROVISIONAL: ("provisoire",),
    ConsumptionStatus.FINAL: ("definitive",),
    ConsumptionKind.PUBLISHED: ("publiee",),
    ConsumptionKind.INFORMATIVE_DAILY: (
        "informative journalier",
        "informative journaliere",
    ),
    ConsumptionKind.INFORMATIVE_HOURLY: ("informative horaire",),
    FlowDirection.CONSUMPTION: ("consommation",),
    ReadingQuality.MEASURED: ("mesure",),
    ReadingQuality.ESTIMATED: ("estimation", "estime"),
    ReadingStatus.NORMAL: ("normal",),
    ReadingStatus.RECTIFIED: ("rectifie",),
    ReadingStatus.CORRECTED: ("corrige",),
    ReadingStatus.ABSENT: ("absence de donnees",),
    Frequency.SIX_MONTHLY: ("6m",),
    Frequency.MONTHLY: ("1m",),
    Frequency.BUSINESS_MONTHLY: ("mm",),
    Frequency.DAILY: ("jj",),
}
# An injection's are given by the call that was made, not by the answer.
_GIVEN: Final = {ConsumptionKind.INJECTION, FlowDirection.PRODUCTION}
# Ours to say: whether to wait, words that are masked, and why a value is refused.
_OURS: Final = {"waiting", "message", "code", "refused"}
_LONGEST_TEXT: Final = 200


@dataclass(frozen=True)
class Said:
    """An object of an answer, as the scalars that stand in it."""

    leaves: tuple[object, ...] = field(repr=False)

    @cached_property
    def texts(self) -> set[str]:
        """Every scalar as text; a whole number beyond 64 bits is a double."""
        doubles = {
            str(float(leaf))
            for leaf in self.leaves
            if isinstance(leaf, int) and not -(2**63) <= leaf < 2**64
        }
        return doubles | {str(leaf).strip() for leaf in self.leaves}

    @cached_property
    def folded(self) -> set[str]:
        """Every text without case, accents and underscores."""
        return {_folded(text) for text in self.texts}

    @cached_property
    def pces(self) -> set[str]:
        """Every text without blanks, in capitals."""
        return {"".join(text.split()).upper() for text in self.texts}

    @cached_property
    def numbers(self) -> set[float]:
        """Every scalar that can be read as a number."""
        return {number for leaf in self.leaves if (number := _number(leaf)) is not None}

    @cached_property
    def days(self) -> set[date]:
        """Every text that begins with a date."""
        return {day for text in self.texts if (day := _day(text)) is not None}

    @cached_property
    def moments(self) -> set[datetime]:
        """Every text that is a time, and where dates and their gas days begin."""
        starts = {
            datetime.combine(day + timedelta(days=more), at, _PARIS)
            for day in self.days
            for more in (0, 1)
            for at in (time(), time(6))
            if day.year < date.max.year
        }
        found = starts | {at for text in self.texts if (at := _moment(text))}
        return {_instant(at) for at in found}

    def says(self, name: str, value: object) -> bool:
        """Whether a value of a field is in the object."""
        match value:
            case StrEnum():
                words = _WORDS.get(value, ())
                return any(_folded(word) in self.folded for word in words)
            case True:
                return bool(self.folded & {"vrai", "oui", "true"})
            case datetime():
                return _instant(value) in self.moments
            case date():
                return value in self.days
            case int() | float():
                return value in self.numbers or self._makes(name, value)
            case _:
                # Blanks between tokens were made plain: within texts too.
                text = str(value).replace("\N{NO-BREAK SPACE}", " ").strip()
                return (
                    text in self.texts
                    or text in self.pces
                    or (
                        len(text) == _LONGEST_TEXT
                        and any(each.startswith(text) for each in self.texts)
                    )
                )

    def _makes(self, name: str, value: float) -> bool:
        """Whether a value is made of numbers of the object, as a rule says."""
        if name == "conversion_coefficient":
            return any(a * b == value for a, b in product(self.numbers, repeat=2))
        if name == "delivery_pressure":
            return any(number / 1000 == value for number in self.numbers)
        whole = {int(number) for number in self.numbers}
        return name == "slip_gas_days" and value in whole


class Objects:
    """The JSON objects that begin anywhere in an answer, read as they are needed."""

    def __init__(self, body: bytes) -> None:
        """Begin with none read."""
        self._read: list[Said] = []
        self._to_come = _said(body)

    def unsaid(self, item: object) -> list[str]:
        """Return the fields of an item whose values stand in no one object with it."""
        facts = list(_facts(item))
        fewest = [name for name, _ in facts]
        for each in self._all():
            missing = [name for name, value in facts if not each.says(name, value)]
            if not missing:
                return []
            fewest = min(fewest, missing, key=len)
        return fewest

    def _all(self) -> Iterator[Said]:
        yield from self._read
        for each in self._to_come:
            self._read.append(each)
            yield each


def _said(body: bytes) -> Iterator[Said]:
    text = body.decode("utf-8", "replace").replace("\N{NO-BREAK SPACE}", " ")
    whole = json.JSONDecoder(
        strict=False, parse_int=_parse_int, parse_constant=lambda _: None
    )
    starts = [match.start() for match in re.finditer(r"\{", text)]
    if len(starts) > 2 * _MOST_OBJECTS:
        starts = starts[:_MOST_OBJECTS] + starts[-_MOST_OBJECTS:]
    within, end = [], 0
    for start in starts:
        if start < end:
            within.append(start)
            continue
        try:
            value, end = whole.raw_decode(text, start)
        except ValueError, RecursionError:
            continue
        yield Said(tuple(_leaves(value)))
    for start in within:
        try:
            value, _ = whole.raw_decode(text, start)
        except ValueError, RecursionError:
            continue
        yield Said(tuple(_leaves(value)))


def _facts(item: object) -> Iterator[tuple[str, object]]:
    """Yield what an item says: fields that are not silent, those within too."""
    if not is_dataclass(item):
        return
    for each in fields(item):
        value = getattr(item, each.name)
        if is_dataclass(value):
            yield from _facts(value)
        elif isinstance(value, StrEnum) and (
            value.value == "unknown" or value in _GIVEN
        ):
            continue
        elif value not in (None, "", False, ()) and each.name not in _OURS:
            yield each.name, value


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif value is not None:
        yield value


def _parse_int(digits: str) -> float | int:
    # Python reads no longer ones; nor would a double tell them apart.
    return int(digits) if len(digits) < 300 else math.inf


def _number(leaf: object) -> float | None:
    if isinstance(leaf, bool):
        return None
    try:
        number = float("".join(str(leaf).split()).replace(",", "."))
    except ValueError, OverflowError:
        return None
    # Python reads words as numbers too: "nan", "Infinity".
    return number if math.isfinite(number) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=_PARIS)


def _instant(at: datetime) -> Any:
    try:
        return at.astimezone(UTC)
    except OverflowError:  # at the calendar's end
        return at.isoformat()


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("_", " "))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(letters.casefold().split())
