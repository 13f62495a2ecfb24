"""What is typed into the settings of a page, and the button beneath them."""

import pytest

from pages.ui.session import platform
from tests.driver.pages.app import open_page, text_of
from tests.driver.pages.learning import learn
from tests.driver.pages.lessons import open_lesson
from tests.driver.pages.settings import errors, open_prefix

BEYOND = {
    "learning_rate": (99, "learning_rate: expected 0.00001 to "),
    "epochs": (0, "epochs: expected a whole number from 1 to "),
    "units": (2.5, "units: expected a whole number from "),
}


@pytest.mark.parametrize("prefix", ["lstm", "stock", "emoji", "music"])
def test_a_number_out_of_bounds_blocks_train_with_a_sentence(prefix):
    page = open_prefix(prefix)
    for name, (value, says) in BEYOND.items():
        box = page.number_input(key=f"{prefix}_{name}")
        before = box.value
        box.set_value(value).run()
        assert not page.exception
        assert len(errors(page)) == 1
        assert says in errors(page)[0]
        assert page.button(key=f"{prefix}_train").disabled
        page.number_input(key=f"{prefix}_{name}").set_value(before).run()
        assert errors(page) == []
        assert not page.button(key=f"{prefix}_train").disabled


@pytest.mark.parametrize("name", ["learning_rate", "seed"])
def test_infinite_or_huge_settings_are_refused_in_a_sentence(name):
    page = learn("lstm")
    for value in (float("nan"), float("inf"), 1e308):
        page.number_input(key=f"lstm_{name}").set_value(value).run()
        assert not page.exception
        assert "expected" in errors(page)[0]
        assert page.button(key="lstm_train").disabled


@pytest.mark.parametrize(
    ("step", "key", "value"),
    [
        ("The cell", "lstm_cell_units", 99),
        ("The cell", "lstm_cell_seed", 0.5),
        ("Forward", "lstm_sequence_units", 0),
        ("Backward", "lstm_sequence_forget_bias", 1e9),
    ],
)
def test_a_number_that_a_view_cannot_have_is_refused_in_a_sentence(step, key, value):
    page = open_lesson("lstm", step=step)
    page.number_input(key=key).set_value(value).run()
    assert not page.exception
    (error,) = errors(page)
    assert "expected" in error


def test_a_cost_out_of_bounds_leaves_the_result_as_it_is():
    page = open_page("stock", stock_tabs="Judgement")
    page.number_input(key="stock_cost").set_value(9999).run()
    assert not page.exception
    assert "cost: expected 0 to 500" in errors(page)[0]
    assert len(page.metric) == 4


def test_an_empty_number_box_blocks_train_with_a_sentence():
    page = learn("lstm")
    page.number_input(key="lstm_units").set_value(None).run()
    assert errors(page)[0].endswith("from 2 to 64 units, got nothing.")
    assert page.button(key="lstm_train").disabled


def test_runs_that_wait_are_told_apart_by_their_names():
    page = learn("lstm")
    for seed in (7, 8):
        page.number_input(key="lstm_seed").set_value(seed).run()
        page.button(key="lstm_train").click().run()
    assert f"LSTM · Names · seed {seed}" in text_of(page).replace("\\", "")
    page.switch_page("pages/runs.py").run()
    listed = text_of(page).replace("\\", "")
    assert "LSTM · Names · seed 7" in listed
    assert "LSTM · Names · seed 8" in listed
    for run in platform().store.runs_of(page.session_state["owner"]):
        platform().stop(page.session_state["owner"], run.id)
