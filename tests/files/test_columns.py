"""Which column of a table is which, whatever stands beside it, and in which unit."""

from collections.abc import Iterable
from datetime import date

import pytest

from custom_components.grdf_adict.files import Facts, Problem, Question
from custom_components.grdf_adict.metering.exported import ExportedRow
from tests.exports import workbook_of
from tests.exports.layouts import Cell, Row

from .common import PCE, question, read, refusal, table, the_meter, warned

TITLE: Row = ("N° PCE :", PCE)
GRDF = ("Date de relevé", "Volume consommé (m3)", "Energie consommée (kWh)")


def gas_table(header: Row, *rows: Row) -> bytes:
    """Return a table of one meter that is named above it."""
    return table(*rows, header=header, above=[TITLE])


def days(*columns: Iterable[Cell]) -> list[Row]:
    """Return the rows of the days from 10 January 2021."""
    return [
        (f"{10 + place}/01/2021", *cells)
        for place, cells in enumerate(zip(*columns, strict=True))
    ]


def first_row(header: Row, *cells: Cell) -> ExportedRow:
    (row,) = the_meter(gas_table(header, cells)).rows
    return row


@pytest.mark.parametrize(
    ("other", "value"),
    [
        ("Coût de l'énergie (€)", 3.2),
        ("Energie (EUR)", 3.2),
        ("Energie TTC", 3.2),
        ("Prix énergie HT", 3.2),
        ("Montant énergie (euros)", 3.2),
        ("Energy cost", 3.2),
        ("Consommation électricité (kWh)", 7),
        ("Electricité du jour (kWh)", 7),
        ("Energie injectée (kWh)", 7),
        ("Energie cumulée (kWh)", 9_000),
        ("Energie N-1 (kWh)", 130),
        ("Objectif (kWh)", 130),
        ("Energie (kWh PCI)", 130),
        ("Energie (kWh/m²)", 1.3),
        ("Puissance (kW)", 7),
        ("Consommation d'eau (kWh)", 7),
        ("Fioul (kWh)", 7),
        ("Chauffage urbain (kWh)", 7),
        ("Index (kWh)", 43_000),
        ("Conso. moy. journalière (kWh)", 130),
        ("Consommation (milliers de kWh)", 130),
        ("Consommation annuelle (kWh)", 130),
        ("Consommation par an (kWh)", 130),
        ("Consommation / logement (kWh)", 130),
    ],
)
@pytest.mark.parametrize("own", ["Energie consommée (kWh)", "Energie (kWh)"])
@pytest.mark.parametrize("is_left", [True, False])
def test_what_is_no_gas_is_never_the_energy_wherever_it_stands(
    other: str,
    value: float,
    own: str,
    is_left: bool,  # noqa: FBT001
) -> None:
    columns: list[tuple[str, Cell]] = [(other, value), (own, 144)]
    header, cells = zip(*(columns if is_left else columns[::-1]), strict=True)

    row = first_row(("Date", *header), "10/01/2021", *cells)

    assert row.energy == 144


@pytest.mark.parametrize(
    "header",
    [
        ("Date", "Coût de l'énergie (€)"),
        ("Date", "Energie injectée (kWh)"),
        ("Date", "Puissance maximale (kW)"),
        ("Date", "Energie (kWh/m²)"),
        ("Date", "Energie (GJ)"),
        ("Date", "Coefficient (kWh/m3)"),
    ],
)
def test_a_table_without_an_energy_of_gas_has_no_header(header: Row) -> None:
    content = gas_table(header, ("10/01/2021", 11))

    assert refusal(content).problem is Problem.HEADER_MISSING


@pytest.mark.parametrize(
    "other",
    ["Energie (kWh)", "Consommation gaz (kWh)", "Energie site B (kWh)"],
)
def test_the_column_of_grdf_wins_over_any_other(other: str) -> None:
    left = first_row(("Date", other, *GRDF), "11/01/2021", 7, "10/01/2021", 12, 134)

    assert (left.first, left.volume, left.energy) == (date(2021, 1, 10), 12, 134)


@pytest.mark.parametrize("other", ["Gaz (kWh)", "Dont gaz cuisson (kWh)"])
def test_the_word_gas_does_not_choose_between_two_energies(other: str) -> None:
    header = ("Date", "Consommation (kWh)", other)

    asked = question(gas_table(header, ("10/01/2021", 134, 7)))

    assert {option.label for option in asked.options} == set(header[1:])


def test_two_tables_side_by_side_are_refused() -> None:
    header = ("Date de relevé", "Energie consommée (kWh)") * 2
    content = gas_table(header, ("10/01/2021", 134, "10/01/2022", 7))

    assert refusal(content).problem is Problem.SEVERAL_ENERGIES


@pytest.mark.parametrize(
    "header", ["Compteur (kWh)", "Compteur gaz kWh", "Relevé (kWh)"]
)
def test_what_a_meter_shows_is_no_energy_used(header: str) -> None:
    content = gas_table(("Date", header), ("10/01/2021", 22_000))

    assert refusal(content).problem is Problem.HEADER_MISSING


@pytest.mark.parametrize(
    ("header", "written", "kwh"),
    [
        ("Energie (MWh)", 0.181, 181),
        ("Energie (MWh)", "0,134", 134),
        ("Energie (Wh)", 134_000, 134),
        ("Consommation de gaz (MWh PCS)", 0.15, 150),
        ("Energie (GWh)", 0.0002, 200),
    ],
)
def test_other_units_are_converted_into_kwh_and_told(
    header: str, written: Cell, kwh: float
) -> None:
    file = read(gas_table(("Date", header), ("10/01/2021", written)))

    assert file.meters[0].energy == kwh
    assert warned(file, Problem.UNIT_CONVERTED).rows == (2,)


@pytest.mark.parametrize(
    "header",
    ["Energie (kWh)", "Energie kW.h", "Consommation (kWh PCS)", "kWh", "Energie_kWh"],
)
def test_kwh_are_read_however_they_are_written(header: str) -> None:
    file = read(gas_table(("Date", header), ("10/01/2021", 134)))

    assert file.meters[0].energy == 134
    assert Problem.UNIT_CONVERTED not in {each.problem for each in file.warnings}


def test_units_in_a_row_of_their_own_below_the_header_are_read() -> None:
    content = gas_table(
        ("Date", "Volume", "Energie"), ("", "dm3", "MWh"), ("10/01/2021", 12_000, 0.134)
    )

    file = read(content)

    assert (file.meters[0].volume, file.meters[0].energy) == (12, 134)
    assert warned(file, Problem.UNIT_CONVERTED)


def test_a_unit_below_the_header_that_is_not_the_headers_leaves_none() -> None:
    content = gas_table(("Date", "Energie (kWh)"), ("", "MWh"), ("10/01/2021", 0.134))

    assert refusal(content).problem is Problem.UNIT_MISSING


def test_units_below_the_header_count_below_its_repetitions_too() -> None:
    header: Row = ("Date", "Volume", "Energie")
    rows: list[Row] = [("10/01/2021", 12, 0.134), header, ("11/01/2021", 12, 0.134)]

    assert the_meter(gas_table(header, ("", "m3", "MWh"), *rows)).energy == 268


def test_the_energy_of_grdf_wins_without_its_unit_too() -> None:
    header = ("Date de relevé", "Energie site B (kWh)", "Energie consommée")

    content = gas_table(header, ("10/01/2021", 27.5, "0,015 MWh"))
    bare = gas_table((*header, "Volume"), ("10/01/2021", 27.5, 134, 12))

    assert refusal(content).problem is Problem.UNREADABLE_NUMBER
    assert the_meter(bare).energy == 134


def test_volumes_and_indexes_in_litres_are_converted_into_m3() -> None:
    header = ("Date", "Index de fin (dm3)", "Volume (litres)", "Energie (kWh)")

    file = read(gas_table(header, ("10/01/2021", 4_000_000, 12_000, 134)))

    (row,) = file.meters[0].rows
    assert (row.index_start, row.index_end, row.volume) == (None, 4_000, 12)
    assert warned(file, Problem.UNIT_CONVERTED)


def test_an_amount_beyond_any_meter_is_refused_in_its_own_unit_too() -> None:
    content = gas_table(("Date", "Energie (GWh)"), ("10/01/2021", 1e6))

    assert refusal(content).problem is Problem.UNREADABLE_NUMBER


def test_the_same_energy_in_two_units_is_read_in_kwh() -> None:
    file = read(
        gas_table(("Date", "Energie (MWh)", "Energie (kWh)"), ("10/01/2021", 0.1, 134))
    )

    assert file.meters[0].energy == 134
    assert Problem.UNIT_CONVERTED not in {each.problem for each in file.warnings}


SITES = ("Date", "Energie site A (kWh)", "Energie site B (kWh)")
OF_SITES = gas_table(SITES, *days([131, 140, 12, 9], [20, 21, 22, 23]))


def test_two_columns_of_equal_standing_are_a_question_with_their_first_values() -> None:
    asked = question(OF_SITES)

    assert asked.question is Question.ENERGY_COLUMN
    assert [(each.value, each.label, each.sample) for each in asked.options] == [
        ("2", "Energie site A (kWh)", "131; 140; 12"),
        ("3", "Energie site B (kWh)", "20; 21; 22"),
    ]
    assert asked.facts == Facts(4, date(2021, 1, 10), date(2021, 1, 13))
    assert "site" not in f"{asked}{asked!r}{asked.options!r}"


@pytest.mark.parametrize(("answer", "kwh"), [("2", 292), ("3", 86)])
def test_the_column_that_was_chosen_is_read(answer: str, kwh: float) -> None:
    file = read(OF_SITES, answers={Question.ENERGY_COLUMN: answer})

    assert file.meters[0].energy == kwh


def test_an_answer_to_another_file_is_no_answer() -> None:
    asked = question(OF_SITES, answers={Question.ENERGY_COLUMN: "7"})

    assert asked.question is Question.ENERGY_COLUMN


def test_columns_with_one_header_are_a_question_too() -> None:
    content = gas_table(("Date", "kWh", "kWh"), ("10/01/2021", 1, 2))

    assert [each.value for each in question(content).options] == ["2", "3"]


def test_sites_in_different_units_are_a_question_too() -> None:
    content = gas_table(
        ("Date", "Site A (kWh)", "Site B (MWh)"), ("10/01/2021", 131, 0.02)
    )

    assert question(content).question is Question.ENERGY_COLUMN
    chosen = read(content, answers={Question.ENERGY_COLUMN: "3"})
    assert chosen.meters[0].energy == 20


def test_a_column_of_numbers_without_a_unit_is_a_question_beside_one_with_a_unit() -> (
    None
):
    content = gas_table(("Date", "Energie A", "Energie B (kWh)"), ("10/01/2021", 1, 2))

    assert question(content).question is Question.ENERGY_COLUMN


def test_an_energy_with_units_in_its_cells_is_a_question_beside_one_in_kwh() -> None:
    header = ("Date", "Energie consommée", "Energie consommée (kWh)")

    content = gas_table(header, ("10/01/2021", "0,216 MWh", 128))

    assert question(content).question is Question.ENERGY_COLUMN


def test_tables_with_different_columns_to_choose_from_are_refused() -> None:
    other = ("Date", "Energie site C (kWh)", "Energie site A (kWh)")
    sheets = [
        (name, [TITLE, header, (day, 1, 2)])
        for name, header, day in (
            ("1", SITES, "10/01/2021"),
            ("2", other, "11/01/2021"),
        )
    ]

    error = refusal(workbook_of(*sheets))

    assert error.problem is Problem.SEVERAL_ENERGIES


@pytest.mark.parametrize(("answer", "volume"), [("2", 12), ("4", 2)])
def test_the_volume_follows_the_energy_that_was_chosen(
    answer: str, volume: float
) -> None:
    header = ("Date", "Energie A (kWh)", "Volume A (m3)", "Energie B (kWh)", "m3 B")
    content = gas_table(header, ("10/01/2021", 134, 12, 22, 2))

    file = read(content, answers={Question.ENERGY_COLUMN: answer})

    assert file.meters[0].volume == volume


def test_a_volume_of_which_nobody_knows_whose_it_is_is_left_out_and_told() -> None:
    header = ("Date", "Energie (kWh)", "Volume A (m3)", "Volume B (m3)")

    file = read(gas_table(header, ("10/01/2021", 134, 7, 5)))

    assert file.meters[0].rows[0].volume is None
    assert warned(file, Problem.VOLUME_LEFT_OUT).rows == (2,)


def test_a_site_that_was_chosen_takes_no_volume_of_another() -> None:
    header = (*SITES, "Volume site A (m3)")
    content = gas_table(header, ("10/01/2021", 134, 22, 12))

    file = read(content, answers={Question.ENERGY_COLUMN: "3"})

    assert file.meters[0].rows[0].volume is None
    assert warned(file, Problem.VOLUME_LEFT_OUT)


@pytest.mark.parametrize("converted", ["Volume converti (m3)", "Volume (Nm3)"])
def test_the_volume_of_the_index_is_read_beside_a_converted_one(converted: str) -> None:
    header = ("Date", converted, "Volume (m3)", "Energie (kWh)")

    assert first_row(header, "10/01/2021", 13, 12, 134).volume == 12


@pytest.mark.parametrize(
    ("header", "date"),
    [
        ("Consommation par jour (kWh)", "Janvier 2021"),
        ("Consommation journalière (kWh)", "Du 04/01/2021 au 10/01/2021"),
        ("Consommation mensuelle (kWh)", "10/01/2021"),
        ("Energie hebdomadaire (kWh)", "Janvier 2021"),
    ],
)
def test_an_energy_of_other_periods_than_the_rows_is_refused(
    header: str, date: str
) -> None:
    error = refusal(gas_table(("Période", header), (date, 38)))

    assert error.problem is Problem.AVERAGE_ENERGY


@pytest.mark.parametrize(
    ("header", "date"),
    [
        ("Consommation par jour (kWh)", "10/01/2021"),
        ("Consommation mensuelle (kWh)", "Janvier 2021"),
    ],
)
def test_an_energy_of_the_periods_of_the_rows_is_read(header: str, date: str) -> None:
    assert first_row(("Période", header), date, 38).energy == 38
