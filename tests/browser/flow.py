"""A flow's dialog, in the words of its step."""

from playwright.async_api import Locator, Page, expect

from .clicks import TAKEN_MS, click_until_taken
from .texts import Texts


class FlowDialog:
    """The dialog of a flow; fields are named by their key in the translations."""

    def __init__(self, page: Page, texts: Texts, flow: str) -> None:
        """Look at the dialog of a flow: `config`, or `config_subentries.<type>`."""
        self._texts = texts
        self._flow = flow
        self._step = ""
        self._root = page.locator("dialog-data-entry-flow")
        config_flow = "panel.config.integrations.config_flow"
        self._forward = [
            texts.theirs(f"{config_flow}.{name}") for name in ("next", "submit")
        ]
        self._away = [
            texts.theirs(f"{config_flow}.{name}") for name in ("finish", "finish_skip")
        ]

    async def is_at(self, step: str) -> None:
        """Wait for a step with its title, whatever it says below."""
        self._step = f"{self._flow}.step.{step}"
        title = self._root.get_by_text(self._ours("title"), exact=True)
        await expect(title).to_be_visible()

    async def shows(self, step: str, **placeholders: str) -> None:
        """Wait for a step with its title and, if there is one, its description."""
        self._step = f"{self._flow}.step.{step}"
        await expect(
            self._root.get_by_text(self._ours("title", **placeholders), exact=True)
        ).to_be_visible()
        if f"{self._step}.description" in self._texts.integration:
            await self._says_all(f"{self._step}.description", **placeholders)

    async def leaves(self) -> None:
        """Wait until the step is over."""
        title = self._root.get_by_text(self._ours("title"), exact=True)
        await expect(title).to_have_count(0)

    async def says(self, text: str) -> None:
        """Wait for a text anywhere in the dialog."""
        await expect(self._root.get_by_text(text).first).to_be_visible()

    async def fill(self, field: str, value: str, *, section: str | None = None) -> None:
        """Type into a text field."""
        await self._textbox(field, section).fill(value)

    async def open_section(self, section: str) -> None:
        """Unfold a section of fields."""
        name = self._ours(f"sections.{section}.name")
        await self._root.get_by_role("button", name=name).click()

    async def choose(self, field: str, option: str) -> None:
        """Choose an option of a short list by its text."""
        await self._row(self._ours(f"data.{field}")).click()
        await self._root.get_by_role("menuitem", name=option).click()

    async def pick(self, field: str, option: str) -> None:
        """Pick one more option of a searchable list by a part of its text."""
        label = self._ours(f"data.{field}")
        closed = self._root.get_by_role("button", name=label).or_(self._row(label))
        shown = self._root.get_by_text(option).filter(visible=True)

        async def pick() -> None:
            await closed.first.click()
            # The field itself may show that option already.
            await self._row(option).last.click()
            # The form takes the choice over as the list closes; what is typed before
            # that is lost.
            await expect(self._root.get_by_role("dialog")).to_have_count(1)
            await expect(shown.first).to_be_visible(timeout=TAKEN_MS)

        await click_until_taken(pick, f"{option!r} is not picked.")

    async def take(self, option: str) -> None:
        """Take an option of the menu that the step is."""
        name = self._ours(f"menu_options.{option}")
        await self._root.get_by_text(name, exact=True).click()

    async def ends(self, reason: str, **placeholders: str) -> None:
        """Wait for the flow's last word, each of its paragraphs."""
        await self._says_all(f"{self._flow}.abort.{reason}", **placeholders)

    async def submit(self) -> None:
        """Go on to what comes next."""
        await self._button(self._forward).click()

    async def refuses(self, error: str, **placeholders: str) -> None:
        """Wait for one of the flow's errors, whole."""
        text = self._texts.ours(f"{self._flow}.error.{error}", **placeholders)
        await expect(
            self._root.locator("ha-alert").filter(has_text=text)
        ).to_be_visible()

    async def finish(self) -> None:
        """Leave the new devices where they are, and wait until the dialog is gone."""
        await self._button(self._away).click()
        await expect(self._root.get_by_role("dialog")).to_have_count(0)

    async def _says_all(self, key: str, **placeholders: str) -> None:
        for paragraph in self._texts.paragraphs(key, **placeholders):
            await self.says(paragraph)

    def _ours(self, key: str, **placeholders: str) -> str:
        return self._texts.ours(f"{self._step}.{key}", **placeholders)

    def _textbox(self, field: str, section: str | None) -> Locator:
        place = "data" if section is None else f"sections.{section}.data"
        return self._root.get_by_role("textbox", name=self._ours(f"{place}.{field}"))

    def _row(self, text: str) -> Locator:
        # Playwright finds no role here: the text stands in the row's slot, not in it.
        return self._root.locator("ha-combo-box-item").filter(has_text=text)

    def _button(self, names: list[str]) -> Locator:
        first, *others = (
            self._root.get_by_role("button", name=name, exact=True) for name in names
        )
        for other in others:
            first = first.or_(other)
        return first
