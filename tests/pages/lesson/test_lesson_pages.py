"""The lessons' steps 1 to 3, driven by their widgets' keys and by the address."""

import re

import numpy as np
import pytest

from core.lesson.backward_passes import PRESETS, presets_of
from core.lesson.cells import CELLS
from core.lesson.demo import (
    CellDemo,
    SequenceDemo,
    cell_numbers,
    states,
    word_sequence,
)
from pages.ui.lesson.texts import QUESTIONS
from tests.driver.browser.lessons import computed
from tests.driver.pages.app import text_of
from tests.driver.pages.lessons import data_of, open_lesson, page_of, play

THEN = {  # of each button: a result, and what it equals, or no longer depends on
    "rnn": {"forget": ("h", "h_prev"), "ignore its input": ("h", "xt")},
    "lstm": {
        "forget": ("c", "c_prev"),
        "remember": ("c", lambda made: made["c_prev"] + made["i"] * made["cc"]),
        "show nothing": ("h", lambda made: 0 * made["h"]),
    },
    "gru": {
        "forget": ("h", lambda made: made["cc"]),
        "remember": ("h", lambda made: made["h_prev"]),
        "start anew": ("cc", "h_prev"),
    },
    "mingru": {
        "forget": ("h", lambda made: made["cc"]),
        "remember": ("h", lambda made: made["h_prev"]),
    },
}
EVENTS = {"The cell": "seen", "Forward": "seen_sequence", "Backward": "seen_backward"}


def question_of(cell, step):
    prefix = "gru_mingru" if cell == "mingru" else cell
    return f"{prefix}_ask_{step.lower().replace(' ', '_')}"


@pytest.mark.parametrize("size", [{}, {"inputs": 3, "units": 4, "seed": 7}])
@pytest.mark.parametrize("cell", CELLS)
def test_what_a_button_of_the_cell_promises_happens_to_it(cell, size):
    offered = data_of(open_lesson(cell, step="The cell"))["experiments"]
    assert [each["label"] for each in offered] == list(THEN[cell])
    for each in offered:
        numbers = cell_numbers(cell, CellDemo(**size))
        numbers[each["name"]] = np.full_like(numbers[each["name"]], each["value"])
        made = {**numbers, **computed(cell, numbers)}
        name, then = THEN[cell][each["label"]]
        if isinstance(then, str):
            expected = computed(cell, {**numbers, then: -numbers[then]})[name]
        else:
            expected = then(made)
        assert np.abs(made[name] - expected).max() < 0.005, each["label"]
        before = computed(cell, cell_numbers(cell, CellDemo(**size)))[name]
        assert np.abs(made[name] - before).max() > 0.02, each["label"]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("step", EVENTS)
def test_each_step_has_a_view_a_reading_its_code_and_a_question_once_played(cell, step):
    page = open_lesson(cell, step=step)
    assert page.title[0].value == page_of(cell).upper()
    assert not page.pills
    play(page, f"{EVENTS[step]} {cell}")
    asked = page.pills(key=question_of(cell, step)).label
    assert asked == QUESTIONS[cell, step].text
    assert not set(asked) & set("*_`")  # a screen reader would read them out
    assert f"**Question.** {asked}" in text_of(page)
    assert page.get("bidi_component")
    assert page.code[0].value.startswith(f"def {cell}_")
    assert "Hochreiter" in text_of(page)


@pytest.mark.parametrize("cell", CELLS)
def test_the_mistakes_of_a_page_name_the_cell_state_for_an_lstm_alone(cell):
    words = " ".join(f"{vars(PRESETS[preset])}" for preset in presets_of(cell))
    named = re.search(r"cell state|\bdc\b|\bdc_prev\b|cₜ", words)
    assert bool(named) == (cell == "lstm")


@pytest.mark.parametrize("cell", CELLS)
def test_the_blocks_of_the_cell_and_its_equations_use_the_same_symbols(cell):
    page = open_lesson(cell)
    blocks = data_of(page)["blocks"]
    written = page.latex[0].value
    for group in (group for block in blocks for group in block["groups"]):
        if group["edit"] and group["symbol"][0] in "Wb":
            assert f"\\mathit{{{group['symbol']}}}" in written
    assert any(group["symbol"] == "ŷₜ" for group in blocks[-1]["groups"])
    assert r"\hat y_t" in written


@pytest.mark.parametrize("cell", CELLS)
def test_a_question_is_explained_only_after_an_answer(cell):
    page = play(open_lesson(cell), f"seen {cell}")
    assert "Correct]" not in text_of(page)
    key = question_of(cell, "The cell")
    options = page.pills(key=key).options
    verdicts = set()
    for option in options:
        page.pills(key=key).set_value(option).run()
        verdicts |= {
            word for word in ("Correct]", "Not quite]") if word in text_of(page)
        }
    assert verdicts == {"Correct]", "Not quite]"}


def test_a_mistake_is_explained_with_its_line_and_the_steps_that_are_wrong():
    page = open_lesson("lstm", step="Backward", sequence_word="hello")
    page.selectbox(key="lstm_preset").set_value("dropped").run()
    shown, dropped = text_of(page), PRESETS["dropped"]
    assert "red-badge" in shown
    assert "from step 4 back" in shown
    assert dropped.explanation in shown
    changes = [code.value for code in page.code if code.language == "diff"]
    assert changes == [f"- {dropped.mistake.line}\n+ {dropped.mistake.wrong}"]
    assert [check["right"] for check in data_of(page)["checks"]] == [False] * 4 + [True]


def sums_of(page):
    return [each["name"] for each in data_of(page)["equations"]["sums"]]


def test_the_page_of_the_gru_shows_the_cell_that_is_chosen():
    page = open_lesson("gru", cell_units="3")
    assert sums_of(page) == ["z", "r", "s", "cc"]
    page.segmented_control(key="gru_cell").set_value("mingru").run()
    assert not page.exception
    assert sums_of(page) == ["z", "cc"]
    assert page.query_params["gru_cell"] == "mingru"
    assert len(data_of(page)["numbers"]["Wz"]) == 3


@pytest.mark.parametrize("cell", CELLS)
def test_an_address_brings_the_same_numbers_into_a_cell(cell):
    page = open_lesson(cell, cell_units="3", cell_inputs="3", cell_seed="7")
    wanted = cell_numbers(cell, CellDemo(units=3, inputs=3, seed=7))
    numbers = data_of(page)["numbers"]
    assert numbers.keys() == wanted.keys()
    for name, value in wanted.items():
        assert np.array_equal(np.ravel(numbers[name]), value.ravel()), name


@pytest.mark.parametrize("cell", CELLS)
def test_an_address_brings_the_same_numbers_into_a_sequence(cell):
    page = open_lesson(cell, step="Forward", sequence_word="abacus", sequence_seed="3")
    data = data_of(page)
    assert data["labels"] == list("abacus")
    wanted = states(cell, word_sequence("abacus"), SequenceDemo(seed=3))
    for panel in data["panels"]:
        assert np.array_equal(panel["values"], wanted[panel["name"]])


@pytest.mark.parametrize("typed", ["x", "two words", "12345", "<b>hi</b>", "![a](b)"])
def test_a_word_that_cannot_be_read_is_refused_in_a_sentence(typed):
    page = open_lesson("rnn", step="Forward")
    page.text_input(key="rnn_sequence_word").set_value(typed).run()
    assert not page.exception
    assert "2 to 12 letters" in page.error[0].value
    page.text_input(key="rnn_sequence_word").set_value("naïve").run()
    assert not page.error


@pytest.mark.parametrize("cell", CELLS)
def test_the_backward_step_opens_with_a_sine_whose_gradients_are_correct(cell):
    page = open_lesson(cell, step="Backward")
    assert "green-badge" in text_of(page)
    assert len(data_of(page)["labels"]) == 24


def show(page, step):
    page.segmented_control(key="rnn_step").set_value(step).run()
    assert not page.exception
    return data_of(page)["labels"]


def test_an_unset_sequence_is_the_default_of_the_step():
    page = open_lesson("rnn", step="Backward")
    assert show(page, "Forward") == list("hello")
    assert len(show(page, "Backward")) == 24
    assert "rnn_sequence_source" not in page.query_params


def test_a_sequence_that_is_chosen_in_one_step_is_there_in_the_other():
    page = open_lesson("rnn", step="Forward", sequence_word="abacus")
    assert show(page, "Backward") == list("abacus")
    assert "A word" in page.query_params["rnn_sequence_source"]
    page.segmented_control(key="rnn_sequence_source").set_value("A sine").run()
    assert len(show(page, "Forward")) == 24


def test_a_person_may_choose_the_default_of_the_other_step():
    page = open_lesson("rnn", step="Backward")
    page.segmented_control(key="rnn_sequence_source").set_value("A word").run()
    assert data_of(page)["labels"] == list("hello")
    assert show(page, "Forward") == list("hello")
    page.segmented_control(key="rnn_sequence_source").set_value("A sine").run()
    assert len(data_of(page)["labels"]) == 24
    assert len(show(page, "Backward")) == 24


@pytest.mark.parametrize(
    "named", [{"sequence_word": "hello"}, {"sequence_source": "A word"}]
)
def test_an_address_that_names_its_sequence_counts_in_every_step(named):
    page = open_lesson("rnn", step="Backward", **named)
    assert data_of(page)["labels"] == list("hello")
    page.segmented_control(key="rnn_asked").set_value("Every step").run()
    assert data_of(page)["labels"] == list("hello")


@pytest.mark.parametrize("cell", CELLS)
def test_the_equations_have_the_numbers_of_the_panels(cell):
    data = data_of(open_lesson(cell, step="Backward"))
    panels = {panel["name"]: panel["values"] for panel in data["panels"][1:]}
    first = data["equations"]["equations"][0]
    name = "dz" if cell == "rnn" else "dc" if cell == "lstm" else "dh"
    shown = first["left"] if cell in ("rnn", "lstm") else first["terms"][0][0]
    assert shown["symbol"] == name
    wanted = panels[name]
    assert np.allclose(shown["values"], wanted, rtol=1e-3)


@pytest.mark.parametrize("cell", CELLS)
def test_the_way_to_one_multiplication_has_the_numbers_of_the_chosen_epoch(cell):
    view = {
        "step": "Forward",
        "forward_network": "Trained",
        "trained_view": "To one multiplication",
        "forward_text": "ab",
    }
    page = open_lesson(cell, **view)
    numbers = data_of(page)
    assert numbers["labels"] == ["↵", "a", "b"]
    assert {each["name"] for each in numbers["sums"]} <= set(numbers["values"])
    assert set(numbers["rows"]) <= set(numbers["names"]) & set(numbers["values"])
    slider = page.select_slider(key=f"{page_of(cell)}_forward_epoch")
    slider.set_value(0).run()
    assert not page.exception
    assert data_of(page)["values"] != numbers["values"]
