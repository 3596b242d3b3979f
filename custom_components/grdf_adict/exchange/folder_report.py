"""The report on a file of the watched folder, to be written beside it."""

from collections.abc import Iterable, Iterator, Mapping
import re
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..adict import mask_pce
from ..const import DOMAIN
from ..files import ROW_PROBLEMS, ExportFile, ExportQuestionError, RowFinding
from ..helpers.texts import Texts, shown_amount
from ..metering import DayOutcome, ExportedMeter, Preview
from ..meters.coordinator import MeterCoordinator
from .delivery import Delivered
from .questions import facts_text, option_text, question_text
from .take_in import FileRefusedError, places

_PCE: Final = re.compile(r"(?<!\d)\d{13,14}(?!\d)|GI\d{6}(?!\d)", re.IGNORECASE)


def shown_name(name: str) -> str:
    """Return a file's name with the PCE masked: GRDF puts it in the name."""
    return _PCE.sub(lambda found: mask_pce(found[0]), name)


def done_report(
    export: ExportFile,
    delivered: Delivered,
    unmatched: Iterable[ExportedMeter],
    texts: Texts,
    language: str,
) -> str:
    """Return what was imported; `unmatched` are the tables that no meter imported."""
    lines = [texts["file_report.done"]]
    for meter, previews in delivered.items():
        for preview in previews:
            lines += ["", *_taken(meter, preview, texts, language)]
    if unknown := [each.pce.masked if each.pce else "-" for each in unmatched]:
        lines += ["", f"{texts['file_report.left_out']} {', '.join(unknown)}"]
    return _text([*lines, *_findings(export.warnings, texts)])


def question_report(asked: ExportQuestionError, texts: Texts, language: str) -> str:
    """Return the report on a file that leaves something open."""
    answers = [option_text(option, texts) for option in asked.options]
    lines = [
        texts["file_report.failed"],
        "",
        question_text(asked, texts),
        facts_text(asked.facts, texts, language),
        *(f"- {shown_name(answer)}" for answer in answers),
        "",
        texts["file_report.asked"],
    ]
    return _text(lines)


async def async_refusal_report(
    hass: HomeAssistant, refused: FileRefusedError, texts: Texts
) -> str:
    """Return why a file was refused, and what to do."""
    exceptions = await async_get_translations(
        hass, hass.config.language, "exceptions", {DOMAIN}
    )

    def message(key: str, filled: Mapping[str, str]) -> str:
        text = exceptions[f"component.{DOMAIN}.exceptions.{key}.message"]
        return text.format(**filled)

    others = [
        message(f"file_{found.problem}", {"rows": places([found])})
        for found in refused.findings
        if found.problem in ROW_PROBLEMS and f"file_{found.problem}" != refused.key
    ]
    reasons = [message(refused.key, refused.placeholders(texts)), *others]
    lines = [texts["file_report.failed"], "", *reasons, "", texts["file_report.again"]]
    return _text(lines)


def _taken(
    meter: MeterCoordinator, preview: Preview, texts: Texts, language: str
) -> Iterator[str]:
    yield f"{meter.title} (PCE {mask_pce(meter.pce)})"
    yield (
        f"{preview.first} → {preview.last}, {texts[f'file_kind.{preview.kind}']} ·"
        f" {shown_amount(preview.energy, language)} kWh,"
        f" {shown_amount(preview.volume, language)} m³"
    )
    counts = {fate.value: preview.count(fate) for fate in DayOutcome}
    counts["elsewhere"] = preview.elsewhere
    for fate, count in counts.items():
        if count:
            yield f"- {texts[f'file_fate.{fate}']} · {count}"


def _findings(found: Iterable[RowFinding], texts: Texts) -> list[str]:
    lines = [
        f"- {texts[f'file_finding.{each.problem}']}{_rows(each, texts)}"
        for each in found
        if f"file_finding.{each.problem}" in texts
    ]
    return ["", texts["file_report.findings"], *lines] if lines else []


def _rows(found: RowFinding, texts: Texts) -> str:
    if found.rows:
        return f" ({texts['file_report.rows']} {places([found])})"
    return f" · {found.count}" if found.count else ""


def _text(lines: Iterable[str]) -> str:
    return "\n".join([*lines, ""])
