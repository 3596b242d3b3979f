"""`docs/security.md`, held against the tests that it names."""

import ast
from pathlib import Path
import re
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
DOCUMENT: Final = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PROMISES: Final = DOCUMENT.split("## What is promised")[1].split("\n## ")[0]
NAMED: Final = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PROMISES)


def _functions(path: Path) -> set[str]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, kinds)}


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_test_that_the_document_names_is_there(file: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in _functions(ROOT / file)


def test_each_promise_names_a_test() -> None:
    rows = re.findall(r"^\| (?!Promise|---)(.+) \| (.+) \|$", PROMISES, re.MULTILINE)

    assert len(rows) > 20
    assert [promise for promise, tests in rows if "::test_" not in tests] == []


def test_each_test_of_security_stands_in_the_document() -> None:
    files = ("tests/integration/test_security.py", "tests/adict/test_redirects.py")

    written = {
        (file, name)
        for file in files
        for name in _functions(ROOT / file)
        if name.startswith("test_")
    }

    assert written
    assert written <= set(NAMED)


def test_the_files_that_the_document_names_are_there() -> None:
    named = set(re.findall(r"`((?:\.github|scripts|tests)/[\w./-]+\w)`", DOCUMENT))

    assert named
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []
    assert "docs/security.md" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
