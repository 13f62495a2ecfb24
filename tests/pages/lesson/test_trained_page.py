"""Forward of a trained network: a word at any epoch, and runs of one's own."""

import numpy as np
import pytest

from core.examples import load
from core.lesson.trained import TrainedNetwork, text_sequence, text_states
from tests.driver.pages.app import text_of, train_to_the_end
from tests.driver.pages.learning import SMALL, choose, learn
from tests.driver.pages.lessons import data_of, open_lesson
from tests.driver.pages.units import UNIT


def open_trained(cell="lstm", **address):
    return open_lesson(cell, step="Forward", forward_network="Trained", **address)


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


def test_a_run_of_another_browser_is_not_shown():
    page = open_trained(forward_run="0123456789ab")
    assert "the example is shown" in page.warning[0].value
    assert page.selectbox(key="lstm_forward_run").value == "example"


def test_a_run_of_ones_own_is_looked_into_at_any_epoch():
    page = choose(learn("lstm"), "lstm", **SMALL)
    run = train_to_the_end(page, "lstm_train")
    page.segmented_control(key="lstm_step").set_value("Forward").run()
    page.segmented_control(key="lstm_forward_network").set_value("Trained").run()
    assert not page.exception
    assert page.selectbox(key="lstm_forward_run").value == run.id
    assert page.select_slider(key="lstm_forward_epoch").options == ["0", "1", "2", "3"]
    assert data_of(page)["units"] == 4
    page.segmented_control(key="lstm_trained_view").set_value(UNIT).run()
    assert not page.exception
    assert data_of(page)["network"] == run.id
