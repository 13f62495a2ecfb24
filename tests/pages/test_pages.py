"""The pages, driven by their widgets' keys, over a real store and a real cluster."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.session import platform
from tests.conftest import wait_until
from tests.driver.pages.app import APP, csv, open_page, text_of, upload
from tests.pages.answers import answer


@pytest.fixture
def prices():
    return open_page("stock")


def test_home_has_its_title_and_introduction():
    page = AppTest.from_file(APP, default_timeout=120).run()
    assert not page.exception
    assert page.title[0].value == "Unrolled: watch recurrent networks learn"
    assert "guess what comes next" in text_of(page)


def test_home_tells_when_the_workers_are_ready():
    page = AppTest.from_file(APP, default_timeout=120).run()
    wait_until(
        lambda: "ready" in answer(page.run(), "home_workers")["blocks"][0]["text"],
        what="workers",
    )


def test_the_price_page_opens_with_an_example_that_says_so(prices):
    assert "Example" in text_of(prices)
    assert prices.get("plotly_chart")
    assert not prices.metric  # the figures come after the picture, in a tab


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
