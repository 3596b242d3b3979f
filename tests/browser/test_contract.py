"""A contract and its meters, added in the browser."""

from tests.demo.provision import DOMAIN, energy_sources
from tests.demo.witness import CREDENTIALS
from tests.sandbox import FLAT, HALF_YEARLY, HOUSE

from .flow import FlowDialog
from .house import House


async def enter_contract(house: House, dialog: FlowDialog, secret: str) -> None:
    """Fill in the first step with the sandbox's own addresses."""
    served = house.stage.served
    await dialog.shows("user")
    await dialog.take("contract")
    await dialog.shows("contract")
    await dialog.choose(
        "environment", house.texts.ours("selector.environment.options.sandbox")
    )
    await dialog.fill("client_id", CREDENTIALS[0])
    await dialog.fill("client_secret", secret)
    await house.picture("flow-contract", in_documents=True)
    await dialog.open_section("addresses")
    await dialog.fill("api_url", served.api_url, section="addresses")
    await dialog.fill("token_url", served.token_url, section="addresses")


async def titles(house: House) -> list[str]:
    """Return the names of the meters that Home Assistant has."""
    (entry,) = await house.stage.home.ask("config_entries/get", domain=DOMAIN)
    subentries = await house.stage.home.ask(
        "config_entries/subentries/list", entry_id=entry["entry_id"]
    )
    return [subentry["title"] for subentry in subentries]


async def test_a_contract_is_added_with_its_meters(house: House) -> None:
    dialog = await house.add_integration()
    await enter_contract(house, dialog, CREDENTIALS[1])
    await house.picture("flow-addresses")
    await dialog.submit()

    await dialog.shows("meters", count="8")
    await dialog.pick("meters", FLAT)
    await house.picture("flow-meters", in_documents=True)
    await dialog.submit()
    await dialog.is_at("energy")
    await house.picture("flow-energy")
    await dialog.submit()
    await house.picture("flow-devices")
    await dialog.finish()

    assert await titles(house) == [
        house.stage.meter_name(HOUSE),
        house.stage.meter_name(FLAT),
    ]
    assert [
        source["stat_energy_from"] for source in await energy_sources(house.stage.home)
    ] == [f"grdf_adict:sandbox_{pce}_energy" for pce in (HOUSE, FLAT)]


async def test_a_wrong_secret_is_told_and_can_be_corrected(house: House) -> None:
    dialog = await house.add_integration()
    await enter_contract(house, dialog, "not-the-secret")
    await dialog.submit()

    await dialog.refuses("invalid_auth", code="invalid_client")
    await house.picture("flow-wrong-secret")
    await dialog.fill("client_secret", CREDENTIALS[1])
    await dialog.submit()

    await dialog.shows("meters", count="8")


async def test_a_second_meter_is_added_to_the_contract(house: House) -> None:
    await house.stage.add_contract(HOUSE)

    dialog = await house.add_meter()
    await dialog.shows("user")
    await dialog.take("held")
    await dialog.shows("held", count="7")
    await dialog.pick("pce", HALF_YEARLY)
    await dialog.fill("name", "Mairie")
    await house.picture("flow-second-meter")
    await dialog.submit()
    await dialog.is_at("energy")
    await dialog.submit()
    await dialog.finish()

    await house.open_integration()
    await house.see("Mairie")
    await house.picture("integration")
    assert await titles(house) == [house.stage.meter_name(HOUSE), "Mairie"]
