"""The first import: everything GRDF keeps, day by day, equal to what it holds."""

from homeassistant.core import HomeAssistant

from tests.sandbox import HOUSE, Sandbox

from .common import settle, stored_rows
from .conftest import AddEntry


async def test_three_years_of_days_arrive_as_the_sandbox_holds_them(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)

    rows = await stored_rows(hass, f"grdf_adict:sandbox_{HOUSE}_energy")

    expected = {day: row.kwh for day, row in sandbox.available_days(HOUSE).items()}
    assert {day: state for day, state, _ in rows} == expected
