"""The table to fill in: read back by ourselves, its example never taken."""

from io import BytesIO

from openpyxl import load_workbook
import pytest

from custom_components.grdf_adict.fleet.errors import FleetFileError, FleetProblem
from custom_components.grdf_adict.fleet.table import read_fleet
from custom_components.grdf_adict.fleet.template_table import template
from custom_components.grdf_adict.fleet.words import Action

from .common import TODAY


@pytest.mark.parametrize("as_csv", [False, True])
@pytest.mark.parametrize("french", [False, True])
def test_the_unchanged_template_declares_no_customer(
    *, as_csv: bool, french: bool
) -> None:
    content = template(french=french, today=TODAY, as_csv=as_csv)

    with pytest.raises(FleetFileError) as caught:
        read_fleet(content, Action.DECLARE)

    assert caught.value.problem is FleetProblem.NO_ROWS


@pytest.mark.parametrize("french", [False, True])
def test_its_example_is_a_row_that_would_be_taken(*, french: bool) -> None:
    content = template(french=french, today=TODAY, as_csv=True).decode("utf-8-sig")
    header, example, *_ = content.split("\r\n")

    real = example.replace("EXEMPLE 0", "0").replace("EXAMPLE 0", "0")
    (row,) = read_fleet(f"{header}\r\n{real}".encode(), Action.FOLLOW).rows

    assert row.action is Action.DECLARE
    assert row.consent.start == TODAY
    assert row.consent.technical is True


def test_the_workbook_keeps_zeros_and_offers_choices() -> None:
    book = load_workbook(BytesIO(template(french=True, today=TODAY)))
    sheet = book["PCE"]

    formats = {key: dim.number_format for key, dim in sheet.column_dimensions.items()}
    choices = [each.formula1 for each in sheet.data_validations.dataValidation]

    assert formats["A"] == "@"
    assert formats["I"] == "dd/mm/yyyy"
    assert '"Déclarer,Renouveler,Révoquer,Suivre"' in choices
    assert len(choices) == 6
    assert sheet.freeze_panes == "B2"
    assert all(cell.font.italic for cell in sheet[2])


def test_a_leap_day_has_an_example_too() -> None:
    leap = TODAY.replace(year=2028, month=2, day=29)

    assert b"28/02/2031" in template(french=True, today=leap, as_csv=True)
