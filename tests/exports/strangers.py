"""Tables that are no export of GRDF's, as their own programs write them.

Their shapes are public; their meters, amounts and prices are invented.
"""

from collections.abc import Iterable
import csv
from datetime import date, timedelta
from io import StringIO
from typing import Final

from .layouts import Row, workbook_of

FIRST: Final = date(2021, 1, 1)
# A point of an electricity grid has 14 digits, as a PCE has.
_PRM: Final = "09999999912345"


def _days(count: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(count)]


def _amount(number: int) -> int:
    return 7 + number * 5 % 9


def _text(
    rows: Iterable[Row], *, delimiter: str = ";", encoding: str = "utf-8"
) -> bytes:
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(
        ["" if cell is None else cell for cell in row] for row in rows
    )
    return out.getvalue().encode(encoding)


def enedis_daily(count: int = 30) -> bytes:
    """Return Enedis' workbook of daily electricity: a cover, then a sheet of kWh."""
    cover: list[Row] = [("Export de données d'énergie",)]
    rows: list[Row] = [
        *([()] * 7),
        (None, "Point Référence Mesure (PRM) : ", _PRM),
        (None, "Type de données : ", "Consommation Quotidienne"),
        (None, "Date de début : ", f"{FIRST:%d/%m/%Y}"),
        *([()] * 2),
        (None, "Date", "Valeur (en kWh)"),
        *(
            (None, f"{day:%d/%m/%Y}", "NA" if n == 4 else _amount(n) + 0.329)
            for n, day in enumerate(_days(count))
        ),
    ]
    return workbook_of(
        ("Page d'accueil", cover), ("Export Consommation Quotidienne", rows)
    )


def enedis_readings(count: int = 30) -> bytes:
    """Return Enedis' text of the indexes of a meter of electricity, in Wh."""
    rows: list[Row] = [
        (
            *("Identifiant PRM", "Type de donnees", "Date de debut", "Date de fin"),
            *("Grandeur physique", "Grandeur metier", "Etape metier", "Unite"),
        ),
        (
            *(_PRM, "Index", f"{FIRST:%d/%m/%Y}", "31/01/2021"),
            *("Energie active", "Consommation", "Comptage Brut", "Wh"),
        ),
        ("Horodate", "Type de releve", "EAS F1", "EAS F2"),
        *(
            (f"{day}T23:00:00+01:00", "Arrêté quotidien", 1_000_000 + n * 9000, 0)
            for n, day in enumerate(_days(count))
        ),
    ]
    return _text(rows, encoding="utf-8-sig")


def enedis_wh(count: int = 30) -> bytes:
    """Return Enedis' text of the daily electricity in Wh."""
    rows: list[Row] = [
        ("Identifiant PRM", "Type de donnees", "Date de debut", "Date de fin"),
        (_PRM, "Consommation quotidienne", f"{FIRST:%d/%m/%Y}", "31/01/2021"),
        (),
        ("Date", "Valeur (en Wh)"),
        *((str(day), _amount(n) * 1000 + 71) for n, day in enumerate(_days(count))),
    ]
    return _text(rows)


def edf_daily(count: int = 30) -> bytes:
    """Return a supplier's text of daily electricity: "Nature de la donnée"."""
    rows: list[Row] = [
        ("Récapitulatif de ma consommation",),
        ("Ma consommation quotidienne en kWh",),
        (),
        ("Date de consommation", "Consommation (kWh)", "Nature de la donnée"),
        *(
            (f"{day:%d/%m/%Y}", _amount(n), "Réelle" if n % 9 else "Estimée")
            for n, day in enumerate(_days(count))
        ),
    ]
    return _text(rows, encoding="iso8859-1")


def bills() -> bytes:
    """Return a supplier's table of bills: one row each two months."""
    header: Row = ("Date facture", "Consommation (kWh)", "Montant TTC")
    dates = ("05/01/2021", "04/03/2021", "06/05/2021", "05/07/2021", "06/09/2021")
    return _text(
        [header, *((day, 1800 - n * 350, 180 - n * 31) for n, day in enumerate(dates))]
    )


def bill_periods() -> bytes:
    """Return a supplier's table of bills with the start and end of each."""
    header: Row = (
        *("N° de facture", "Début de période", "Fin de période"),
        *("Consommation gaz (kWh)", "Montant TTC (€)"),
    )
    return _text(
        [
            header,
            ("F0001", "05/01/2021", "04/03/2021", 1800, 180.5),
            ("F0002", "05/03/2021", "05/05/2021", 1450, 149.2),
        ]
    )


def home_assistant_history(count: int = 30) -> bytes:
    """Return what Home Assistant's history panel downloads: a counter's states."""
    rows: list[Row] = [
        ("entity_id", "state", "last_changed"),
        *(
            ("sensor.gas_energy", 1000 + n * 11.2, f"{day}T06:00:00.000Z")
            for n, day in enumerate(_days(count))
        ),
    ]
    return _text(rows, delimiter=",")


def home_assistant_statistics(count: int = 30) -> bytes:
    """Return statistics as a custom integration exports them: hours and sums."""
    rows: list[Row] = [
        ("statistic_id", "unit", "start", "state", "sum"),
        *(
            ("sensor.gas_energy", "kWh", f"{day:%d.%m.%Y} 06:00", 11.2, 11.2 * n)
            for n, day in enumerate(_days(count))
        ),
    ]
    return _text(rows, delimiter="\t")


def home_assistant_energy(count: int = 30) -> bytes:
    """Return what Home Assistant's Energy dashboard downloads: a column a day."""
    days = [f"{day - timedelta(days=1)}T23:00:00.000Z" for day in _days(count)]
    amounts = [_amount(number) for number in range(count)]
    rows: list[Row] = [
        ("entity_id", "type", "unit", *days),
        ("grdf_adict:09999999900617_energy", "gas_consumption", "kWh", *amounts),
    ]
    return _text(rows, delimiter=",")


def own_costs(count: int = 30) -> bytes:
    """Return a household's own table of euros."""
    rows: list[Row] = [
        ("Date", "Coût (EUR)"),
        *((f"{day:%d/%m/%Y}", _amount(n) * 0.09) for n, day in enumerate(_days(count))),
    ]
    return _text(rows)


def own_costs_of_energy(count: int = 30) -> bytes:
    """Return a household's own table of the euros that energy has cost."""
    rows: list[Row] = [
        ("Date", "Coût de l'énergie (€)"),
        *(
            (f"{day:%d/%m/%Y}", f"{_amount(n) * 0.09:.2f}".replace(".", ","))
            for n, day in enumerate(_days(count))
        ),
    ]
    return _text(rows)


def water(count: int = 30) -> bytes:
    """Return a table of a water meter."""
    rows: list[Row] = [
        ("Date de relevé", "Index (m3)", "Volume consommé (m3)"),
        *((f"{day:%d/%m/%Y}", 100 + n, 1) for n, day in enumerate(_days(count))),
    ]
    return _text(rows)


def solar(count: int = 30) -> bytes:
    """Return a table of an inverter: what was produced."""
    rows: list[Row] = [
        ("Date", "Production (kWh)", "Injection (kWh)"),
        *((f"{day:%d/%m/%Y}", _amount(n), n % 4) for n, day in enumerate(_days(count))),
    ]
    return _text(rows)
