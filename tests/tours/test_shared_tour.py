"""Every task's run by its link: through a second web process, at both widths."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from core.registry import TASKS, get_task
from pages.ui.session import platform
from tests.conftest import wait_until
from tests.driver.browser.learning import link
from tests.driver.browser.links import path_of
from tests.driver.tours.flow import download, table

GONE = "This link is invalid"


@pytest.fixture(scope="module")
def links():
    """The path of the link to a tiny run of each task."""
    store, shares, found = platform().store, platform().shares, {}
    for task in TASKS:
        owner = secrets.token_urlsafe(32)
        run_id = platform().start(owner, task, *get_task(task).tiny())
        found[task] = owner, run_id
    for owner, run_id in found.values():
        wait_until(lambda o=owner, r=run_id: store.get(o, r).status == "done")
    return {
        task: f"shared?share={shares.create(owner, [run_id])}"
        for task, (owner, run_id) in found.items()
    }


def fits_a_phone(page):
    """The page fits, and asks no other host."""
    page.fits(390)
    page.assert_quiet()


def test_a_viewer_of_a_shared_run_downloads_its_forecasts(visit_own, links):
    page = visit_own(links["stock"])  # a web process that did not make the link
    page.sees("Finished")
    page.page.set_viewport_size({"width": 390, "height": 900})
    fits_a_phone(page)
    page.page.get_by_role("tab", name="Take away").click()
    rows = table(download(page, "stock_download"))
    assert list(rows[0])[:3] == ["Date", "horizon", "actual"]


def test_a_viewer_of_a_shared_run_asks_the_emoji_model_and_cannot_teach_it(
    visit, links
):
    page = visit(links["emoji"], 390, "dark")
    page.keyed("emoji_text").locator("input").fill("what a sad day")
    expect(page.page.get_by_text("what · a · sad · day")).to_be_visible()
    page.sees("Answered by the shared model")
    expect(page.page.get_by_text("It should be")).to_have_count(0)
    fits_a_phone(page)


def test_a_viewer_of_a_shared_run_generates_music(visit, links):
    page = visit(links["music"], 390, "dark")
    page.sees("Played by the shared model")
    roll = page.keyed("music_roll").get_by_role("img").first
    expect(roll).to_have_attribute("aria-label", re.compile("Piano roll"))
    before = roll.inner_html()  # two takes may have one label
    page.press("music_another")
    wait_until(lambda: roll.inner_html() != before, what="another take")
    fits_a_phone(page)
    page.page.get_by_role("tab", name="Take away").click()
    assert download(page, "music_download_wav").read_bytes()[:4] == b"RIFF"


@pytest.mark.parametrize("task", ["text", "adding"])
def test_a_viewer_of_a_shared_run_scrubs_through_the_epochs(visit, links, task):
    page = visit(links[task], 390, "dark")
    view = page.keyed("shared_scrubber").locator(".lesson")
    slider = view.get_by_role("slider", name="Epoch")
    slider.press("Home")
    expect(view).to_have_attribute("data-epoch", "0")
    slider.press("End")
    expect(view).to_have_attribute("data-epoch", "3")
    fits_a_phone(page)


def test_the_settings_are_taken_to_the_task_s_page(visit, links):
    page = visit(links["adding"])
    page.page.get_by_role("link", name="Train with these settings").click()
    expect(page.page).to_have_url(re.compile(r"/lstm\?.*lstm_length=6"))
    page.press("lstm_train")
    page.sees("Finished")
    assert "share=" not in page.page.url


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
    wait_until(lambda: looks.epoch() > before, what="an epoch on the shared page")
    expect(looks.page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(looks.page.get_by_role("link", name="Shared run")).to_have_count(0)

    page.press("rnn_stop")
    looks.sees("Stopped")
    expect(looks.keyed("shared_scrubber").locator("canvas").first).to_be_visible()
    looks.assert_quiet()

    page.sees("Stopped")  # with it the menu moves
    page.settle()
    page.press("share_menu_rnn")
    page.press("share_revoke_rnn")
    expect(page.keyed("share_create_rnn")).to_be_visible()
    requests = []
    looks.page.on(
        "request", lambda each: "/live/" in each.url and requests.append(each)
    )
    looks.sees(GONE)
    assert len(requests) <= 3  # two may have begun before
    looks.page.reload()
    looks.sees(GONE)
