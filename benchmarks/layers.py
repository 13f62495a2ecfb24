"""The backward pass of a wide LSTM: ours beside the one of TensorFlow's kernel.

    python -m benchmarks.layers

Trains the shipped default of music (192 units) and the v2 recipe of emoji (128 units)
with either, alternating step by step, and prints the median milliseconds of a step and
their ratio. `core/layers/lstm_gradient.py` stays while the ratio is above 1.25 on a
shipped default.
"""

import itertools
import statistics
import time

from core.layers.setup import single_thread

single_thread()

import keras  # noqa: E402

from core import emoji, music  # noqa: E402
from core.emoji.training import TrainableModel as EmojiModel  # noqa: E402
from core.layers import lstm  # noqa: E402
from core.layers.adam import Adam  # noqa: E402
from core.music.model.default import DefaultModel as MusicModel  # noqa: E402
from core.music.shipped import start_weights  # noqa: E402

STEPS, BATCHES = 200, 8
NEVER = 10**9  # no layer has so many units


def music_model():
    config, corpus = music.example()
    return MusicModel(config, corpus, start_weights(config))


def emoji_model():
    _, sentences = emoji.example()
    return EmojiModel(emoji.Config.preset("v2"), sentences)


def prepared(make, wide):
    """Return a model whose layers of so many units use our gradient, and batches."""
    lstm.WIDE = wide
    keras.backend.clear_session(free_memory=False)
    model = make()
    model.compile(Adam(model.weights, 1e-3))
    if isinstance(model, MusicModel):
        list(model.prepare(lambda: iter(())))
    batches = list(itertools.islice(model.batches(0), BATCHES))
    model.train_step(batches[0])  # traces the graph
    return model, batches


def main():
    """Print one line for each model."""
    ours = lstm.WIDE
    print(f"{'model':<8}{'ours ms':>9}{'kernel ms':>11}{'kernel / ours':>15}")
    for name, make in (("music", music_model), ("emoji", emoji_model)):
        sides = [prepared(make, ours), prepared(make, NEVER)]
        seconds = [[], []]
        for step in range(STEPS):
            for side in (0, 1) if step % 2 else (1, 0):
                model, batches = sides[side]
                began = time.perf_counter()
                model.train_step(batches[step % BATCHES])
                seconds[side].append(time.perf_counter() - began)
        mine, kernel = map(statistics.median, seconds)
        ratio = kernel / mine
        print(f"{name:<8}{mine * 1e3:>9.1f}{kernel * 1e3:>11.1f}{ratio:>15.2f}")


if __name__ == "__main__":
    main()
