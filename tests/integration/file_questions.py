"""Files that leave questions open."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

import pytest

from custom_components.grdf_adict.exchange import take_in
from custom_components.grdf_adict.files import (
    ExportFile,
    ExportQuestionError,
    Facts,
    Option,
    Question,
)

FACTS: Final = Facts(30, date(2026, 9, 1), date(2026, 9, 30), 1234.4)
COLUMNS: Final = (
    Option("2", "Energie site A (kWh)", "10 ; 11 ; 12"),
    Option("3", "Energie site B (kWh)", "70 ; 71 ; 72"),
)
GAS: Final = (Option("yes"),)
PERIODS: Final = (Option("monthly"), Option("daily"))


class Asking(Protocol):
    """Lets files whose name has a word leave questions open, one after the other."""

    def __call__(
        self,
        word: str,
        questions: Mapping[Question, Iterable[Option]],
        facts: Facts = FACTS,
    ) -> None:
        """Do so from now on."""


def asker(monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Return what lets files ask; the real reader reads them once they are answered."""

    def ask(
        word: str, questions: Mapping[Question, Iterable[Option]], facts: Facts = FACTS
    ) -> None:
        # The reader itself, or what lets other files ask.
        known: Callable[..., ExportFile] = vars(take_in)["read_export"]

        def read(
            file: bytes | Path,
            *,
            name: str,
            answers: Mapping[Question, str],
            **more: Any,
        ) -> ExportFile:
            for question, options in questions.items():
                allowed = {option.value for option in options}
                if word in name and answers.get(question) not in allowed:
                    raise ExportQuestionError(question, tuple(options), facts)
            return known(file, name=name, answers=answers, **more)

        monkeypatch.setattr(take_in, "read_export", read)

    return ask
