"""Files that are not read at all, and why."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_STORED, ZipFile

import pytest

from custom_components.grdf_adict.files import (
    ExportFileError,
    Problem,
    guard,
    read_export,
)
from custom_components.grdf_adict.files.sheets import MAX_BYTES, read_sheets
from tests.exports import build_daily, workbook_of

from .common import (
    DAYS,
    EXPORTED_ON,
    HEADER,
    PCE,
    TODAY,
    day_row,
    read,
    refusal,
    repacked,
    table,
)

WORKBOOK = build_daily(DAYS, pce=PCE, exported_on=EXPORTED_ON)
SMALL = table(day_row("10/01/2021"))
SHEET = "xl/worksheets/sheet1.xml"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
TYPES = "[Content_Types].xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def zipped(members: dict[str, bytes], method: int = ZIP_STORED) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", method) as archive:
        for name, part in members.items():
            archive.writestr(name, part)
    return written.getvalue()


def with_sheet(xml: str) -> bytes:
    """Return a workbook whose sheet is this XML."""

    def change(part: bytes) -> bytes:
        return xml.encode() if b"<sheetData" in part else part

    return repacked(SMALL, change)


def strict() -> bytes:
    """Return a workbook as Excel's "Strict Open XML" has it, as far as it matters."""
    usual, other = NAMESPACE.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    return repacked(SMALL, lambda part: part.replace(usual, other))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (strict(), Problem.STRICT_WORKBOOK),
        (zipped({"PCE/releve.xlsx": SMALL}), Problem.ARCHIVE),
        (zipped({"export.CSV": b"Date;Energie"}), Problem.ARCHIVE),
        (b"\x1f\x8b\x08 gzip", Problem.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c", Problem.ARCHIVE),
        (b"Rar!\x1a\x07", Problem.ARCHIVE),
        (
            zipped({"mimetype": ODS, "content.xml": b"<x/>"}),
            Problem.OTHER_WORKBOOK,
        ),
        (
            zipped({"Index/Document.iwa": b"", "preview.jpg": b""}),
            Problem.OTHER_WORKBOOK,
        ),
        (zipped({"xl/workbook.bin": b"x"}), Problem.OTHER_WORKBOOK),
        (zipped({"mimetype": b"x.opendocument.text"}), Problem.NOT_A_WORKBOOK),
        (
            zipped({TYPES: b"", "word/embeddings/a.xlsx": SMALL}),
            Problem.NOT_A_WORKBOOK,
        ),
        (zipped({"photo.jpg": b""}), Problem.NOT_A_WORKBOOK),
    ],
    ids=[
        *("strict", "zip of a workbook", "zip of text", "gzip", "7z", "RAR"),
        *("OpenDocument", "Numbers", "binary", "a text", "a letter", "a picture"),
    ],
)
def test_a_workbook_in_another_format_is_named_for_what_it_is(
    content: bytes, problem: Problem
) -> None:
    assert refusal(content).problem is problem


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b" \r\n \r\n", Problem.EMPTY),
        (b"\xef\xbb\xbf", Problem.EMPTY),
        (workbook_of(("Feuil1", [])), Problem.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", Problem.NOT_A_WORKBOOK),
        (b"%PDF-1.7 text only", Problem.NOT_A_WORKBOOK),
        (b"\x89PNG\r\n\x1a\n\x00\x00", Problem.NOT_A_WORKBOOK),
        (b"<html><table><tr><td>Date</td>", Problem.NOT_A_WORKBOOK),
        (b'{\\rtf1 Date;"Energie"}', Problem.NOT_A_WORKBOOK),
        (zipped({"word/document.xml": b"<w/>"}), Problem.NOT_A_WORKBOOK),
        (OLE2, Problem.OLD_WORKBOOK),
        (OLE2 + "EncryptedPackage".encode("utf-16-le"), Problem.PASSWORD_PROTECTED),
        (WORKBOOK[: len(WORKBOOK) // 2], Problem.DAMAGED),
        (b"PK\x03\x04 nothing", Problem.DAMAGED),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), Problem.DAMAGED),
        (b"Bonjour ; tout le monde\r\n", Problem.HEADER_MISSING),
        (table(day_row("10/01/2021"), header=("A", "B")), Problem.HEADER_MISSING),
        (table(), Problem.NO_ROWS),
        (
            table(header=("Date de début", "Date de fin", "Energie (kWh)")),
            Problem.UNKNOWN_LAYOUT,
        ),
        (
            table(header=("Début de période", "Fin de période", "Mois", "Energie")),
            Problem.UNKNOWN_LAYOUT,
        ),
    ],
    ids=[
        *("nothing", "blank lines", "a BOM alone", "no cells", "PDF", "PDF as text"),
        *("PNG", "HTML", "RTF", "a text document", "xls", "encrypted", "half a file"),
        *("no zip", "an empty zip", "prose", "no header", "no rows", "two dates"),
        "two bounds",
    ],
)
def test_what_cannot_be_read_is_reported_by_kind(
    content: bytes, problem: Problem
) -> None:
    assert refusal(content).problem is problem


def test_a_file_over_20_megabytes_is_too_large() -> None:
    assert refusal(bytes(MAX_BYTES + 1)).problem is Problem.TOO_LARGE


def test_a_file_on_the_disk_is_read_by_its_name_too(tmp_path: Path) -> None:
    path = tmp_path / f"Donnees_informatives_{PCE}.xlsx"
    path.write_bytes(SMALL)

    file = read_export(path, today=TODAY)

    assert file.meters[0].pce is not None
    assert file.meters[0].pce.pce == PCE


def test_no_more_of_a_huge_file_is_read_than_needed(tmp_path: Path) -> None:
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.truncate(1 << 40)

    with pytest.raises(ExportFileError, match="too_large"):
        read_export(path, today=TODAY)


def test_a_zip_with_a_password_is_reported_as_such() -> None:
    content = bytearray(SMALL)
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1

    assert refusal(bytes(content)).problem is Problem.PASSWORD_PROTECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "https://example.com/x.dtd">',
    ],
)
def test_a_workbook_that_declares_entities_is_refused(
    doctype: str, encoding: str
) -> None:
    sheet = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<worksheet/>'
    content = repacked(SMALL, more={"xl/worksheets/other.xml": sheet.encode(encoding)})

    assert refusal(content).problem is Problem.EXTERNAL_ENTITY


def test_entities_are_found_behind_any_remark() -> None:
    sheet = f"<?xml version='1.0'?><!--{'-x' * 5_000}--><!DOCTYPE x><worksheet/>"
    content = repacked(SMALL, more={"xl/worksheets/other.xml": sheet.encode()})

    assert refusal(content).problem is Problem.EXTERNAL_ENTITY


def test_a_sheet_is_looked_at_whatever_it_is_called() -> None:
    doctype = b'<?xml version="1.0"?><!DOCTYPE x><worksheet/>'
    content = repacked(SMALL, more={"xl/media/image1.png": doctype})

    assert refusal(content).problem is Problem.EXTERNAL_ENTITY


def test_pictures_in_a_workbook_are_let_be() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100

    assert read(repacked(SMALL, more={"xl/media/image1.png": picture})).meters


@pytest.mark.parametrize(
    "content",
    [
        repacked(SMALL, more={"xl/x.bin": bytes(guard.RATIO_FROM + 1)}),
        repacked(
            SMALL, more={f"xl/{place}.xml": b"" for place in range(guard.MAX_MEMBERS)}
        ),
        with_sheet(
            f'<worksheet xmlns="{NAMESPACE}"><sheetData><row>'
            + "<c/>" * (guard.MAX_ELEMENTS_AT_ONCE + 1)
            + "</row></sheetData></worksheet>"
        ),
        repacked(
            SMALL,
            more={"xl/big.xml": b"<a>" + b"<b/>" * guard.MAX_ELEMENTS_AT_ONCE},
        ),
    ],
    ids=["ratio", "members", "cells of a row", "elements of a part"],
)
def test_a_bomb_is_refused(content: bytes) -> None:
    assert refusal(content).problem is Problem.BOMB


def test_a_workbook_that_unpacks_to_too_much_is_a_bomb(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "custom_components.grdf_adict.files.guard.MAX_UNCOMPRESSED", 1000
    )

    assert refusal(WORKBOOK).problem is Problem.BOMB


def test_a_workbook_of_too_many_elements_is_a_bomb(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custom_components.grdf_adict.files.guard.MAX_TAGS", 1000)

    assert refusal(WORKBOOK).problem is Problem.BOMB


def test_a_small_workbook_of_very_many_cells_is_a_bomb() -> None:
    row = "<row>" + "<c/>" * 50_000 + "</row>"
    sheet = (
        f'<worksheet xmlns="{NAMESPACE}"><sheetData>{row * 40}</sheetData></worksheet>'
    )

    assert refusal(with_sheet(sheet)).problem is Problem.BOMB


def test_formats_spread_over_many_sheets_are_counted_together() -> None:
    rules = b"<conditionalFormatting/>" * (guard.MAX_ELEMENTS_AT_ONCE // 10)
    sheet = b'<worksheet xmlns="%b">%b</worksheet>' % (NAMESPACE.encode(), rules)
    content = repacked(SMALL, more={f"xl/{at}.xml": sheet for at in range(11)})

    assert refusal(content).problem is Problem.BOMB


def test_one_part_that_is_named_as_many_sheets_is_not_read_many_times() -> None:
    def name_again(part: bytes) -> bytes:
        start, end = part.find(b"<sheet "), part.find(b"</sheets>")
        return part if end < 0 else part[:end] + part[start:end] * 9 + part[end:]

    assert refusal(repacked(SMALL, name_again)).problem is Problem.BOMB


def test_one_name_for_two_parts_is_damage() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = repacked(SMALL, more={SHEET: b"<worksheet/>"})

    assert refusal(content).problem is Problem.DAMAGED


def test_rows_far_below_in_many_sheets_cost_nothing() -> None:
    far = b'<row r="1200000"><c><v>1</v></c></row></sheetData>'
    book = workbook_of(
        *((f"S{at}", [HEADER, day_row("10/01/2021")]) for at in range(2))
    )
    content = repacked(book, lambda part: part.replace(b"</sheetData>", far))
    read_rows = [
        number
        for sheet in read_sheets(content, lambda _: True)
        for number, _ in sheet.rows
    ]

    assert read_rows == [1, 2, 1_200_000] * 2, "no blank row between"


@pytest.mark.parametrize(
    "text", ["x" * 2_000_000, ";" * 2_000_000, '"' + "x" * 200_000]
)
def test_a_line_that_no_table_has_is_damage(text: str) -> None:
    content = f"Date;Energie (kWh)\r\n10/01/2021;1\r\n{text}".encode()

    assert refusal(content).problem is Problem.DAMAGED


def test_a_table_of_very_many_texts_is_no_bomb() -> None:
    texts = b"<si><t>x</t></si>" * (guard.MAX_ELEMENTS_AT_ONCE // 2 + 1)
    table_of_texts = b'<sst xmlns="%b">%b</sst>' % (NAMESPACE.encode(), texts)

    assert read(repacked(SMALL, more={"xl/texts.xml": table_of_texts})).meters


def test_packings_that_may_need_gigabytes_are_refused() -> None:
    content = repacked(SMALL, method=ZIP_BZIP2)

    assert refusal(content).problem is Problem.NOT_A_WORKBOOK


def test_more_rows_than_any_export_has_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custom_components.grdf_adict.files.intake.MAX_ROWS", 10)

    assert refusal(WORKBOOK).problem is Problem.TOO_MANY_ROWS


def test_a_row_far_below_costs_no_more_than_a_sheet_can_have() -> None:
    content = with_sheet(
        f'<worksheet xmlns="{NAMESPACE}"><sheetData>'
        f'<row r="{10**18}"><c t="inlineStr"><is><t>Date</t></is></c></row>'
        "</sheetData></worksheet>"
    )

    assert refusal(content).problem is Problem.EMPTY


def test_a_formula_is_worth_what_the_saving_program_left() -> None:
    sheet = (
        f'<worksheet xmlns="{NAMESPACE}"><sheetData><row>'
        + "".join(f'<c t="inlineStr"><is><t>{word}</t></is></c>' for word in HEADER)
        + '</row><row><c t="inlineStr"><is><t>10/01/2021</t></is></c>'
        "<c><f>1+1</f><v>3</v></c><c><f>1+1</f><v>30</v></c></row>"
        '<row><c t="inlineStr"><is><t>11/01/2021</t></is></c>'
        "<c><f>1+1</f></c><c><f>1+1</f></c></row>"
        "</sheetData></worksheet>"
    )

    (meter,) = read(with_sheet(sheet)).meters

    assert [(row.volume, row.energy) for row in meter.rows] == [(3, 30)]
