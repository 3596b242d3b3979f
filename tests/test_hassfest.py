"""The files that hassfest checks, held against the shapes that it requires."""

import ast
from collections.abc import Mapping
from copy import deepcopy
import json
from pathlib import Path
from typing import Any, Final

from homeassistant.const import Platform
from homeassistant.util.yaml import parse_yaml
import pytest
import voluptuous as vol

from .hassfest import (
    ACTIONS,
    CONDITIONS,
    ICONS,
    MANIFEST,
    TRANSLATIONS,
    TRIGGERS,
    each_field,
)

ROOT: Final = Path(__file__).parent.parent
INTEGRATION: Final = ROOT / "custom_components" / "grdf_adict"
LANGUAGES: Final = ("en", "fr")

ENGLISH: Final = "translations/en.json"
SHAPES: Final[Mapping[str, vol.Schema]] = {
    ENGLISH: TRANSLATIONS,
    "translations/fr.json": TRANSLATIONS,
    "icons.json": ICONS,
    "services.yaml": ACTIONS,
    "triggers.yaml": TRIGGERS,
    "conditions.yaml": CONDITIONS,
    "manifest.json": MANIFEST,
}

# What may be imported from Home Assistant without being declared in the manifest.
UNDECLARED: Final = {platform.value for platform in Platform} | {
    "frontend",
    "homeassistant",
    "media_source",
    "persistent_notification",
    "system_health",
    "webhook",
    "websocket_api",
}


def _read(name: str) -> dict[str, Any]:
    text = (INTEGRATION / name).read_text(encoding="utf-8")
    parsed = json.loads(text) if name.endswith(".json") else parse_yaml(text)
    assert isinstance(parsed, dict)
    return parsed


@pytest.mark.parametrize("name", SHAPES)
def test_each_file_has_its_shape(name: str) -> None:
    SHAPES[name](_read(name))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["services", "triggers", "conditions"])
def test_each_form_has_its_texts_and_its_icon(kind: str, language: str) -> None:
    texts = _read(f"translations/{language}.json")
    forms = SHAPES[f"{kind}.yaml"](_read(f"{kind}.yaml"))

    assert forms.keys() == texts[kind].keys() == _read("icons.json")[kind].keys()
    for name, form in forms.items():
        fields = dict(each_field(form))
        assert fields.keys() == texts[kind][name].get("fields", {}).keys()
        for field in fields.values():
            select = field["selector"].get("select") or {}
            if key := select.get("translation_key"):
                assert (
                    set(select["options"]) <= texts["selector"][key]["options"].keys()
                )


def test_what_is_imported_of_home_assistant_is_declared() -> None:
    manifest = _read("manifest.json")
    declared = {*manifest["dependencies"], *manifest["after_dependencies"]}
    # A module named after an integration is a platform of it.
    platforms = {path.stem for path in INTEGRATION.iterdir()}

    assert _imported() - declared - platforms <= UNDECLARED


def test_an_integration_that_takes_no_yaml_says_so() -> None:
    tree = ast.parse((INTEGRATION / "__init__.py").read_text(encoding="utf-8"))

    assert "CONFIG_SCHEMA" in {
        ast.unparse(target)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
    }


def _imported() -> set[str]:
    """Return the integrations that the code imports from."""
    found = set()
    for path in INTEGRATION.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or node.module is None:
                continue
            if node.module == "homeassistant.components":
                found |= {alias.name for alias in node.names}
            elif node.module.startswith("homeassistant.components."):
                found.add(node.module.split(".")[2])
    return found


_GONE: Final = object()
_NAMED: Final = {"name": "X", "description": "Y"}
_SWITCH: Final = {"selector": {"boolean": None}}
_BOTH: Final = {"title": "X", "description": "Y", "fix_flow": {"step": {}}}

# A sound file that is changed in one place: what is there instead, `_GONE` for nothing.
BROKEN: Final[Mapping[str, tuple[tuple[str, Any], ...]]] = {
    ENGLISH: (
        ("exception", {}),
        ("config/step", _GONE),
        ("config/step/user", "Hello"),
        ("config/step/user/name", "Hello"),
        ("config/step/contract/data/Secret", "X"),
        ("config/step/contract/data_description/other", "X"),
        ("config/step/contract/sections/addresses/data_description/other", "X"),
        ("config/step/user/menu_option_descriptions/other", "X"),
        ("options/title", "X"),
        ("config_subentries/meter/entry_type", _GONE),
        ("config_subentries/meter/initiate_flow/user", _GONE),
        ("config_subentries/meter/abort/reconfigure_successful", _GONE),
        ("exceptions/not_confirmed", "A flat text"),
        ("exceptions/not_confirmed", {}),
        ("exceptions/Late", {"message": "X"}),
        ("issues/data_late", _BOTH),
        ("issues/data_late/description", _GONE),
        ("issues/data_late/title", _GONE),
        ("issues/new_holder/fix_flow/step", _GONE),
        ("services/export/description", _GONE),
        ("services/export/fields/path/name", _GONE),
        ("services/export/fields/path", "A flat text"),
        ("triggers/data_late/name", _GONE),
        ("conditions/data_late/description", _GONE),
        ("selector/role", {"holder": "X"}),
        ("selector/role/options/Holder", "X"),
        ("entity/sensor/state", "A flat text"),
        ("entity/sensor/state/state/not begun", "X"),
        ("entity/sensor/state/state/ended", "Since {date}"),
        ("entity/sensor/state/unit", "kWh"),
        ("device/meter", "A flat text"),
        ("system_health/info/meters", {"title": "X"}),
        ("common/two__underlines", "X"),
        ("common/text", 3),
        ("common/text", "Data are <b>late</b>."),
        ("common/text", "See https://example.com."),
        ("common/text", "See www.example.com."),
        ("common/text", "Data of '{meter}' are late."),
        ("common/text", "Data of {0} are late."),
        ("common/text", "Data of {meter are late."),
        ("common/text", "Data are late. "),
        ("common/text", "[%key:common::state::on%]"),
    ),
    "icons.json": (
        ("actions", {}),
        ("entity/sensor/state/default", "hass:fire"),
        ("entity/sensor/state/default", "mdi:Fire Alert"),
        ("entity/sensor/state/state/up_to_date", "mdi:meter-gas"),
        ("entity/sensor/state/range", {"low": "mdi:fire"}),
        ("entity/event/events/state_attributes/x", {"state": "mdi:fire"}),
        ("services/export", "mdi:file"),
        ("triggers/data_late", {"condition": "mdi:file"}),
        ("conditions/data_late", {}),
    ),
    "services.yaml": (
        ("export/name", "Export"),
        ("export/fields/path", {}),
        ("export/fields/path/name", "Path"),
        ("export/fields/path/selector", {"path": None}),
        ("export/fields/path/example", None),
        ("export/fields/path/required", "yes"),
        ("export/fields/more", {"fields": {"path": _SWITCH}}),
        (".anchor", {}),
    ),
    "triggers.yaml": (
        ("data_late", _NAMED),
        ("Late", None),
        ("consumption_above/fields/above/selector", _GONE),
    ),
    "conditions.yaml": (("data_late/fields/behavior", _NAMED),),
    "manifest.json": (
        ("zone", "Paris"),
        ("version", _GONE),
        ("version", "first"),
        ("iot_class", "cloud"),
        ("documentation", "http://example.com"),
        ("documentation", "https://www.home-assistant.io/integrations/grdf_adict"),
        ("codeowners", ["grdf-adict"]),
        ("requirements", ["openpyxl"]),
        ("after_dependencies", ["recorder"]),
        # Is put at the end.
        ("import_executor", True),
    ),
}


@pytest.mark.parametrize(
    ("name", "place", "instead"),
    [(name, *change) for name, changes in BROKEN.items() for change in changes],
)
def test_a_file_that_is_broken_in_one_place_is_refused(
    name: str, place: str, instead: object
) -> None:
    broken = deepcopy(_read(name))
    *way, key = place.split("/")
    part = broken
    for step in way:
        part = part.setdefault(step, {})
    if instead is _GONE:
        del part[key]
    else:
        part[key] = instead

    with pytest.raises(vol.Invalid):
        SHAPES[name](broken)
