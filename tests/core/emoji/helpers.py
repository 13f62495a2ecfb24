"""What several tests of the emoji task need."""

import functools
import os
import pickle
from pathlib import Path

from filelock import FileLock

from core.arrays import pack, unpack
from core.emoji import TASK, Config
from core.emoji.vectors.glove import glove

# Small models of every kind: what each adds to the others is named.
MODELS = {
    "v1": Config.preset("v1", epochs=2, batch=8),
    "small": Config.preset("small", epochs=2),
    "v2 with two softmaxes": Config.preset(
        "v2", epochs=2, batch=8, units=6, softmax="twice"
    ),
    "best": Config(units=5, epochs=2, batch=8),
    "everything": Config(
        units=4,
        epochs=2,
        batch=8,
        layers=2,
        networks=2,
        pooling="all",
        embedding="trained",
        smoothing=0.1,
        average=0.9,
    ),
    "last, forward and frozen": Config(
        units=4,
        epochs=2,
        batch=8,
        pooling="last",
        direction="forward",
        embedding="frozen",
        average=0.0,
    ),
    "mean and padding": Config(
        units=4, epochs=2, batch=8, pooling="mean", padding="read"
    ),
}


def few():
    """A few of the sentences that ship."""
    return TASK.tiny()[1]


def end_of(training):
    """Train to the end; return the result, the metrics, and every packed state."""
    metrics, states = [], []
    try:
        while True:
            progress = next(training)
            if progress.metrics:
                metrics.append(dict(progress.metrics))
            states.append(pack(progress.state()))
    except StopIteration as end:
        return end.value, metrics, [unpack(state) for state in states]


def trained(config, data=None):
    """Return the result of a training."""
    return end_of(TASK.train(config, data or few()))[0]


@functools.cache
def training_of(kind):
    """The training of a small model: its result, metrics and states.

    The test processes share the trainings: whichever needs one first makes it.
    """
    file = Path(os.environ["UNROLLED_HOME"]) / f"tests of emoji, {kind}"
    with FileLock(f"{file}.lock"):
        if not file.exists():
            file.write_bytes(pickle.dumps(end_of(TASK.train(MODELS[kind], few()))))
        return pickle.loads(file.read_bytes())


def rank(word):
    """Rank of a word in GloVe."""
    return glove().row(word)
