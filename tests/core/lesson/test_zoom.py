"""The zoom from a text to one multiplication has the numbers of the network."""

import json

import numpy as np
import pytest

from core import examples
from core.lesson.cells import CELLS
from core.lesson.demo import network_states
from core.lesson.forward_equations import STATES
from core.lesson.trained import TrainedNetwork, example_word, text_sequence
from core.lesson.zoom import zoom
from core.recurrent import sigmoid

EXAMPLES = {
    "lstm": "text",
    "rnn": "text-rnn",
    "gru": "text-gru",
    "mingru": "text-mingru",
}
SQUASH = {"σ": sigmoid, "tanh": np.tanh, "": lambda values: values}


@pytest.fixture(scope="module", params=CELLS)
def read(request):
    """A trained network, the text that it reads, and the zoom."""
    trained = TrainedNetwork.of(examples.load(EXAMPLES[request.param]).result, {})
    text = text_sequence(trained.corpus, example_word(trained.corpus))
    network = trained.result
    return network, text, zoom(network, text, trained.corpus.characters)


def test_the_products_of_each_sum_add_up_to_the_value_of_the_network(read):
    _, _, found = read
    values = {name: np.array(each) for name, each in found["values"].items()}
    for each in found["sums"]:
        total = np.tile(each["bias"], (len(found["labels"]), 1))
        if each["state"]:
            total += values["h_prev"] @ np.array(each["state"]).T
        if each["input"]:
            total += np.array(each["input"]).T[found["inputs"]]
        if each["product"]:
            total += np.prod([values[name] for name in each["product"]], axis=0)
        made = SQUASH[each["squash"]](total)
        assert np.abs(made - values[each["name"]]).max() < 1e-4


def test_each_new_state_is_the_sum_of_its_products(read):
    network, text, found = read
    values = {name: np.array(each) for name, each in found["values"].items()}
    for name, products in STATES[network.cell].items():
        made = sum(values[one] * values[other] for one, other in products)
        assert np.abs(made - values[name]).max() < 1e-4
    states = network_states(network.cell, text, network.parameters)
    assert np.abs(states["h"].T - values["h"]).max() < 1e-4


def test_the_best_characters_have_the_probabilities_of_their_scores(read):
    _, _, found = read
    h = np.array(found["values"]["h"])
    output = found["output"]
    scores = h @ np.array(output["state"]).T + output["bias"]
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    for step, best in enumerate(output["best"]):
        assert best[0]["index"] == shares[step].argmax()
        for each in best:
            assert each["probability"] == pytest.approx(
                shares[step, each["index"]], abs=2e-4
            )
    assert len(json.dumps(found)) < 600_000
