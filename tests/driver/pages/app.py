"""Any page in an AppTest: open it, read it, train on it."""

from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from pages.ui.session import platform
from tests.conftest import wait_until

APP = Path(__file__).parents[3] / "app.py"


def open_page(page, owner=None, **query):
    """Open a page in a new session, of an owner if one is given."""
    app = AppTest.from_file(APP, default_timeout=120)
    if owner:
        app.session_state["owner"] = owner
    if page in ("home", "task"):  # with another address than the file's name
        app.run()
    return arrive(app, page, query)


def arrive(app, page, query):
    """Go to a page by a link, also within a session."""
    for name in list(app.query_params):
        del app.query_params[name]
    for name, value in query.items():
        app.query_params[name] = str(value)
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def csv(rows=700, cell=None):
    """A file of prices in Yahoo's form; `cell` replaces the price in line 300."""
    days = np.datetime64("2015-01-01") + np.arange(rows)
    values = 100 + 10 * np.sin(np.arange(rows) / 9)
    lines = [
        f"{day},1,1,1,{value:.2f},{value:.2f},5"
        for day, value in zip(days, values, strict=True)
    ]
    if cell is not None:
        lines[298] = f"{days[298]},1,1,1,{cell},{cell},5"
    head = "Date,Open,High,Low,Close,Adj Close,Volume"
    return "\n".join([head, *lines]).encode()


def upload(page, content, name="prices.csv"):
    page.segmented_control(key="stock_source").set_value("Upload").run()
    page.file_uploader(key="stock_upload").upload(name, content).run()
    assert not page.exception
    return page


def text_of(page):
    parts = [*page.markdown, *page.error, *page.warning, *page.info, *page.caption]
    return "\n".join(str(part.value) for part in parts)


def words(page):
    """What the page says, without the marks that keep Markdown quiet."""
    return text_of(page).replace("\\", "")


def wait_for_end(page):
    """Wait for the end of the run that a page shows, not of its replay; return it."""
    run_id, owner = page.query_params["run"], page.session_state["owner"]
    store = platform().store
    wait_until(lambda: not store.get(owner, run_id).active, what="the end of the run")
    page.run()
    for button in page.button:
        if button.key and button.key.endswith("_end_replay"):
            button.click().run()
    assert not page.exception
    return store.get(owner, run_id)


def train_to_the_end(page, button="stock_train"):
    page.button(key=button).click().run()
    assert not page.exception
    assert not page.error
    return wait_for_end(page)


def small(page):
    """Choose settings that train in a moment."""
    few = {"epochs": 3, "units": 4, "window": 32, "seeds": 1, "folds": 1}
    for name, value in few.items():
        page.number_input(key=f"stock_{name}").set_value(value)
    return page.run()
