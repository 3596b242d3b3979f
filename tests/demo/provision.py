"""The integration and the Energy dashboard, set up as a person would."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.sandbox import Served

from .exported import Export
from .home import CommandError, Home
from .saying import DemoError, say
from .witness import CREDENTIALS, Meter

DOMAIN = "grdf_adict"
_FLOW = "/api/config/config_entries/flow"
_NO_STATE = {"unknown", "unavailable"}
# What it costs is not known yet: the dashboard is set up once it is.
_NOT_YET_SHOWN = ("energy", {"show": False})


async def has_entry(home: Home) -> bool:
    """Return whether an earlier run has set the integration up."""
    return bool(await home.ask("config_entries/get", domain=DOMAIN))


async def add_entry(home: Home, sandbox: str, meters: Sequence[Meter]) -> None:
    """Walk through the integration's config flow.

    Raises:
        DemoError: the flow wants something else, or refuses what it is given.
    """
    await _walk(
        home,
        "contract",
        ("contract", _account(sandbox)),
        ("meters", {"meters": [meter.pce for meter in meters]}),
        _NOT_YET_SHOWN,
    )


async def add_files_entry(
    home: Home, exports: Sequence[Export], meters: Sequence[Meter]
) -> None:
    """Upload exported files in the integration's config flow, and take them in.

    Raises:
        DemoError: the flow wants something else, or refuses a file.
    """
    uploads = {
        f"file_{number}": await home.upload(export.name, export.content)
        for number, export in enumerate(exports, start=1)
    }
    await _walk(
        home,
        "files",
        ("files", uploads),
        ("file_preview", _chosen(meters)),
        _NOT_YET_SHOWN,
    )


def _chosen(meters: Sequence[Meter]) -> dict[str, object]:
    """Return the answer to the preview, which offers no choice of a lone meter."""
    return {"meters": [meter.pce for meter in meters]} if len(meters) > 1 else {}


async def _walk(
    home: Home, kind: str, *steps: tuple[str, Mapping[str, object]]
) -> None:
    """Choose a kind of entry, and fill in one form after the other."""
    menu = await home.post(_FLOW, {"handler": DOMAIN})
    expect(menu, "menu", "user")
    flow = f"{_FLOW}/{menu['flow_id']}"
    step = await home.post(flow, {"next_step_id": kind})
    for name, answers in steps:
        expect(step, "form", name)
        step = await home.post(flow, answers)
    expect(step, "create_entry", None)


async def erase_leftovers(home: Home) -> None:
    """Erase what removed entries have left, if anything, as its user would.

    Raises:
        DemoError: the flow wants something else.
    """
    menu = await home.post(_FLOW, {"handler": DOMAIN})
    flow = f"{_FLOW}/{menu['flow_id']}"
    if "leftovers" not in menu["menu_options"]:
        await home.delete(flow)
        return
    form = await home.post(flow, {"next_step_id": "leftovers"})
    expect(form, "form", "leftovers")
    (field,) = (each for each in form["data_schema"] if each["name"] == "meters")
    chosen = [option["value"] for option in field["selector"]["select"]["options"]]
    done = await home.post(flow, {"meters": chosen, "confirm": True})
    expect(done, "abort", None)


async def add_to_dashboard(home: Home, meters: Sequence[Meter]) -> None:
    """Make each meter a gas source of the Energy dashboard, once."""
    sources = await energy_sources(home)
    known = {source.get("stat_energy_from") for source in sources}
    missing = [meter for meter in meters if meter.energy_id not in known]
    if not missing:
        return
    say("adding the meters to the Energy dashboard")
    await home.ask(
        "energy/save_prefs",
        energy_sources=[
            *sources,
            *map(_gas_source, missing),
        ],
    )


async def energy_sources(home: Home) -> list[dict[str, Any]]:
    """Return the sources of the Energy dashboard; none before it is first set up."""
    try:
        preferences = await home.ask("energy/get_prefs")
    except CommandError as error:
        if error.code == "not_found":
            return []
        raise
    return list(preferences["energy_sources"])


async def next_update(home: Home) -> datetime | None:
    """Return when the integration makes its next API call; None: it does not say."""
    registry = await home.ask("config/entity_registry/list")
    ours = {
        entity["entity_id"]
        for entity in registry
        if entity["platform"] == DOMAIN and entity["translation_key"] == "next_update"
    }
    moments = [
        datetime.fromisoformat(state["state"])
        for state in await home.ask("get_states")
        if state["entity_id"] in ours and state["state"] not in _NO_STATE
    ]
    return min(moments, default=None)


def _gas_source(meter: Meter) -> dict[str, Any]:
    cost = {"stat_cost": meter.cost_id} if meter.is_priced else {}
    return {"type": "gas", "stat_energy_from": meter.energy_id, **cost}


def _account(sandbox: str) -> dict[str, object]:
    client_id, client_secret = CREDENTIALS
    served = Served(sandbox)
    return {
        "environment": "sandbox",
        "client_id": client_id,
        "client_secret": client_secret,
        "addresses": {
            "api_url": served.api_url,
            "token_url": served.token_url,
            "authorize_url": served.authorise_url,
        },
    }


def expect(step: dict[str, Any], kind: str, name: str | None) -> None:
    """Make sure that a flow shows this kind of step, with this name.

    Raises:
        DemoError: it shows another.
    """
    if step["type"] != kind or step.get("step_id") != name or step.get("errors"):
        raise DemoError(
            f"The config flow should show {kind} {name or ''}, it shows "
            f"{step['type']} {step.get('step_id') or step.get('reason') or ''} "
            f"with the errors {step.get('errors')}."
        )
