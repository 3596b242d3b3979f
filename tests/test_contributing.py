"""What CONTRIBUTING.md and the page for newcomers say of the code holds."""

from itertools import pairwise
import re
from typing import Final

import pytest

from .test_architecture import (
    FACES,
    ORDER,
    REPOSITORY,
    ROOT,
    modules,
    part_of,
    product_imports,
)

CONTRIBUTING: Final = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
CORE: Final = (REPOSITORY / "docs" / "development" / "core.md").read_text("utf-8")
_PATH: Final = re.compile(r"^\d+\. `([\w/]+\.py)`", flags=re.MULTILINE)


def _section(heading: str) -> str:
    return CONTRIBUTING.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]


def _walks() -> list[list[str]]:
    """Return the files of each walk, in order."""
    lists = re.split(r"^\D.*:$", _section("### Four walks"), flags=re.MULTILINE)[1:]
    return [_PATH.findall(part) for part in lists]


def _are_neighbours(one: str, other: str) -> bool:
    """Whether one of two files imports the other, or the face that shows it."""
    pair = [path.removesuffix(".py").replace("/", ".") for path in (one, other)]
    imports = set(product_imports())
    return any(
        (importer, shown) in imports
        for importer, imported in (pair, pair[::-1])
        for shown in (imported, *FACES.get(part_of(imported), ()))
        if imported == shown or imported.startswith(f"{shown}.")
    )


def test_the_tree_lists_every_package_from_the_top_down() -> None:
    tree = _section("## The house").split("```text\n", 1)[1].split("```", 1)[0]
    listed = re.findall(r"^(\w+)(?:/|\.py) ", tree, flags=re.MULTILINE)

    assert listed == list(reversed(ORDER))


@pytest.mark.parametrize("number", range(4))
def test_a_walk_visits_no_file_twice_and_goes_from_neighbour_to_neighbour(
    number: int,
) -> None:
    walk = _walks()[number]

    assert len(walk) == len(set(walk)) > 9
    assert [pair for pair in pairwise(walk) if not _are_neighbours(*pair)] == []


def test_there_are_four_walks() -> None:
    assert len(_walks()) == 4


def test_every_path_that_is_named_is_there() -> None:
    named = re.findall(r"`([\w./]+(?:\.py|/))`", CONTRIBUTING + CORE)
    missing = {
        path
        for path in named
        if not (ROOT / path).exists() and not (REPOSITORY / path).exists()
    }

    assert len(named) > 50
    assert missing == set()


def test_the_core_is_fifteen_files_at_most() -> None:
    files = _PATH.findall(CORE)

    assert 10 <= len(files) <= 15
    assert {file.removesuffix(".py").replace("/", ".") for file in files} <= set(
        modules()
    )
