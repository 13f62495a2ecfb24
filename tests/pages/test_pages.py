"""The pages, driven by their widgets' keys, over a real store and a real cluster."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.session import platform
from tests.conftest import wait_until
from tests.pages.answers import answer

APP = Path(__file__).parents[2] / "app.py"


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


@pytest.fixture
def prices():
    return open_page("stock")


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
    """Wait for the end of the run that a page shows; return the run."""
    run_id, owner = page.query_params["run"], page.session_state["owner"]
    store = platform().store
    wait_until(lambda: not store.get(owner, run_id).active, what="the end of the run")
    page.run()
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


def test_home_has_its_title_and_introduction():
    page = AppTest.from_file(APP, default_timeout=120).run()
    assert not page.exception
    assert page.title[0].value == "Unrolled"
    assert "Watch recurrent networks learn" in text_of(page)


def test_home_tells_when_the_workers_are_ready():
    page = AppTest.from_file(APP, default_timeout=120).run()
    wait_until(
        lambda: "ready" in answer(page.run(), "home_workers")["blocks"][0]["text"],
        what="workers",
    )


def test_the_price_page_opens_with_an_example_that_says_so(prices):
    assert "Example" in text_of(prices)
    assert prices.get("plotly_chart")
    assert len(prices.metric) == 4


@pytest.mark.parametrize(
    ("recipe", "names"),
    [
        ("honest", ["def __call__", "def student_t_loss"]),
        ("classic", ["def _train_on"]),
    ],
)
def test_how_it_works_shows_the_code_of_the_recipe(prices, recipe, names):
    prices.session_state["stock_tabs"] = "How it works"
    prices.segmented_control(key="stock_recipe").set_value(recipe).run()
    assert not prices.exception
    shown = "\n".join(block.value for block in prices.code)
    assert all(name in shown for name in names)


def test_settings_that_do_not_fit_together_are_refused_in_a_sentence(prices):
    for name, value in {"units": 128, "window": 512, "batch": 256}.items():
        prices.number_input(key=f"stock_{name}").set_value(value)
    prices.run()
    assert "expected at most 3,000,000" in prices.error[0].value
    assert prices.button(key="stock_train").disabled


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not text"),
        (csv(cell="-3.5"), "positive price"),
    ],
    ids=["picture", "negative"],
)
def test_a_bad_file_gets_a_clear_sentence_and_harms_nothing(prices, content, says):
    prices.number_input(key="stock_units").set_value(17).run()
    prices.segmented_control(key="stock_source").set_value("Upload").run()
    upload(prices, content)
    assert says in prices.error[0].value.replace("\\", "")
    assert prices.button(key="stock_train").disabled
    assert prices.number_input(key="stock_units").value == 17
    upload(prices, csv())
    assert not prices.error
    assert not prices.button(key="stock_train").disabled


def test_a_file_name_is_shown_as_it_is_and_not_as_markdown(prices):
    upload(prices, csv(), "![x](y) :red[a].csv")
    caption = next(c.value for c in prices.caption if "rows" in c.value)
    assert r"\!\[x\]" in caption
    assert r"\:red\[a\]" in caption


def test_a_series_too_short_for_the_window_is_refused_before_it_waits(prices):
    upload(prices, csv(rows=120))
    prices.button(key="stock_train").click().run()
    assert "needs at least" in prices.error[0].value
    assert "run" not in prices.query_params


def test_more_runs_than_one_person_may_have_are_refused(prices):
    prices.segmented_control(key="stock_recipe").set_value("classic").run()
    for seed in range(5):
        assert not prices.error
        prices.number_input(key="stock_seed").set_value(seed).run()
        prices.button(key="stock_train").click().run()
    assert "4 unfinished runs" in prices.error[0].value
    store, owner = platform().store, prices.session_state["owner"]
    for run in store.runs_of(owner):
        platform().stop(owner, run.id)


def test_the_list_of_runs_is_empty_at_first_and_says_what_to_do():
    page = open_page("runs")
    assert "No runs yet" in text_of(page)
