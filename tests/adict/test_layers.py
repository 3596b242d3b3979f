"""The package stands alone: it could be a library of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path
import sys

from custom_components.grdf_adict import adict

PACKAGE = Path(adict.__file__).parent
ALLOWED = {*sys.stdlib_module_names, "aiohttp", "yarl", "orjson", "mashumaro", "jwt"}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each import's first name and how many packages it goes up."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0], node.level


def test_nothing_outside_the_package_and_its_dependencies_is_imported() -> None:
    modules = list(PACKAGE.rglob("*.py"))
    assert len(modules) > 10
    for path in modules:
        depth = len(path.relative_to(PACKAGE).parts)
        for name, level in imports(path):
            assert level <= depth if level else name in ALLOWED, (path.name, name)


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()
