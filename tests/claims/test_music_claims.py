"""What the music page says of the classic recipe, with its default settings."""

from core.music import Config, train
from core.music.corpora import ragtime
from tests.core.music.test_music_training import end_of


def test_the_classic_recipe_learns_by_heart_and_nothing_else():
    result, metrics, _ = end_of(train(Config.preset("classic"), ragtime()))
    assert metrics[-1]["loss"] < 0.1
    assert metrics[-1]["val_loss"] > 2 * metrics[0]["markov"]
    assert result.epochs == 100
    assert len(result.judgement.by_temperature) > 2
