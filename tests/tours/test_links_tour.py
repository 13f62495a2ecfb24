"""Links of every page: reload, Back, another browser, and no clipboard."""

import re

from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.driver.browser.links import box, copied, has, path_of

TYPED = {"emoji_text": "you stole my heart & hat", "emoji_units": "64"}


def type_into(page, key, text):
    if not box(page, key).is_visible():
        page.page.get_by_text("Hyperparameters").first.click()
    box(page, key).fill(text)
    box(page, key).press("ControlOrMeta+Enter")
    has(page, key, text)


def shows(page, settings):
    for key, text in settings.items():
        expect(box(page, key)).to_have_value(text)


def go_home_and_back(page):
    page.page.get_by_role("link", name="Home").first.click()
    expect(page.page).to_have_url(re.compile(r"/$"))
    page.settle()
    page.page.go_back()


def test_settings_survive_a_reload_going_back_and_a_copied_link(visit):
    page = visit("emoji?emoji_model=v2")
    before = page.page.evaluate("history.length")
    for key, text in TYPED.items():
        type_into(page, key, text)
    assert page.page.evaluate("history.length") == before  # Back leaves the page
    page.page.reload()
    shows(page, TYPED)
    go_home_and_back(page)
    shows(page, TYPED)
    address = path_of(page.page.url)
    link = copied(page, "emoji")
    assert path_of(link) == address
    second = visit(path_of(link))
    shows(second, TYPED)
    assert path_of(second.page.url) == address


def test_a_long_text_is_there_after_its_owners_reload_only(visit):
    page = visit("rnn?rnn_step=Learning&rnn_data=Own+text")
    passage = "The river runs to the sea. " * 100
    box(page, "rnn_text").fill(passage)
    box(page, "rnn_text").press("ControlOrMeta+Enter")
    page.sees("The link does not include your text")
    wait_until(lambda: "rnn_text_kept=" in page.page.url, what="the address")
    page.page.reload()
    expect(box(page, "rnn_text")).to_have_value(passage)
    elsewhere = visit(path_of(page.page.url))
    elsewhere.sees("please paste it again")
    expect(box(elsewhere, "rnn_text")).to_have_value("")


def test_a_link_is_copied_also_where_the_browser_gives_no_clipboard(visit):
    page = visit("emoji?emoji_seed=7")
    page.page.evaluate(  # as at the address of a machine of the network, without TLS
        "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    )
    page.press("emoji_copy_link")
    offered = page.keyed("emoji_copy_link")
    expect(offered.get_by_text("Copied")).to_be_visible()
    expect(offered.get_by_role("textbox")).to_have_value(page.page.url)
    box(page, "emoji_text").fill("")
    box(page, "emoji_text").press("ControlOrMeta+V")
    expect(box(page, "emoji_text")).to_have_value(page.page.url)
