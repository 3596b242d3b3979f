"""A real browser at a real Home Assistant, with the sandbox for GRDF.

There is one house in English and another in French: a Home Assistant process, the
sandbox (in the test's process, so that a test can change its rights, plan faults, or
read its truth) and a Chromium. Each test gets an empty house and a fresh visit of its
user.

To add a test, write an async function in a module `test_*.py` that takes `house`::

    async def test_a_meter_can_be_renamed(house: House) -> None:
        await house.stage.add_contract(HOUSE)      # what the test is not about
        dialog = await house.add_meter()           # what it is about, in the browser
        await dialog.shows("user", count="4")      # a step, with its texts
        await dialog.fill("name", "Mairie")        # a field, by its key
        await house.picture("name-filled-in")      # kept in .pictures; look at it

- Runs in both languages by itself. Texts come from the translations, by key:
  `house.texts.ours("issues.no_access_right.title", meter=…)` for the integration's,
  `house.texts.theirs("common.save")` for the frontend's. Never write one down.
- `house.page` is Playwright's page; `house.stage.home` is the user's own connection to
  Home Assistant, for setting up and for looking behind the screen; `house.sandbox` is
  GRDF.
- Wait for what a person would see (`expect`, `house.see`, `dialog.shows`); never sleep.
- Playwright's locators look into shadow roots, but know no slots: a text that stands in
  an element's slot belongs to the element that holds it, as in `ha-alert` or
  `ha-combo-box-item`. `await locator.aria_snapshot()` prints what is there.
- `house.picture(name, in_documents=True)` makes it a picture of `docs/images` when
  `scripts/screenshots` runs.
- A new kind of page or dialog is a class of its own beside `flow` and `energy`.
- A failure leaves `.pictures/failed/<test>.png` and the end of Home Assistant's log,
  masked, in the report.
"""
