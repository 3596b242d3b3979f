"""The floors: arrows point downward only.

`files` stands on `metering` and `adict`, and `fleet` on all three; none of them knows
what stands on it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
import subprocess
import sys

import pytest

REPOSITORY = Path(__file__).parent.parent
PACKAGE = "custom_components.grdf_adict"
ADICT = f"{PACKAGE}.adict"
METERING = f"{PACKAGE}.metering"
FILES = f"{PACKAGE}.files"
FLEET = f"{PACKAGE}.fleet"
SANDBOX = "tests.sandbox"


def sources(package: str) -> list[Path]:
    return sorted(REPOSITORY.joinpath(*package.split(".")).rglob("*.py"))


def imports(file: Path) -> set[str]:
    """Return every module that a file imports anywhere, by its absolute name."""
    package = ".".join(file.relative_to(REPOSITORY).parent.parts)
    return set(_imported(ast.parse(file.read_text("utf-8")), package))


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            # `from package import name` may import a module of that name.
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parents = package.split(".")
    above = parents[: len(parents) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def lies_in(module: str, packages: tuple[str, ...]) -> bool:
    return any(
        module == package or module.startswith(f"{package}.") for package in packages
    )


def trespasses(package: str, *, forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{file.name}: {module}"
        for file in sources(package)
        for module in sorted(imports(file))
        if lies_in(module, forbidden)
    ]


def strangers(package: str, *, known: tuple[str, ...]) -> list[str]:
    """Return what a package imports of the integration beyond the known floors."""
    return [
        f"{file.name}: {module}"
        for file in sources(package)
        for module in sorted(imports(file))
        if lies_in(module, ("custom_components",)) and not lies_in(module, known)
    ]


@pytest.mark.parametrize("package", [PACKAGE, ADICT, METERING, FILES, FLEET, SANDBOX])
def test_a_floor_has_sources_to_read(package: str) -> None:
    assert len(sources(package)) > 1


def test_imports_are_seen_where_they_are() -> None:
    coordinator = imports(
        REPOSITORY / "custom_components/grdf_adict/meters/coordinator.py"
    )
    ledger = imports(REPOSITORY / "custom_components/grdf_adict/metering/ledger.py")

    assert lies_in("homeassistant.core.HomeAssistant", ("homeassistant",))
    assert "homeassistant.core.HomeAssistant" in coordinator
    assert f"{METERING}.schedule.calls.Call" in coordinator
    assert f"{ADICT}.Consumption" in ledger
    assert f"{METERING}.gas_day.gas_days_between" in ledger


def test_adict_imports_neither_metering_nor_home_assistant() -> None:
    assert not trespasses(ADICT, forbidden=("homeassistant", METERING))
    assert not strangers(ADICT, known=(ADICT,))


def test_metering_imports_neither_home_assistant_nor_http() -> None:
    assert not trespasses(METERING, forbidden=("homeassistant", "aiohttp"))


def test_metering_imports_nothing_of_the_integration_but_adict() -> None:
    assert not strangers(METERING, known=(METERING, ADICT))


def test_files_imports_neither_home_assistant_nor_http() -> None:
    assert not trespasses(FILES, forbidden=("homeassistant", "aiohttp"))


def test_files_imports_nothing_of_the_integration_but_metering_and_adict() -> None:
    assert not strangers(FILES, known=(FILES, METERING, ADICT))


def test_fleet_imports_neither_home_assistant_nor_http() -> None:
    assert not trespasses(FLEET, forbidden=("homeassistant", "aiohttp"))


def test_fleet_imports_nothing_of_the_integration_but_the_floors_below() -> None:
    assert not strangers(FLEET, known=(FLEET, FILES, METERING, ADICT))


def test_reading_files_costs_nothing_until_a_workbook_is_opened() -> None:
    loaded = (
        "import sys, custom_components.grdf_adict.files as files;"
        "print('openpyxl' in sys.modules)"
    )
    said = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", loaded],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.strip() == "False"


def test_the_sandbox_imports_nothing_that_it_is_to_prove() -> None:
    assert not trespasses(SANDBOX, forbidden=("custom_components", "homeassistant"))
