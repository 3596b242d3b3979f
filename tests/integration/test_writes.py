"""How often a meter's file is written, and how often its rows are computed.

A file is written whole, and rows are computed of a whole history: both take long for a
history of years.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
import inspect
import sys
from types import CodeType
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.grdf_adict.metering.series import rows
from tests.sandbox import HOUSE, Sandbox

from .common import energies, settle
from .conftest import AddEntry

FILE: Final = f"grdf_adict.meter.sandbox_{HOUSE}"
PRICE: Final = {
    "periods": [
        {
            "from": "2024-01-01",
            "energy_price": "0.1",
            "subscription": "100",
            "per": "year",
        }
    ],
    "entity": None,
    "reprice": None,
}

# Of the interpreter's six ids, debuggers, coverage and profilers have 0, 1, 2 and 5.
_TOOL: Final = 4


@dataclass(slots=True)
class Work:
    """What was done since the count began.

    Attributes:
        writes: of each meter's file, by its key.
        computations: of rows, of a ledger that holds something.
        of_nothing: of rows, of an empty ledger.
    """

    writes: Counter[str] = field(default_factory=Counter)
    computations: int = 0
    of_nothing: int = 0

    def reset(self) -> None:
        """Count from zero again."""
        self.writes.clear()
        self.computations = self.of_nothing = 0


@pytest.fixture
def work(hass: HomeAssistant) -> Iterator[Work]:  # noqa: ARG001 - it replaces writes too
    """Count writes and computations of rows, wherever they are requested.

    A computation is a run of the code of `rows`. The interpreter reports each run, in
    any thread, so that it does not matter which module imported the name, and how.
    The rows of gas used and those of gas injected are two runs. The house injects
    nothing: the second run is on an empty ledger and is counted apart. What is counted
    is therefore one direction, and both directions of one change are one computation.
    """
    work = Work()
    write = Store._async_write_data  # noqa: SLF001 - every write ends here

    async def counted(store: Store[Any], data: dict[str, Any]) -> None:
        if store.key.startswith("grdf_adict.meter."):
            work.writes[store.key] += 1
        await write(store, data)

    def computed(code: CodeType, _: int) -> None:
        run = sys._getframe(1)  # noqa: SLF001 - the run that has just started
        ledger = run.f_locals[code.co_varnames[0]]
        if ledger == type(ledger)():
            work.of_nothing += 1
        else:
            work.computations += 1

    monitoring, code = sys.monitoring, inspect.unwrap(rows).__code__
    started = monitoring.events.PY_START
    monitoring.use_tool_id(_TOOL, __name__)
    monitoring.register_callback(_TOOL, started, computed)
    monitoring.set_local_events(_TOOL, code, started)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Store, "_async_write_data", counted)
            yield work
    finally:
        monitoring.set_local_events(_TOOL, code, monitoring.events.NO_EVENTS)
        monitoring.register_callback(_TOOL, started, None)
        monitoring.free_tool_id(_TOOL)


async def _import(
    hass: HomeAssistant, add_entry: AddEntry, price: dict[str, Any] | None
) -> None:
    """Import a house whose price is known before its first call, or is not known."""
    hass.config.currency = "EUR"
    entry: MockConfigEntry = await add_entry(HOUSE, set_up=False)
    (subentry,) = entry.subentries.values()
    if price:
        hass.config_entries.async_update_subentry(
            entry, subentry, data={**subentry.data, "price": price}
        )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await settle(hass, entry)


def _calls(sandbox: Sandbox) -> list[str]:
    return [call.path.rsplit("/", 1)[-1] for call in sandbox.calls]


@pytest.mark.parametrize("price", [None, PRICE], ids=["no_price", "price"])
async def test_a_first_import_of_four_calls_is_five_writes_and_computations_at_most(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    work: Work,
    price: dict[str, Any] | None,
) -> None:
    await _import(hass, add_entry, price)

    assert _calls(sandbox) == [
        "droits_acces",
        "donnees_techniques",
        "donnees_consos_informatives",
        "donnees_consos_publiees",
        "donnees_contractuelles",
    ]
    assert set(work.writes) == {FILE}
    assert work.computations, "rows are computed elsewhere"
    assert work.writes[FILE] <= 5
    assert work.computations <= 5


@pytest.mark.parametrize("price", [None, PRICE], ids=["no_price", "price"])
async def test_a_call_that_changes_no_gas_day_is_one_write_and_at_most_one_computation(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    work: Work,
    clock: FrozenDateTimeFactory,
    price: dict[str, Any] | None,
) -> None:
    newest = max(sandbox.available_days(HOUSE))
    for ahead in (1, 2):
        late = sandbox.today + timedelta(days=30)
        sandbox.delay(HOUSE, newest + timedelta(days=ahead), late)
    await _import(hass, add_entry, price)
    before = await energies(hass, HOUSE)
    assert work.computations, "rows are computed elsewhere"
    sandbox.reset_calls()
    work.reset()

    clock.tick(timedelta(days=1))
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)

    assert sorted(_calls(sandbox)) == ["donnees_consos_informatives", "droits_acces"]
    assert await energies(hass, HOUSE) == before
    assert set(work.writes) == {FILE}
    assert work.writes[FILE] == 1
    assert work.computations <= 1
