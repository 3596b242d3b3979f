"""Unique markers in every field that GRDF sends: none reaches a dump or our log."""

from collections.abc import Callable
from itertools import count
import json
import logging
import re
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.json import ExtendedJSONEncoder
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
from tests.sandbox import BUSINESS, HOUSE, PRODUCER, Fault, Sandbox, answers

from .common import next_day
from .conftest import AddEntry

MARKER: Final = "xMARKERx"

# Without these nothing is asked for at all.
_KEPT: Final = re.compile(
    "id_pce|access_token|token_type|expires_in|scope|perim_.*|etat_droit_acces|"
    "role_tiers|date_.*"
)
# What GRDF writes freely, and what names people and places.
_FREE: Final = {
    "nom_titulaire",
    "raison_sociale_du_titulaire",
    "raison_sociale_du_tiers",
    "courriel_titulaire",
    "code_postal",
    "numero_telephone_mobile_titulaire",
    "source_revocation",
    "source_passage_a_obsolete",
    "source_passage_a_refuse",
    "message",
    "libelle_raison_releve",
    "numero_rue",
    "nom_rue",
    "complement_adresse",
    "commune",
    "matricule_compteur",
    "identifiant_pitd",
    "libelle_pitd",
    "regime_propriete_compteur",
    "tarif_acheminement",
    "profil_type_actuel",
}


def _json(dump: dict[str, Any]) -> str:
    """Return a dump as Home Assistant offers it for download."""
    return json.dumps(dump, cls=ExtendedJSONEncoder)


type Marked = Callable[[str, Any], Any]


def _walk(key: str, value: Any, marked: Marked) -> Any:
    if isinstance(value, dict):
        inner = {name: _walk(name, each, marked) for name, each in value.items()}
        return {**inner, "champ_inconnu": marked("champ_inconnu", "")}
    if isinstance(value, list):
        return [_walk(key, each, marked) for each in value]
    return marked(key, value)


@pytest.fixture(params=["free", "every"])
def sent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Let GRDF send markers: in free fields, or behind every text; return their keys.

    With the first, everything is taken in; with the second, most is refused.
    """
    keys: set[str] = set()
    number = count()
    plain = answers._line  # noqa: SLF001 - the one door that all JSON leaves by

    def marked(key: str, value: Any) -> Any:
        is_free = key in _FREE or key == "champ_inconnu"
        if is_free:
            keys.add(key)
            return f"{MARKER}{next(number)}"
        is_other = isinstance(value, str) and not _KEPT.fullmatch(key)
        if request.param == "every" and is_other:
            keys.add(key)
            return f"{value}{MARKER}{next(number)}"
        return value

    monkeypatch.setattr(answers, "_line", lambda item: plain(_walk("", item, marked)))
    return keys


async def test_nothing_of_grdfs_words_is_in_a_dump_or_in_the_log(
    hass: HomeAssistant,
    sandbox: Sandbox,
    sent: set[str],
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "custom_components.grdf_adict")
    body = f'{{"code": "1000009", "message": "{MARKER}"}}'
    sandbox.fail_next("donnees_techniques", Fault.status(403, body))
    pces = (HOUSE, BUSINESS, PRODUCER)

    entry = await import_meters(*pces)
    sandbox.fail_next(None, Fault.status(400, body), times=2)
    await next_day(hass, clock, entry)
    sandbox.fail_next(None, Fault.status(500, MARKER), times=50)
    await next_day(hass, clock, entry)

    dumps = [_json(await async_get_config_entry_diagnostics(hass, entry))]
    for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id):
        dump = await async_get_device_diagnostics(hass, entry, device)
        dumps.append(_json(dump))
    ours = [
        logging.Formatter().format(record)
        for record in caplog.records
        if record.name.startswith(f"custom_components.{DOMAIN}")
    ]

    assert _FREE - {"tarif_acheminement"} <= sent | {"message"}
    assert ours
    assert len(dumps) == 1 + len(pces) + 1, "the contract has a device too"
    tokens = {str(sandbox.client_secret), "demo-secret", "Bearer"}
    for text in (*dumps, *ours):
        for secret in (MARKER, *tokens, *pces, *map(str.lower, pces)):
            assert secret not in text, text[:2000]


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
