"""The system information on GRDF and the contracts."""

from typing import Any

from aiohttp import ClientError
from homeassistant.components.system_health import get_info
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import FLAT, HOUSE, Sandbox

from .conftest import AddEntry


@pytest.fixture(autouse=True)
async def _system_health(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "system_health", {})


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    await hass.async_block_till_done()
    return dict((await get_info(hass))[DOMAIN])


async def test_calls_token_and_meters_are_shown_without_a_call(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE, FLAT)
    calls = len(sandbox.calls)

    info = await _info(hass)

    assert info["reach_other"] == "ok"
    assert info["contracts"] == 1
    assert info["contracts_loaded"] == 1
    assert info["meters"] == "2"
    assert info["tokens_held"] == "yes"
    assert info["calls_today"].split(" / ")[0] == str(calls)
    assert len(sandbox.calls) == calls


async def test_grdf_itself_is_only_reached(
    hass: HomeAssistant,
    contract: dict[str, Any],
    add_entry: AddEntry,
    aioclient_mock: AiohttpClientMocker,
) -> None:
    host = "https://adict-connexion.grdf.fr"
    aioclient_mock.get(host, text="")  # type: ignore[no-untyped-call]
    del contract["addresses"]
    await add_entry()

    assert (await _info(hass))["reach_grdf"] == "ok"
    assert [(method, str(url)) for method, url, *_ in aioclient_mock.mock_calls] == [
        ("GET", host)
    ]


async def test_an_unreachable_grdf_is_shown(
    hass: HomeAssistant,
    contract: dict[str, Any],
    add_entry: AddEntry,
    aioclient_mock: AiohttpClientMocker,
) -> None:
    host = "https://adict-connexion.grdf.fr"
    aioclient_mock.get(host, exc=ClientError)  # type: ignore[no-untyped-call]
    del contract["addresses"]
    await add_entry()

    assert (await _info(hass))["reach_grdf"] == "Failed: unreachable"


async def test_without_a_contract_only_counts_are_shown(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})

    info = await _info(hass)

    assert info["contracts"] == 0
    assert info["meters"] == "-"
