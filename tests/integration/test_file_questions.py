"""What a file leaves open is asked, with the facts beside it, and never guessed."""

from datetime import date, timedelta
import json
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import voluptuous as vol

from custom_components.grdf_adict.exchange import take_in
from custom_components.grdf_adict.files import (
    ExportFile,
    ExportQuestionError,
    Facts,
    Option,
    Question,
    read_export,
)
from custom_components.grdf_adict.metering import ExportKind
from tests.exports import build_daily, invented_days

from .common import stored_rows
from .file_flow import begin, defaults, send, send_files
from .file_questions import COLUMNS, FACTS, GAS, PERIODS, Asking
from .markers import HOSTILE, live

HOME: Final = "09999999911111"
TRANSLATIONS: Final = Path(take_in.__file__).parents[1] / "translations"


def own_table(days: int = 30, energy: float = 10, pce: str | None = HOME) -> bytes:
    """Return a table such as a household keeps; nothing in it is GRDF's."""
    first = date(2026, 9, 1)
    rows = [
        f"{first + timedelta(days=number):%d/%m/%Y};{energy}" for number in range(days)
    ]
    above = [f"N° PCE :;{pce}"] if pce else []
    return "\r\n".join([*above, "Date;Consommation (kWh)", *rows, ""]).encode()


def _options(result: dict[str, Any]) -> dict[str, str]:
    (selector,) = result["data_schema"].schema.values()
    return {each["value"]: each["label"] for each in selector.config["options"]}


async def test_a_question_is_asked_with_the_facts_and_the_answer_is_used(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, asking: Asking
) -> None:
    asking("mine", {Question.GAS: GAS})

    result = await send_files(
        hass, hass_client, await begin(hass), ("mine.csv", own_table())
    )

    assert result["step_id"] == "file_question"
    shown = result["description_placeholders"]
    assert "Is it the gas consumption of one of your meters?" in shown["question"]
    assert shown["file"] == "mine.csv"
    assert shown["facts"] == "30 rows, from 2026-09-01 to 2026-09-30, 1,234 kWh"
    assert _options(result) == {
        "yes": "Yes, it is gas of my meter",
        "leave_out": "Do not import this file",
    }
    result = await send(hass, result, {"answer": "yes"})
    assert result["step_id"] == "file_preview"
    result = await send(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    rows = await stored_rows(hass, f"grdf_adict:{HOME}_energy")
    assert [state for _, state, _ in rows] == [10] * 30


async def test_no_answer_is_chosen_for_anybody(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, asking: Asking
) -> None:
    asking("mine", {Question.GAS: GAS})
    result = await send_files(
        hass, hass_client, await begin(hass), ("mine.csv", own_table())
    )
    # The frontend fills in the first option of a required field.
    (field,) = result["data_schema"].schema
    assert isinstance(field, vol.Optional)
    assert defaults(result) == {}

    result = await send(hass, result, {})

    assert result["step_id"] == "file_question"
    assert result["errors"] == {"answer": "answer_missing"}


async def test_options_of_the_files_own_words_are_shown_with_samples(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, asking: Asking
) -> None:
    hass.config.language = "fr"
    long = Option("4", "x" * 200, "1")
    asking("mine", {Question.ENERGY_COLUMN: (*COLUMNS, long)}, Facts(1))

    result = await send_files(
        hass, hass_client, await begin(hass), ("mine.csv", own_table())
    )

    assert _options(result) == {
        "2": "Energie site A (kWh)",
        "3": "Energie site B (kWh)",
        "4": f"{'x' * 60}…",
        "leave_out": "Ne pas importer ce fichier",
    }
    facts = result["description_placeholders"]["facts"].splitlines()
    assert facts[:4] == [
        "1 ligne",
        "",
        "- Energie site A (kWh) · 10 ; 11 ; 12",
        "- Energie site B (kWh) · 70 ; 71 ; 72",
    ]


async def test_several_questions_and_several_files_come_one_after_the_other(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, asking: Asking
) -> None:
    asking("one", {Question.ENERGY_COLUMN: COLUMNS, Question.PERIOD: PERIODS})
    asking("two", {Question.GAS: GAS})
    result = await send_files(
        hass,
        hass_client,
        await begin(hass),
        ("one.csv", own_table(5)),
        ("two.csv", own_table(10)),
        ("three.csv", own_table(20)),
    )

    asked = []
    for answer in ("3", "daily", "yes"):
        shown = result["description_placeholders"]
        asked.append((shown["file"], set(_options(result)) - {"leave_out"}))
        result = await send(hass, result, {"answer": answer})

    assert asked == [
        ("one.csv", {"2", "3"}),
        ("one.csv", {"monthly", "daily"}),
        ("two.csv", {"yes"}),
    ]
    assert result["step_id"] == "file_preview"
    for name in ("one.csv", "two.csv", "three.csv"):
        assert name in result["description_placeholders"]["preview"]


async def test_a_file_can_be_left_out_instead_of_an_answer(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, asking: Asking
) -> None:
    asking("one", {Question.GAS: GAS})
    result = await send_files(
        hass,
        hass_client,
        await begin(hass),
        ("one.csv", own_table(40)),
        ("two.csv", own_table(20)),
    )
    result = await send(hass, result, {"answer": "leave_out"})
    assert result["step_id"] == "file_preview"
    assert "one.csv" not in result["description_placeholders"]["preview"]

    again = await send_files(
        hass, hass_client, await begin(hass), ("one.csv", own_table())
    )
    again = await send(hass, again, {"answer": "leave_out"})

    assert again["step_id"] == "files"
    assert again["errors"] == {"base": "no_file"}


async def test_a_file_that_waits_for_its_answer_is_kept_while_others_are_refused(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, asking: Asking
) -> None:
    asking("one", {Question.GAS: GAS})

    result = await send_files(
        hass,
        hass_client,
        await begin(hass),
        ("one.csv", own_table()),
        ("two.pdf", b"%PDF-1.7"),
    )
    assert result["errors"] == {"file_2": "file_not_a_workbook"}
    assert result["description_placeholders"]["ready"] == "one.csv"
    result = await send(hass, result, {})

    assert result["step_id"] == "file_question"
    result = await send(hass, result, {"answer": "yes"})
    assert result["step_id"] == "file_preview"


async def test_bad_rows_of_a_file_with_a_question_can_be_left_out_after_it(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, asking: Asking
) -> None:
    asking("one", {Question.GAS: GAS})
    content = own_table() + b"01/10/2026;-5\r\n"
    result = await send_files(
        hass, hass_client, await begin(hass), ("one.csv", content)
    )

    result = await send(hass, result, {"answer": "yes"})
    assert result["step_id"] == "files"
    assert result["errors"] == {"base": "file_negative"}
    assert result["description_placeholders"]["refused"] == "one.csv"
    result = await send(hass, result, {"leave_out": True})

    assert result["step_id"] == "file_preview"
    assert result["description_placeholders"]["preview"].startswith("**30 days")


async def test_a_question_of_what_bad_rows_leave_is_asked_once_the_box_is_ticked(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(content: bytes, *, leave_out_bad_rows: bool, **more: Any) -> ExportFile:
        if leave_out_bad_rows and not more["answers"]:
            raise ExportQuestionError(Question.PERIOD, PERIODS, FACTS)
        return read_export(content, leave_out_bad_rows=leave_out_bad_rows, **more)

    monkeypatch.setattr(take_in, "read_export", read)
    content = own_table() + b"01/10/2026;-5\r\n"
    result = await send_files(hass, hass_client, await begin(hass), content)
    assert result["errors"] == {"file_1": "file_negative"}

    result = await send(hass, result, {"leave_out": True})
    assert result["step_id"] == "file_question"
    result = await send(hass, result, {"answer": "daily"})

    assert result["step_id"] == "file_preview"
    assert result["description_placeholders"]["preview"].startswith("**30 days")


async def test_what_a_file_says_of_itself_does_nothing_in_the_question(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, asking: Asking
) -> None:
    asking("one", {Question.SHEET: (Option("1", HOSTILE, HOSTILE),)})

    result = await send_files(
        hass, hass_client, await begin(hass), ("one [a](b).csv", own_table())
    )

    assert result["step_id"] == "file_question"
    assert live(json.dumps(result["description_placeholders"])) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_question_and_each_answer_has_words(language: str) -> None:
    texts = json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))
    selectors = texts["selector"]

    assert set(selectors["file_question"]["options"]) == {*Question}
    assert set(selectors["file_answer"]["options"]) == {*ExportKind, "yes", "leave_out"}


async def test_a_households_own_table_is_asked_about_and_grdfs_is_recognised(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    hass.config.language = "fr"
    days = invented_days(date(2026, 10, 1), date(2026, 10, 20))
    theirs = build_daily(days, pce=HOME, exported_on=date(2026, 11, 19))

    result = await send_files(
        hass,
        hass_client,
        await begin(hass),
        ("tableau.csv", own_table(pce=None)),
        ("export.xlsx", theirs),
    )
    assert result["step_id"] == "file_question"
    shown = result["description_placeholders"]
    assert shown["file"] == "tableau.csv"
    assert shown["facts"] == "30 lignes, du 01/09/2026 au 30/09/2026, 300 kWh"
    assert set(_options(result)) == {"yes", "leave_out"}
    result = await send(hass, result, {"answer": "yes"})
    assert result["step_id"] == "file_pce"
    result = await send(hass, result, {"pce": HOME})

    preview = result["description_placeholders"]["preview"]
    assert preview.startswith("**50 jours, du 01/09/2026 au 20/10/2026, ")
    assert "- export.xlsx · reconnu à : les en-têtes de GRDF" in preview
    assert "tableau.csv · reconnu" not in preview


async def test_of_two_columns_of_energy_the_one_that_is_chosen_is_imported(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    first = date(2026, 9, 1)
    rows = [
        f"{first + timedelta(days=number):%d/%m/%Y};{10 + number % 3};{70 + number % 3}"
        for number in range(10)
    ]
    header = "Date;Energie site A (kWh);Energie site B (kWh)"
    content = "\r\n".join([header, *rows, ""]).encode()
    result = await send_files(hass, hass_client, await begin(hass), content)
    assert set(_options(result).values()) >= {
        "Energie site A (kWh)",
        "Energie site B (kWh)",
    }

    answer = next(
        value
        for value, label in _options(result).items()
        if label == "Energie site B (kWh)"
    )
    result = await send(hass, result, {"answer": answer})
    assert set(_options(result)) == {"yes", "leave_out"}
    result = await send(hass, result, {"answer": "yes"})
    result = await send(hass, result, {"pce": HOME})
    await send(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    stored = await stored_rows(hass, f"grdf_adict:{HOME}_energy")
    assert [state for _, state, _ in stored] == [
        70 + number % 3 for number in range(10)
    ]
