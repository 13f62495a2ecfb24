"""What docs/emoji.md says of the model that ships."""

import pytest

from core.emoji.pretrained import load

LEAST = {
    "accuracy": 0.953,
    "macro_f1": 0.953,
    "negation": 0.94,
    "challenge": 0.91,
    "coverage": 0.60,
}
MOST = {"ece": 0.020, "sure_and_wrong": 0.05}


@pytest.mark.parametrize("figure", LEAST)
def test_the_model_that_ships_has_at_least(figure):
    assert load().summary()[figure] >= LEAST[figure]


@pytest.mark.parametrize("figure", MOST)
def test_the_model_that_ships_has_at_most(figure):
    assert load().summary()[figure] <= MOST[figure]
