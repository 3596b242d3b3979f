"""The texts of what an exported file leaves open."""

from typing import Final

from ..files import ExportQuestionError, Facts, Option
from ..helpers.texts import Texts, counted_text, shown_amount, shown_date

_LONGEST: Final = 60


def question_text(asked: ExportQuestionError, texts: Texts) -> str:
    """Return the question as a sentence."""
    return texts[f"file_question.{asked.question}"]


def facts_text(facts: Facts, texts: Texts, language: str) -> str:
    """Return what is known of the rows: `365 rows, 2020-11-24 to …, 23,181 kWh`."""
    parts = [counted_text(texts, "file_facts.rows", facts.rows, language)]
    if facts.first is not None and facts.last is not None:
        first, last = (shown_date(day, language) for day in (facts.first, facts.last))
        parts.append(texts["file_facts.period"].format(first=first, last=last))
    if facts.energy is not None:
        parts.append(f"{shown_amount(facts.energy, language)} kWh")
    return ", ".join(parts)


def option_text(option: Option, texts: Texts) -> str:
    """Return an answer as plain text: the file's own text, or a translated one."""
    if not option.label:
        return texts[f"file_answer.{option.value}"]
    label = " ".join(option.label.split())
    return label if len(label) <= _LONGEST else f"{label[:_LONGEST]}…"
