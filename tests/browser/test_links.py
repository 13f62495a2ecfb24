"""Reload, Back and a copied link show what was set on a page, in a real browser."""

import re

from playwright.sync_api import expect


def box(page, key):
    return page.keyed(key).locator("input, textarea").first


def has(page, key, text):
    """Wait until the address has a setting."""
    value = re.escape(text.replace("&", "%26").replace("|", "%7C").replace(" ", "+"))
    expect(page.page).to_have_url(re.compile(f"[?&]{key}={value}(&|$)"))
    page.settle()


def copied(page, name):
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.press(f"{name}_copy_link")
    expect(page.keyed(f"{name}_copy_link").get_by_text("Copied")).to_be_visible()
    return page.page.evaluate("navigator.clipboard.readText()")


def path_of(url):
    return url.split("/", 3)[3]


def weight(page):
    """The first weight of the forget gate."""
    return page.keyed("lstm_cell_view").locator('input[data-name="Wf"]').first


def test_numbers_of_the_cell_are_kept_by_other_steps_a_reload_and_the_link(visit):
    page = visit("lstm")
    first = weight(page).input_value()
    weight(page).fill("0.25")
    weight(page).press("Tab")
    has(page, "lstm_cell_numbers", "2.2.0~Wf.1.1.0.25")
    page.choose("lstm_step", "Forward")
    has(page, "lstm_step", "Forward")
    page.choose("lstm_step", "The cell")
    expect(page.page).not_to_have_url(re.compile("lstm_step"))
    expect(weight(page)).to_have_value("0.25")
    page.page.reload()
    expect(weight(page)).to_have_value("0.25")
    second = visit(path_of(copied(page, "lstm")))
    expect(weight(second)).to_have_value("0.25")
    second.keyed("lstm_cell_view").get_by_text("Reset numbers").click()
    expect(second.page).to_have_url(re.compile("/lstm$"))
    expect(weight(second)).to_have_value(first)
