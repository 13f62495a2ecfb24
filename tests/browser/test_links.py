"""Reload, Back and a copied link show what was set on a page, in a real browser."""

import re

from playwright.sync_api import expect


def box(page, key):
    return page.keyed(key).locator("input, textarea").first


def type_into(page, key, text):
    if not box(page, key).is_visible():
        page.page.get_by_text("Hyperparameters").first.click()
    box(page, key).fill(text)
    box(page, key).press("ControlOrMeta+Enter")
    has(page, key, text)


def has(page, key, text):
    """Wait until the address has a setting."""
    value = re.escape(text.replace("&", "%26").replace("|", "%7C").replace(" ", "+"))
    expect(page.page).to_have_url(re.compile(f"[?&]{key}={value}(&|$)"))
    page.settle()


def shows(page, settings):
    for key, text in settings.items():
        expect(box(page, key)).to_have_value(text)


def go_home_and_back(page):
    page.page.get_by_role("link", name="Home").first.click()
    expect(page.page).to_have_url(re.compile(r"/$"))
    page.settle()
    page.page.go_back()


def copied(page, name):
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.press(f"{name}_copy_link")
    expect(page.keyed(f"{name}_copy_link").get_by_text("Copied")).to_be_visible()
    return page.page.evaluate("navigator.clipboard.readText()")


def path_of(url):
    return url.split("/", 3)[3]


def is_there_again(visit, name, path, settings):
    """Set something on a page; a reload, Back and the copied link show the same."""
    page = visit(path)
    before = page.page.evaluate("history.length")
    for key, text in settings.items():
        type_into(page, key, text)
    assert page.page.evaluate("history.length") == before  # Back leaves the page
    page.page.reload()
    shows(page, settings)
    go_home_and_back(page)
    shows(page, settings)
    address = path_of(page.page.url)
    link = copied(page, name)
    assert path_of(link) == address
    second = visit(path_of(link))
    shows(second, settings)
    assert path_of(second.page.url) == address


def test_what_is_set_is_there_after_a_reload_going_back_and_by_the_link(visit):
    settings = {"stock_units": "30", "stock_forecast_days": "9"}
    is_there_again(visit, "stock", "stock?stock_recipe=seed", settings)


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
