"""The claims of `quality_scale.yaml`, held against the code where a program can."""

import ast
from collections.abc import Callable, Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any, Final

from homeassistant.util.yaml import parse_yaml
import pytest

ROOT: Final = Path(__file__).parent.parent
INTEGRATION: Final = ROOT / "custom_components" / "grdf_adict"

RULES: Final = [
    "action-setup",
    "appropriate-polling",
    "brands",
    "common-modules",
    "config-flow",
    "config-flow-test-coverage",
    "dependency-transparency",
    "docs-actions",
    "docs-conditions",
    "docs-high-level-description",
    "docs-installation-instructions",
    "docs-removal-instructions",
    "docs-triggers",
    "entity-event-setup",
    "entity-unique-id",
    "has-entity-name",
    "runtime-data",
    "test-before-configure",
    "test-before-setup",
    "unique-config-entry",
    "action-exceptions",
    "config-entry-unloading",
    "docs-configuration-parameters",
    "docs-installation-parameters",
    "entity-unavailable",
    "integration-owner",
    "log-when-unavailable",
    "parallel-updates",
    "reauthentication-flow",
    "test-coverage",
    "devices",
    "diagnostics",
    "discovery",
    "discovery-update-info",
    "docs-data-update",
    "docs-examples",
    "docs-known-limitations",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-troubleshooting",
    "docs-use-cases",
    "dynamic-devices",
    "entity-category",
    "entity-device-class",
    "entity-disabled-by-default",
    "entity-translations",
    "exception-translations",
    "icon-translations",
    "reconfiguration-flow",
    "repair-issues",
    "stale-devices",
    "async-dependency",
    "inject-websession",
    "strict-typing",
]

# What a reader of the README looks for, by rule; each a heading.
SECTIONS: Final = {
    "docs-actions": "Actions",
    "docs-conditions": "Triggers and conditions",
    "docs-configuration-parameters": "Configuration",
    "docs-data-update": "How data come in",
    "docs-examples": "Blueprints and a dashboard",
    "docs-high-level-description": "GRDF ADICT for Home Assistant",
    "docs-installation-instructions": "Installation",
    "docs-installation-parameters": "Configuration",
    "docs-known-limitations": "Known limitations",
    "docs-removal-instructions": "Removing it",
    "docs-supported-devices": "Which meters",
    "docs-supported-functions": "What is there",
    "docs-triggers": "Triggers and conditions",
    "docs-troubleshooting": "When something is wrong",
    "docs-use-cases": "What it is for",
}


def _claims() -> dict[str, Any]:
    text = (INTEGRATION / "quality_scale.yaml").read_text(encoding="utf-8")
    return dict(_yaml(text)["rules"])


def _yaml(text: str) -> dict[str, Any]:
    parsed = parse_yaml(text)
    assert isinstance(parsed, dict)
    return parsed


def _status(rule: str) -> str:
    claim = _claims()[rule]
    return str(claim if isinstance(claim, str) else claim["status"])


def _json(name: str) -> dict[str, Any]:
    return dict(json.loads((INTEGRATION / name).read_text(encoding="utf-8")))


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(INTEGRATION.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _nodes[T: ast.AST](kind: type[T]) -> list[T]:
    return [
        node
        for _, module in _modules()
        for node in ast.walk(module)
        if isinstance(node, kind)
    ]


def _functions(name: str) -> set[str]:
    """Return the names of a module's functions; of a missing one, none."""
    path = INTEGRATION / name
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def _name(node: ast.expr) -> str:
    return ast.unparse(node).rsplit(".", 1)[-1]


def _calls(name: str) -> list[ast.Call]:
    return [call for call in _nodes(ast.Call) if _name(call.func) == name]


def _keywords(call: ast.Call) -> set[str]:
    return {keyword.arg for keyword in call.keywords if keyword.arg}


def _platforms() -> list[Path]:
    names = set(_json("translations/en.json")["entity"])
    return [INTEGRATION / f"{name}.py" for name in sorted(names)]


def _assigned(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    targets = [node.targets for node in tree.body if isinstance(node, ast.Assign)]
    return {ast.unparse(target) for group in targets for target in group}


def _raises_are_translated() -> bool:
    """Whether each error for a user has a key, and each constant key its message."""
    kinds = {
        "ConfigEntryError",
        "HomeAssistantError",
        "ServiceValidationError",
        "UpdateFailed",
    }
    errors = [call for kind in sorted(kinds) for call in _calls(kind)]
    keys = {
        keyword.value.value
        for call in errors
        for keyword in call.keywords
        if keyword.arg == "translation_key" and isinstance(keyword.value, ast.Constant)
    }
    texts = [_json(f"translations/{name}.json")["exceptions"] for name in ("en", "fr")]
    return (
        bool(errors)
        and all(
            {"translation_domain", "translation_key"} <= _keywords(call)
            for call in errors
        )
        and all(texts_of[key]["message"] for texts_of in texts for key in keys)
    )


def _every_field_is_described() -> bool:
    """Whether each field of each form has a description, sections included."""
    steps: list[Mapping[str, Any]] = []

    def gather(tree: Mapping[str, Any]) -> None:
        if "data" in tree and isinstance(tree["data"], dict):
            steps.append(tree)
        for value in tree.values():
            if isinstance(value, dict):
                gather(value)

    texts = _json("translations/en.json")
    for part in ("config", "config_subentries", "issues"):
        gather(texts[part])
    return bool(steps) and all(
        step["data"].keys() == step.get("data_description", {}).keys() for step in steps
    )


def _every_entity_has_an_icon() -> bool:
    names = _json("translations/en.json")["entity"]
    icons = _json("icons.json")["entity"]
    actions = _json("translations/en.json")["services"]
    return names.keys() == icons.keys() and (
        all(names[platform].keys() == icons[platform].keys() for platform in names)
        and actions.keys() == _json("icons.json")["services"].keys()
    )


def _actions() -> bool:
    """Whether actions are registered where the integration is set up, not an entry."""
    declared = _yaml((INTEGRATION / "services.yaml").read_text("utf-8"))
    setup = (INTEGRATION / "__init__.py").read_text(encoding="utf-8")
    before_entries = setup.split("async def async_setup_entry")[0]
    return bool(declared) and "async_setup_services(hass)" in before_entries


def _has_brand() -> bool:
    names = [
        f"{theme}{kind}{size}.png"
        for theme in ("", "dark_")
        for kind in ("icon", "logo")
        for size in ("", "@2x")
    ]
    return all((INTEGRATION / "brand" / name).exists() for name in names)


def _flow_steps() -> set[str]:
    return _functions("config_flow.py")


def _source(name: str) -> str:
    return (INTEGRATION / name).read_text(encoding="utf-8")


def _is_strict() -> bool:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return (
        "strict = true" in project
        and (INTEGRATION / "adict" / "py.typed").exists()
        and "type GrdfConfigEntry = ConfigEntry[" in _source("runtime.py")
    )


def _sessions_are_given() -> bool:
    return not _calls("ClientSession") and bool(_calls("async_get_clientsession"))


CHECKS: Final[Mapping[str, Callable[[], bool]]] = {
    "action-exceptions": _raises_are_translated,
    "action-setup": _actions,
    "brands": _has_brand,
    "common-modules": lambda: (
        (INTEGRATION / "meters" / "coordinator.py").exists()
        and (INTEGRATION / "entities" / "entity.py").exists()
    ),
    "config-entry-unloading": lambda: "async_unload_entry" in _functions("__init__.py"),
    "config-flow": lambda: (
        _json("manifest.json")["config_flow"] is True and _every_field_is_described()
    ),
    "devices": lambda: bool(_calls("DeviceInfo")),
    "diagnostics": lambda: (
        {
            "async_get_config_entry_diagnostics",
            "async_get_device_diagnostics",
        }
        <= _functions("diagnostics.py")
    ),
    "dynamic-devices": lambda: bool(_calls("new_meter_signal")),
    "entity-category": lambda: (
        "EntityCategory.DIAGNOSTIC" in _source("sensor.py")
        or "EntityCategory.DIAGNOSTIC" in _source("entities/meter_sensors.py")
    ),
    "entity-device-class": lambda: (
        "SensorDeviceClass" in _source("entities/meter_sensors.py")
    ),
    "entity-disabled-by-default": lambda: (
        "entity_registry_enabled_default=False" in _source("entities/meter_sensors.py")
    ),
    "entity-event-setup": lambda: "async_added_to_hass" in _functions("event.py"),
    "entity-translations": lambda: (
        "_attr_translation_key = description.key" in _source("entities/entity.py")
    ),
    "entity-unavailable": lambda: "available" in _functions("entities/entity.py"),
    "entity-unique-id": lambda: "_attr_unique_id" in _source("entities/entity.py"),
    "exception-translations": _raises_are_translated,
    "has-entity-name": lambda: (
        "_attr_has_entity_name = True" in _source("entities/entity.py")
    ),
    "icon-translations": _every_entity_has_an_icon,
    "inject-websession": _sessions_are_given,
    "integration-owner": lambda: bool(_json("manifest.json")["codeowners"]),
    "log-when-unavailable": lambda: bool(_calls("UpdateFailed")),
    "parallel-updates": lambda: all(
        "PARALLEL_UPDATES" in _assigned(path) for path in _platforms()
    ),
    "reauthentication-flow": lambda: (
        {
            "async_step_reauth",
            "async_step_reauth_confirm",
        }
        <= _flow_steps()
    ),
    "reconfiguration-flow": lambda: "async_step_reconfigure" in _flow_steps(),
    "repair-issues": lambda: "async_create_fix_flow" in _functions("repairs.py"),
    "runtime-data": lambda: "entry.runtime_data =" in _source("__init__.py"),
    "stale-devices": lambda: bool(_calls("async_clear_meter_issues")),
    "strict-typing": _is_strict,
    "test-before-configure": lambda: ".authenticate()" in _source("config_flow.py"),
    "unique-config-entry": lambda: bool(
        _calls("async_set_unique_id") and _calls("_abort_if_unique_id_configured")
    ),
}


def test_every_rule_is_answered_and_no_other() -> None:
    assert len(RULES) == len(set(RULES)) == 54
    assert set(_claims()) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_done_or_says_what_is_missing_or_why_it_does_not_apply(
    rule: str,
) -> None:
    claim = _claims()[rule]

    assert claim == "done" or (
        claim.keys() == {"status", "comment"}
        and claim["status"] in {"exempt", "todo"}
        and len(claim["comment"].split()) > 4
    )


# The official text of these rules allows for no exception.
@pytest.mark.parametrize(
    "rule",
    [
        "dependency-transparency",
        "devices",
        "docs-removal-instructions",
        "exception-translations",
        "repair-issues",
        "test-before-setup",
    ],
)
def test_a_rule_without_exceptions_is_done_or_to_be_done(rule: str) -> None:
    assert _status(rule) in {"done", "todo"}


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_what_is_claimed_is_in_the_code(rule: str) -> None:
    assert _status(rule) != "done" or CHECKS[rule]()


@pytest.mark.parametrize("rule", sorted(SECTIONS))
def test_what_is_claimed_of_the_documents_is_in_the_readme(rule: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", readme, flags=re.MULTILINE)

    assert _status(rule) != "done" or SECTIONS[rule] in headings


def test_the_one_requirement_reads_and_writes_files_where_they_are_at_home() -> None:
    requirements = _json("manifest.json")["requirements"]
    importing = {
        path.name
        for path, module in _modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "openpyxl" in ast.unparse(node)
    }

    assert [each.split("==")[0] for each in requirements] == ["openpyxl"]
    assert importing == {"writer.py", "template_table.py", "workbook.py"}
    assert "openpyxl" in _claims()["async-dependency"]["comment"]
    # The client of GRDF's API is part of this integration, not a package.
    assert (INTEGRATION / "adict").is_dir()
    assert _status("dependency-transparency") == "todo"


@pytest.mark.parametrize(
    ("rule", "file"),
    [("docs-triggers", "triggers.yaml"), ("docs-conditions", "conditions.yaml")],
)
def test_what_is_not_provided_is_exempt_and_what_is_has_its_documents(
    rule: str, file: str
) -> None:
    assert (_status(rule) == "done") == (INTEGRATION / file).exists()


def test_no_discovery_is_an_exemption_only_as_long_as_there_is_none() -> None:
    found_by = {"bluetooth", "dhcp", "homekit", "mqtt", "ssdp", "usb", "zeroconf"}

    declared = found_by & _json("manifest.json").keys()

    assert (_status("discovery") == "exempt") == (not declared)


def test_every_action_of_the_readme_exists_and_every_one_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    actions = _yaml((INTEGRATION / "services.yaml").read_text("utf-8"))

    assert all(f"`{action}`" in readme or f".{action}" in readme for action in actions)
