"""What docs/emoji.md says of the model that ships."""

import pytest

from benchmarks.emoji_classes import evaluate
from core.emoji.own_classes import STARTERS
from core.emoji.pretrained import load

LEAST = {
    "accuracy": 0.953,
    "macro_f1": 0.953,
    "negation": 0.94,
    "challenge": 0.91,
    "coverage": 0.60,
}
EIGHT = 8  # sentences a class: what the page asks for at least
MOST = {"ece": 0.020, "sure_and_wrong": 0.05}


@pytest.mark.parametrize("figure", LEAST)
def test_figures_of_the_bundled_model_reach_their_minimum(figure):
    assert load().summary()[figure] >= LEAST[figure]


@pytest.mark.parametrize("figure", MOST)
def test_figures_of_the_bundled_model_stay_below_their_maximum(figure):
    assert load().summary()[figure] <= MOST[figure]


@pytest.mark.parametrize("name", STARTERS)
def test_a_small_model_of_eight_sentences_a_class_is_better_than_mean_vectors(name):
    draws = [evaluate(name, EIGHT, seed) for seed in range(10)]
    ours, theirs = (
        sum(draw[figure] for draw in draws) for figure in ("new", "mean vector")
    )
    assert ours > theirs
