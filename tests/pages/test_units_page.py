"""Forward of a trained network: a word at any epoch, and the unit that counts."""

import base64

import numpy as np
import pytest

from core.examples import load
from core.lesson.trained import TrainedNetwork, text_sequence, text_states
from tests.pages.test_learning import SMALL, choose, learn, train
from tests.pages.test_lesson_pages import data_of, open_lesson, text_of

UNIT = "The unit that counts"


def open_trained(cell="lstm", **address):
    return open_lesson(cell, step="Forward", forward_network="Trained", **address)


def open_unit(**address):
    return open_trained(trained_view=UNIT, **address)


@pytest.mark.parametrize("cell", ["rnn", "mingru"])
def test_the_example_of_each_cell_reads_a_word(cell):
    page = open_trained(cell, forward_text="hannah")
    data = data_of(page)
    assert data["labels"] == ["↵", *"hannah"]
    result = load(f"text-{cell}").result
    network = TrainedNetwork.of(result, {}).result
    wanted = text_states(network, text_sequence(result.corpus, "hannah"), 1, 12)
    for panel in data["panels"]:
        assert np.array_equal(panel["values"], wanted[panel["name"]])


def test_the_address_brings_the_epoch_and_the_units_of_a_word():
    page = open_trained(forward_epoch="0", forward_units="25–32")
    data = data_of(page)
    assert (data["firstUnit"], data["units"]) == (25, 8)
    assert all(len(panel["values"]) == 8 for panel in data["panels"])
    before = data["panels"]
    page.select_slider(key="lstm_forward_epoch").set_value("40").run()
    assert not page.exception
    assert data_of(page)["panels"] != before
    assert "Units 25 to 32 of 32" in text_of(page)


def test_a_character_that_the_network_does_not_know_is_named():
    page = open_trained(forward_text="Hé<b>")
    assert not page.exception
    shown = page.error[0].value.replace("\\", "")
    assert "'<>Hé'" in shown
    assert "Leave them out" in shown


def test_the_unit_opens_with_one_that_follows_the_position():
    page = open_unit()
    shown = text_of(page)
    assert "Unit 13 follows **position in the name**: correlation +0.89" in shown
    assert "Before training the best of all units reaches 0.57." in shown
    data = data_of(page)
    assert len(data["levels"]) == len(data["epochs"]) == len(data["correlations"])
    last = np.frombuffer(base64.b64decode(data["levels"][-1]), np.int8)
    assert len(last) == len(data["text"])


def test_which_unit_is_chosen_is_in_the_address_and_old_links_open():
    """Links of earlier versions also have a marked stretch and names of units."""
    page = open_unit(units_mark="7-12", units_names="example~5=mine", units_unit="5")
    assert not page.exception
    units = page.selectbox(key="lstm_units_unit")
    assert units.value == 5
    assert "Unit 13: position in the name, +0.89" in units.options
    units.set_value(13).run()
    assert not page.exception
    assert page.query_params.get("lstm_units_unit", "13") == "13"


def test_a_unit_that_the_network_does_not_have_is_the_opening_one():
    page = open_unit(units_unit="99")
    assert not page.exception
    assert page.selectbox(key="lstm_units_unit").value == 13


def test_a_unit_that_is_switched_off_shows_what_is_lost():
    page = open_unit(units_colours="What is lost without it")
    assert len(data_of(page)["levels"]) == 1
    ends, elsewhere = page.metric
    assert (ends.label, elsewhere.label) == (
        "At the ends of names",
        "At all other characters",
    )
    assert ends.value == "+0.23 nats"  # as the sixth station has it
    assert " to " in ends.delta


def test_a_run_of_another_browser_is_not_shown():
    page = open_trained(forward_run="0123456789ab")
    assert "the example is shown" in page.warning[0].value
    assert page.selectbox(key="lstm_forward_run").value == "example"


def test_a_run_of_ones_own_is_looked_into_at_any_epoch():
    page = choose(learn("lstm"), "lstm", **SMALL)
    run = train(page, "lstm")
    page.segmented_control(key="lstm_step").set_value("Forward").run()
    page.segmented_control(key="lstm_forward_network").set_value("Trained").run()
    assert not page.exception
    assert page.selectbox(key="lstm_forward_run").value == run.id
    assert page.select_slider(key="lstm_forward_epoch").options == ["0", "1", "2", "3"]
    assert data_of(page)["units"] == 4
    page.segmented_control(key="lstm_trained_view").set_value(UNIT).run()
    assert not page.exception
    assert data_of(page)["network"] == run.id
