"""`docs/files.md`, held against what the product says of exported files."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from custom_components.grdf_adict.files import Problem, Question

ROOT: Final = Path(__file__).parent.parent
DOCUMENT: Final = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
TEXTS: Final[dict[str, Any]] = json.loads(
    (ROOT / "custom_components/grdf_adict/translations/en.json").read_text("utf-8")
)
REFUSALS: Final = [
    problem for problem in Problem if f"file_{problem}" in TEXTS["exceptions"]
]


@pytest.mark.parametrize("problem", REFUSALS)
def test_each_refusal_stands_in_the_document_as_it_is_said(problem: Problem) -> None:
    assert f" {TEXTS['exceptions'][f'file_{problem}']['message']}. |" in DOCUMENT


@pytest.mark.parametrize("question", Question)
def test_each_question_stands_in_the_document_as_it_is_asked(
    question: Question,
) -> None:
    asked = TEXTS["selector"]["file_question"]["options"][question]

    assert f" {asked} |" in DOCUMENT
