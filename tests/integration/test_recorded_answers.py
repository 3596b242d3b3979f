"""What a recording of GRDF's answers holds: no person, and enough to replay it."""

from collections.abc import Callable
import json
from pathlib import Path
import re
from types import SimpleNamespace
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.contract import recording as recording_module
from tests.sandbox import (
    BUSINESS,
    FLAT,
    HOUSE,
    PRODUCER,
    Fault,
    Replay,
    Sandbox,
    answers,
    serve,
)

from .actions import act, device_of
from .common import amounts, next_day, settle
from .conftest import AddEntry
from .recording_flow import (
    file_of,
    lines_of,
    record,
)

type Form = dict[str, Any]

# A person, in each of the ways that a text can name one.
PERSON: Final = (
    "M. ZORGLUB Jean, Camille Exemple, camille.exemple@example.org, 06 12 34 56 78,"
    " 0612345678, https://evil.example/x, 12 rue des Lilas, 09999999912345"
)
NUMBER: Final = 33612345678
PERSONAL: Final = re.compile(
    "zorglub|jean|camille|exemple|612345678|12 34 56 78|evil|lilas|12345|5678",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def _own_folder(hass: HomeAssistant, tmp_path: Path) -> None:
    hass.config.config_dir = str(tmp_path)


@pytest.fixture(autouse=True)
def _one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pseudonyms are the same in each run."""
    fixed = SimpleNamespace(token_bytes=lambda size: b"k" * size)
    monkeypatch.setattr(recording_module, "secrets", fixed)


def _walk(value: Any, replace: Callable[[str, Any], Any], key: str = "") -> Any:
    if isinstance(value, dict):
        inner = {name: _walk(each, replace, name) for name, each in value.items()}
        return {**inner, "champ_inconnu": replace("champ_inconnu", "")}
    if isinstance(value, list):
        return [_walk(each, replace, key) for each in value]
    return replace(key, value)


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> Callable[[re.Pattern[str]], None]:
    """Let GRDF name a person in each field but some, in place of what it holds."""
    plain = answers._line  # noqa: SLF001 - the one door that all JSON leaves by

    def poison(kept: re.Pattern[str]) -> None:
        def replaced(key: str, value: Any) -> Any:
            if kept.fullmatch(key) or isinstance(value, bool):
                return value
            return NUMBER if isinstance(value, int | float) else PERSON

        monkeypatch.setattr(answers, "_line", lambda item: plain(_walk(item, replaced)))

    return poison


# Without these nothing is asked for at all.
_ASKED_BY: Final = "access_token|token_type|expires_in"
_NEEDED: Final = f"{_ASKED_BY}|id_pce|perim_.*|etat_droit_acces|role_tiers|date_.*"


async def test_whatever_field_names_a_person_the_file_does_not(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    poisoned: Callable[[re.Pattern[str]], None],
) -> None:
    entry = await add_entry(HOUSE, BUSINESS, PRODUCER)
    await record(hass, entry)
    # What is not JSON, is broken or is a refusal names people too.
    page = Fault.status(502, f"<html><title>{PERSON}</title><p>{PERSON}</p></html>")
    sandbox.fail_next("donnees_techniques", page, times=1)
    body = json.dumps({"code": PERSON, "message": PERSON, PERSON: PERSON})
    sandbox.fail_next("donnees_contractuelles", Fault.status(403, body), times=1)
    sandbox.fail_next("publiees", Fault(cuts_after=1), times=1)
    sandbox.fail_next("informatives", Fault(malforms=1), times=1)
    sandbox.fail_next("droits_acces", Fault.status(400, PERSON), times=1)

    poisoned(re.compile(_NEEDED))
    await settle(hass, entry)
    device = device_of(hass, entry, HOUSE)
    for action in ("get_technical_data", "get_contract_data"):
        await act(hass, action, device_id=device)
    await next_day(hass, clock, entry)
    poisoned(re.compile(_ASKED_BY))
    await next_day(hass, clock, entry)

    recorded = file_of(hass, entry).read_text("utf-8")
    lines = lines_of(hass, entry)
    assert len(lines) > 15
    assert {line["status"] for line in lines} >= {200, 400, 403, 502}
    assert any(line["is_cut"] for line in lines)
    assert any("donnees_injection_publiees" in line["path"] for line in lines)
    assert "champ_inconnu" in recorded, "that there is such a field is kept"
    assert "code_calibre" in recorded
    assert PERSONAL.findall(recorded) == []
    names = {right.holder_name for right in sandbox.rights} - {None, ""}
    known = {*sandbox.meters, *names, "demo-secret", "Bearer", sandbox.client_secret}
    assert [each for each in known if each and each in recorded] == []


async def test_who_is_declared_is_not_in_the_file(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await record(hass, entry)
    sandbox.rights[:] = [right for right in sandbox.rights if right.pce != FLAT]

    declared = await act(
        hass,
        "declare_access_right",
        pce=FLAT,
        role="supply_authorised",
        holder_name="Camille Exemple",
        postcode=sandbox.meters[FLAT].site.postcode,
        mail="camille.exemple@example.org",
        mobile="0612345678",
        start="2026-11-20",
        end="2027-11-20",
        data_from="2026-01-01",
    )

    recorded = file_of(hass, entry).read_text("utf-8")
    assert declared
    assert "droit_acces" in recorded
    assert PERSONAL.findall(recorded) == []
    assert FLAT not in recorded


async def _replayed(
    hass: HomeAssistant, contract: Form, recorded: Path
) -> tuple[Replay, str]:
    """Import the meter of a recording from its replay; return its PCE too."""
    sandbox = Sandbox()
    sandbox.replay = replay = Replay(recorded)
    (pce,) = replay.pces
    async with serve(sandbox) as served:
        addresses = {"api_url": served.api_url, "token_url": served.token_url}
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Replay",
            unique_id="replay",
            data={**contract, "addresses": addresses},
            subentries_data=[
                {
                    "subentry_type": "meter",
                    "title": "Replayed",
                    "unique_id": pce,
                    "data": {"pce": pce},
                }
            ],
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await settle(hass, entry)
        await hass.config_entries.async_unload(entry.entry_id)
    return replay, pce


async def test_a_replay_gives_the_rows_of_the_meter_that_was_recorded(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    contract: Form,
) -> None:
    # A stream that is pretty-printed and breaks off is replayed as it came.
    sandbox.switches.pretty = True
    sandbox.fail_next("publiees", Fault(cuts_after=1))
    entry = await add_entry(HOUSE)
    await record(hass, entry)
    await settle(hass, entry)
    await settle(hass, entry)

    _, pce = await _replayed(hass, contract, file_of(hass, entry))

    assert pce != HOUSE
    for series in ("energy", "volume"):
        rows = await amounts(hass, HOUSE, series)
        assert len(rows) > 90
        assert await amounts(hass, pce, series) == rows


async def test_scaled_amounts_keep_their_proportions(
    hass: HomeAssistant, add_entry: AddEntry, contract: Form
) -> None:
    entry = await add_entry(HOUSE)
    await record(hass, entry, {"amounts": "scale", "days": 7})
    await settle(hass, entry)

    _, pce = await _replayed(hass, contract, file_of(hass, entry))

    rows = await amounts(hass, HOUSE, "energy")
    scaled = await amounts(hass, pce, "energy")
    assert scaled.keys() == rows.keys()
    assert scaled != rows
    total, total_scaled = (
        sum(amount or 0 for amount in each.values()) for each in (rows, scaled)
    )
    factor = total_scaled / total
    assert 0.5 <= factor <= 1.5
    for day, amount in rows.items():
        # Scaled amounts are whole as GRDF's are, and a day that has none gets what the
        # others leave.
        assert scaled[day] == pytest.approx((amount or 0) * factor, abs=2)
