"""Every task's run by its link: through a second web process, at both widths."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from core.registry import TASKS, get_task
from pages.ui.session import platform
from tests.browser.test_flow import download, table
from tests.conftest import wait_until


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


def test_whoever_looks_on_takes_the_forecasts_away(visit_own, links):
    page = visit_own(links["stock"])  # a web process that did not make the link
    page.sees("Finished")
    page.page.get_by_role("tab", name="Take away").click()
    rows = table(download(page, "stock_download"))
    assert list(rows[0])[:3] == ["Date", "horizon", "actual"]


def test_whoever_looks_on_asks_the_emoji_model_and_teaches_it_nothing(visit, links):
    page = visit(links["emoji"])
    page.keyed("emoji_text").locator("input").fill("what a sad day")
    expect(page.page.get_by_text("what · a · sad · day")).to_be_visible()
    page.sees("Answered by the shared model")
    expect(page.page.get_by_text("It should be")).to_have_count(0)


def test_whoever_looks_on_has_the_music_model_play(visit, links):
    page = visit(links["music"])
    page.sees("Played by the shared model")
    roll = page.keyed("music_roll").get_by_role("img").first
    expect(roll).to_have_attribute("aria-label", re.compile("Piano roll"))
    before = roll.get_attribute("aria-label")
    page.press("music_another")
    expect(roll).not_to_have_attribute("aria-label", before)
    page.page.get_by_role("tab", name="Take away").click()
    assert download(page, "music_download_wav").read_bytes()[:4] == b"RIFF"


@pytest.mark.parametrize("task", ["text", "adding"])
def test_whoever_looks_on_scrubs_through_the_epochs(visit, links, task):
    page = visit(links[task])
    view = page.keyed("shared_scrubber").locator(".lesson")
    slider = view.get_by_role("slider", name="Epoch")
    slider.press("Home")
    expect(view).to_have_attribute("data-epoch", "0")
    slider.press("End")
    expect(view).to_have_attribute("data-epoch", "3")


def test_the_settings_are_taken_to_the_task_s_page(visit, links):
    page = visit(links["adding"])
    page.page.get_by_role("link", name="Train with these settings").click()
    expect(page.page).to_have_url(re.compile(r"/lstm\?.*lstm_length=6"))
    page.press("lstm_train")
    page.sees("Finished")
    assert "share=" not in page.page.url


@pytest.mark.parametrize("task", TASKS)
def test_a_shared_run_fits_a_phone_in_the_dark_and_asks_no_other_host(
    visit, links, task
):
    page = visit(links[task], 390, "dark")
    page.sees("Finished")
    wide = page.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    page.assert_quiet()
