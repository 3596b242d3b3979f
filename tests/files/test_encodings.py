"""Text tables in every code page that Excel and LibreOffice write in France."""

import pytest

from custom_components.grdf_adict.adict import Qualification
from custom_components.grdf_adict.files.encodings import decoded
from tests.exports import build_text

from .common import DAYS, EXPORTED_ON, PCE, day_row, table, the_meter

CODE_PAGES = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
    *("cp1252", "mac-roman", "cp850", "iso8859-15"),
)
HEADER = "Date de relevé;Volume consommé (m3);Énergie consommée (kWh);Qualification"
ROWS = ("10/01/2021;0;0;Absence de Données", "11/01/2021;1;11;Estimé")


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_the_words_and_the_values_are_those_that_were_written(
    encoding: str, newline: str
) -> None:
    content = newline.join([HEADER, *ROWS, ""]).encode(encoding)

    first, second = the_meter(content).rows

    assert first.qualification is Qualification.ABSENT
    assert (first.energy, first.volume) == (None, None)
    assert second.qualification is Qualification.ESTIMATED
    assert (second.energy, second.volume) == (11, 1)


@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_a_whole_export_reads_the_same(encoding: str) -> None:
    content = build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON, encoding=encoding)
    expected = build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON)

    assert the_meter(content) == the_meter(expected)


@pytest.mark.parametrize("encoding", CODE_PAGES)
@pytest.mark.parametrize(
    "text",
    [
        "N° PCE;Bâtiment;Prénom\r\n1;Les Œillets;Hélène",
        "PCE;Client\r\n1;Mme Françoise Lefèvre\r\n2;M. André Noël",
        "PCE;Courriel\r\n1;x@example.com",
        "PCE;SOCIÉTÉ\r\n1;RÉSIDENCE DU CHÂTEAU",
        "PCE;À faire\r\n1;Suivre",
        "N° PCE;Client\r\n1;x",
        "PCE;Montant (€)\r\n1;2",
    ],
)
def test_names_are_spelt_as_they_were_written(text: str, encoding: str) -> None:
    if encoding == "cp850":
        # It has no such characters.
        text = text.replace("Œ", "O").replace("€", "EUR")

    assert decoded(text.encode(encoding)) == text


def test_one_broken_byte_does_not_spoil_the_rest() -> None:
    text = "relevé;Données;Énergie\r\n" * 20

    assert decoded(text.encode() + b"\xff").startswith("relevé;Données")


def test_the_line_in_which_excel_names_the_delimiter_is_obeyed() -> None:
    content = b"sep=|\r\nDate|m3|Energie (kWh)|Note\r\n10/01/2021|1|11,5|a;b;c\r\n"

    assert the_meter(content).energy == 11.5


def test_a_workbook_needs_no_code_page() -> None:
    assert the_meter(table(day_row("10/01/2021", 0, "Absence de Données"))).energy == 0
