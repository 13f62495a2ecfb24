"""The whole flow, as a person goes through it."""

import re

import psutil

from pages.ui.web.server import COOKIE
from tests.conftest import wait_until
from tests.driver.browser.flow import begin_long_training


def test_a_person_trains_refreshes_leaves_returns_stops_and_resumes(visit, dashboard):
    page = visit()
    begin_long_training(page, seed=101)
    run = re.search(r"run=\w+", page.page.url)[0]

    before = page.epoch()
    page.page.reload()
    page.settle()
    assert run in page.page.url
    wait_until(lambda: page.epoch() > before, what="an epoch after the refresh")

    page.page.get_by_role("link", name="Home").first.click()
    page.sees(r"\d training")
    page.page.get_by_role("link", name="RNN").first.click()
    wait_until(lambda: page.epoch() > before, what="an epoch after the return")
    assert run in page.page.url
    maps = [m.path for m in psutil.Process(dashboard.pid).memory_maps()]
    assert any("python" in path for path in maps)
    assert not [path for path in maps if "tensorflow" in path]

    page.press("rnn_stop")
    page.sees("Stopped")
    page.press("rnn_resume")
    page.sees(r"Epoch \d+ of 500")
    page.press("rnn_stop")
    page.sees("Stopped")
    page.assert_quiet()


def test_a_page_a_station_and_a_training_begin_at_the_top(visit):
    page = visit("path?station=cell")
    page.page.set_viewport_size({"width": 1280, "height": 500})  # which no page fits

    def top():
        return page.page.evaluate("() => document.querySelector('.stMain').scrollTop")

    def goes_down():  # the page may be short still
        page.page.evaluate("() => document.querySelector('.stMain').scrollTo(0, 600)")
        return top() > 100

    def from_below(press):
        wait_until(goes_down, what="a page that is scrolled down")
        press()
        wait_until(lambda: top() == 0, what="the top")
        page.settle()

    page.press("path_open")
    page.sees("New state")
    from_below(lambda: page.press("path_line_next"))  # on the same page
    from_below(page.page.get_by_role("link", name="Prices").first.click)
    train = page.keyed("stock_train").get_by_role("button")
    from_below(lambda: train.evaluate("button => button.click()"))
    page.press("stock_stop")


def test_two_tabs_that_are_a_browsers_first_visit_have_one_owner(browser, dashboard):
    context = browser.new_context()
    tabs, sent = [context.new_page() for _ in range(2)], []

    def note(event):
        sent.append(event["request"]["headers"]["Cookie"])

    for tab in tabs:
        tab.goto(f"{dashboard.url}/_stcore/health")
        tools = context.new_cdp_session(tab)
        tools.send("Network.enable")
        tools.on("Network.webSocketWillSendHandshakeRequest", note)
    assert COOKIE not in {cookie["name"] for cookie in context.cookies()}
    for tab in tabs:
        tab.evaluate("void setTimeout(() => { location = '/runs' }, 100)")
    for tab in tabs:
        tab.bring_to_front()
        tab.get_by_text("No runs yet").wait_for(timeout=60_000)
    owners = {re.search(rf"{COOKIE}=([^;]+)", cookies)[1] for cookies in sent}
    assert len(sent) == 2
    assert len(owners) == 1
    context.close()
