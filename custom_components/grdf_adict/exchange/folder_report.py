"""What became of a file of the watched folder, in words, to lie beside it."""

from collections.abc import Iterable, Iterator, Mapping
import re
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..adict import mask_pce
from ..const import DOMAIN
from ..files import ExportFile, RowFinding
from ..helpers.texts import Texts, shown_amount
from ..metering import DayOutcome, ExportedMeter, Preview
from .delivery import Delivered
from .take_in import FileRefusedError, places

_PCE: Final = re.compile(r"(?<!\d)\d{13,14}(?!\d)|GI\d{6}(?!\d)", re.IGNORECASE)


def shown_name(name: str) -> str:
    """Return a file's name as it may be shown: GRDF writes the PCE in it."""
    return _PCE.sub(lambda found: mask_pce(found[0]), name)


def done_report(
    export: ExportFile,
    delivered: Iterable[Delivered],
    strangers: Iterable[ExportedMeter],
    words: Texts,
    language: str,
) -> str:
    """Return what was taken in.

    Args:
        export: the file.
        delivered: what each meter took in.
        strangers: what nobody here took.
        words: of the selectors, `file_kind.daily` for instance.
        language: of the words and the amounts.
    """
    lines = [words["file_report.done"]]
    for each in delivered:
        for preview in each.previews:
            lines += ["", *_taken(each, preview, words, language)]
    unknown = [each.pce.masked if each.pce else "-" for each in strangers]
    if unknown:
        lines += ["", f"{words['file_report.left_out']} {', '.join(unknown)}"]
    return _text([*lines, *_findings(export.warnings, words)])


async def async_refusal_report(
    hass: HomeAssistant, refused: FileRefusedError, words: Texts
) -> str:
    """Return why a file was refused, and what to do."""
    texts = await async_get_translations(
        hass, hass.config.language, "exceptions", {DOMAIN}
    )
    said = texts[f"component.{DOMAIN}.exceptions.{refused.key}.message"]
    lines = [words["file_report.failed"], "", _filled(said, refused.placeholders)]
    lines += ["", words["file_report.again"]]
    return _text([*lines, *_findings(refused.findings, words)])


def _taken(
    delivered: Delivered, preview: Preview, words: Texts, language: str
) -> Iterator[str]:
    meter = delivered.meter
    yield f"{meter.title} (PCE {mask_pce(meter.pce)})"
    yield (
        f"{preview.first} → {preview.last}, {words[f'file_kind.{preview.kind}']} ·"
        f" {shown_amount(preview.energy, language)} kWh,"
        f" {shown_amount(preview.volume, language)} m³"
    )
    counts = {fate.value: preview.count(fate) for fate in DayOutcome}
    counts["elsewhere"] = preview.elsewhere
    for fate, count in counts.items():
        if count:
            yield f"- {words[f'file_fate.{fate}']} · {count}"


def _findings(found: Iterable[RowFinding], words: Texts) -> list[str]:
    told = [
        f"- {words[f'file_finding.{each.problem}']}{_rows(each, words)}"
        for each in found
        if f"file_finding.{each.problem}" in words
    ]
    return ["", words["file_report.findings"], *told] if told else []


def _rows(found: RowFinding, words: Texts) -> str:
    return f" ({words['file_report.rows']} {places([found])})" if found.rows else ""


def _filled(text: str, placeholders: Mapping[str, str]) -> str:
    return text.format(**placeholders)


def _text(lines: Iterable[str]) -> str:
    return "\n".join([*lines, ""])
