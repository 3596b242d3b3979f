"""What exported files would do to a meter, for people to read before they confirm."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..exchange.take_in import places
from ..files import RowFinding
from ..helpers.texts import Texts, escaped, shown_amount, shown_date
from ..metering import DayOutcome, ExportedMeter, Preview
from .uploads import Upload

_SHOWN_ALWAYS: Final = frozenset({DayOutcome.NEW, DayOutcome.EQUAL, DayOutcome.CHANGED})


@dataclass(frozen=True, slots=True)
class FileMeter:
    """A meter, and what the files of a flow do to it.

    Attributes:
        pce: the meter's.
        names: of the files, in the order in which they are taken in.
        exported: what each of them says.
        previews: what each of them does, after those before it.
    """

    pce: str
    names: tuple[str, ...]
    exported: tuple[ExportedMeter, ...]
    previews: tuple[Preview, ...]

    @property
    def gained(self) -> float:
        """The kWh PCS by which the history grows; negative: shrinks."""
        return sum(each.gained for each in self.previews)


def preview_text(
    meters: Iterable[FileMeter],
    uploads: Iterable[Upload],
    owned: Mapping[str, str],
    words: Texts,
    language: str,
) -> str:
    """Return tables in Markdown: each meter's files, its days, what is worth knowing.

    Args:
        meters: what the files do to each meter.
        uploads: the files themselves.
        owned: PCE of theirs that are meters elsewhere, masked, and where.
        words: of the selectors, `file_kind.daily` for instance.
        language: of numbers.
    """
    parts = [_meter(meter, words, language) for meter in meters]
    findings = [
        f"- PCE {pce} {words['file_word.owned']} « {escaped(account)} »"
        for pce, account in owned.items()
    ] + [
        f"- {escaped(upload.name)} · {_finding(found, words)}"
        for upload in uploads
        for found in upload.export.warnings
    ]
    if findings:
        parts.append("\n".join([f"**{words['file_word.findings']}**", "", *findings]))
    return "\n\n".join(parts)


def _meter(meter: FileMeter, words: Texts, language: str) -> str:
    heads = [words[f"file_word.{head}"] for head in ("file", "kind", "period", "days")]
    fates = _fates(meter.previews, words, language)
    gained = f"{shown_amount(meter.gained, language)} kWh"
    lines = [
        f"**PCE {meter.pce}**",
        "",
        _row(*heads, "kWh", "m³"),
        _row("---", "---", "---", "---:", "---:", "---:"),
        *(
            _row(
                escaped(name),
                words[f"file_kind.{told.kind}"],
                " → ".join(shown_date(d, language) for d in (told.first, told.last)),
                shown_amount(told.days, language),
                shown_amount(told.energy, language),
                shown_amount(told.volume, language),
            )
            for name, told in zip(meter.names, meter.previews, strict=True)
        ),
        "",
        _row(words["file_word.fate"], words["file_word.days"]),
        _row("---", "---:"),
        *(_row(*fate) for fate in fates),
        "",
        _row(words["file_word.gained"], gained),
        _row("---", "---:"),
    ]
    return "\n".join(lines)


def _fates(
    previews: Sequence[Preview], words: Texts, language: str
) -> list[tuple[str, str]]:
    counts = {
        fate.value: sum(told.count(fate) for told in previews) for fate in DayOutcome
    }
    counts["elsewhere"] = sum(told.elsewhere for told in previews)
    return [
        (words[f"file_fate.{fate}"], shown_amount(count, language))
        for fate, count in counts.items()
        if count or fate in _SHOWN_ALWAYS
    ]


def _finding(found: RowFinding, words: Texts) -> str:
    text = words[f"file_finding.{found.problem}"]
    if not found.rows:
        return f"{text} · {found.count}" if found.count else text
    return f"{text} ({words['file_word.rows']} {places([found])})"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
