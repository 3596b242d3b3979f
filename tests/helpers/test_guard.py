"""Exceptions that nobody foresaw, and those that are raised on purpose."""

import asyncio
from datetime import timedelta
from typing import override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers.update_coordinator import UpdateFailed
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import LOGGER
from custom_components.grdf_adict.helpers.guard import Guard, GuardedCoordinator


def _fail(text: str) -> None:
    raise ValueError(text)


async def test_an_exception_ends_its_part_alone_and_is_logged_once_without_its_text(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    guard, name = Guard(hass, "meter …0001"), "CAMILLE EXEMPLE"
    for each in (guard, guard, Guard(hass, "meter …0002")):
        with each.at("news"):
            _fail(name)
        assert list(each.failing) == ["news"]
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert "unforeseen ValueError" in record.getMessage()
    assert "EXEMPLE" not in record.getMessage()

    with guard.at("news"):
        pass
    assert not guard.failing


@pytest.mark.parametrize(
    "err",
    [
        UpdateFailed(),
        ConfigEntryAuthFailed(),
        ConfigEntryNotReady(),
        asyncio.CancelledError(),
        KeyboardInterrupt(),
    ],
)
async def test_what_is_raised_on_purpose_passes(
    hass: HomeAssistant, err: BaseException
) -> None:
    guard = Guard(hass, "meter …0001")
    with pytest.raises(type(err)), guard.at("refresh"):
        raise err
    assert not guard.failing


async def test_an_error_that_one_part_foresees_passes_there_and_ends_what_was_wrong(
    hass: HomeAssistant,
) -> None:
    guard = Guard(hass, "meter …0001")
    with guard.at("call"):
        _fail("not foreseen")
    with pytest.raises(ValueError, match="foreseen"), guard.at("call", ValueError):
        _fail("foreseen")
    assert not guard.failing


async def test_a_listener_that_fails_leaves_others_alone(hass: HomeAssistant) -> None:
    guard, heard = Guard(hass, "meter …0001"), list[str]()
    guard.listener(_fail)("first")
    guard.listener(heard.append)("second")
    assert heard == ["second"]
    assert len(guard.failing) == 1


class _Coordinator(GuardedCoordinator[int]):
    fails = True

    @override
    async def _async_update(self) -> int:
        if self.fails:
            _fail("again")
        return 1


async def test_a_refresh_waits_one_hour_four_and_twelve_and_begins_anew_once_it_works(
    hass: HomeAssistant,
) -> None:
    entry = MockConfigEntry()
    coordinator = _Coordinator(hass, LOGGER, config_entry=entry, name="meter …0001")

    async def wait() -> timedelta:
        await coordinator.async_refresh()
        err = coordinator.last_exception
        assert isinstance(err, UpdateFailed)
        assert err.retry_after is not None
        return timedelta(seconds=err.retry_after)

    waits = [await wait() for _ in range(4)]
    assert waits == [timedelta(hours=hours) for hours in (1, 4, 12, 12)]
    assert coordinator.unforeseen

    coordinator.fails = False
    await coordinator.async_refresh()
    assert (coordinator.data, coordinator.unforeseen) == (1, False)
    coordinator.fails = True
    assert await wait() == timedelta(hours=1)
