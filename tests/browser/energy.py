"""The Energy dashboard, and the page of its settings."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
import re
from typing import Literal

from playwright.async_api import Locator, Page, expect

from tests.demo.waiting import look_until

from .clicks import TAKEN_MS, click_until_taken
from .texts import Language, Texts

type Span = Literal["day", "month", "year"]

_PRESETS = {"day": "today", "month": "this_month", "year": "this_year"}
_SHOWN_SECONDS = 30.0
_DECIMAL_SIGN = {"en": ".", "fr": ","}


class EnergySettings:
    """The gas sources of the Energy dashboard."""

    def __init__(self, page: Page, texts: Texts) -> None:
        """Look at the settings' tab of gas, which must be open."""
        self._page = page
        self._texts = texts
        self._dialog = page.locator("dialog-energy-gas-settings")

    async def add_gas_source(self, series: str, cost: str | None = None) -> None:
        """Fill in the dialog of a new source, with the names of its two statistics."""
        gas = "panel.config.energy.gas"
        await self._button(f"{gas}.add_gas_source").click()
        await self._pick(0, series)
        if cost is not None:
            await self._dialog.get_by_role(
                "radio", name=self._texts.theirs(f"{gas}.dialog.cost_stat")
            ).click()
            # After the consumption and the flow rate.
            await self._pick(2, cost)

    async def save(self, series: str) -> None:
        """Save the dialog, and wait until the source is listed."""
        await self._dialog.get_by_role(
            "button", name=self._texts.theirs("common.save")
        ).click()
        await expect(self._dialog.get_by_role("dialog")).to_have_count(0)
        await expect(
            self._page.locator("ha-energy-gas-settings").get_by_text(series, exact=True)
        ).to_be_visible()

    async def _pick(self, place: int, statistic: str) -> None:
        """Pick a statistic; a choice while the dialog draws may be lost."""
        picker = self._dialog.locator("ha-statistic-picker").nth(place)
        rows = picker.locator("ha-combo-box-item")

        async def pick() -> None:
            await rows.first.click()
            await rows.filter(has_text=statistic).first.click()
            await expect(rows).to_have_count(1, timeout=TAKEN_MS)
            await expect(rows).to_contain_text(statistic, timeout=TAKEN_MS)

        await click_until_taken(pick, f"{statistic!r} is not picked.")

    def _button(self, key: str) -> Locator:
        return self._page.get_by_role("button", name=self._texts.theirs(key))


class EnergyDashboard:
    """The gas page of the Energy dashboard."""

    def __init__(self, page: Page, texts: Texts, today: date) -> None:
        """Look at the dashboard, which must be open, on a date in France."""
        self._page = page
        self._texts = texts
        self._today = today

    async def show(self, span: Span, day: date) -> None:
        """Go to the day, month or year around a date in the past, as a person does."""
        ranges = "components.date-range-picker"
        await self._page.get_by_role(
            "button", name=self._texts.theirs(f"{ranges}.select_date_range")
        ).click()
        await (
            self._page.locator("date-range-picker")
            .get_by_text(
                self._texts.theirs(f"{ranges}.ranges.{_PRESETS[span]}"), exact=True
            )
            .click()
        )
        for _ in range(_between(span, day, self._today)):
            await self._go_back()

    async def _go_back(self) -> None:
        """Go to the day, month or year before; a click while it draws may be lost."""
        shown = self._page.locator("hui-energy-period-selector .header-title")
        back = self._page.get_by_role(
            "button", name=self._texts.theirs("common.previous")
        )
        before = await shown.inner_text()

        async def click() -> None:
            await back.click()
            await expect(shown).not_to_have_text(before, timeout=TAKEN_MS)

        await click_until_taken(click, f"The dashboard stays at {before!r}.")

    async def shows_total(self, source: str, *amounts: float) -> None:
        """Wait until a source's row of the table of totals shows these amounts.

        Raises:
            DemoError: it shows others.
        """
        row = self._page.locator("hui-energy-sources-table-card tr").filter(
            has=self._page.get_by_role("rowheader", name=source, exact=True)
        )
        seen: list[str] = []

        async def look() -> bool | None:
            nonlocal seen
            # The first cell is the colour of the source.
            seen = (await row.get_by_role("cell").all_inner_texts())[1:]
            return self._are(seen, amounts) or None

        await look_until(
            look,
            seconds=_SHOWN_SECONDS,
            every=0.1,
            complaint=lambda: f"{source} shows {seen} instead of {amounts}.",
        )

    def _are(self, seen: Sequence[str], amounts: Sequence[float]) -> bool:
        return len(seen) == len(amounts) and all(
            is_shown_as(amount, text, self._texts.language)
            for text, amount in zip(seen, amounts, strict=True)
        )


def is_shown_as(amount: float, text: str, language: Language) -> bool:
    """Return whether a text is an amount, rounded to the decimals that it shows."""
    sign = _DECIMAL_SIGN[language]
    whole, _, decimals = re.sub(rf"[^\d{sign}-]", "", text).partition(sign)
    if not whole:
        return False
    shown = Decimal(f"{whole}.{decimals}")
    return shown == round(Decimal(str(amount)), len(decimals))


def _between(span: Span, day: date, today: date) -> int:
    """Return how many days, months or years lie between two dates."""
    match span:
        case "day":
            return (today - day).days
        case "month":
            return 12 * (today.year - day.year) + today.month - day.month
        case "year":
            return today.year - day.year
