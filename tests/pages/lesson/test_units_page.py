"""The unit that counts, of a trained network."""

import base64

import numpy as np
import pytest

from tests.driver.pages.app import text_of
from tests.driver.pages.lessons import data_of, open_lesson
from tests.driver.pages.units import UNIT


def open_unit(**address):
    page = {"forward_network": "Trained", "trained_view": UNIT}
    return open_lesson("lstm", step="Forward", **page, **address)


def test_the_unit_opens_with_one_that_follows_the_position():
    page = open_unit()
    shown = text_of(page)
    assert "Unit 13 follows **position in the name**: correlation +0.89" in shown
    assert "The best unit of twenty untrained networks reaches 0.76" in shown
    assert "a guess from the newest character alone, 0.61." in shown
    data = data_of(page)
    assert len(data["levels"]) == len(data["epochs"]) == len(data["correlations"])
    last = np.frombuffer(base64.b64decode(data["levels"][-1]), np.int8)
    assert len(last) == len(data["text"])


@pytest.mark.parametrize(("given", "shown"), [("5", 5), ("99", 13)])
def test_the_unit_of_the_address_is_chosen_if_there_is_one(given, shown):
    """Links of earlier versions also have a marked stretch and names of units."""
    old = {"units_mark": "7-12", "units_names": "example~5=mine"}
    chosen = open_unit(units_unit=given, **old).selectbox(key="lstm_units_unit")
    assert chosen.value == shown
    assert "Unit 13: position in the name, +0.89" in chosen.options


def test_a_unit_that_is_switched_off_shows_what_is_lost():
    page = open_unit(units_colours="What is lost without it")
    assert len(data_of(page)["levels"]) == 1
    ends, elsewhere = page.metric
    assert (ends.label, elsewhere.label) == (
        "At the ends of names",
        "At all other characters",
    )
    assert ends.value == "+0.23 nats"  # as the station "unit" has it
    assert " to " in ends.delta
