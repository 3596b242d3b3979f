"""What a file leaves open, for a person to decide: a doubt is a question.

A file is read again with the answer. Where there is nobody to answer, as in the watched
folder, the file is refused and the question reported.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Question(StrEnum):
    """What is asked; each has a translated text."""

    SHEET = "sheet"
    """Which of several sheets; an option's value is its number, from 1."""
    ENERGY_COLUMN = "energy_column"
    """Which of several columns of energy; its value is its position, from 1."""
    PERIOD = "period"
    """What a row covers; its value is an `ExportKind`."""
    GAS = "gas"
    """Whether it is gas measured by GRDF, where nothing in the file shows that."""


YES: Final = "yes"
"""The answer to `Question.GAS` that takes the file."""

type Answers = Mapping[Question, str]
NO_ANSWERS: Final[Answers] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer.

    Attributes:
        value: what the answer is; the same each time that the file is read.
        label: the file's own text, a header or a sheet's name: data, to be escaped;
            empty where the value has a translated text.
        sample: some of its values, for a person to compare; also the file's.
    """

    value: str
    label: str = field(default="", repr=False)
    sample: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person needs beside a question; None: not known.

    Attributes:
        rows: how many rows it is about.
        first: the first date in them.
        last: the last.
        energy: of all of them together, in kWh.
    """

    rows: int
    first: date | None = None
    last: date | None = None
    energy: float | None = None


class ExportQuestionError(Exception):
    """A file that can be read once a question is answered.

    Attributes:
        question: what is asked.
        options: the answers; the likeliest first.
        facts: of the file.
    """

    def __init__(
        self, question: Question, options: tuple[Option, ...], facts: Facts
    ) -> None:
        """Keep what is asked; `str()` has nothing of the file."""
        super().__init__(question)
        self.question = question
        self.options = options
        self.facts = facts
