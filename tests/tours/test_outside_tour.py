"""Neither trainings nor pages send anything to another host unless a person asks."""

from functools import partial
from urllib.parse import urlsplit

import psutil

from core.registry import TASKS, get_task
from core.runs.store import Store
from tests.browser.conftest import Page
from tests.conftest import wait_until
from tests.driver.security import outside as base

dashboard = base.dashboard  # a fixture: pytest finds it by name
PAGES = ("", "lstm", "stock", "emoji", "music", "runs")
SECONDS = 120


def test_no_task_sends_anything_outside_while_it_trains(dashboard):
    store, runs = Store(f"sqlite:///{dashboard.home / 'runs.sqlite'}"), {}
    for name, task in ((name, get_task(name)) for name in TASKS):
        config, data = task.tiny()
        sent = {"title": task.title(data), "data": task.encode_data(data)}
        runs[name] = store.create(name, name, config, **sent)
    for name, run_id in runs.items():
        over = partial(store.get, name, run_id)
        wait_until(lambda over=over: not over().active, SECONDS, f"the end of {name}")
        assert over().status == "done", over().error
    store.close()
    assert dashboard.outside() == []


def test_pages_send_nothing_outside_and_never_load_tensorflow(dashboard, browser):
    """Until somebody fetches prices: then yfinance is loaded."""
    asked = []
    with browser.new_context() as context:
        page = Page(context.new_page(), dashboard)
        page.page.on("request", lambda request: asked.append(urlsplit(request.url)))
        page.page.on("websocket", lambda socket: asked.append(urlsplit(socket.url)))
        for path in PAGES:
            page.open(path)
        assert dashboard.outside() == []
        maps = [m.path for m in psutil.Process(dashboard.pid).memory_maps()]
        assert any("glove" in path for path in maps)
        assert not [path for path in maps if "tensorflow" in path]
        page.open("stock")
        page.choose("stock_source", "Ticker")
        assert dashboard.outside() == []
        box = page.keyed("stock_ticker").locator("input").first
        box.fill("KO")
        box.press("Enter")
        wait_until(lambda: dashboard.outside(), what="the loading of yfinance")
    assert all("import of" in note for note in dashboard.outside())
    here = f"127.0.0.1:{dashboard.port}"
    schemes = {url.scheme for url in asked if url.netloc == here}
    assert {"http", "ws"} <= schemes
    elsewhere = [url.geturl() for url in asked if url.netloc != here]
    assert [url for url in elsewhere if not url.startswith(("blob:", "data:"))] == []
