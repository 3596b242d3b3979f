"""What people do to the columns of a table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

from custom_components.grdf_adict.metering.exported import ExportKind

from . import layouts, table
from .table import Case, Column, Line, Value

type Maker = Callable[[Line, int, float], Value]

_WEEKDAYS: Final = (
    *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
)
_DATES: Final = {
    ExportKind.DAILY: ("Date", "Jour", "Journée gazière", "Date de relève", "Datum"),
    ExportKind.WEEKLY: ("Semaine", "Période", "Date", "Week", "Woche"),
    ExportKind.MONTHLY: ("Mois", "Période", "Date", "Month", "Monat"),
}
_ENERGIES: Final = (
    *("Energie (kWh)", "Énergie consommée (kWh)", "Consommation (kWh)", "kWh"),
    *("Consommation gaz (kWh)", "ENERGIE CONSOMMEE KWH", "Energy (kWh)"),
    *("Verbrauch (kWh)", "Conso kWh", "Energie consommée"),
)
_VOLUMES: Final = (
    *("Volume (m3)", "m3", "Volume (m³)", "Volumen (m³)", "Volume consommé"),
    *("Consommation (m3)", "Conso m³"),
)
_REMOVABLE: Final = (
    *(table.INDEX_START, table.INDEX_END, table.VOLUME, table.COEFFICIENT),
    *(table.TEMPERATURE, table.QUALIFICATION),
)


def _energy(line: Line) -> float:
    value = line.cells.get(table.ENERGY)
    return value if isinstance(value, int | float) else 0.0


def _nth_day(line: Line) -> int:
    return line.when.first.toordinal() if line.when else 0


# The header of a column that a household may add, and its cells: from the row, its
# place and the energy so far.
_ADDED: Final[dict[str, Maker]] = {
    "Coût (€)": lambda line, *_: round(_energy(line) * 0.0912, 2),
    "Coût de l'énergie (€)": lambda line, *_: round(_energy(line) * 0.0912, 2),
    "Montant TTC": lambda line, *_: round(_energy(line) * 0.1123 + 0.5, 2),
    "Prix du kWh (€)": lambda *_: 0.0912,
    "Consommation électricité (kWh)": lambda line, *_: 5 + _nth_day(line) * 7 % 11,
    "Électricité (kWh)": lambda line, *_: 5 + _nth_day(line) * 7 % 11,
    "Énergie N-1 (kWh)": lambda line, *_: round(_energy(line) * 0.9) + 1,
    "Energie année précédente (kWh)": lambda line, *_: round(_energy(line) * 1.1) + 2,
    "Cumul (kWh)": lambda _line, _at, so_far: so_far,
    "Energie cumulée (kWh)": lambda _line, _at, so_far: so_far,
    "Moyenne (kWh)": lambda line, *_: round(_energy(line) * 0.5 + 20, 1),
    "Objectif (kWh)": lambda *_: 80,
    "Ecart (kWh)": lambda line, *_: round(_energy(line) - 80, 2),
    "Puissance (kW)": lambda line, *_: round(_energy(line) / 24, 2),
    "CO2 (kg)": lambda line, *_: round(_energy(line) * 0.227, 2),
    "DJU": lambda line, *_: round(_nth_day(line) * 13 % 170 / 10, 1),
    "Température moyenne": lambda line, *_: round(_nth_day(line) * 7 % 240 / 10, 1),
    "Commentaire": lambda _line, at, _: "vacances" if at % 9 == 4 else None,
    "Logement": lambda *_: "Maison",
    "N°": lambda _line, at, _: at + 1,
    "Date d'import": lambda *_: "24/11/2021",
    "Date de facture": lambda line, *_: (
        line.when.first.replace(day=28) + timedelta(days=9) if line.when else None
    ),
    "Heure": lambda *_: "06:00",
    "Jour de la semaine": lambda line, *_: (
        _WEEKDAYS[line.when.first.weekday()] if line.when else None
    ),
    "Année": lambda line, *_: line.when.first.year if line.when else None,
}
# Names that are usual for the column of dates itself.
_ADDED_TO_DAYS: Final[dict[str, Maker]] = {
    "Jour": _ADDED["Jour de la semaine"],
    "Mois": lambda line, *_: (
        layouts.MONTHS[line.when.first.month - 1] if line.when else None
    ),
    "Semaine": lambda line, *_: (
        line.when.first.isocalendar().week if line.when else None
    ),
}


def moved(case: Case, roll: Random) -> Case | None:
    """Put the columns into another order."""
    columns = list(case.page.columns)
    roll.shuffle(columns)
    return case.with_page(replace(case.page, columns=tuple(columns)))


def _inserted(case: Case, label: str, maker: Maker, at: int) -> Case:
    page = case.page
    so_far = 0.0
    lines: list[Line] = []
    count = 0
    for line in page.lines:
        if line.when is None:
            texts = line.texts
            padded = (*texts[:at], None, *texts[at:]) if len(texts) > at else texts
            lines.append(replace(line, texts=padded))
            continue
        so_far = round(so_far + _energy(line), 2)
        value = maker(line, count, so_far)
        lines.append(replace(line, cells={**line.cells, label: value}))
        count += 1
    columns = list(page.columns)
    columns.insert(at, Column(label, label))
    return case.with_page(replace(page, columns=tuple(columns), lines=tuple(lines)))


def inserted(case: Case, roll: Random) -> Case | None:
    """Add a column somewhere."""
    added = _ADDED | (_ADDED_TO_DAYS if case.kind is ExportKind.DAILY else {})
    label = roll.choice(list(added))
    at = roll.randint(0, len(case.page.columns))
    return _inserted(case, label, added[label], at)


def inserted_left(case: Case, roll: Random) -> Case | None:
    """Add a column of amounts on the left of GRDF's."""
    label = roll.choice([each for each in _ADDED if "kWh" in each or "€" in each])
    return _inserted(case, label, _ADDED[label], roll.randint(0, 1))


def removed(case: Case, roll: Random) -> Case | None:
    """Delete some of the columns that are not needed."""
    page = case.page
    present = [c.role for c in page.columns if c.role in _REMOVABLE]
    if not present:
        return None
    gone = set(roll.sample(present, roll.randint(1, len(present))))
    columns = tuple(c for c in page.columns if c.role not in gone)
    return replace(
        case.with_page(replace(page, columns=columns)),
        volume_shown=case.volume_shown and table.VOLUME not in gone,
        zeros_unsure=case.zeros_unsure or table.QUALIFICATION in gone,
    )


def removed_but_two(case: Case, _roll: Random) -> Case | None:
    """Keep the dates and the energy alone."""
    page = case.page
    if len(case.meters) > 1:
        return None
    kept = tuple(c for c in page.columns if c.role in (table.DATE, table.ENERGY))
    return replace(
        case.with_page(replace(page, columns=kept)),
        volume_shown=False,
        zeros_unsure=True,
    )


def _renamed(case: Case, role: str, label: str) -> Case:
    columns = tuple(
        replace(column, label=label) if column.role == role else column
        for column in case.page.columns
    )
    return case.with_page(replace(case.page, columns=columns))


def date_renamed(case: Case, roll: Random) -> Case | None:
    """Head the dates otherwise."""
    return _renamed(case, table.DATE, roll.choice(_DATES[case.kind]))


def energy_renamed(case: Case, roll: Random) -> Case | None:
    """Head the energy otherwise."""
    return _renamed(case, table.ENERGY, roll.choice(_ENERGIES))


def volume_renamed(case: Case, roll: Random) -> Case | None:
    """Head the volume otherwise."""
    case = replace(case, volume_shown=False)
    return _renamed(case, table.VOLUME, roll.choice(_VOLUMES))


def all_renamed(case: Case, roll: Random) -> Case | None:
    """Translate the header."""
    english = roll.random() < 0.5
    labels = (
        {
            table.DATE: "Date",
            table.INDEX_START: "Start index (m3)",
            table.INDEX_END: "End index (m3)",
            table.VOLUME: "Volume (m3)",
            table.ENERGY: "Energy (kWh)",
            table.COEFFICIENT: "Conversion factor",
            table.TEMPERATURE: "Temperature (°C)",
            table.QUALIFICATION: "Quality",
        }
        if english
        else {
            table.DATE: "Datum",
            table.INDEX_START: "Zählerstand Anfang (m3)",
            table.INDEX_END: "Zählerstand Ende (m3)",
            table.VOLUME: "Volumen (m3)",
            table.ENERGY: "Energie (kWh)",
            table.COEFFICIENT: "Umrechnungsfaktor",
            table.TEMPERATURE: "Temperatur (°C)",
            table.QUALIFICATION: "Qualität",
        }
    )
    for role, label in labels.items():
        case = _renamed(case, role, label)
    return replace(case, volume_shown=False)


def hidden(case: Case, roll: Random) -> Case | None:
    """Hide a column that is not needed."""
    page = case.page
    if not case.form.workbook:
        return None
    spare = [c for c in page.columns if c.role not in (table.DATE, table.ENERGY)]
    spare = [c for c in spare if c.role != table.PCE]
    if not spare:
        return None
    one = roll.choice(spare)
    columns = tuple(replace(c, hidden=True) if c is one else c for c in page.columns)
    return replace(
        case.with_page(replace(page, columns=columns)),
        volume_shown=case.volume_shown and one.role != table.VOLUME,
        zeros_unsure=case.zeros_unsure or one.role == table.QUALIFICATION,
    )


def other_energy_hidden(case: Case, roll: Random) -> Case | None:
    """Add a column of other energies, and hide it."""
    if not case.form.workbook:
        return None
    label = roll.choice(("Énergie N-1 (kWh)", "Cumul (kWh)", "Energie estimée (kWh)"))
    maker = _ADDED.get(label, _ADDED["Moyenne (kWh)"])
    at = roll.randint(0, len(case.page.columns))
    case = _inserted(case, label, maker, at)
    columns = tuple(
        replace(c, hidden=True) if c.role == label else c for c in case.page.columns
    )
    return case.with_page(replace(case.page, columns=columns))


def of_two_sites(case: Case, roll: Random) -> Case | None:
    """Add a column of another site's energy: neither is more likely than the other."""
    if case.form.factor != 1:
        # The row of units below the header would name MWh beside its column.
        return None
    page = case.page
    shift = 0 if roll.random() < 0.5 else 1
    label = roll.choice(("Energie site {} (kWh)", "Consommation {} (kWh)"))
    if roll.random() < 0.3:
        label = page.label(table.ENERGY)
    else:
        case = _renamed(case, table.ENERGY, label.format("A"))
    at = page.columns.index(next(c for c in page.columns if c.role == table.ENERGY))
    case = _inserted(case, "site B", _ADDED["Moyenne (kWh)"], at + shift)
    columns = tuple(
        replace(c, label=label.format("B")) if c.role == "site B" else c
        for c in case.page.columns
        # Volume and index would tell which of them is this meter's.
        if c.role not in (table.VOLUME, table.INDEX_START, table.INDEX_END)
    )
    return replace(
        case.with_page(replace(case.page, columns=columns)),
        volume_shown=False,
        doubtful=True,
    )


OPERATIONS: Final = (
    *(moved, inserted, inserted_left, removed, removed_but_two),
    *(date_renamed, energy_renamed, volume_renamed, all_renamed),
    *(hidden, other_energy_hidden, of_two_sites),
)
