"""The Markov chains that networks have to beat."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.music.corpora import ragtime
from core.music.model.markov import Baseline, Markov

SEQUENCES = st.lists(
    st.lists(st.integers(0, 4), min_size=1, max_size=20).map(np.array),
    min_size=1,
    max_size=4,
)


def next_probabilities(chain, before):
    """Return the probability of each token after those before it, (size,)."""
    longer = [np.array([*before, token]) for token in range(chain.size)]
    return np.exp([chain.log_probabilities([one])[-1, -1] for one in longer])


def test_probabilities_are_witten_and_bells():
    chain = Markov.fit([np.array([0, 1, 0, 1, 0, 2])], size=3, order=1)
    alone = [(3 + 3 / 3) / 9, (2 + 3 / 3) / 9, (1 + 3 / 3) / 9]  # order 0
    np.testing.assert_allclose(next_probabilities(chain.cut(0), [0]), alone)
    after_0 = [(seen + 2 * p) / 5 for seen, p in zip((0, 2, 1), alone, strict=True)]
    np.testing.assert_allclose(next_probabilities(chain, [1, 0]), after_0)
    after_2 = alone  # nothing ever followed it
    np.testing.assert_allclose(next_probabilities(chain, [2]), after_2)
    first = [(1 + alone[0]) / 2, alone[1] / 2, alone[2] / 2]
    np.testing.assert_allclose(next_probabilities(chain, []), first)


@given(SEQUENCES, st.lists(st.integers(0, 4), max_size=9))
def test_probabilities_add_up_to_one(sequences, before):
    chain = Markov.fit(sequences, size=5)
    assert next_probabilities(chain, before).sum() == pytest.approx(1)


@given(SEQUENCES, SEQUENCES)
def test_a_sequence_costs_what_its_tokens_cost(sequences, others):
    chain = Markov.fit(sequences, size=5, order=3)
    logs = [
        math.log(next_probabilities(chain, piece[:at])[piece[at]])
        for piece in others
        for at in range(len(piece))
    ]
    np.testing.assert_allclose(chain.log_probabilities(others)[-1], logs)
    assert chain.nats(others)[-1] == pytest.approx(-np.mean(logs))


@given(SEQUENCES)
def test_the_most_likely_token_has_the_highest_probability(sequences):
    chain = Markov.fit(sequences, size=5, order=2)
    row = np.concatenate(sequences)
    everywhere = np.ones(len(row), bool)
    answers = iter(chain.most_likely(sequences, everywhere))
    for piece in sequences:
        for at in range(len(piece)):
            probabilities = next_probabilities(chain, piece[:at])
            token = next(answers)
            assert probabilities[token] == pytest.approx(probabilities.max())


def test_the_best_order_is_the_one_that_the_music_has():
    rng = np.random.default_rng(0)
    pieces = []
    for _ in range(60):
        piece = rng.integers(0, 3, 100)
        piece[3::2] = (piece[1:-2:2] + 1) % 3  # what comes depends on two before
        pieces.append(piece)
    chain = Markov.fit(pieces[:40], size=3)
    assert chain.nats(pieces[40:]).argmin() == 2


def test_the_ragtime_baseline_is_as_strong_as_reported():
    corpus = ragtime()
    baseline = Baseline.fit(corpus.train, corpus.validation)
    assert baseline.chain.order == 1
    assert baseline.nats(corpus.test) == pytest.approx(2.388, abs=0.01)
    assert baseline.onset_accuracy(corpus.test) == pytest.approx(0.113, abs=0.005)
