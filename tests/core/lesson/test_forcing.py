"""Teacher forcing beside free running."""

import numpy as np
import pytest

from core import examples
from core.lesson.forcing import (
    Reading,
    followed_furthest,
    held_out_texts,
    losses,
    read_texts,
)
from core.lesson.network import PADDING, next_character
from core.lesson.writing.corpus import one_hot


@pytest.fixture(scope="module")
def trained():
    return examples.load_trained("text")


def test_fed_the_truth_the_loss_is_that_of_training(trained):
    texts = held_out_texts(trained)
    network = trained.result
    unrolled = network.forward(one_hot(texts[:-1], len(network.head[1])))
    want = next_character(unrolled.h, texts[1:], network.head).loss
    assert read_texts(network, texts).loss == pytest.approx(want, abs=1e-12)


@pytest.mark.parametrize("cell", ["text", "text-rnn", "text-gru"])
def test_running_free_is_reading_what_it_has_written(cell):
    trained = examples.load_trained(cell)
    texts, given = held_out_texts(trained), 3
    free = read_texts(trained.result, texts, given)
    own = np.vstack([texts[:given], free.written[given - 1 :]])
    read = read_texts(trained.result, own)
    np.testing.assert_array_equal(read.written, free.written)
    whole = read_texts(trained.result, texts, len(texts))
    np.testing.assert_array_equal(
        whole.chances, read_texts(trained.result, texts).chances
    )


def test_a_text_is_left_at_the_first_character_that_is_another_one(trained):
    given = 2
    text = followed_furthest(trained, given)
    reading = read_texts(trained.result, text, given)
    (at,) = reading.apart(given)
    same = reading.written[:, 0] == reading.truth[:, 0]
    assert given - 1 < at < len(text) - 1
    assert same[given - 1 : at].all()
    assert not same[at]
    texts = held_out_texts(trained)
    apart = read_texts(trained.result, texts, given).apart(given)
    ends = (texts != PADDING).sum(axis=0) - 1
    assert max(apart[apart < ends]) == at


@pytest.mark.parametrize(("given", "at"), [(1, 0), (2, 1), (3, 3)])
def test_characters_that_are_given_are_not_left(given, at):
    truth, written = np.array([[1], [2], [3]]), np.array([[0], [0], [3]])
    assert Reading(truth, written, np.ones((3, 1))).apart(given).tolist() == [at]


def test_training_lowers_the_loss_when_fed_and_raises_it_when_running_free(trained):
    found = losses(trained, 2)
    assert {0, 1, 40} <= set(found)
    assert found[40][0] < found[1][0] - 0.2
    assert found[40][1] > found[1][1] + 0.1
