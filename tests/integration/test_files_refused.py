"""Files that cannot be imported: what the flow shows."""

from datetime import date, timedelta
import json
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.exchange import take_in
from custom_components.grdf_adict.files import (
    ExportFile,
    ExportFileError,
    Problem,
    read_export,
)
from custom_components.grdf_adict.files.sheets import MAX_BYTES
from tests.exports import build_daily, build_text, invented_days, workbook_of
from tests.exports.hidden import with_hidden
from tests.exports.layouts import Row
from tests.files.common import day_row, repacked, table
from tests.files.test_refused import OLE2, SMALL, strict, zipped

from .common import stored_rows
from .file_flow import begin, send, send_files

TRANSLATIONS: Final = (
    Path(__file__).parents[2] / "custom_components" / "grdf_adict" / "translations"
)
HOME: Final = "09999999911111"
GOOD: Final = build_daily(
    invented_days(date(2026, 10, 1), date(2026, 10, 20)),
    pce=HOME,
    exported_on=date(2026, 11, 19),
)
DOCTYPE: Final = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///x"><worksheet/>'
WHOLE: Final = {
    "file_not_a_workbook": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "file_empty": workbook_of(("Feuil1", [])),
    "file_no_rows": table(),
    "file_header_missing": b"Bonjour ; tout le monde\r\n",
    "file_old_workbook": OLE2,
    "file_password_protected": OLE2 + "EncryptedPackage".encode("utf-16-le"),
    "file_damaged": GOOD[: len(GOOD) // 2],
    "file_bomb": repacked(SMALL, more={"xl/x.bin": bytes(10_000_001)}),
    "file_external_entity": repacked(SMALL, more={"xl/other.xml": DOCTYPE}),
    "file_strict_workbook": strict(),
    "file_other_workbook": zipped({"xl/workbook.bin": b"x"}),
    "file_archive": zipped({"export.xlsx": GOOD}),
    "file_all_hidden": with_hidden(SMALL, rows=[1, 2]),
    "file_too_large": bytes(MAX_BYTES + 1),
    "file_unknown_layout": table(header=("Date de début", "Date de fin", "Energie")),
    "file_electricity": b"Date;Consommation (kWh);Nature de la donnee\r\n1/1/2024;9;-",
    "file_bill": b"Date facture;Conso (kWh);Montant TTC\r\n1/1/2024;900;99",
    "file_water": b"Date;Consommation (litres);Index\r\n1/1/2024;71;2043608",
    "file_home_assistant_export": b"entity_id,state,last_changed\r\nsensor.gas,1,2",
    "file_lower_heating_value": table(
        ("10/01/2021", 12, 121), header=("Date", "m3", "kWh PCI")
    ),
    "file_energy_mismatch": table(
        ("10/01/2021", 120, 1.34), header=("Date", "m3", "kWh")
    ),
    "file_other_fluids": table(
        ("10/01/2021", "Eau", 12), header=("Date", "Fluide", "kWh")
    ),
    "file_mixed_kinds": table(
        day_row("10/01/2021"),
        day_row("11/01/2021"),
        ("Du 11/01/2021 au 17/01/2021", 1, 10, "Mesuré"),
    ),
    "file_pivot_table": table(header=("Étiquettes de lignes", "Somme de Energie")),
    "file_month_first": table(day_row("02/12/2021"), day_row("02/13/2021")),
    "file_two_digit_year": table(day_row("10/01/21")),
    "file_times_of_day": table(
        day_row("10/01/2021 00:00"), day_row("10/01/2021 01:00")
    ),
    "file_ambiguous_number": table(("10/01/2021", None, "1,100", "Mesuré")),
    "file_unknown_periods": table(
        *((f"15/{month:02}/2021", None, 500, None) for month in range(1, 5))
    ),
}
OF_ROWS: Final = {
    "file_date_in_future": table(day_row("10/01/2021"), day_row("22/11/2026")),
    "file_bad_year": table(day_row("10/01/2021"), day_row("11/01/0202")),
    "file_negative": table(day_row("10/01/2021"), day_row("11/01/2021", -3)),
    "file_unreadable_number": table(day_row("10/01/2021"), day_row("11/01/2021", "x")),
    "file_unreadable_date": table(day_row("10/01/2021"), day_row("the day after")),
    "file_conflicting_rows": table(
        day_row("10/01/2021", 10), day_row("11/01/2021"), day_row("11/01/2021", 12)
    ),
    "file_overlapping_rows": table(
        ("Du 04/01/2021 au 10/01/2021", 1, 10, "Mesuré"),
        ("Du 06/01/2021 au 12/01/2021", 1, 10, "Mesuré"),
        ("Du 18/01/2021 au 24/01/2021", 1, 10, "Mesuré"),
    ),
    "file_shifted_cells": (
        b"Date;m3;Energie (kWh)\r\n10/01/2021;1;10\r\n11/01/2021;1;10;5\r\n"
    ),
}


async def test_a_file_that_cannot_be_read_has_a_reason_and_the_next_one_is_imported(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    result = await begin(hass)
    errors = {}
    for error, content in WHOLE.items():
        result = await send_files(hass, hass_client, result, content)
        errors[error] = result["errors"]
        assert "leave_out" not in result["data_schema"].schema

    assert errors == {error: {"file_1": error} for error in WHOLE}
    result = await send_files(hass, hass_client, result, GOOD)
    assert result["step_id"] == "file_preview"


async def test_bad_rows_refuse_a_file_and_are_named(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    result = await begin(hass)
    errors = {}
    for error, content in OF_ROWS.items():
        result = await send_files(hass, hass_client, result, content)
        errors[error] = result["errors"]
        assert result["description_placeholders"]["rows"] in {"3", "3, 4", "2, 3"}, (
            error
        )
        assert "leave_out" in result["data_schema"].schema

    assert errors == {error: {"file_1": error} for error in OF_ROWS}
    result = await send(hass, result, {"leave_out": False})
    assert result["errors"] == {"base": "no_file"}
    assert "leave_out" not in result["data_schema"].schema


async def test_bad_rows_are_left_out_on_request_and_reported(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    content = table(
        day_row("10/01/2021", 12),
        day_row("11/01/2021", -3),
        day_row("12/01/2021", 14),
        above=[("N° PCE :", HOME)],
    )
    result = await send_files(hass, hass_client, await begin(hass), content)
    assert result["errors"] == {"file_1": "file_negative"}

    result = await send(hass, result, {"leave_out": True})
    shown = result["description_placeholders"]["preview"]
    assert "rows left out: a negative amount (rows 4)" in shown
    result = await send(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    rows = await stored_rows(hass, f"grdf_adict:{HOME}_energy")
    assert [(day.day, state) for day, state, _ in rows] == [
        (10, 12),
        (11, None),
        (12, 14),
    ]


@pytest.mark.parametrize(
    ("rows", "error", "shown"),
    [
        ([("11/01/2021", -3)], "file_negative", "2 (all rows)"),
        (
            [("11/01/2021", -3), ("12/01/2021", -4)],
            "file_negative",
            "2, 3 (all rows)",
        ),
        (
            [("11/01/2021", -3), ("12/01/0202", 4)],
            "file_bad_year",
            "3 (no other row can be used)",
        ),
    ],
)
async def test_a_file_of_bad_rows_alone_says_so_and_offers_no_box(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    rows: list[tuple[str, float]],
    error: str,
    shown: str,
) -> None:
    content = table(*(day_row(*row) for row in rows))

    result = await send_files(hass, hass_client, await begin(hass), content)

    assert result["errors"] == {"file_1": error}
    assert result["description_placeholders"]["rows"] == shown
    assert "leave_out" not in result["data_schema"].schema


async def test_what_rows_that_remain_are_refused_for_is_not_told_as_all_rows(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(content: bytes, *, leave_out_bad_rows: bool, **more: Any) -> ExportFile:
        if leave_out_bad_rows:
            raise ExportFileError(Problem.UNKNOWN_LAYOUT)
        return read_export(content, leave_out_bad_rows=False, **more)

    monkeypatch.setattr(take_in, "read_export", read)

    result = await send_files(hass, hass_client, await begin(hass), TWO_DAYS)

    assert result["errors"] == {"file_1": "file_negative"}
    assert result["description_placeholders"]["rows"] == "4"
    assert "leave_out" not in result["data_schema"].schema


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_text_of_a_refusal_speaks_of_a_box_that_may_not_be_there(
    language: str,
) -> None:
    texts = json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))
    errors = {
        **texts["config"]["error"],
        **texts["config_subentries"]["meter"]["error"],
    }

    refusals = [text for key, text in errors.items() if key.startswith("file_")]

    assert refusals
    assert not [text for text in refusals if "box" in text or "case" in text]


TWO_DAYS: Final = table(
    day_row("10/01/2021", 12),
    day_row("11/01/2021", -3),
    day_row("12/01/2021", 14),
    above=[("N° PCE :", HOME)],
)


async def test_the_same_file_may_be_chosen_again_with_the_box_ticked(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    result = await send_files(hass, hass_client, await begin(hass), TWO_DAYS)
    assert result["description_placeholders"]["refused"] == "export.xlsx"

    # A browser that downloads a file twice gives the second another name.
    again = ("export (1).xlsx", TWO_DAYS)
    result = await send_files(hass, hass_client, result, again, leave_out=True)

    assert result["step_id"] == "file_preview"
    shown = result["description_placeholders"]["preview"]
    assert shown.startswith("**2 days, from 2021-01-10 to 2021-01-12, 26 kWh, all new")


async def test_a_corrected_file_of_the_same_name_takes_the_place_of_the_refused_one(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    corrected = table(
        day_row("10/01/2021", 12),
        day_row("11/01/2021", 3),
        day_row("12/01/0202", 14),
        above=[("N° PCE :", HOME)],
    )
    result = await send_files(hass, hass_client, await begin(hass), TWO_DAYS)

    result = await send_files(hass, hass_client, result, corrected, leave_out=True)

    shown = result["description_placeholders"]["preview"]
    assert shown.startswith("**2 days, from 2021-01-10 to 2021-01-11, 15 kWh, all new")


async def test_the_box_is_about_the_file_it_names_and_no_other(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    other = table(
        day_row("10/01/2022", 1), day_row("11/01/2022", -1), above=[("N° PCE :", HOME)]
    )
    result = await send_files(
        hass, hass_client, await begin(hass), ("a.xlsx", TWO_DAYS), ("b.xlsx", other)
    )
    assert result["errors"] == {"file_1": "file_negative", "file_2": "file_refused_too"}
    assert result["description_placeholders"]["refused"] == "a.xlsx"

    result = await send_files(
        hass, hass_client, result, ("b.xlsx", other), leave_out=True
    )

    assert result["errors"] == {"file_1": "file_negative"}
    assert result["description_placeholders"]["ready"] == "a.xlsx"
    assert result["description_placeholders"]["refused"] == "b.xlsx"


async def test_beside_a_file_that_cannot_be_read_at_all_no_box_is_offered(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    result = await send_files(
        hass, hass_client, await begin(hass), ("a.pdf", b"%PDF-1.7"), TWO_DAYS
    )

    assert result["errors"] == {
        "file_1": "file_not_a_workbook",
        "file_2": "file_refused_too",
    }
    assert "leave_out" not in result["data_schema"].schema


async def test_valid_files_stay_and_each_invalid_one_is_reported(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    result = await send_files(
        hass,
        hass_client,
        await begin(hass),
        ("good.xlsx", GOOD),
        ("letter.pdf", b"%PDF-1.7"),
        ("empty.csv", b"x"),
    )

    assert result["errors"] == {
        "file_2": "file_not_a_workbook",
        "file_3": "file_refused_too",
    }
    assert result["description_placeholders"]["ready"] == "good.xlsx"
    result = await send(hass, result, {})
    assert result["step_id"] == "file_preview"
    result = await send(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_no_file_and_a_deleted_upload_show_the_form_again(
    hass: HomeAssistant,
) -> None:
    result = await send(hass, await begin(hass), {})
    assert result["errors"] == {"base": "no_file"}

    gone = {"file_1": "0192f3a7c2d17b6e8c9d0e1f2a3b4c5d"}
    result = await send(hass, result, gone)

    assert result["errors"] == {"file_1": "file_gone"}


async def test_blanks_in_numbers_absences_and_a_meter_change_are_taken_as_they_are(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    first = date(2026, 10, 1)
    days = invented_days(first, first + timedelta(days=9), absent=[date(2026, 10, 4)])
    above = [("N° PCE :", HOME), ()]
    header = (
        *("Date de relevé", "Index de début de période (m3)"),
        *("Index de fin de période (m3)", "Energie consommée (kWh)"),
        "Qualification du relevé",
    )
    rows: list[Row] = [
        ("01/10/2026", 9_990, 9_995, "1\N{NO-BREAK SPACE}234,5", "Mesuré"),
        ("02/10/2026", 3, 5, "20", "Mesuré"),
        ("03/10/2026", None, None, 0, "Absence de Données"),
    ]
    content = table(*rows, header=header, above=above)
    text = build_text(days[3:], pce=HOME, exported_on=date(2026, 11, 19))

    result = await send_files(
        hass, hass_client, await begin(hass), content, ("b.csv", text)
    )
    shown = result["description_placeholders"]["preview"]
    await send(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert "the index runs backwards" in shown
    assert "Absence de Données" in shown
    stored = await stored_rows(hass, f"grdf_adict:{HOME}_energy")
    assert [state for _, state, _ in stored[:4]] == [1234.5, 20, None, None]
    assert [state for _, state, _ in stored[4:]] == [day.kwh for day in days[4:]]
