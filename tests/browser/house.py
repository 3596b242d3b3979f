"""The home as its user sees it: pages, dialogs, and pictures of them."""

from dataclasses import dataclass, field
from datetime import date

from playwright.async_api import Page, expect

from tests.demo.provision import DOMAIN
from tests.sandbox import Sandbox

from .album import Album
from .energy import EnergyDashboard, EnergySettings
from .flow import FlowDialog
from .stage import Stage
from .texts import Texts


@dataclass(frozen=True, slots=True, repr=False)
class House:
    """One visit of the user; `page` is Playwright's, for what is not here yet."""

    stage: Stage
    page: Page
    album: Album
    errors: list[str] = field(default_factory=list)

    @property
    def texts(self) -> Texts:
        """What the screen says in the user's language."""
        return self.stage.texts

    @property
    def sandbox(self) -> Sandbox:
        """GRDF."""
        return self.stage.sandbox

    @property
    def today(self) -> date:
        """The date in France."""
        return self.sandbox.today

    async def picture(self, name: str, *, in_documents: bool = False) -> None:
        """Keep a picture of what is seen."""
        await self.album.add(self.page, name, in_documents=in_documents)

    async def see(self, text: str) -> None:
        """Wait for a text anywhere on the page."""
        await expect(self.page.get_by_text(text, exact=True).first).to_be_visible()

    async def add_integration(self) -> FlowDialog:
        """Begin the integration's flow, from the list of all integrations."""
        await self.page.goto("/config/integrations/dashboard")
        await self._click("panel.config.integrations.add_integration")
        choice = self.page.locator("dialog-add-integration")
        await choice.get_by_role("textbox").fill("GRDF")
        await choice.get_by_text("GRDF ADICT").first.click()
        return FlowDialog(self.page, self.texts, "config")

    async def open_integration(self) -> None:
        """Open the integration's page: its contracts, their meters."""
        await self.page.goto(f"/config/integrations/integration/{DOMAIN}")
        await self.see("GRDF ADICT")

    async def add_meter(self) -> FlowDialog:
        """Begin the flow of one more meter, from the integration's page."""
        flow = "config_subentries.meter"
        await self.open_integration()
        name = self.texts.ours(f"{flow}.initiate_flow.user")
        await self.page.get_by_role("button", name=name).click()
        return FlowDialog(self.page, self.texts, flow)

    async def reconfigure_contract(self) -> FlowDialog:
        """Begin the flow that changes the contract, from its menu."""
        await self.open_integration()
        # The first is the contract's own; its meters have theirs below.
        menu = self.page.locator("ha-config-entry-row ha-dropdown").first
        await menu.locator("ha-icon-button").first.click()
        name = self.texts.theirs("panel.config.integrations.config_entry.reconfigure")
        await menu.locator("ha-dropdown-item").filter(has_text=name).click()
        return FlowDialog(self.page, self.texts, "config")

    async def open_device(self, name: str) -> None:
        """Open a device's page."""
        await self.page.goto(f"/config/devices/dashboard?domain={DOMAIN}")
        await self.page.locator("ha-data-table").get_by_text(name).first.click()
        await expect(self.page.locator("ha-config-device-page")).to_be_visible()

    async def energy_settings(self) -> EnergySettings:
        """Open the settings of the Energy dashboard at gas."""
        await self.page.goto("/config/energy/gas")
        return EnergySettings(self.page, self.texts)

    async def energy_dashboard(self) -> EnergyDashboard:
        """Open the Energy dashboard."""
        await self.page.goto("/energy")
        return EnergyDashboard(self.page, self.texts, self.today)

    async def open_repairs(self) -> None:
        """Open the list of repairs."""
        await self.page.goto("/config/repairs")

    async def open_repair(self, title: str, issue: str) -> FlowDialog:
        """Open a repair of the list, which must be open, and begin its fix."""
        await self.page.locator("ha-config-repairs").get_by_text(title).click()
        return FlowDialog(self.page, self.texts, f"issues.{issue}.fix_flow")

    async def fix(self, issue: str, title: str) -> FlowDialog:
        """Begin the fix of a repair."""
        await self.open_repairs()
        return await self.open_repair(title, issue)

    async def _click(self, key: str) -> None:
        await self.page.get_by_role("button", name=self.texts.theirs(key)).click()
