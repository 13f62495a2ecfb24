"""What the search page says where there is nothing to find."""

from dataclasses import replace

import numpy as np

from core import emoji
from core.emoji.text.corpus import shipped
from core.emoji.text.rows import Rows
from core.runs.settings import Site
from core.runs.store import Checkpoints, Store
from tests.driver.core.search import Work, begin

SPACE = ("units=16:64", "dropout=0.3:0.7", "word_dropout=0:0.2", "batch=48:96")


def shuffled(rows, seed):
    """The same sentences, each with the label of another."""
    labels = np.random.default_rng(seed).permutation(rows.targets).tolist()
    return replace(rows, labels=tuple(labels))


def test_a_search_on_labels_that_mean_nothing_says_that_nothing_is_better(tmp_path):
    data = shipped()
    few = {
        "train": shuffled(data.train.take(range(0, 9000, 15)), 0),
        "development": shuffled(data.development, 1),
        # What is none of the emojis can be learned.
        "off_topic_train": Rows(),
        "off_topic_development": Rows(),
    }
    data = replace(data, name="Shuffled", **few)
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    site = Site(home=tmp_path, database_url="")
    config = emoji.Config(units=32, epochs=6)
    study_id = begin(
        store, *SPACE, task="emoji", config=config, data=data, trials=6, seeds=2
    )
    checkpoints = Checkpoints(site.checkpoints, store.installation())
    summary = Work(store, site, checkpoints)(study_id).summary
    store.close()
    assert summary["beats_default"] is False
    assert summary["best"] == 0 or summary["p"] > 0.05
