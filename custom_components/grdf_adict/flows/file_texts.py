"""What exported files would do to a meter, for people to read before they confirm."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..exchange.take_in import places
from ..files import RowFinding
from ..helpers.texts import (
    Texts,
    counted_text,
    escaped,
    shown_amount,
    shown_date,
)
from ..metering import DayOutcome, ExportedMeter, Preview
from .uploads import Upload

# Of several files, what a gas day is in the end: the first that one of them makes it.
_ORDER = (
    DayOutcome.NEW,
    DayOutcome.CHANGED,
    DayOutcome.EQUAL,
    DayOutcome.ADICT_KEPT,
    DayOutcome.FILE_KEPT,
    DayOutcome.ABSENT,
)
_KNOWN = _ORDER[2:5]


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

    @property
    def outcomes(self) -> Mapping[date, DayOutcome]:
        """What becomes of each gas day that any of the files covers."""
        found: dict[date, DayOutcome] = {}
        for each in self.previews:
            for day, outcome in each.outcomes.items():
                found[day] = min(found.get(day, outcome), outcome, key=_ORDER.index)
        return found


def preview_text(
    meters: Iterable[FileMeter],
    uploads: Iterable[Upload],
    owned: Mapping[str, str],
    words: Texts,
    language: str,
) -> str:
    """Return what the files do, in Markdown: a sentence a meter, what is worth knowing.

    Lists of files and of gas days are folded.

    Args:
        meters: what the files do to each meter.
        uploads: the files themselves.
        owned: PCE of theirs that are meters elsewhere, masked, and where.
        words: of the selectors, `file_kind.daily` for instance.
        language: of numbers.
    """
    uploads = tuple(uploads)
    parts = [_meter(meter, words, language) for meter in meters]
    recognised = [
        f"- {escaped(upload.name)} · {_recognised(upload, words)}"
        for upload in uploads
        if upload.export.evidence
    ]
    if recognised:
        parts.append("\n".join(recognised))
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


def table_text(name: str, table: ExportedMeter, words: Texts, language: str) -> str:
    """Return what a table of a file holds, on a line of Markdown."""
    parts = [
        escaped(name),
        words[f"file_kind.{table.kind}"],
        " → ".join(shown_date(day, language) for day in (table.first, table.last)),
        f"{shown_amount(table.energy, language)} kWh",
    ]
    if table.volume:
        parts.append(f"{shown_amount(table.volume, language)} m³")
    return " · ".join(parts)


def _recognised(upload: Upload, words: Texts) -> str:
    reasons = [words[f"file_evidence.{each}"] for each in upload.export.evidence]
    return words["file_word.recognised"].format(reasons=", ".join(reasons))


def _meter(meter: FileMeter, words: Texts, language: str) -> str:
    gained = f"{shown_amount(meter.gained, language)} kWh"
    return "\n".join(
        [
            f"**{_sentence(meter, words, language)}**",
            f"PCE {meter.pce}",
            "",
            "<details>",
            f"<summary>{words['file_word.details']}</summary>",
            "",
            *(
                f"- {table_text(name, table, words, language)}"
                for name, table in zip(meter.names, meter.exported, strict=True)
            ),
            "",
            _row(words["file_word.fate"], words["file_word.days"]),
            _row("---", "---:"),
            *(_row(*fate) for fate in _fates(meter.previews, words, language)),
            "",
            f"{words['file_word.gained']} {gained}.",
            "",
            "</details>",
        ]
    )


def _sentence(meter: FileMeter, words: Texts, language: str) -> str:
    """Return what a person needs: how many days, from when to when, what is new."""
    outcomes = meter.outcomes
    counts = Counter(outcomes.values())
    days = counted_text(
        words,
        "file_sentence.days",
        len(outcomes),
        language,
        first=shown_date(min(outcomes), language),
        last=shown_date(max(outcomes), language),
    )
    parts = {
        "new": counts[DayOutcome.NEW],
        "changed": counts[DayOutcome.CHANGED],
        "known": sum(counts[each] for each in _KNOWN),
        "elsewhere": sum(each.elsewhere for each in meter.previews),
    }
    told = [
        counted_text(words, f"file_sentence.{part}", count, language)
        for part, count in parts.items()
        if count
    ]
    match [part for part, count in parts.items() if count]:
        case ["new"]:
            kind = "all_new"
        case ["known"] | []:
            kind = "nothing_new"
        case _:
            kind = "partly_new"
    sentence = words[f"file_sentence.{kind}"].format(
        days=days, energy=_energy(meter, words, language), parts=", ".join(told)
    )
    if absent := counts[DayOutcome.ABSENT]:
        without = counted_text(words, "file_sentence.absent", absent, language)
        sentence += f" ({without})"
    return sentence


def _energy(meter: FileMeter, words: Texts, language: str) -> str:
    """Return the kWh of the files; where they overlap, those that the history gains."""
    if sum(each.days for each in meter.previews) == len(meter.outcomes):
        return (
            f"{shown_amount(sum(each.energy for each in meter.previews), language)} kWh"
        )
    sign = "+" if meter.gained >= 0 else ""
    gained = f"{sign}{shown_amount(meter.gained, language)}"
    return words["file_sentence.gained"].format(energy=gained)


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
        if count
    ]


def _finding(found: RowFinding, words: Texts) -> str:
    text = words[f"file_finding.{found.problem}"]
    if not found.rows:
        return f"{text} · {found.count}" if found.count else text
    return f"{text} ({words['file_word.rows']} {places([found])})"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
