"""docs/reliability.md and the tests tell the same."""

import ast
from pathlib import Path
import re

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = REPOSITORY / "docs" / "reliability.md"
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def _rows() -> list[list[str]]:
    """Return the cells of each fault's row."""
    lines = DOCUMENT.read_text("utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]
    return [row for row in cells if row[0] not in {"fault", "---"}]


def _tests_in(file: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }


def _named() -> set[tuple[str, str]]:
    return {match.groups() for match in _TEST.finditer(DOCUMENT.read_text("utf-8"))}  # type: ignore[misc]


def test_at_least_forty_faults_are_told_each_with_one_test() -> None:
    rows = _rows()

    assert len(rows) >= 40
    assert all(len(row) == 5 and all(row) for row in rows)
    assert all(_TEST.fullmatch(row[4]) for row in rows)
    assert len({row[4] for row in rows}) == len(rows)


def test_every_test_that_is_named_exists() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in _named()
        if name not in _tests_in(REPOSITORY / file)
    ]

    assert missing == []


def test_every_test_of_a_fault_is_named() -> None:
    here = Path(__file__)
    ours = {
        (str(file.relative_to(REPOSITORY)), name)
        for file in here.parent.rglob("test_*.py")
        if file != here
        for name in _tests_in(file)
    }

    assert ours - _named() == set()
