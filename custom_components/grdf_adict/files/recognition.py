"""Whether a table is gas measured by GRDF: what shows it, and what shows otherwise.

A household has many tables with dates and kWh. What GRDF measured is recognised by its
own headers, by a PCE, or by m³ beside the kWh: a cubic metre is 8 to 13 kWh. Layouts of
others that are known are named, so that their refusal says what to do.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from ..metering import ExportedRow
from .cells import pce_in_name
from .errors import Problem
from .header import Header, Rank, header_of, headings_of
from .header_text import header_words
from .tables import Cells


class Evidence(StrEnum):
    """What shows that a table is gas measured by GRDF; each has a translated text."""

    GRDF_HEADERS = "grdf_headers"
    GRDF_TITLE = "grdf_title"
    """"Données informatives", above the table."""
    GRDF_SHEET = "grdf_sheet"
    """"Historique par mois": others may call a sheet so, and it is not enough."""
    GRDF_FILE_NAME = "grdf_file_name"
    PCE = "pce"
    """In a title, a column, or the name of a file that says that it is of gas: 14
    digits alone may be those of an electricity meter."""
    VOLUMES = "volumes"
    """m³ beside the kWh: 8 to 13 kWh each."""
    COEFFICIENTS = "coefficients"
    """The rows' own coefficients lead from m³ to kWh."""
    INDEXES = "indexes"
    """The index differences are the volumes."""


class Measured(NamedTuple):
    """What the amounts of a table show.

    Attributes:
        evidence: for gas.
        is_odd: whether the m³ and the kWh do not belong together as gas's do.
        is_wrong: whether they cannot be those of gas: one has another unit.
    """

    evidence: frozenset[Evidence]
    is_odd: bool = False
    is_wrong: bool = False


STRANGERS: Final = (
    Problem.OWN_EXPORT,
    Problem.HOME_ASSISTANT_EXPORT,
    Problem.ELECTRICITY,
    Problem.BILL,
    Problem.LOWER_HEATING_VALUE,
    Problem.WATER,
)
"""Tables of others, in the order in which they are reported."""

# kWh PCS a cubic metre of gas, of both kinds and at any height in France.
_KWH_A_M3: Final = (8.0, 13.0)
# A meter without correction counts compressed gas: several times as many kWh.
_KWH_A_COMPRESSED_M3: Final = (8.0, 100.0)
# Below this, whole m³ say little of a ratio.
_TELLING_M3: Final = 20.0
_ROUNDED: Final = 0.02
_TELLING_ROWS: Final = 10
_FEW_ROWS: Final = 6

_SHEETS: Final = (
    frozenset({"historique", "par", "mois"}),
    frozenset({"consommation", "informative"}),
    frozenset({"donnees", "informatives"}),
)
_TITLE: Final = frozenset({"donnees", "informatives"})

_GAS: Final = frozenset({"pce", "gaz", "gas", "grdf", "gazpar"})
_ELECTRIC: Final = frozenset({"enedis", "linky", "prm", "pdl", "kva"})
# What a spreadsheet of each of these has in its header.
_ELECTRIC_HEADERS: Final = (
    frozenset({"horodate", "valeur"}),
    frozenset({"valeur", "kw"}),
    frozenset({"hp", "hc"}),
    frozenset({"heures", "pleines"}),
    frozenset({"heures", "creuses"}),
    frozenset({"eas", "f1"}),
)
_HOME_ASSISTANT: Final = (
    frozenset({"entity", "id", "state"}),
    frozenset({"entity", "id", "type", "unit"}),
    frozenset({"statistic", "id"}),
)
# Of the table that the action writes, in French and in English.
_OWN: Final = (
    frozenset({"pce", "compteur", "journee", "origine"}),
    frozenset({"pce", "meter", "gas", "day", "source"}),
)
_WATER: Final = frozenset({"eau", "water", "litres", "litre"})
_BILL: Final = ("factur", "invoice", "billing")


def names_columns(cells: Cells) -> bool:
    """Return whether a row is a header, of ours or of a known stranger."""
    return header_of(cells) is not None or stranger(cells) is not None


def marks_of_sheet(name: str) -> set[Evidence]:
    """Return what the name of a sheet shows; that of a text table is empty."""
    is_grdf = any(known <= header_words(name) for known in _SHEETS)
    return {Evidence.GRDF_SHEET} if is_grdf else set()


def marks_of_title(cells: Cells) -> set[Evidence]:
    """Return what a row above a table shows."""
    is_grdf = any(header_words(cell) >= _TITLE for cell in cells)
    return {Evidence.GRDF_TITLE} if is_grdf else set()


def marks_of_file(name: str) -> set[Evidence]:
    """Return what a file's name shows: `Donnees_informatives_<PCE>….xlsx`."""
    words = header_words(name)
    pce = pce_in_name(name)
    is_pce = pce and (pce.pce.startswith("GI") or not words.isdisjoint(_GAS))
    return {
        *([Evidence.GRDF_FILE_NAME] if words >= _TITLE else []),
        *([Evidence.PCE] if is_pce else []),
    }


def mentions_electricity(cells: Cells) -> bool:
    """Return whether a title, a sheet's name or a file's is of electricity alone."""
    words = _words(cells)
    named = words & _ELECTRIC or any(word.startswith("electri") for word in words)
    return bool(named) and words.isdisjoint(_GAS)


def stranger(cells: Cells, *, is_electric: bool = False) -> Problem | None:
    """Return whose header a row is, if it is not one of gas measured by GRDF.

    Args:
        cells: of the row.
        is_electric: whether what stands above it is of electricity.
    """
    header = headings_of(cells)
    words = _words(cells)
    # "Date de relevé" and "Energie consommée (kWh)" are in many tables.
    may_be_electric = is_electric and header.own <= {"date", "energy"}
    names_electric = any(known <= words for known in _ELECTRIC_HEADERS)
    if header.is_grdf and not may_be_electric and not names_electric:
        return None
    energies = header.named("energy")
    is_gas = any(each.rank is Rank.GAS for each in energies)
    has_date = bool(header.named("date"))
    without_energy = has_date and not energies
    is_theirs = {
        Problem.OWN_EXPORT: any(known <= words for known in _OWN),
        Problem.HOME_ASSISTANT_EXPORT: any(known <= words for known in _HOME_ASSISTANT),
        Problem.ELECTRICITY: not is_gas
        and _is_electric(words, header, is_electric=is_electric),
        Problem.BILL: has_date and bool(energies) and _is_bill(words),
        Problem.LOWER_HEATING_VALUE: without_energy and bool(header.named("pci")),
        Problem.WATER: without_energy and not words.isdisjoint(_WATER),
    }
    return next((problem for problem in STRANGERS if is_theirs[problem]), None)


def measured(rows: Iterable[ExportedRow]) -> Measured:
    """Return what the kWh, the m³, the coefficients and the indexes of rows show."""
    counted = [
        (row, row.energy, volume)
        for row in rows
        if row.energy is not None and (volume := _volume(row))
    ]
    if not counted:
        return Measured(frozenset())
    whole = sum(volume for _, _, volume in counted)
    # An index may be repeated on each day of a month: that contradicts nothing.
    by_volume = sum(row.volume or 0.0 for row, _, _ in counted)
    ratios = (
        sum(energy for _, energy, _ in counted) / whole,
        median(energy / volume for _, energy, volume in counted),
    )
    explained = [
        _is_explained(row.coefficient, energy, volume)
        for row, energy, volume in counted
        if row.coefficient is not None
    ]
    indexed = [
        abs(row.index_end - row.index_start - row.volume) <= 1
        for row, _, _ in counted
        if row.volume and row.index_start is not None and row.index_end is not None
    ]
    shown = {
        Evidence.VOLUMES: any(_is_between(ratio, _KWH_A_M3) for ratio in ratios),
        Evidence.COEFFICIENTS: _most(explained),
        Evidence.INDEXES: _most(indexed),
    }
    is_odd = (
        by_volume >= _TELLING_M3
        and not shown[Evidence.VOLUMES]
        and not shown[Evidence.COEFFICIENTS]
    )
    return Measured(
        frozenset(evidence for evidence, is_shown in shown.items() if is_shown),
        is_odd=is_odd,
        is_wrong=is_odd
        and not any(_is_between(ratio, _KWH_A_COMPRESSED_M3) for ratio in ratios),
    )


def is_running_total(rows: Sequence[ExportedRow]) -> bool:
    """Return whether energies, by date, only grow: those of an index, or added up.

    A household's gas does not grow from row to row ten times running; nor six times by
    little of what it is. An index that was read wrongly once falls back.
    """
    energies = [row.energy for row in rows if row.energy is not None]
    steps = [after - before for before, after in pairwise(energies)]
    if len(energies) < _FEW_ROWS or not _most([step > 0 for step in steps]):
        return False
    is_slow = energies[0] > _TELLING_ROWS * median(steps)
    falls = [step for step in steps if step < 0]
    if len(energies) < _TELLING_ROWS:
        return is_slow and not falls and min(steps) > 0
    return not falls or (is_slow and len(falls) * _TELLING_ROWS <= len(steps))


def _words(cells: Cells) -> frozenset[str]:
    return frozenset().union(*map(header_words, cells))


def _is_electric(words: frozenset[str], header: Header, *, is_electric: bool) -> bool:
    """Return whether a header is of electricity, or of a supplier that bills it."""
    if any(known <= words for known in _ELECTRIC_HEADERS):
        return True
    # "Nature de la donnée", whatever the encoding made of it.
    is_suppliers = {"consommation", "nature"} <= words and any(
        word.startswith("donn") for word in words
    )
    if is_suppliers:
        return True
    if not header.named("date"):
        return False
    if header.named("energy"):
        is_named = is_electric or not words.isdisjoint(_ELECTRIC)
        return is_named and "pce" not in words
    return any(word.startswith("elec") for word in words)


def _is_bill(words: frozenset[str]) -> bool:
    is_invoiced = {"montant"} <= words and not words.isdisjoint({"ttc", "ht"})
    return is_invoiced or any(word.startswith(_BILL) for word in words)


def _volume(row: ExportedRow) -> float | None:
    """Return a row's m³, or what its index counted; None where neither is known."""
    if row.volume is not None:
        return row.volume
    if row.index_start is None or row.index_end is None:
        return None
    return max(row.index_end - row.index_start, 0.0)


def _is_explained(coefficient: float, energy: float, volume: float) -> bool:
    """Return whether a coefficient leads from m³, which may be rounded, to kWh."""
    off = abs(energy - volume * coefficient)
    return _is_between(coefficient, _KWH_A_COMPRESSED_M3) and (
        off <= max(1.0, _ROUNDED * energy) + 0.5 * coefficient
    )


def _is_between(ratio: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= ratio <= bounds[1]


def _most(seen: Sequence[bool]) -> bool:
    return 2 * sum(seen) > len(seen)
