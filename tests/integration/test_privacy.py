"""Unique markers in every field that GRDF sends: none goes where people read."""

import re
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)
from tests.sandbox import BUSINESS, HOUSE, PRODUCER, Fault, Sandbox

from .common import next_day
from .conftest import AddEntry
from .markers import FREE, MARKER, Places, as_json, mark, stored

# What is kept of GRDF's words: the right that a call is about, what sensors show, and,
# masked, why a call was refused: a repair shows it.
KEPT: Final = {
    "account": {"id_droit_acces"},
    "repairs": {""},
    "meter": {
        "",
        "code_calibre",
        "matricule_compteur",
        "profil_type_actuel",
        "tarif_acheminement",
    },
}


@pytest.fixture(params=["free", "every"])
def sent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Let GRDF send markers; return the keys of the fields that had one."""
    return mark(monkeypatch, every=request.param == "every")


@pytest.fixture
def places(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> Places:
    """Where people read, watched from the start."""
    return Places(hass, caplog)


async def test_nothing_of_grdfs_words_goes_where_people_read_or_is_kept(
    hass: HomeAssistant,
    sandbox: Sandbox,
    sent: set[str],
    places: Places,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
    hass_storage: dict[str, Any],
) -> None:
    body = f'{{"code": "1000009", "message": "{MARKER}"}}'
    sandbox.fail_next("donnees_techniques", Fault.status(403, body))
    pces = (HOUSE, BUSINESS, PRODUCER)

    entry = await import_meters(*pces)
    sandbox.fail_next(None, Fault.status(400, body), times=2)
    await next_day(hass, clock, entry)
    sandbox.fail_next(None, Fault.status(500, MARKER), times=50)
    await next_day(hass, clock, entry)

    dumps = [as_json(await async_get_config_entry_diagnostics(hass, entry))]
    for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id):
        dump = await async_get_device_diagnostics(hass, entry, device)
        dumps.append(as_json(dump))
    said = {**places.texts(), "dumps": "\n".join(dumps)}

    assert FREE - {"tarif_acheminement"} <= sent | {"message"}
    assert len(dumps) == 1 + len(pces) + 1, "the contract has a device too"
    tokens = {str(sandbox.client_secret), "demo-secret", "Bearer"}
    for place, text in (said | stored(hass_storage)).items():
        found = set(re.findall(rf"{MARKER}([a-z_]*)", text))
        kept = KEPT.get(place.removeprefix("grdf_adict.").split(".")[0], set())
        assert found <= kept, place
        assert not [token for token in tokens if token in text], place
    for place in ("log", "dumps", "states", "repairs"):
        for pce in (*pces, *map(str.lower, pces)):
            assert pce not in said[place], place


async def test_a_device_tells_of_its_own_meter_only(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
    device_registry: dr.DeviceRegistry,
) -> None:
    entry = await import_meters(HOUSE, BUSINESS)
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, f"sandbox_{HOUSE}"), entry.entry_id
    )
    assert device is not None

    dump: Any = await get_diagnostics_for_device(hass, hass_client, entry, device)

    (meter,) = dump["meters"]
    assert meter["pce"] == f"…{HOUSE[-4:]}"
    assert meter["state"] == "up_to_date"
    assert dump["meters_in_all"] == 2
    assert dump["token_held"] is True
    assert dump["last_failure"] is None


async def test_what_failed_last_is_told_by_its_key_and_code(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.fail_next(None, Fault.status(503), times=1000)
    await next_day(hass, clock, entry)

    dump = await async_get_config_entry_diagnostics(hass, entry)

    assert dump["last_failure"] == ["UpdateFailed", "cannot_connect", "503"]
    assert dump["meters"][0]["updated"] is False
