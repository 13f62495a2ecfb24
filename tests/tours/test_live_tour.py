"""What changes by itself, in a real browser: fetched, and never drawn through a run."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Page
from tests.conftest import wait_until
from tests.driver.browser.learning import SHORT, link
from tests.driver.browser.live import Asked

LIVE = "**/live/run/**"
# Of a minute or more, on a page whose panel has a switch; no other test has its seed.
LONG = {"recipe": "classic", "epochs": 1000, "units": 4, "window": 60, "seed": 201}
SOME_SECONDS = SHORT | {"steps": 60}
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true })
  document.dispatchEvent(new Event("visibilitychange"))
}"""


def resting_epoch(page):
    """The epoch of a panel that gets no answers, once the last one is drawn."""

    def same():
        epoch = page.epoch()
        page.page.wait_for_timeout(200)
        return page.epoch() == epoch and epoch

    return wait_until(same, what="a panel at rest")


@pytest.fixture(scope="module")
def training(profiles, dashboard):
    """A page on which a long training goes on, and what it asks for."""
    page = Page(profiles.take(), dashboard)
    asked = Asked(page.page)
    page.open("stock?" + "&".join(f"stock_{name}={n}" for name, n in LONG.items()))
    page.press("stock_train")
    page.sees(r"Epoch [1-9]\d* of 1000")
    epoch = page.epoch()
    wait_until(lambda: page.epoch() > epoch, what="an epoch after the page's last run")
    page.settle()
    yield page, asked
    page.press("stock_stop")
    page.sees("Stopped")
    page.stop_listening()
    profiles.give_back(page.page, dashboard.url)


def test_a_training_is_shown_live_without_a_rerun_of_the_page(training):
    page, asked = training
    runs, epoch = asked.runs, page.epoch()
    wait_until(lambda: page.epoch() > epoch + 3, what="more epochs")
    switch = page.keyed("stock_log").get_by_role("switch")
    switch.check()
    axis = "document.querySelector('.live-figure').layout.yaxis.type"
    wait_until(lambda: page.page.evaluate(axis) == "log", what="the log axis")
    assert asked.runs == runs
    page.assert_quiet()


def test_a_hidden_page_fetches_nothing_until_it_is_visible_again(training):
    page, asked = training
    page.page.evaluate(HIDE, True)
    wait_until(
        lambda: page.page.title() and asked.answered == len(asked.requests),
        what="the answer to what was asked before",
    )
    count, epoch = len(asked.requests), resting_epoch(page)
    reach = """async (epoch) => {
      const { url } = performance.getEntriesByType("resource")
        .map(({ name }) => ({ url: new URL(name) }))
        .findLast(({ url }) => url.pathname.includes("/live/run/"))
      const answer = await fetch(url.origin + url.pathname + "?outside=true")
      return answer.status === 200 && (await answer.json()).epoch > epoch + 3
    }"""
    wait_until(lambda: page.page.evaluate(reach, epoch), what="epochs meanwhile")
    own = [r for r in asked.requests[count:] if "outside" not in r.url]
    assert own == []
    assert page.epoch() == epoch
    page.page.evaluate(HIDE, False)
    wait_until(lambda: page.epoch() > epoch + 3, what="the panel goes on")


def test_the_panel_reports_a_lost_server_until_it_answers_again(training):
    page, _ = training
    page.page.route(LIVE, lambda route: route.abort())
    expect(page.page.locator(".live-note")).to_have_text(re.compile("does not answer"))
    epoch = resting_epoch(page)
    page.page.unroute(LIVE)
    wait_until(lambda: page.epoch() > epoch, what="the panel goes on")
    expect(page.page.locator(".live-note")).to_be_empty()


def test_a_slow_server_gets_fewer_requests(training):
    page, _ = training
    page.page.reload()  # no run of the page is still to come, which would ask at once
    page.settle()
    epoch = page.epoch()
    wait_until(lambda: page.epoch() > epoch, what="the first answer")
    times = []

    def slowly(route):
        page.page.wait_for_timeout(500)  # what the answer takes
        times.append(page.page.evaluate("performance.now()"))
        route.continue_()

    page.page.route(LIVE, slowly)
    wait_until(lambda: page.page.title() and len(times) >= 3, what="three requests")
    page.page.unroute(LIVE)
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) > 1200  # the answer's time, and a rest of twice as much, less 10%


def test_a_page_reruns_once_when_its_training_has_ended(visit):
    page = visit()
    asked = Asked(page.page)
    page.open(link("rnn", **SOME_SECONDS, seed=205))
    page.press("rnn_train")
    page.sees(r"Epoch \d+ of|Preparing")
    page.settle()
    runs = asked.runs
    page.sees("Finished", seconds=120)
    page.settle()
    # One run of the page at the first epoch, one at the end. A browser also sends what
    # it does with each: a few frames a run, where redraws sent two a second.
    assert asked.runs - runs <= 4
