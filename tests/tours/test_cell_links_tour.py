"""Reload, Back and a copied link show what was set on a page, in a real browser."""

import re

from playwright.sync_api import expect

from tests.driver.browser.links import copied, has, path_of


def weight(page):
    """The first weight of the forget gate."""
    return page.keyed("lstm_cell_view").locator('input[data-name="Wf"]').first


def test_numbers_of_the_cell_are_kept_by_other_steps_a_reload_and_the_link(visit):
    page = visit("lstm")
    first = weight(page).input_value()
    page.keyed("lstm_cell_view").locator(".bar .steps").press("End")  # shows all
    weight(page).fill("0.25")
    weight(page).press("Tab")
    has(page, "lstm_cell_numbers", "2.2.0~Wf.1.1.0.25")
    page.choose("lstm_step", "Read a word")
    has(page, "lstm_step", "Forward")
    page.choose("lstm_step", "Inside one step")
    expect(page.page).not_to_have_url(re.compile("lstm_step"))
    expect(weight(page)).to_have_value("0.25")
    page.page.reload()
    expect(weight(page)).to_have_value("0.25")
    second = visit(path_of(copied(page, "lstm")))
    expect(weight(second)).to_have_value("0.25")
    expect(weight(second)).to_be_visible()  # the steps are done: it is a result
    second.keyed("lstm_cell_view").get_by_text("Reset numbers").click()
    expect(second.page).to_have_url(re.compile("/lstm$"))
    expect(weight(second)).to_have_value(first)
