"""Tables of others, which are named in their refusal and never taken for gas.

The headers are those of Enedis, of suppliers, of water companies and of Home Assistant.
"""

import json
from pathlib import Path

import pytest

import custom_components.grdf_adict as integration
from custom_components.grdf_adict.files import Problem, Question
from tests.exports import workbook_of
from tests.exports.layouts import Row

from .common import HEADER, PCE, day_row, question, read, refusal, table, warned

TRANSLATIONS = Path(str(integration.__file__)).parent / "translations"


def csv(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Date de consommation;Consommation (kWh);Nature de la donnée",
            "01/01/2024;12,34;Réelle",
        ),
        (
            "Récapitulatif de ma consommation",
            "Date de consommation;Consommation (kWh);Nature de la donn\ufffde",
            "01/01/2024;12,34;Réelle",
        ),
        (
            "Période de consommation;Consommation (kWh);Nature de la donnée (estimée)",
            "01/07/2024;4,749;-",
        ),
        (
            "Identifiant PRM;Type de donnees;Date de debut;Date de fin",
            "12345678901234;Courbe de charge;01/06/2024;03/06/2024",
            "Horodate;Valeur",
            "2024-06-01T00:30:00+02:00;540",
        ),
        (
            "Identifiant PRM;Type de donnees;Date de debut;Date de fin",
            "12345678901234;Consommation quotidienne;01/06/2024;03/06/2024",
            "",
            "Date;Valeur (en Wh)",
            "2024-06-01;12571",
        ),
        ("Début;Fin;Valeur (en kW)", "02/03/2023 00:00:00;02/03/2023 00:30:00;4,030"),
        ("PRM;Date;Consommation (kWh)", "12345678901234;01/01/2024;12"),
        ("Date;Consommation (kWh);HP (kWh);HC (kWh)", "01/01/2024;12;7;5"),
        ("Date;Heures pleines (kWh);Heures creuses (kWh)", "01/01/2024;7;5"),
        ("Date;Consommation électricité (kWh)", "01/01/2024;12"),
        ("Ma consommation d'électricité", "Date;Consommation (kWh)", "01/01/2024;12"),
        ("Compteur Linky", "Date,Consommation (kWh)", "01/01/2024,12"),
    ],
)
def test_an_export_of_electricity_is_refused_as_such(lines: tuple[str, ...]) -> None:
    assert refusal(csv(*lines)).problem is Problem.ELECTRICITY


@pytest.mark.parametrize(
    "name",
    [
        "Enedis_Conso_Jour_20240101-20240131_12345678901234.csv",
        "conso-linky.csv",
        "Electricité 2024.csv",
    ],
)
def test_a_file_named_after_electricity_is_refused_as_such(name: str) -> None:
    content = csv("Date;Consommation (kWh)", "01/01/2024;12")

    assert refusal(content, name).problem is Problem.ELECTRICITY


@pytest.mark.parametrize(
    "lines",
    [
        ("Date facture;Consommation (kWh);Montant TTC", "01/01/2024;1200;131,20"),
        ("N° facture;Date;Energie (kWh);Montant (€)", "F-1;01/01/2024;1200;131,20"),
        ("Date;Consommation (kWh);Montant HT", "01/01/2024;1200;131,20"),
        (
            "Date de facturation;Volume (m3);Consommation gaz (kWh)",
            "01/01/2024;100;1120",
        ),
    ],
)
def test_a_table_of_bills_is_refused_as_such(lines: tuple[str, ...]) -> None:
    assert refusal(csv(*lines), f"gaz-{PCE}.csv").problem is Problem.BILL


@pytest.mark.parametrize(
    "header",
    [
        "entity_id,state,last_changed",
        "entity_id,type,unit,2024-01-05T10:00:00.000Z,2024-01-05T11:00:00.000Z",
        "statistic_id,unit,start,min,max,mean",
        "statistic_id\tunit\tstart\tsum\tstate",
    ],
)
def test_an_export_of_home_assistant_is_refused_as_such(header: str) -> None:
    content = csv(header, "sensor.gas,134,2024-01-05T10:00:00.000Z")

    assert refusal(content).problem is Problem.HOME_ASSISTANT_EXPORT


@pytest.mark.parametrize(
    "header",
    [
        "Date de relevé;Index relevé (litres);Consommation (litres);Index Mesuré",
        "date;consommation (litres);index",
        "Date;Volume d'eau (m3)",
    ],
)
def test_an_export_of_a_water_meter_is_refused_as_such(header: str) -> None:
    content = csv(header, "01/01/2024;71;2043608")

    assert refusal(content).problem is Problem.WATER


def test_energy_in_kwh_pci_alone_is_refused_as_such() -> None:
    content = csv("Date;Volume (m3);Energie (kWh PCI)", "01/01/2024;12;121")

    assert refusal(content).problem is Problem.LOWER_HEATING_VALUE


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("dates", [["gas_day"], ["first_day", "last_day", "days"]])
def test_what_this_integration_exports_is_refused_as_such(
    language: str, dates: list[str]
) -> None:
    texts = json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))
    names = texts["selector"]["export_column"]["options"]
    columns = ["pce", "meter", *dates, "energy", "volume", "coefficient", "source"]
    header = [names[column] for column in columns]
    row = [PCE, "Maison", *["2024-01-01"] * len(dates), "134", "12", "11,2", "GRDF"]

    content = csv(";".join([*header, f"{names['cost']} (EUR)"]), ";".join(row))

    assert refusal(content).problem is Problem.OWN_EXPORT


def test_the_headers_of_grdf_are_never_a_strangers() -> None:
    header = (*HEADER, "Consommation électricité (kWh)", "Coût (€)", "N° facture")
    above: list[Row] = [("Compteur Linky : PRM 12345678901234",)]
    content = table((*day_row("10/01/2021", 134), 7, 12.5, "F-1"), header=header)

    assert read(content, "Enedis.xlsx").meters[0].energy == 134
    assert read(table(day_row("10/01/2021"), above=above)).meters[0].energy == 10


@pytest.mark.parametrize(
    "lines",
    [
        ("Date;Electricité (kWh);Gaz (kWh)", "11/01/2024;7;134"),
        ("Suivi électricité et gaz", "Date;Consommation (kWh)", "11/01/2024;134"),
        (f"N° PCE : {PCE}", "Electricité", "Date;Energie (kWh)", "11/01/2024;134"),
    ],
)
def test_gas_beside_electricity_is_read(lines: tuple[str, ...]) -> None:
    assert read(csv(*lines), f"gaz-{PCE}.csv").meters[0].energy == 134


@pytest.mark.parametrize(
    ("header", "other"),
    [
        ("Date;Fluide;Consommation (kWh)", "Electricité"),
        ("Date;Energie;Consommation (kWh)", "Eau chaude"),
        ("Date;Type d'énergie;Energie (kWh)", "Fioul"),
        ("Date;Sens;Energie (kWh)", "Injecté"),
        ("Date;Sens;Energie (kWh)", "Gaz injecté"),
    ],
)
def test_rows_of_something_else_are_left_out_and_told(header: str, other: str) -> None:
    rows = ("01/01/2024;Gaz;134", f"02/01/2024;{other};7", "03/01/2024;;20")

    name = f"gaz-{PCE}.csv"

    file = read(csv(header, *rows), name)

    assert [row.energy for row in file.meters[0].rows] == [134, 20]
    assert warned(file, Problem.OTHER_FLUIDS).rows == (3,)
    assert refusal(csv(header, rows[1]), name).problem is Problem.OTHER_FLUIDS


def test_a_strangers_sheet_is_left_out_and_told_where_another_is_gas() -> None:
    content = workbook_of(
        ("Gaz", [("N° PCE :", PCE), ("Date", "kWh"), ("10/01/2021", 134)]),
        ("Electricité", [("Date", "kWh"), ("11/01/2021", 7)]),
    )

    file = read(content)

    assert file.meters[0].energy == 134
    assert warned(file, Problem.ELECTRICITY).sheet == 2


def test_a_strangers_table_below_one_of_gas_adds_nothing() -> None:
    content = workbook_of(
        (
            "Feuil1",
            [
                *[HEADER, day_row("10/01/2021", 134)],
                ("Date", "Volume (m3)", "Electricité (kWh)"),
                ("11/01/2021", 12, 7),
            ],
        )
    )

    file = read(content)

    assert file.meters[0].energy == 134
    assert warned(file, Problem.ELECTRICITY).rows == (3,)


def test_a_table_of_gas_below_a_strangers_is_read_as_of_no_known_meter() -> None:
    rows: list[Row] = [
        ("N° PCE :", PCE),
        HEADER,
        day_row("10/01/2021", 134),
        ("Date", "Volume (m3)", "Electricité (kWh)"),
        ("11/01/2021", 12, 7),
        HEADER,
        day_row("12/01/2021", 100),
    ]

    file = read(workbook_of(("Feuil1", rows)))

    assert [(m.energy, m.pce is None) for m in file.meters] == [
        (134, False),
        (100, True),
    ]
    assert warned(file, Problem.ELECTRICITY).rows == (4,)


def test_a_note_of_electricity_makes_the_table_below_it_a_strangers() -> None:
    header = "Date;Consommation (kWh)"
    rows = (header, "11/01/2024;134", "Electricité", header, "11/01/2024;7")

    file = read(csv(*rows), f"gaz-{PCE}.csv")

    assert file.meters[0].energy == 134
    assert warned(file, Problem.ELECTRICITY).rows == (4,)


@pytest.mark.parametrize("header", ["Compteur", "Type", "Libellé"])
@pytest.mark.parametrize("other", ["Electricité", "Compteur électrique", "Eau"])
def test_rows_of_something_else_in_a_column_of_any_name_are_left_out(
    header: str, other: str
) -> None:
    lines = [f"Date;{header};Consommation (kWh)", "01/01/2024;Gaz;134"]
    more = (f"01/01/2024;{other};7", "02/01/2024;Gaz;20")

    file = read(csv(*lines, *more), f"gaz-{PCE}.csv")

    assert [meter.energy for meter in file.meters] == [154]
    assert warned(file, Problem.OTHER_FLUIDS).rows == (3,)


@pytest.mark.parametrize(
    ("header", "text"), [("Remarque", "Coupure électrique"), ("Usage", "Eau chaude")]
)
def test_a_remark_or_a_use_of_gas_leaves_no_row_out(header: str, text: str) -> None:
    content = csv(f"Date;{header};Consommation (kWh)", f"11/01/2024;{text};134")

    assert read(content, f"gaz-{PCE}.csv").meters[0].energy == 134


def test_a_supplier_that_is_not_known_is_a_question() -> None:
    content = csv(
        "Date;Nature relève;Consommation (kWh);Index", "11-08-2024;réelle;7;9"
    )

    assert question(content).question is Question.GAS


@pytest.mark.parametrize(
    "header",
    [
        ("Date de relevé", "Energie consommée (kWh)", "HP", "HC"),
        ("Date de relevé", "Energie consommée (kWh)"),
    ],
)
def test_electricity_under_headers_like_those_of_grdf_is_refused(
    header: tuple[str, ...],
) -> None:
    content = table(
        ("10/01/2021", 7, 3, 4)[: len(header)],
        header=header,
        above=[("Consommation électricité Linky",)],
    )

    assert refusal(content).problem is Problem.ELECTRICITY
