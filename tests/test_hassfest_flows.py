"""What flows show, held against the translations of their steps."""

import ast
from collections.abc import Iterator
import inspect
import json
from pathlib import Path
import textwrap
from typing import Any, Final

from homeassistant.config_entries import HANDLERS
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

ROOT: Final = Path(__file__).parent.parent
INTEGRATION: Final = ROOT / "custom_components" / "grdf_adict"
LANGUAGES: Final = ("en", "fr")
FLOWS: Final = ("config", "options", "meter", "group")

_STEP: Final = "async_step_"


def _texts(language: str) -> dict[str, Any]:
    path = INTEGRATION / "translations" / f"{language}.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _texts_of(flow: str, language: str) -> dict[str, Any]:
    texts = _texts(language)
    return dict({**texts, **texts["config_subentries"]}[flow])


def _repairs(language: str) -> list[dict[str, Any]]:
    issues = _texts(language)["issues"].values()
    return [issue["fix_flow"] for issue in issues if "fix_flow" in issue]


def _class(flow: str) -> type:
    from custom_components.grdf_adict import config_flow  # noqa: F401, PLC0415

    handler = HANDLERS[INTEGRATION.name]
    entry = MockConfigEntry(domain=INTEGRATION.name)
    return {
        "config": handler,
        "options": type(handler.async_get_options_flow(entry)),
        **handler.async_get_supported_subentry_types(entry),
    }[flow]


def _sources(flow: str) -> list[ast.Module]:
    """Return what this integration wrote of a flow."""
    return [
        ast.parse(textwrap.dedent(inspect.getsource(kind)))
        for kind in _class(flow).__mro__
        if kind.__module__.startswith("custom_components.")
    ]


def _package() -> list[ast.Module]:
    return [
        ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(INTEGRATION.rglob("*.py"))
    ]


def _constants(trees: list[ast.Module], keyword: str, *names: str) -> set[str]:
    """Return the constants that calls are given as a keyword, or as their first."""
    return {
        value.value
        for tree in trees
        for call in _calls(tree, *names)
        for value in (
            *(each.value for each in call.keywords if each.arg == keyword),
            *call.args[:1],
        )
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def _calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rsplit(".", 1)[-1]
            if name in names:
                yield node


def _shown(trees: list[ast.Module]) -> set[str]:
    return _constants(trees, "step_id", "async_show_form", "async_show_menu")


def _step_functions() -> list[ast.AsyncFunctionDef]:
    return [
        node
        for tree in _package()
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith(_STEP)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS)
def test_all_that_a_flow_shows_has_texts(flow: str, language: str) -> None:
    texts = _texts_of(flow, language)
    sources = _sources(flow)
    reasons = _constants(sources, "reason", "async_abort", "AbortFlow")

    assert sources
    assert _shown(sources) - texts["step"].keys() == set()
    assert reasons - texts.get("abort", {}).keys() == set()


@pytest.mark.parametrize("flow", FLOWS)
def test_all_texts_of_a_flow_are_of_its_steps(flow: str) -> None:
    steps = _texts_of(flow, "en")["step"]
    named = {*steps}.union(*(step.get("menu_options", ()) for step in steps.values()))

    assert {step for step in named if not hasattr(_class(flow), _STEP + step)} == set()


def test_no_flow_is_left_out() -> None:
    texts = _texts("en")

    assert {"config", "options", *texts["config_subentries"]} == set(FLOWS)


def test_every_step_anywhere_has_texts_and_every_repair_only_known_steps() -> None:
    repairs = {step for flow in _repairs("en") for step in flow["step"]}
    flows = {step for flow in FLOWS for step in _texts_of(flow, "en")["step"]}
    shown = _shown(_package())

    assert "confirm" in shown
    assert shown - repairs - flows == set()
    assert {_STEP + step for step in repairs} <= {f.name for f in _step_functions()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_of_a_menu_has_its_text(language: str) -> None:
    functions = _step_functions()
    steps = {function.name.removeprefix(_STEP) for function in functions}
    flows = [*(_texts_of(flow, language) for flow in FLOWS), *_repairs(language)]
    menus = [each for each in functions if list(_calls(each, "async_show_menu"))]

    assert menus
    for function in menus:
        step = function.name.removeprefix(_STEP)
        named = {
            node.value for node in ast.walk(function) if isinstance(node, ast.Constant)
        }
        options = [
            flow["step"][step].get("menu_options", {}).keys()
            for flow in flows
            if step in flow["step"]
        ]
        assert (named & steps) - {step} in options, step


@pytest.mark.parametrize("flow", FLOWS)
def test_a_change_that_is_saved_is_confirmed_by_our_own_text(flow: str) -> None:
    """Home Assistant's own text, which is the default, has no French translation."""
    saving = [
        call
        for source in _sources(flow)
        for call in ast.walk(source)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "self.async_update_and_abort"
    ]
    reasons = {
        keyword.value.value
        for call in saving
        for keyword in call.keywords
        if keyword.arg == "reason" and isinstance(keyword.value, ast.Constant)
    }

    assert len(saving) == sum(
        any(keyword.arg == "reason" for keyword in call.keywords) for call in saving
    )
    for language in LANGUAGES:
        assert reasons <= _texts_of(flow, language).get("abort", {}).keys()
