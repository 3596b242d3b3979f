"""Which column of a table has the gas days, where several have dates."""

from datetime import date
from typing import Final

import pytest

from custom_components.grdf_adict.files import Problem
from tests.exports.layouts import Cell, Row

from .common import PCE, refusal, table, the_meter

GRDF: Final = ("Date de relevé", "Volume consommé (m3)", "Energie consommée (kWh)")


def gas_table(header: Row, *rows: Row) -> bytes:
    """Return a table of one meter that is named above it."""
    return table(*rows, header=header, above=[("N° PCE :", PCE)])


def first_day(header: Row, *cells: Cell) -> date:
    return the_meter(gas_table(header, cells)).first


@pytest.mark.parametrize(
    "header",
    [
        ("Date d'échéance", "Jour"),
        ("Mois", "Date"),
        ("Période", "Jour de relève"),
        ("Date de saisie", "Date de relevé"),
        ("Jour", "Date"),
    ],
)
def test_the_column_of_dates_is_the_one_whose_cells_are_dates(header: Row) -> None:
    content = gas_table(
        (*header, "Volume (m3)", "Energie consommée (kWh)"),
        ("dimanche", "10/01/2021", 12, 134),
        ("lundi", "11/01/2021", 12, 134),
    )

    (first, _) = the_meter(content).rows

    assert first.first == date(2021, 1, 10)


def test_of_two_columns_of_dates_the_days_of_gas_are_read() -> None:
    header = ("Date d'édition", "Mois", "Jour", "Energie (kWh)")
    cells = ("12/02/2021", "Janvier 2021", "10/01/2021", 134)

    assert first_day(header, *cells) == date(2021, 1, 10)


def test_the_dates_of_grdf_win_even_where_they_cannot_be_read() -> None:
    content = gas_table(("Jour", *GRDF), ("11/01/2021", "10/01/0202", 12, 134))

    assert refusal(content).problem is Problem.BAD_YEAR


@pytest.mark.parametrize(
    "header",
    [
        ("Date de publication", "Journée gazière"),
        ("Jour d'envoi", "Jour"),
        ("Date de transmission", "Date de consommation"),
        ("Date d'extraction", "Date"),
        ("Date de traitement", "Date"),
        ("Date", "Date de relevé"),
    ],
)
def test_the_date_of_a_publication_is_no_gas_day(header: Row) -> None:
    content = gas_table(
        (*header, "Energie (kWh)"),
        ("13/01/2021", "10/01/2021", 134),
        ("14/01/2021", "11/01/2021", 134),
    )

    assert the_meter(content).first == date(2021, 1, 10)


@pytest.mark.parametrize(
    "header",
    [
        ("Date", "Journée gazière", "Energie (kWh)"),
        ("Date de relevé", "Date de relevé", "Energie consommée (kWh)"),
        ("Date d'envoi", "Date de traitement", "Energie (kWh)"),
    ],
)
def test_two_columns_of_dates_that_differ_are_refused(header: Row) -> None:
    content = gas_table(
        header, ("13/01/2021", "10/01/2021", 134), ("14/01/2021", "11/01/2021", 134)
    )

    error = refusal(content)

    assert error.problem is Problem.UNKNOWN_LAYOUT
    assert [found.rows for found in error.findings] == [(2,)]


def test_two_columns_of_the_same_dates_are_read() -> None:
    header = ("Date", "Jour", "Energie (kWh)")
    cells = ("10/01/2021", date(2021, 1, 10), 134)

    assert first_day(header, *cells) == date(2021, 1, 10)
