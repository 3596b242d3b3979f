"""A repair, from its cause to its end, as the user sees it."""

from contextlib import suppress

from tests.demo.home import CommandError
from tests.demo.provision import DOMAIN, add_to_dashboard, energy_sources
from tests.sandbox import HOUSE
from tests.sandbox.rights import ACTIVE, BY_THE_CUSTOMER, REVOKED, deciding

from .house import House


async def ask_grdf_anew(house: House) -> None:
    """Let the meter ask GRDF for its data, as the action does that a user may call."""
    device = await house.stage.device_id(HOUSE)
    # A refusal is what the repair then tells.
    with suppress(CommandError):
        await house.stage.home.ask(
            "call_service",
            domain=DOMAIN,
            service="rebuild_statistics",
            service_data={"device_id": device, "from_grdf": True},
        )


async def test_a_revoked_right_shows_a_repair_until_it_is_active_again(
    house: House,
) -> None:
    meters = await house.stage.add_contract(HOUSE)
    await house.stage.import_history(meters)
    await add_to_dashboard(house.stage.home, meters)
    name = house.stage.meter_name(HOUSE)
    right = deciding(house.sandbox.rights, HOUSE)
    assert right is not None
    title = house.texts.ours("issues.no_access_right.title", meter=name)

    right.state, right.revocation_source = REVOKED, BY_THE_CUSTOMER
    await ask_grdf_anew(house)
    await house.open_repairs()
    await house.picture("repairs")
    await house.open_repair(title)
    await house.see_in_dialog(
        house.texts.ours(
            "issues.no_access_right.description",
            meter=name,
            pce="…0001",
            message="Le droit d'accès a été révoqué par le titulaire.",
        )
    )
    await house.picture("repair", in_documents=True)

    right.state, right.revocation_source = ACTIVE, None
    await ask_grdf_anew(house)
    await house.open_repairs()
    await house.see(house.texts.theirs("panel.config.repairs.no_repairs"))


async def test_a_meter_that_is_not_shown_has_a_repair_that_shows_it(
    house: House,
) -> None:
    (meter,) = await house.stage.add_contract(HOUSE)
    await house.stage.import_history([meter])
    name = house.stage.meter_name(HOUSE)

    title = house.texts.ours("issues.energy_not_shown.title", meter=name)

    dialog = await house.fix("energy_not_shown", title)
    await dialog.is_at("confirm")
    await house.picture("repair-energy")
    await dialog.submit()
    await dialog.leaves()
    await house.open_repairs()
    await house.see(house.texts.theirs("panel.config.repairs.no_repairs"))

    (source,) = await energy_sources(house.stage.home)
    assert (source["stat_energy_from"], source["stat_cost"]) == (
        meter.energy_id,
        meter.cost_id,
    )
