"""The one rule: a package imports only what stands below it.

Imports count wherever they stand: for types alone, or inside a function.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
import inspect
from itertools import pairwise
from pathlib import Path
import subprocess
import sys
import textwrap
from typing import Final, NamedTuple

import homeassistant
from homeassistant.const import Platform
import pytest

from custom_components.grdf_adict.helpers.internals import Internal

REPOSITORY: Final = Path(__file__).parent.parent
PACKAGE: Final = "custom_components.grdf_adict"
ROOT: Final = REPOSITORY.joinpath(*PACKAGE.split("."))

# The lowest first. A package, or a module of that name, imports those before it.
ORDER: Final = (
    # GRDF's API, then what is pure: no Home Assistant, no HTTP, no clock.
    "adict",
    "const",
    "metering",
    "rights",
    "health",
    "files",
    "fleet",
    # Foundations.
    "helpers",
    "external_statistics",
    "dashboard",
    "storage",
    # Features.
    "prices",
    "contract",
    "meters",
    "jobs",
    "watch",
    # What a loaded entry holds, and what stands above it.
    "runtime",
    "exchange",
    "lifecycle",
    # Faces: what people, scripts and Home Assistant meet.
    "entities",
    "actions",
    "flows",
    "repair_flows",
)
PURE: Final = ("metering", "rights", "health", "files", "fleet")
# Whoever stands outside takes what these show, and nothing past it. The parts of
# `metering` show their own.
FACES: Final = {
    "adict": ("adict",),
    "metering": (
        "metering",
        "metering.insight",
        "metering.price",
        "metering.schedule",
    ),
    "rights": ("rights",),
    "health": ("health",),
    "files": ("files",),
    "fleet": ("fleet",),
}
# What Home Assistant looks for.
LOADED: Final = {
    "__init__",
    "binary_sensor",
    "condition",
    "config_flow",
    "diagnostics",
    "event",
    "repairs",
    "sensor",
    "services",
    "system_health",
    "trigger",
}
# What Home Assistant documents for integrations, or lets all of its own use. Beside
# these, what a component shows at its root is public.
PUBLIC: Final = frozenset(
    f"homeassistant.{name}"
    for name in (
        "config_entries",
        "const",
        "core",
        "data_entry_flow",
        "exceptions",
        "helpers.aiohttp_client",
        "helpers.config_validation",
        "helpers.device_registry",
        "helpers.dispatcher",
        "helpers.entity",
        "helpers.entity_platform",
        "helpers.entity_registry",
        "helpers.event",
        "helpers.http",
        "helpers.issue_registry",
        "helpers.json",
        "helpers.network",
        "helpers.recorder",
        "helpers.selector",
        "helpers.service",
        "helpers.start",
        "helpers.storage",
        "helpers.translation",
        "helpers.typing",
        "helpers.update_coordinator",
        "util.dt",
        "util.hass_dict",
        "util.json",
        "util.signal_type",
        "util.unit_conversion",
    )
)
# Private by name, and documented to be overridden or called by a subclass.
HOOKS: Final = {
    "_abort_if_unique_id_configured",
    "_async_migrate_func",
    "_async_update_data",
    "_get_entry",
    "_get_reauth_entry",
    "_get_reconfigure_entry",
    "_get_reconfigure_subentry",
    "_trigger_event",
}


class Import(NamedTuple):
    """An import of the product by one of its own modules.

    Attributes:
        importer: the module that imports, from the product's root: `meters.book`.
        imported: the module that is imported, likewise.
    """

    importer: str
    imported: str

    def __str__(self) -> str:
        """Say who imports what."""
        return f"{self.importer} imports {self.imported}"


@cache
def modules() -> Mapping[str, ast.Module]:
    """Return the product's modules by name from its root; a package by its own."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        *folders, name = path.relative_to(ROOT).with_suffix("").parts
        parts = folders if name == "__init__" and folders else [*folders, name]
        found[".".join(parts)] = ast.parse(path.read_text("utf-8"))
    return found


def absolute_imports(name: str, tree: ast.Module, *, is_package: bool) -> set[str]:
    """Return the modules that a module imports, with the name taken from each.

    Args:
        name: the module's, absolute.
        tree: its syntax tree.
        is_package: whether it is the module of a package.
    """
    package = name.split(".") if is_package else name.split(".")[:-1]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = [*above, *([node.module] if node.module else [])]
            found |= {".".join([*base, alias.name]) for alias in node.names}
    return found


def imports_of(module: str) -> set[str]:
    """Return what a module of the product imports, by absolute names."""
    is_package = ROOT.joinpath(*module.split("."), "__init__.py").exists()
    name = f"{PACKAGE}.{module}" if module != "__init__" else f"{PACKAGE}.__init__"
    return absolute_imports(name, modules()[module], is_package=is_package)


@cache
def product_imports() -> tuple[Import, ...]:
    """Return every import of the product's modules among themselves."""
    return tuple(
        Import(module, imported)
        for module in modules()
        for name in sorted(imports_of(module))
        if name.startswith(f"{PACKAGE}.")
        if (imported := _module_named(name.removeprefix(f"{PACKAGE}."))) is not None
    )


def _module_named(name: str) -> str | None:
    """Return the module that a dotted name is, or is taken from."""
    parts = name.split(".")
    candidates = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((each for each in candidates if each in modules()), None)


def part_of(module: str) -> str:
    """Return the package of a module; of one at the top, its own name."""
    return module.split(".", 1)[0]


def height(module: str) -> int:
    """Return where a module's package stands; what Home Assistant loads is above."""
    part = part_of(module)
    if part == "__init__":
        return len(ORDER) + 1
    return ORDER.index(part) if part in ORDER else len(ORDER)


def upward(imports: Iterable[Import]) -> list[Import]:
    """Return the imports of what does not stand below."""
    return [
        each
        for each in imports
        if part_of(each.importer) != part_of(each.imported)
        and height(each.imported) >= height(each.importer)
    ]


def past_a_face(imports: Iterable[Import]) -> list[Import]:
    """Return the imports that take something past the face of a pure package."""
    return [
        each
        for each in imports
        if (part := part_of(each.imported)) in FACES
        and part_of(each.importer) != part
        and each.imported not in FACES[part]
    ]


def cycles(imports: Iterable[Import]) -> list[list[str]]:
    """Return the groups of modules that import each other, however far round."""
    below: dict[str, set[str]] = {}
    for importer, imported in imports:
        # A package's face shows its modules; they do not need the face.
        if not importer.startswith(f"{imported}."):
            below.setdefault(importer, set()).add(imported)

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for module in below.get(waiting.pop(), set()) - seen:
                seen.add(module)
                waiting.append(module)
        return seen

    reach = {module: reached(module) for module in below}
    groups = {
        frozenset(other for other in reach[module] if module in reach.get(other, ()))
        for module in reach
        if module in reach[module]
    }
    return sorted(sorted(group) for group in groups)


def strays(names: Iterable[str]) -> set[str]:
    """Return the modules at the top that nothing looks for there."""
    top = {name for name in names if "." not in name}
    packages = {part_of(name) for name in names if "." in name}
    return top - packages - LOADED - {"const", "runtime"}


def test_every_package_has_its_place_in_the_order() -> None:
    packages = {part_of(module) for module in modules() if "." in module}

    assert packages | {"const", "runtime"} == set(ORDER)
    assert len(ORDER) == len(set(ORDER))


def test_at_the_top_lies_only_what_home_assistant_looks_for() -> None:
    assert strays(modules()) == set()


def test_nothing_imports_what_does_not_stand_below_it() -> None:
    assert [str(each) for each in upward(product_imports())] == []


def test_no_modules_import_each_other() -> None:
    assert cycles(product_imports()) == []


def test_a_pure_package_is_used_through_its_face() -> None:
    assert [str(each) for each in past_a_face(product_imports())] == []


def test_what_is_wrong_would_be_found() -> None:
    down = Import("meters.book", "storage.meter_file")
    up = Import("storage.meter_file", "meters.book")
    circle = [Import(*pair) for pair in pairwise(["a.x", "a.y", "a.z", "a.x"])]

    assert upward([down, up, Import("const", "__init__")]) == [
        up,
        Import("const", "__init__"),
    ]
    assert cycles([down, *circle]) == [["a.x", "a.y", "a.z"]]
    assert past_a_face([Import("meters.book", "metering.ledger")])
    assert not past_a_face(
        [Import("meters.book", "metering"), Import("meters.book", "metering.price")]
    )
    assert strays(["const", "sensor", "meters", "meters.book", "group"]) == {"group"}


def test_imports_are_seen_where_they_stand() -> None:
    source = """
from typing import TYPE_CHECKING
from ..metering import Ledger
if TYPE_CHECKING:
    from ..runtime import GrdfData
def late():
    from . import coordinator
    import json
"""
    assert absolute_imports("p.meters.book", ast.parse(source), is_package=False) == {
        "typing.TYPE_CHECKING",
        "p.metering.Ledger",
        "p.runtime.GrdfData",
        "p.meters.coordinator",
        "json",
    }
    assert Import("meters.coordinator", "meters.book") in product_imports()
    assert Import("meters.coordinator", "metering.schedule") in product_imports()


@pytest.mark.parametrize("package", PURE)
def test_what_is_pure_knows_no_home_assistant_no_http_and_no_clock(
    package: str,
) -> None:
    ours = [module for module in modules() if part_of(module) == package]
    imported = {name for module in ours for name in imports_of(module)}
    clocks = {
        node.func.attr
        for module in ours
        for node in ast.walk(modules()[module])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert ours
    assert not {name.split(".")[0] for name in imported} & {"homeassistant", "aiohttp"}
    assert not clocks & {"now", "utcnow", "today"}


def test_adict_stands_alone() -> None:
    imported = {
        name.split(".")[0]
        for module in modules()
        if part_of(module) == "adict"
        for name in imports_of(module)
    }

    assert "homeassistant" not in imported
    assert not upward(
        each for each in product_imports() if part_of(each.importer) == "adict"
    )


def is_public(name: str) -> bool:
    """Whether Home Assistant offers a name to integrations."""
    module = name.rpartition(".")[0]
    if module == "homeassistant.components":
        return True
    if module.startswith("homeassistant.components."):
        # A part of a component is none of its root's names.
        return module.count(".") == 2 and _is_no_module(name)
    if module in {"homeassistant.helpers", "homeassistant.util"}:
        return name in PUBLIC or (module in PUBLIC and _is_no_module(name))
    return module in PUBLIC or name in PUBLIC


def _is_no_module(name: str) -> bool:
    base = Path(homeassistant.__file__).parent.joinpath(*name.split(".")[1:])
    return not (base.is_dir() or base.with_suffix(".py").exists())


def _for_types_alone(tree: ast.Module) -> ast.Module:
    """Return the parts of a module that type checkers alone run."""
    return ast.Module(
        [
            part
            for node in ast.walk(tree)
            if isinstance(node, ast.If)
            and isinstance(node.test, ast.Name)
            and node.test.id == "TYPE_CHECKING"
            for part in node.body
        ],
        [],
    )


def internals_imported(name: str, tree: ast.Module, *, for_types: bool) -> set[str]:
    """Return what a module imports of Home Assistant that is not public.

    With `for_types`, by imports that type checkers alone run, else by the others.
    """

    def found(part: ast.Module) -> list[str]:
        return [
            imported
            for node in ast.walk(part)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for imported in absolute_imports(
                name, ast.Module([node], []), is_package=False
            )
            if imported.startswith("homeassistant.") and not is_public(imported)
        ]

    of_types = found(_for_types_alone(tree))
    return set(of_types) if for_types else set(found(tree)) - set(of_types)


def test_an_internal_of_home_assistant_is_imported_through_the_table_alone() -> None:
    by_module = {
        module: internals_imported(f"{PACKAGE}.{module}", tree, for_types=False)
        for module, tree in modules().items()
    }
    loading = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "import_module")
        or (isinstance(node, ast.Attribute) and node.attr == "import_module")
    }

    assert {module: names for module, names in by_module.items() if names} == {}
    assert loading == {"helpers.internals"}


def test_the_type_of_an_internal_is_known_to_its_module_of_helpers_alone() -> None:
    of_table = {name.partition(":")[0] for each in Internal for name in each.names}
    users: dict[str, set[str]] = {}
    for module, tree in modules().items():
        for name in internals_imported(f"{PACKAGE}.{module}", tree, for_types=True):
            users.setdefault(name.rpartition(".")[0], set()).add(module)

    assert users.keys() <= of_table
    for using in users.values():
        assert len(using) == 1
        assert part_of(using.pop()) == "helpers"


@pytest.mark.parametrize("internal", Internal, ids=[each.name for each in Internal])
def test_each_internal_of_the_table_is_there_and_is_looked_for(
    internal: Internal,
) -> None:
    looking = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == internal.name
        and isinstance(node.value, ast.Name)
        and node.value.id == "Internal"
    }

    assert internal.missing == []
    assert {part_of(module) for module in looking} <= {"helpers"}
    # A store finds out by itself at each write.
    assert looking or internal is Internal.STORE


def private_names_of_home_assistant() -> set[str]:
    """Return the private names of Home Assistant's classes that ours use."""
    found = set()
    for name in modules():
        module = import_module(f"{PACKAGE}.{name}" if name != "__init__" else PACKAGE)
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__:
                theirs = {
                    private
                    for base in kind.__mro__
                    if base.__module__.startswith("homeassistant.")
                    for private in _names_in(base)
                }
                found |= _names_in(kind) & theirs if theirs else set()
    return {name for name in found if not name.startswith("_attr_")}


@cache
def _names_in(kind: type) -> set[str]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except OSError, TypeError, SyntaxError:
        return set()
    named = {
        name
        for node in ast.walk(tree)
        for name in [getattr(node, "attr", None) or getattr(node, "name", None)]
        if isinstance(name, str)
    }
    return {name for name in named if name.startswith("_") and name[1:2] != "_"}


def test_a_private_method_of_home_assistant_is_documented_or_in_the_table() -> None:
    of_table = {
        name.rpartition(".")[2]
        for each in Internal
        for name in each.names
        if "._" in name
    }

    used = private_names_of_home_assistant()

    assert used - HOOKS == of_table
    assert used >= HOOKS


def test_what_is_not_public_would_be_found() -> None:
    source = """
from typing import TYPE_CHECKING
from homeassistant.core import HomeAssistant
from homeassistant.components.recorder import statistics
from homeassistant.components.sensor import SensorEntity
from homeassistant.helpers import recorder, backup
if TYPE_CHECKING:
    from homeassistant.components.energy.data import EnergyManager
"""
    tree = ast.parse(source)

    assert internals_imported("p.m", tree, for_types=False) == {
        "homeassistant.components.recorder.statistics",
        "homeassistant.helpers.backup",
    }
    assert internals_imported("p.m", tree, for_types=True) == {
        "homeassistant.components.energy.data.EnergyManager"
    }


def test_what_a_loaded_entry_holds_is_read_above_it_alone() -> None:
    reading = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "runtime_data"
    }

    assert {part_of(module) for module in reading} & set(
        ORDER[: ORDER.index("entities")]
    ) <= {"runtime"}


def test_no_package_bears_a_name_that_home_assistant_takes_for_its_own() -> None:
    components = Path(homeassistant.__file__).parent / "components"
    theirs = {path.parent.name for path in components.glob("*/__init__.py")}

    packages = {part_of(module) for module in modules() if "." in module}

    assert not packages & (theirs | {platform.value for platform in Platform})


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


def _sandbox_imports() -> Iterator[str]:
    folder = REPOSITORY / "tests" / "sandbox"
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(REPOSITORY).with_suffix("").parts
        tree = ast.parse(path.read_text("utf-8"))
        yield from absolute_imports(".".join(parts), tree, is_package=False)


def test_the_sandbox_imports_nothing_that_it_is_to_prove() -> None:
    names = {name.split(".")[0] for name in _sandbox_imports()}

    assert "tests" in names
    assert not names & {"custom_components", "homeassistant"}
