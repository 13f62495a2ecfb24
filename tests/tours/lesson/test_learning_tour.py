"""Step 4 of the lessons: its link, its live samples, and a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.driver.browser.learning import epoch_of, link, scrubber


def test_the_samples_are_shown_while_it_learns(visit):
    page = visit(link("lstm", epochs=500, steps=60, seed=110))
    page.press("lstm_train")
    live = page.keyed("lstm_live_scrubber")
    expect(live.locator(".samples li").first).to_be_visible(timeout=60_000)
    early = epoch_of(live.locator(".lesson"))
    wait_until(lambda: epoch_of(live.locator(".lesson")) > early, 30, "a later epoch")
    page.press("lstm_stop")
    page.sees("Stopped")
    expect(page.keyed("lstm_scrubber").locator(".samples li").first).to_be_visible()


def test_pointing_at_a_square_reads_its_value(visit):
    page = visit(link("lstm"))
    view = scrubber(page, "lstm")
    view.locator(".inside canvas").first.hover(position={"x": 20, "y": 20})
    expect(view.locator(".readout")).to_contain_text(
        re.compile(r"LSTM, forget gate, unit \d+, at “.”: 0\.\d+")
    )


@pytest.mark.parametrize("task", ["Writing", "Adding+problem"])
def test_the_step_fits_a_phone_in_the_dark_and_asks_no_other_host(visit, task):
    for cell in ("rnn", "lstm"):
        page = visit(link(cell, task=task), 390, "dark")
        expect(scrubber(page, cell)).to_have_attribute("data-epoch", "0")
        page.fits(390)
        page.assert_quiet()
