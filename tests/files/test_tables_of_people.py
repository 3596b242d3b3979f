"""What people make of a table: merged cells, totals, pivot tables, several tables."""

import pytest

from custom_components.grdf_adict.files import ExportFileError, Problem
from custom_components.grdf_adict.metering.exported import Owner
from tests.exports import workbook_of
from tests.exports.layouts import Cell, Row

from .common import (
    HEADER,
    OTHER_PCE,
    PCE,
    day_row,
    read,
    refusal,
    table,
    the_meter,
    warned,
)

BUSINESS: Row = ("N° PCE", *HEADER)
DAYS = [f"{day:02}/01/2021" for day in range(10, 14)]
INDEXED: Row = (
    *("Date de relevé", "Index de début", "Index de fin"),
    "Energie consommée (kWh)",
)


def blocks(*more: Row) -> list[Row]:
    """Return a table whose PCE stand in the first row of their blocks alone."""
    return [
        BUSINESS,
        *(
            (pce if day == DAYS[0] else None, *day_row(day, kwh))
            for pce, kwh in ((PCE, 10), (OTHER_PCE, 20))
            for day in DAYS
        ),
        *more,
    ]


def test_the_pce_of_merged_cells_is_that_of_the_whole_block() -> None:
    file = read(workbook_of(("Feuil1", blocks())))

    assert [(m.owner(PCE), m.days, m.energy) for m in file.meters] == [
        (Owner.SAME, 4, 40),
        (Owner.OTHER, 4, 80),
    ]
    assert warned(file, Problem.PCE_CARRIED_DOWN).count == 6


def test_a_total_within_a_block_ends_nothing() -> None:
    rows = blocks()
    rows.insert(3, ("Sous-total", None, None, 20, None))

    file = read(workbook_of(("Feuil1", rows)))

    assert [meter.energy for meter in file.meters] == [40, 80]
    assert warned(file, Problem.OTHER_ROWS).rows == (4,)


def test_a_pce_above_the_rows_of_its_block_is_theirs() -> None:
    rows: list[Row] = [BUSINESS]
    for pce in (PCE, OTHER_PCE):
        rows += [(pce,), *((None, *day_row(day)) for day in DAYS)]

    file = read(workbook_of(("Feuil1", rows)))

    assert [(m.owner(PCE), m.days) for m in file.meters] == [
        (Owner.SAME, 4),
        (Owner.OTHER, 4),
    ]


def test_rows_below_a_pce_that_cannot_be_read_are_not_the_meters_above_it() -> None:
    rows = blocks(
        ("9,99999E+12", *day_row("14/01/2021", 30)), (None, *day_row("15/01/2021", 30))
    )

    file = read(workbook_of(("Feuil1", rows)))

    assert [(m.pce is None, m.energy) for m in file.meters] == [
        (False, 40),
        (False, 80),
        (True, 60),
    ]


@pytest.mark.parametrize(
    "row",
    [
        (OTHER_PCE, None, 1, 20, None, None),
        (None, None, 1, 20, "Mesuré", None),
        (None, None, 1, 20, None, 160),
    ],
    ids=["PCE", "qualification", "index"],
)
def test_a_row_whose_date_stands_in_a_merged_cell_above_is_no_total(row: Row) -> None:
    rows: list[Row] = [
        (*BUSINESS, "Index de fin"),
        (PCE, *day_row(DAYS[0]), 150),
        row,
    ]

    error = refusal(workbook_of(("Feuil1", rows)))

    assert (error.problem, error.findings[0].rows) == (Problem.UNREADABLE_DATE, (3,))


def test_two_values_for_a_day_stay_two_where_the_pce_is_carried_down() -> None:
    rows = blocks((None, *day_row(DAYS[0], 99)))

    assert refusal(workbook_of(("Feuil1", rows))).problem is Problem.CONFLICTING_ROWS


def test_a_sheet_whose_name_is_a_pce_is_that_meters() -> None:
    content = workbook_of(
        (PCE, [HEADER, day_row(DAYS[0])]),
        (f"PCE {OTHER_PCE}", [HEADER, day_row(DAYS[0], 20)]),
        ("2021", [("N° PCE :", PCE), HEADER, day_row(DAYS[1])]),
    )

    file = read(content)

    assert [(m.owner(PCE), m.energy) for m in file.meters] == [
        (Owner.SAME, 20),
        (Owner.OTHER, 20),
    ]


def test_a_title_goes_before_the_sheets_name() -> None:
    rows = [("N° PCE :", OTHER_PCE), HEADER, day_row(DAYS[0])]

    assert the_meter(workbook_of((PCE, rows))).owner(OTHER_PCE) is Owner.SAME


def test_a_header_repeated_by_a_page_asks_about_no_second_meter() -> None:
    rows = [HEADER, day_row(DAYS[0]), HEADER, day_row(DAYS[1])]

    assert the_meter(workbook_of(("Feuil1", rows))).days == 2


def test_tables_with_a_title_of_their_own_may_be_two_meters() -> None:
    rows = [HEADER, day_row(DAYS[0]), ("Appartement 2",), HEADER, day_row(DAYS[0], 20)]

    assert [m.energy for m in read(workbook_of(("Feuil1", rows))).meters] == [10, 20]


def test_a_table_without_pce_is_not_that_of_the_table_above() -> None:
    rows = [*blocks(), HEADER, day_row(DAYS[0], 30)]

    assert [m.pce is None for m in read(workbook_of(("Feuil1", rows))).meters] == [
        False,
        False,
        True,
    ]


def test_meters_whose_pce_a_spreadsheet_has_rounded_stay_two() -> None:
    rows: list[Row] = [
        BUSINESS,
        ("2,15468E+13", *day_row(DAYS[0], 10)),
        (None, *day_row(DAYS[1], 10)),
        ("2,19999E+13", *day_row(DAYS[2], 30)),
    ]

    file = read(workbook_of(("Feuil1", rows)))

    assert [(m.pce, m.energy) for m in file.meters] == [(None, 20), (None, 30)]


@pytest.mark.parametrize("above", [[], [("N° PCE :", PCE)]], ids=["none", "a title"])
@pytest.mark.parametrize(
    ("header", "places"),
    [
        ("Logement", ("A", "B")),
        ("Logement", (1, 2)),
        ("Compteur", ("Maison", "Garage")),
        ("Point de livraison", ("21546800000001", "21546800000002")),
        ("Adresse", ("1 rue du Puits", "3 rue du Puits")),
    ],
)
def test_rows_of_several_places_are_no_one_meters(
    above: list[Row], header: str, places: tuple[Cell, Cell]
) -> None:
    one, other = places
    rows: list[Row] = [
        (one, *day_row(DAYS[0], 10)),
        (None, *day_row(DAYS[1], 10)),
        (other, *day_row(DAYS[2], 30)),
        (one, *day_row(DAYS[3], 10)),
    ]

    file = read(table(*rows, header=(header, *HEADER), above=above))

    assert [(m.pce, m.energy) for m in file.meters] == [(None, 30), (None, 30)]


@pytest.mark.parametrize(
    ("header", "places"),
    [
        *[("Logement", ("A", "A")), ("Site", (None, "A"))],
        *[("Compteur", ("12 345", 12356)), ("Compteur", ("12345 m3", "12 356,5 m3"))],
        *[("Coût du logement", ("1,20 €", 3)), ("Température du logement", (19, 20))],
        *[("Electricité du logement (kWh)", (3, 4)), ("Volume logement (m3)", (3, 4))],
    ],
)
def test_rows_of_one_place_are_the_titles_meter(
    header: str, places: tuple[Cell, Cell]
) -> None:
    rows: list[Row] = [
        (place, *day_row(day)) for place, day in zip(places, DAYS[:2], strict=True)
    ]

    content = table(*rows, header=(header, *HEADER), above=[("N° PCE :", PCE)])

    assert the_meter(content).owner(PCE) is Owner.SAME


def test_a_table_below_a_note_is_not_the_titles_meter() -> None:
    rows = [
        *[("N° PCE :", PCE), HEADER, day_row(DAYS[0], 10)],
        *[("Logement 2",), HEADER, day_row(DAYS[1], 30)],
    ]

    file = read(workbook_of(("Feuil1", rows)))

    assert [(m.pce is None, m.energy) for m in file.meters] == [(False, 10), (True, 30)]


@pytest.mark.parametrize(
    "label",
    [
        *("Total", "Total 2020", "Sous-total", "Total général", "Moyenne", "Somme"),
        *("TOTAUX", "Total novembre 2020", "2021", 2021, 2021.0, "Année 2021", None),
        "Cumul 2021",
    ],
)
def test_a_total_is_never_a_day_nor_a_month(label: Cell) -> None:
    file = read(table(day_row(DAYS[0]), day_row(DAYS[1]), (label, 2, 20)))

    assert (file.meters[0].days, file.meters[0].energy) == (2, 20)
    assert warned(file, Problem.OTHER_ROWS).rows == (4,)


@pytest.mark.parametrize("label", ["Total", "Sous-total 2020", "TOTAL GÉNÉRAL"])
def test_a_total_with_a_date_is_none_either(label: str) -> None:
    rows = [(None, *day_row(DAYS[0])), (label, DAYS[1], 1, 10)]

    file = read(table(*rows, header=(None, *HEADER)))

    assert file.meters[0].energy == 10
    assert warned(file, Problem.OTHER_ROWS).rows == (3,)


def test_a_column_of_totals_with_a_name_of_its_own_leaves_no_row_out() -> None:
    content = table((*day_row(DAYS[0]), "Total"), header=(*HEADER, "Poste"))

    assert the_meter(content).energy == 10


@pytest.mark.parametrize(
    "header",
    [
        ("Étiquettes de lignes", "Somme de Energie consommée (kWh)"),
        ("Date de relevé", "Somme de Energie consommée (kWh)"),
        ("Row Labels", "Sum of Energie consommée (kWh)"),
    ],
)
def test_a_pivot_table_is_refused_or_left_out_beside_its_data(header: Row) -> None:
    pivot: list[Row] = [header, ("nov", 30), ("01/12/2020", 30), ("Total général", 60)]

    assert refusal(workbook_of(("Feuil1", pivot))).problem is Problem.PIVOT_TABLE
    file = read(workbook_of(("Feuil1", pivot), ("Feuil2", [HEADER, day_row(DAYS[0])])))
    assert file.meters[0].energy == 10
    assert warned(file, Problem.OTHER_ROWS).sheet == 1


@pytest.mark.parametrize(
    "pairs",
    [
        [(100, 160), (100, 160), (100, 160), (160, 190), (160, 190)],
        [(100, 110), (100, 120), (100, 130)],
        [(100, 110), (None, None), (110, 120)],
        [(100, 110), (150, 160)],
    ],
    ids=["of a published period", "from its first", "absent", "a hole"],
)
def test_an_index_that_is_repeated_is_no_step_back(
    pairs: list[tuple[Cell, Cell]],
) -> None:
    rows = [
        (f"{day:02}/01/2021", *pair, 10) for day, pair in enumerate(pairs, start=10)
    ]

    file = read(table(*rows, header=INDEXED))

    assert not [w for w in file.warnings if w.problem is Problem.INDEX_BACKWARDS]


@pytest.mark.parametrize(
    "pairs",
    [[(100, 160), (90, 170)], [(100, 160), (100, 150)], [(100, 160), (170, 165)]],
)
def test_an_index_that_falls_is_found(pairs: list[tuple[int, int]]) -> None:
    rows = [
        (f"{day:02}/01/2021", *pair, 10) for day, pair in enumerate(pairs, start=10)
    ]

    file = read(table(*rows, header=INDEXED))

    assert warned(file, Problem.INDEX_BACKWARDS).rows == (3,)


def test_rows_can_be_left_out_only_where_a_value_remains() -> None:
    bad = [day_row(day, -1) for day in DAYS]
    absent = day_row("20/01/2021", 0, "Absence de Données")

    assert refusal(table(*bad, day_row("20/01/2021"))).rows_can_be_left_out
    assert not refusal(table(*bad)).rows_can_be_left_out
    assert not refusal(table(*bad, absent)).rows_can_be_left_out


def test_a_finding_tells_of_how_many_rows_it_is() -> None:
    bad = [day_row(day, -1) for day in DAYS]

    (all_rows,) = refusal(table(*bad, ("Total", 1, 9))).findings
    (some,) = refusal(table(*bad, day_row("20/01/2021"))).findings

    assert (all_rows.count, all_rows.of, all_rows.is_all) == (4, 4, True)
    assert (some.count, some.of, some.is_all) == (4, 5, False)


def test_subtotals_named_as_months_are_nothing_without_their_days() -> None:
    days = [day_row(day, "0,004 MWh") for day in DAYS]
    content = table(*days, ("Janvier 2021", 3, 34, None))

    assert refusal(content).problem is Problem.MIXED_KINDS
    with pytest.raises(ExportFileError):
        read(content, leave_out=True)
