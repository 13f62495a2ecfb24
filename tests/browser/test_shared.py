"""A run by its link, in the browser of somebody else."""

import re
import time

from playwright.sync_api import expect

from tests.browser.test_learning import link
from tests.browser.test_links import path_of
from tests.conftest import wait_until

GONE = "This link is invalid"


def link_made(page, prefix):
    """Make a link in the menu, copy it, and return it."""
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.press(f"share_menu_{prefix}")
    page.press(f"share_create_{prefix}")
    page.press(f"share_copy_{prefix}")
    expect(page.keyed(f"share_copy_{prefix}").get_by_text("Copied")).to_be_visible()
    return page.page.evaluate("navigator.clipboard.readText()")


def test_others_look_on_live_until_the_link_is_revoked(visit, dashboard):
    page = visit(link("rnn", task="adding", epochs=500, steps=30, seed=104))
    page.press("rnn_train")
    page.sees(r"Epoch [1-9]\d* of 500")
    shared = link_made(page, "rnn")
    assert re.fullmatch(rf"{dashboard.url}/shared\?share=[\w-]{{43}}", shared)
    expect(page.page.get_by_alt_text("QR code of the link")).to_be_visible()
    page.page.keyboard.press("Escape")

    looks = visit(path_of(shared), width=390, scheme="dark")
    before = looks.epoch()
    wait_until(lambda: looks.epoch() > before, what="an epoch at whoever looks on")
    expect(looks.page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(looks.page.get_by_role("link", name="Shared run")).to_have_count(0)

    page.press("rnn_stop")
    looks.sees("Stopped")
    expect(looks.keyed("shared_scrubber").locator("canvas").first).to_be_visible()
    looks.assert_quiet()

    page.press("share_menu_rnn")
    page.press("share_revoke_rnn")
    expect(page.keyed("share_create_rnn")).to_be_visible()
    began = time.monotonic()
    looks.sees(GONE)
    assert time.monotonic() - began < 2
    looks.page.reload()
    looks.sees(GONE)
