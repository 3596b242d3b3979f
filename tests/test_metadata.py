"""The files that Home Assistant and the Marketplace read."""

import ast
from collections.abc import Iterable
from enum import StrEnum
from itertools import takewhile
import json
from pathlib import Path
import re
from typing import Any, Final

from awesomeversion import AwesomeVersion
from homeassistant.util.yaml import parse_yaml
from PIL import Image
import pytest

ROOT: Final = Path(__file__).parent.parent
INTEGRATION: Final = ROOT / "custom_components" / "grdf_adict"
LANGUAGES: Final = ("en", "fr")
READMES: Final = ("README.md", "README.fr.md")


def _json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _texts(tree: dict[str, Any], path: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        here = f"{path}.{key}".lstrip(".")
        flat |= _texts(value, here) if isinstance(value, dict) else {here: value}
    return flat


def _translation(language: str) -> dict[str, str]:
    return _texts(_json(INTEGRATION / "translations" / f"{language}.json"))


def _readme(name: str) -> tuple[str, list[str]]:
    """Return the prose of a README, and the languages of its code blocks."""
    text = (ROOT / name).read_text(encoding="utf-8")
    fence = re.compile(r"^```(\w*)\n.*?^```$", flags=re.MULTILINE | re.DOTALL)
    return fence.sub("", text), fence.findall(text)


def _tables(name: str) -> dict[tuple[str, ...], list[list[str]]]:
    """Return the rows of a README's tables by their header, in cells."""
    prose, _ = _readme(name)
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for table in re.findall(r"(?:^\|.*\n)+", prose, flags=re.MULTILINE):
        header, _, *rows = (
            [cell.strip() for cell in line.strip("|").split(" | ")]
            for line in table.splitlines()
        )
        tables.setdefault(tuple(header), []).extend(rows)
    return tables


def _keys_of_rows(rows: list[str]) -> list[str]:
    return [key for row in rows for key in re.findall(r"`(\w+)`", row)]


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def _source_strings() -> set[str]:
    return {
        node.value
        for path in INTEGRATION.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _refusals() -> set[str]:
    """Return the problems that refuse a file: the others come after them."""
    from custom_components.grdf_adict.files import Problem  # noqa: PLC0415

    return set(takewhile(lambda each: each is not Problem.PCE_MISSING, Problem))


def _keys_of_problems() -> set[str]:
    from custom_components.grdf_adict import adict  # noqa: PLC0415
    from custom_components.grdf_adict.fleet.errors import (  # noqa: PLC0415
        FleetProblem,
    )

    kinds: dict[str, Iterable[StrEnum]] = {
        "declaration": adict.DeclarationProblem,
        "filter": adict.FilterProblem,
        "fleet": FleetProblem,
        "period": adict.PeriodProblem,
        "proof": adict.ProofProblemKind,
    }
    keys = {f"{kind}_{problem}" for kind, group in kinds.items() for problem in group}
    return keys | {f"file_{problem}" for problem in _refusals()}


def test_both_languages_have_the_same_texts() -> None:
    english, french = (_translation(language) for language in LANGUAGES)

    assert english.keys() == french.keys()


def test_both_languages_have_the_same_placeholders() -> None:
    english, french = (_translation(language) for language in LANGUAGES)

    assert {key: _placeholders(text) for key, text in english.items()} == {
        key: _placeholders(text) for key, text in french.items()
    }


def test_no_text_is_left_in_the_other_language() -> None:
    english, french = (_translation(language) for language in LANGUAGES)

    same = {key for key, text in english.items() if french[key] == text}

    assert {english[key] for key in same} <= {
        "Production",
        "Client ID",
        "Client secret",
        "Injection",
        "Index",
        "Qualification",
        "PCE",
        "E-mail",
    }


@pytest.mark.parametrize(
    "section", ["config.error", "config_subentries.meter.abort", "exceptions", "issues"]
)
def test_every_translated_key_is_one_that_the_code_uses(section: str) -> None:
    keys = {
        key.removeprefix(f"{section}.").split(".")[0]
        for key in _translation("en")
        if key.startswith(f"{section}.")
    }

    known = _source_strings() | _keys_of_problems()
    # The texts of one repair for many meters.
    known |= {f"{key}_many" for key in known}

    # Home Assistant's own reasons.
    assert keys - known <= {"already_configured", "reconfigure_successful"}


def test_every_problem_of_what_a_user_enters_has_a_text_of_its_own() -> None:
    texts = _json(INTEGRATION / "translations" / "en.json")["exceptions"]

    assert _keys_of_problems() <= texts.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_of_a_file_has_a_text_wherever_it_can_be_shown(
    language: str,
) -> None:
    from custom_components.grdf_adict.files import Problem  # noqa: PLC0415
    from custom_components.grdf_adict.files.errors import (  # noqa: PLC0415
        ROW_PROBLEMS,
    )
    from custom_components.grdf_adict.files.recognition import (  # noqa: PLC0415
        STRANGERS,
    )

    texts = _json(INTEGRATION / "translations" / f"{language}.json")
    refused = {f"file_{problem}" for problem in _refusals()}
    # These refuse a file, or are told of a part of it.
    either = {*STRANGERS, Problem.OTHER_FLUIDS, Problem.ENERGY_MISMATCH}
    listed = (set(Problem) - _refusals()) | set(ROW_PROBLEMS) | either

    assert refused <= texts["exceptions"].keys()
    assert refused <= texts["config"]["error"].keys()
    assert refused <= texts["config_subentries"]["meter"]["error"].keys()
    assert listed == set(texts["selector"]["file_finding"]["options"])


def test_every_sensor_has_a_name_and_an_icon() -> None:
    from custom_components.grdf_adict.entities.contract import (  # noqa: PLC0415
        ACCOUNT_SENSORS,
    )
    from custom_components.grdf_adict.entities.group import (  # noqa: PLC0415
        GROUP_SENSORS,
    )
    from custom_components.grdf_adict.entities.rights import RIGHT_SENSORS  # noqa: PLC0415
    from custom_components.grdf_adict.sensor import GROUPS  # noqa: PLC0415

    every = [
        *GROUP_SENSORS,
        *(sensor for group in GROUPS for sensor in group.descriptions),
    ]
    keys = {description.key for description in (*every, *ACCOUNT_SENSORS)}
    rights = {description.key for description in RIGHT_SENSORS}
    # A second right, on injected gas, has a set of its own.
    keys |= rights | {f"injection_{key}" for key in rights}
    named = _json(INTEGRATION / "translations" / "en.json")["entity"]["sensor"]
    drawn = _json(INTEGRATION / "icons.json")["entity"]["sensor"]

    assert keys == named.keys() == drawn.keys()


def test_every_event_has_a_name_and_an_icon() -> None:
    from custom_components.grdf_adict.event import EVENTS  # noqa: PLC0415

    texts = _json(INTEGRATION / "translations" / "en.json")["entity"]["event"]
    icons = _json(INTEGRATION / "icons.json")["entity"]["event"]
    named = texts["events"]["state_attributes"]["event_type"]["state"]
    drawn = icons["events"]["state_attributes"]["event_type"]["state"]

    assert texts.keys() == icons.keys() == {EVENTS.key}
    assert set(EVENTS.event_types or ()) == named.keys() == drawn.keys()


def test_every_error_of_grdf_has_a_text_wherever_it_can_be_shown() -> None:
    from custom_components.grdf_adict.helpers import errors  # noqa: PLC0415

    keys = {key for _, key in errors.TRANSLATION_KEYS} | {"contract_over"}
    texts = _json(INTEGRATION / "translations" / "en.json")

    assert keys <= texts["config"]["error"].keys()
    assert keys <= texts["config_subentries"]["meter"]["abort"].keys()
    assert keys <= texts["exceptions"].keys()


def test_the_manifest_is_in_the_order_that_hassfest_requires() -> None:
    manifest = _json(INTEGRATION / "manifest.json")
    keys = list(manifest)

    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    assert manifest["domain"] == INTEGRATION.name
    assert AwesomeVersion(manifest["version"]).valid


def test_the_marketplace_finds_what_it_needs() -> None:
    hacs = _json(ROOT / "hacs.json")

    assert hacs["name"] == _json(INTEGRATION / "manifest.json")["name"]
    assert hacs["homeassistant"] == "2026.10.0"


def test_versions_agree() -> None:
    manifest = _json(INTEGRATION / "manifest.json")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert f'version = "{manifest["version"]}"' in project


@pytest.mark.parametrize("dark", ["", "dark_"])
@pytest.mark.parametrize(("scale", "suffix"), [(1, ""), (2, "@2x")])
def test_the_brand_has_images_of_the_sizes_that_home_assistant_shows(
    dark: str, scale: int, suffix: str
) -> None:
    def size(name: str) -> tuple[int, int]:
        file = INTEGRATION / "brand" / f"{dark}{name}{suffix}.png"
        with Image.open(file) as image:
            assert image.mode == "RGBA", "transparent"
            return image.size

    assert size("icon") == (256 * scale, 256 * scale)
    width, height = size("logo")
    assert height == 256 * scale < width


@pytest.mark.parametrize("kind", ["trigger", "condition"])
def test_every_trigger_and_condition_has_its_form_its_texts_and_an_icon(
    kind: str,
) -> None:
    from custom_components.grdf_adict.condition import CONDITIONS  # noqa: PLC0415
    from custom_components.grdf_adict.trigger import TRIGGERS  # noqa: PLC0415

    known = TRIGGERS.keys() if kind == "trigger" else CONDITIONS.keys()
    forms = dict(parse_yaml((INTEGRATION / f"{kind}s.yaml").read_text("utf-8")))  # type: ignore[arg-type]
    texts = _json(INTEGRATION / "translations" / "en.json")[f"{kind}s"]
    icons = _json(INTEGRATION / "icons.json")[f"{kind}s"]

    described = {key: form for key, form in forms.items() if not key.startswith(".")}
    assert known == described.keys() == texts.keys() == icons.keys()
    for key, form in described.items():
        assert form.get("fields", {}).keys() == texts[key].get("fields", {}).keys()


def test_every_text_about_unusual_consumption_names_the_emergency_number() -> None:
    for language in LANGUAGES:
        texts = _json(INTEGRATION / "translations" / f"{language}.json")

        for kind in ("triggers", "conditions"):
            text = texts[kind]["consumption_unusual"]["description"]
            assert "0 800 47 33 33" in text


def test_the_packages_that_are_installed_are_the_ones_tested() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    requirements = _json(INTEGRATION / "manifest.json")["requirements"]

    assert all(f'"{requirement}"' in project for requirement in requirements)


def test_the_tests_that_the_readme_names_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    named = set(re.findall(r"`(tests/[\w/]+\.py)`", readme))

    assert named
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []


def test_both_readmes_have_the_same_sections() -> None:
    english, french = (
        re.findall(r"^(#+) ", _readme(name)[0], flags=re.MULTILINE) for name in READMES
    )

    assert english
    assert english == french


def test_both_readmes_have_the_same_code_blocks() -> None:
    english, french = (_readme(name)[1] for name in READMES)

    assert english
    assert english == french


def test_both_readmes_have_the_same_images_each_in_its_language() -> None:
    english, french = (
        re.findall(r"!\[[^\]]+\]\(([^)]+)\)", _readme(name)[0]) for name in READMES
    )

    assert english
    assert [image.replace(".png", "-fr.png") for image in english] == french
    assert [path for path in (*english, *french) if not (ROOT / path).is_file()] == []


def test_each_readme_leads_to_the_other() -> None:
    (english, _), (french, _) = (_readme(name) for name in READMES)

    assert "[Lisez-moi en français](README.fr.md)" in english
    assert "[Read me in English](README.md)" in french


def test_the_french_readme_calls_sensors_what_home_assistant_does() -> None:
    texts = _json(INTEGRATION / "translations" / "fr.json")["entity"]["sensor"]
    rows = _tables("README.fr.md")["Capteur", "Ce qu'il montre"]

    named = [name for names, _ in rows for name in names.split("<br>")]

    assert named
    assert set(named) <= {text["name"] for text in texts.values()}
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("triggers", ("Déclencheur", "Se déclenche")),
        ("conditions", ("Condition", "Est remplie")),
    ],
)
def test_the_french_readme_names_triggers_and_conditions_as_home_assistant_does(
    kind: str, header: tuple[str, str]
) -> None:
    texts = _json(INTEGRATION / "translations" / "fr.json")[kind]

    rows = [name for name, _ in _tables("README.fr.md")[header]]

    assert rows == [f"*{texts[key]['name']}* `{key}`" for key in _keys_of_rows(rows)]
    assert set(_keys_of_rows(rows)) == texts.keys()


def test_the_french_readme_names_repairs_as_home_assistant_does() -> None:
    issues = _json(INTEGRATION / "translations" / "fr.json")["issues"]
    titles = {re.sub(r"{\w+}", "…", issue["title"]) for issue in issues.values()}
    prose, _ = _readme("README.fr.md")
    cells = [
        row[-1]
        for header, rows in _tables("README.fr.md").items()
        if header[-1] == "Correction"
        for row in rows
    ]

    named = re.findall(r"\*([^*]+)\*", " ".join(cells))
    named += re.findall(r"[Ll]a correction \*([^*]+)\*", prose)

    assert named
    assert set(named) <= titles


def test_the_french_readme_names_states_of_a_right_as_home_assistant_does() -> None:
    sensors = _json(INTEGRATION / "translations" / "fr.json")["entity"]["sensor"]

    shown = {
        row[1]
        for header, rows in _tables("README.fr.md").items()
        if header[1] == "Affiché comme"
        for row in rows
    }

    assert shown == set(sensors["access_right"]["state"].values())
