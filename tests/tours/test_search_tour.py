"""A search in a real browser: from the settings of a page to the adopted ones."""

import re

from playwright.sync_api import expect

from tests.driver.browser.learning import link

SMALL = {"units": 4, "epochs": 4, "steps": 6, "batch": 4, "length": 6}
ROW = HEADER = 35  # pixels of the table
CHECKBOX = 17  # pixels to the middle of it


def begin(page):
    page.page.get_by_text("Search these settings").click()
    for name, value in {"trials": 3, "seeds": 1, "learning_rate_high": 1}.items():
        page.fill(f"lstm_search_{name}", value)
    page.press("lstm_search_start")
    page.sees("Searching|Confirming|Finished")


def test_a_search_ends_with_a_verdict_and_settings_to_adopt(visit):
    page = visit(link("lstm", task="adding", **SMALL), 390, "dark")
    begin(page)
    page.fits(390)
    page.sees("Finished", seconds=120)
    page.settle()
    page.fits(390)
    search = page.page.url
    table = page.keyed("search_trials").locator(".dvn-scroller")
    table.scroll_into_view_if_needed()
    table.click(position={"x": CHECKBOX, "y": HEADER + ROW * 1.5})
    page.sees("Trial 1 of a search, which looks at the validation part")
    page.page.get_by_role("link", name="Back to the search").click()
    expect(page.page).to_have_url(search)
    best = page.sees("Best settings, of trial")
    page.press("search_adopt")
    page.sees("The best settings of a search, confirmed with a new seed")
    page.settle()
    page.page.get_by_text("Hyperparameters").click()
    units = page.keyed("lstm_units").locator("input")
    expect(units).to_have_value(re.search(r"units (\d+)", best)[1])
    page.assert_quiet()
