"""What shows that a table is gas measured by GRDF, and what is asked without it."""

from datetime import date

import pytest

from custom_components.grdf_adict.files import (
    YES,
    Evidence,
    Facts,
    Problem,
    Question,
)
from tests.exports import (
    build_business,
    build_daily,
    build_monthly,
    build_older_daily,
    build_text,
    build_weekly,
    workbook_of,
)
from tests.exports.layouts import Cell, Row

from .common import DAYS, EXPORTED_ON, PCE, question, read, refusal, table, warned

BARE: Row = ("Date", "Consommation (kWh)")
TAKEN = {Question.GAS: YES}


def test_kwh_alone_are_a_question_with_the_facts_beside_it() -> None:
    content = table(("10/01/2021", 134), ("12/01/2021", 20.5), header=BARE)

    asked = question(content)

    assert asked.question is Question.GAS
    assert [each.value for each in asked.options] == [YES]
    assert asked.facts == Facts(2, date(2021, 1, 10), date(2021, 1, 12), 154.5)


def test_what_a_person_calls_gas_is_read_without_any_evidence() -> None:
    file = read(table(("10/01/2021", 134), header=BARE), answers=TAKEN)

    assert file.meters[0].energy == 134
    assert file.evidence == ()


@pytest.mark.parametrize("answer", ["", "no", "2"])
def test_any_other_answer_takes_nothing(answer: str) -> None:
    content = table(("10/01/2021", 134), header=BARE)

    assert question(content, answers={Question.GAS: answer}).question is Question.GAS


@pytest.mark.parametrize(
    ("content", "name", "evidence"),
    [
        (table(("10/01/2021", 1), header=BARE, above=[("N° PCE :", PCE)]), "", "pce"),
        (table(("10/01/2021", 1, PCE), header=(*BARE, "PCE")), "", "pce"),
        (table(("10/01/2021", 1), header=BARE), f"gaz {PCE}.xlsx", "pce"),
        (
            table(("10/01/2021", 1), header=BARE),
            "Donnees_informatives.xlsx",
            "grdf_file_name",
        ),
        (
            table(("10/01/2021", 1), header=BARE, above=[("Données informatives",)]),
            "",
            "grdf_title",
        ),
        (table(("10/01/2021", 1), header=BARE), "GI999055.xlsx", "pce"),
        (
            table(("10/01/2021", 12, 134), header=("Date", "m3", "kWh")),
            "",
            "volumes",
        ),
        (
            table(
                ("10/01/2021", 5, 275, 55),
                header=("Date", "m3", "kWh", "Coefficient"),
            ),
            "",
            "coefficients",
        ),
        (
            table(
                ("10/01/2021", 100, 101, 1, 50),
                header=("Date", "Index de début", "Index de fin", "m3", "kWh"),
            ),
            "",
            "indexes",
        ),
        (
            table(
                ("10/01/2021", 1), header=("Date de relevé", "Energie consommée (kWh)")
            ),
            "",
            "grdf_headers",
        ),
    ],
    ids=[
        *("a title", "a column", "a name", "its own name", "its own title", "GI"),
        *("volumes", "coefficients", "indexes", "its own headers"),
    ],
)
def test_each_evidence_is_enough_and_named(
    content: bytes, name: str, evidence: str
) -> None:
    assert read(content, name).evidence == (Evidence(evidence),)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (workbook_of(("Historique par mois", [BARE, ("10/01/2021", 1)])), ""),
        (table(("10/01/2021", 1), header=BARE), f"consommation_{PCE}.csv"),
    ],
    ids=["a sheet's name", "14 digits, as an electricity meter has"],
)
def test_what_others_may_have_too_is_no_evidence(content: bytes, name: str) -> None:
    assert question(content, name).question is Question.GAS


def test_energies_that_only_grow_are_refused_as_a_running_total() -> None:
    above: list[Row] = [("N° PCE :", PCE)]
    rows: list[Row] = [(f"{day}/01/2021", 43_000 + 9 * day) for day in range(10, 20)]
    falling: list[Row] = [*rows[:-1], ("19/01/2021", 3)]

    slipped: list[Row] = [*rows[:5], ("15/01/2021", rows[4][1]), *rows[6:]]
    autumn: list[Row] = [(f"{day}/01/2021", 10 * day) for day in range(10, 19)]

    def of(rows: list[Row]) -> bytes:
        return table(*rows, header=("Date", "Energie (kWh)"), above=above)

    assert refusal(of(rows)).problem is Problem.RUNNING_TOTAL
    assert refusal(of(rows[:6])).problem is Problem.RUNNING_TOTAL
    assert refusal(of(slipped)).problem is Problem.RUNNING_TOTAL
    assert read(of(falling)).meters[0].days == 10
    assert read(of(autumn)).meters[0].days == 9
    assert read(of(rows[:5])).meters[0].days == 5


def test_volumes_counted_by_the_index_are_volumes() -> None:
    header = ("Date", "Index de début", "Index de fin", "Energie (kWh)")

    file = read(table(("10/01/2021", 100, 112, 134), header=header))

    assert file.evidence == (Evidence.VOLUMES,)


@pytest.mark.parametrize(
    "content",
    [
        build_daily(DAYS, pce=None, exported_on=EXPORTED_ON),
        build_weekly(DAYS, pce=None, exported_on=EXPORTED_ON),
        build_monthly(DAYS, pce=None, exported_on=EXPORTED_ON),
        build_older_daily(DAYS, pce=None, exported_on=EXPORTED_ON),
        build_text(DAYS, pce=None, exported_on=EXPORTED_ON),
        build_business({PCE: DAYS}),
    ],
    ids=["daily", "weekly", "monthly", "older", "text", "business"],
)
def test_what_grdf_exports_asks_nothing_and_is_told_by_its_headers(
    content: bytes,
) -> None:
    file = read(content)

    assert Evidence.GRDF_HEADERS in file.evidence
    assert Evidence.VOLUMES in file.evidence
    assert not {each.problem for each in file.warnings} & {
        Problem.ENERGY_MISMATCH,
        Problem.UNIT_CONVERTED,
        Problem.VOLUME_LEFT_OUT,
        Problem.UNKNOWN_QUALIFICATION,
    }


def test_a_header_of_grdf_alone_is_none_of_its_tables() -> None:
    content = table(("10/01/2021", 1), header=("Date", "Energie consommée (kWh)"))

    assert question(content).question is Question.GAS


def test_one_unproven_table_beside_a_proven_one_is_asked_about() -> None:
    content = workbook_of(
        ("A", [("N° PCE :", PCE), BARE, ("10/01/2021", 134)]),
        ("B", [BARE, ("10/01/2021", 20)]),
    )

    assert question(content).facts.energy == 20


def test_an_energy_without_a_unit_needs_volumes_beside_it() -> None:
    named: list[Row] = [("N° PCE :", PCE)]
    alone = table(("10/01/2021", 134), header=("Date", "Energie"), above=named)
    beside = table(("10/01/2021", 134, 12), header=("Date", "Energie", "Volume"))

    assert refusal(alone).problem is Problem.UNIT_MISSING
    assert read(beside).meters[0].energy == 134


@pytest.mark.parametrize("kwh", [0.134, 12, 134_000])
@pytest.mark.parametrize("above", [[], [("N° PCE :", PCE)]])
def test_kwh_that_cannot_be_the_volumes_are_refused(
    kwh: float, above: list[Row]
) -> None:
    rows: list[Row] = [(f"{day}/01/2021", 12, kwh) for day in range(10, 15)]
    content = table(*rows, header=("Date", "m3", "kWh"), above=above)

    assert refusal(content).problem is Problem.ENERGY_MISMATCH


def test_kwh_in_mwh_under_the_headers_of_grdf_are_told() -> None:
    rows: list[Row] = [(f"{day}/01/2021", 12, 0.134) for day in range(10, 15)]
    header = ("Date de relevé", "Volume consommé (m3)", "Energie consommée (kWh)")

    assert warned(read(table(*rows, header=header)), Problem.ENERGY_MISMATCH)


def test_compressed_gas_is_told_where_no_coefficient_explains_it() -> None:
    rows: list[Row] = [(f"{day}/01/2021", 12, 660, 55) for day in range(10, 15)]
    above: list[Row] = [("N° PCE :", PCE)]
    header = ("Date", "m3", "kWh", "Coefficient")

    explained = read(table(*rows, header=header, above=above))
    bare = read(table(*(row[:3] for row in rows), header=header[:3], above=above))

    assert Problem.ENERGY_MISMATCH not in {each.problem for each in explained.warnings}
    assert warned(bare, Problem.ENERGY_MISMATCH)
    assert Evidence.VOLUMES not in bare.evidence


@pytest.mark.parametrize("cells", [(1, 16), (1, 7), (0, 3)])
def test_a_few_rounded_m3_contradict_nothing(cells: tuple[Cell, ...]) -> None:
    content = table(
        ("10/01/2021", *cells), header=("Date", "m3", "kWh"), above=[("PCE :", PCE)]
    )

    assert read(content).evidence == (Evidence.PCE,)


def test_one_row_that_is_off_does_not_hide_what_the_others_show() -> None:
    rows: list[Row] = [(f"{day}/01/2021", 12, 134) for day in range(10, 15)]
    content = table(*rows, ("15/01/2021", 1, 90_000), header=("Date", "m3", "kWh"))

    assert read(content).evidence == (Evidence.VOLUMES,)
