"""The actions that read what GRDF holds of a meter."""

from datetime import date
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.grdf_adict.adict import Allowance
from tests.sandbox import HOUSE, INDUSTRY, PRODUCER, Fault, Sandbox

from .actions import act, device_of
from .conftest import AddEntry

PERIODS: list[dict[str, Any]] = [
    {"period": "2026-10"},
    {"start_date": date(2026, 10, 1), "end_date": date(2026, 10, 31)},
]


@pytest.mark.parametrize("period", PERIODS, ids=["calendar", "dates"])
async def test_a_months_days_are_given_as_grdf_holds_them(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry, period: dict[str, Any]
) -> None:
    entry = await add_entry(HOUSE)

    response = await act(
        hass,
        "get_consumption",
        device_id=device_of(hass, entry, HOUSE),
        kind="informative",
        **period,
    )

    available = sandbox.available_days(HOUSE)
    given = {block["gas_day"]: block["energy"] for block in response["consumption"]}
    assert response["complete"] is True
    assert given == {
        day.isoformat(): row.kwh
        for day, row in available.items()
        if date(2026, 10, 1) <= day <= date(2026, 10, 31)
    }
    first = response["consumption"][0]
    assert first["start"] == "2026-10-01T06:00:00+02:00"
    assert (first["kind"], first["qualification"]) == ("informative_daily", "measured")
    assert "end_reading" not in first


async def test_published_blocks_are_the_default(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(INDUSTRY)

    response = await act(
        hass,
        "get_consumption",
        device_id=device_of(hass, entry, INDUSTRY),
        period="2026-W46",
    )

    assert {block["kind"] for block in response["consumption"]} == {"published"}
    assert len(response["consumption"]) == 7
    assert sandbox.calls[-1].query == {"periode": "2026-W46"}


async def test_readings_are_given_once_each_with_their_reason(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)

    response = await act(
        hass, "get_readings", device_id=device_of(hass, entry, HOUSE), period="2026"
    )

    blocks = [
        block
        for block in sandbox.available_published(HOUSE)
        if block.end > date(2026, 1, 1)
    ]
    indexes = [reading["index"] for reading in response["readings"]]
    assert indexes[-1] == blocks[-1].index_end
    assert set(indexes) == {block.index_start for block in blocks} | {
        block.index_end for block in blocks
    }
    assert response["readings"][-1]["reason"] == "RNO"
    assert response["readings"][-1]["status"] == "normal"


async def test_injections_are_given_of_a_producer(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(PRODUCER)

    response = await act(
        hass,
        "get_injections",
        device_id=device_of(hass, entry, PRODUCER),
        period="2026-10",
    )

    assert len(response["injections"]) == 31
    assert all(block["energy"] > 0 for block in response["injections"])
    assert {block["direction"] for block in response["injections"]} == {"production"}


async def test_contract_data_can_be_requested_by_family(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    device_id = device_of(hass, entry, HOUSE)

    everything = await act(hass, "get_contract_data", device_id=device_id)
    one = await act(hass, "get_contract_data", device_id=device_id, fields=["car"])

    assert everything["delivery_tariff"] == "T2"
    assert one["annual_reference_consumption"] == 10_400
    assert one["delivery_tariff"] is None
    assert sandbox.calls[-1].query == {"filtre": "car"}
    assert "pce" not in everything


async def test_technical_data_hold_an_address_and_so_need_an_administrator(
    hass: HomeAssistant, add_entry: AddEntry, hass_read_only_user: MockUser
) -> None:
    entry = await add_entry(HOUSE)
    device_id = device_of(hass, entry, HOUSE)

    response = await act(hass, "get_technical_data", device_id=device_id)
    assert response["street"] == "RUE DE LA FLAMME"
    assert response["frequency"] == "1M"

    with pytest.raises(Unauthorized):
        await act(
            hass,
            "get_technical_data",
            Context(user_id=hass_read_only_user.id),
            device_id=device_id,
        )


@pytest.mark.parametrize(
    ("period", "key"),
    [
        ({}, "period_or_dates"),
        ({"period": "2026", "start_date": date(2026, 1, 1)}, "period_or_dates"),
        ({"start_date": date(2026, 1, 1)}, "period_or_dates"),
        ({"period": "2026-13"}, "period_nonexistent"),
        ({"period": "last month"}, "period_malformed"),
        ({"period": "2019"}, "period_too_old"),
        (
            {"start_date": date(2026, 5, 2), "end_date": date(2026, 5, 1)},
            "period_reversed",
        ),
        (
            {"start_date": date(2026, 5, 2), "end_date": date(2027, 5, 1)},
            "period_in_future",
        ),
    ],
)
async def test_a_period_that_grdf_would_refuse_fails_with_a_reason_and_without_a_call(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    period: dict[str, Any],
    key: str,
) -> None:
    entry = await add_entry(HOUSE)
    sandbox.reset_calls()

    with pytest.raises(ServiceValidationError) as caught:
        await act(
            hass,
            "get_consumption",
            device_id=device_of(hass, entry, HOUSE),
            **period,
        )

    assert caught.value.translation_key == key
    assert sandbox.calls == []


async def test_a_refusal_of_grdf_is_raised_with_its_code_and_without_its_message(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    sandbox.fail_next(
        "publiees",
        Fault.status(
            200,
            body='{"statut_restitution": {"code": "1000014", "message": "MARKER"}}',
        ),
    )

    with pytest.raises(HomeAssistantError) as caught:
        await act(
            hass,
            "get_consumption",
            device_id=device_of(hass, entry, HOUSE),
            period="2026",
        )

    assert caught.value.translation_key == "no_access_right"
    assert caught.value.translation_placeholders == {"code": "1000014"}


async def test_an_action_that_would_wait_for_over_a_minute_fails_instead(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    entry.runtime_data.account.quota.throttled(180)
    sandbox.reset_calls()

    with pytest.raises(HomeAssistantError) as caught:
        await act(
            hass,
            "get_contract_data",
            device_id=device_of(hass, entry, HOUSE),
        )

    assert caught.value.translation_key == "action_would_wait"
    assert caught.value.translation_placeholders == {"minutes": "3"}
    assert sandbox.calls == []


async def test_actions_count_against_the_days_calls(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    quota = entry.runtime_data.account.quota
    before = quota.calls_today

    await act(hass, "get_contract_data", device_id=device_of(hass, entry, HOUSE))
    assert quota.calls_today == before + 1

    quota.allowance = Allowance(calls_per_second=1, calls_per_day=quota.calls_today)
    sandbox.reset_calls()
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "get_contract_data", device_id=device_of(hass, entry, HOUSE))
    assert caught.value.translation_key == "quota_reached"
    assert sandbox.calls == []


async def test_a_device_that_is_no_meter_is_refused(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    meter = device_of(hass, entry, HOUSE)
    (account,) = {device.id for device in _devices(hass, entry.entry_id)} - {meter}

    for device_id in ("nowhere", account):
        with pytest.raises(ServiceValidationError):
            await act(hass, "get_contract_data", device_id=device_id)


def _devices(hass: HomeAssistant, entry_id: str) -> list[Any]:
    return list(dr.async_entries_for_config_entry(dr.async_get(hass), entry_id))
