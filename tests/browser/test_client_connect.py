"""Client Connect: to GRDF's page and back, with a meter more."""

from playwright.async_api import expect

from tests.sandbox import HOUSE, WAITING

from .house import House
from .test_contract import titles


async def test_a_customer_consents_at_grdf_and_comes_back_with_a_meter(
    house: House,
) -> None:
    await house.stage.add_contract(HOUSE)
    dialog = await house.reconfigure_contract()
    await dialog.shows("reconfigure")
    await dialog.take("client_connect")
    await dialog.shows(
        "client_connect",
        redirect=f"{house.stage.folder.home_address}/auth/external/callback",
    )
    await house.picture("client-connect")

    async with house.page.expect_popup() as opening:
        await dialog.submit()
    grdf = await opening.value
    await grdf.get_by_label("M. ALIX EXEMPLE").check()
    await grdf.get_by_role("button", name="Se connecter").click()
    await expect(grdf.get_by_label(WAITING)).to_be_checked()
    await house.album.add(grdf, "client-connect-grdf")
    # Home Assistant closes the window that GRDF sends back to it.
    async with grdf.expect_event("close"):
        await grdf.get_by_role("button", name="J'accepte").click()

    nobody = "—"
    await dialog.ends(
        "connected",
        added=f"…{WAITING[-4:]}",
        moved=nobody,
        known=nobody,
        owned=nobody,
    )
    await house.picture("client-connect-back")
    assert await titles(house) == [
        house.stage.meter_name(HOUSE),
        house.stage.meter_name(WAITING),
    ]
    assert house.sandbox.right(WAITING).journey == "CLIENT_CONNECT"
    assert house.errors == []
