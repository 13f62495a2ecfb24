"""Our LSTM layer beside what could take its place.

    python -m benchmarks.layers            both tables
    python -m benchmarks.layers backward   our backward pass beside that of the kernel
    python -m benchmarks.layers keras      our layer beside keras.layers.LSTM with XLA

`backward` trains the shipped default of music (192 units) and the v2 recipe of emoji
(128 units) with either backward pass. `core/layers/lstm_gradient.py` stays while the
ratio is above 1.25 on a shipped default.

`keras` computes the outputs of a layer and the gradients of its weights, at the shapes
of the defaults of prices, emoji and music: the first call, which traces and compiles,
and later ones. XLA compiles for each shape anew, so the number of different lengths of
the batches of three epochs stands beside it. Keras's layer replaces ours if it is not
more than 10% slower and does not delay the first epoch.

The sides alternate, and figures are medians.
"""

import functools
import itertools
import statistics
import sys
import time

from core.layers.setup import single_thread

single_thread()

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

from core import emoji, music, stock  # noqa: E402
from core.emoji.training import TrainableModel as EmojiModel  # noqa: E402
from core.layers import lstm  # noqa: E402
from core.layers.adam import Adam  # noqa: E402
from core.music.model.default import DefaultModel as MusicModel  # noqa: E402
from core.music.model.network import EMBEDDING  # noqa: E402
from core.music.shipped import start_weights  # noqa: E402
from core.stock.data.features import RISK_INPUTS  # noqa: E402

STEPS, BATCHES = 200, 8
NEVER = 10**9  # no layer has so many units


def music_model():
    config, corpus = music.TASK.example()
    return MusicModel(config, corpus, start_weights(config))


def emoji_model():
    _, sentences = emoji.TASK.example()
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
    return model, itertools.cycle(batches)


def step(model, batches):
    model.train_step(next(batches))


def medians(calls):
    """Return the median seconds of each of two calls, which take turns."""
    seconds = [[], []]
    for number in range(STEPS):
        for side in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            calls[side]()
            seconds[side].append(time.perf_counter() - began)
    return [statistics.median(each) for each in seconds]


def backward():
    """Print the milliseconds of a training step with either backward pass."""
    ours = lstm.WIDE
    print(f"{'model':<8}{'ours ms':>9}{'kernel ms':>11}{'kernel / ours':>15}")
    for name, make in (("music", music_model), ("emoji", emoji_model)):
        sides = [prepared(make, wide) for wide in (ours, NEVER)]
        mine, kernel = medians([functools.partial(step, *each) for each in sides])
        print(f"{name:<8}{mine * 1e3:>9.1f}{kernel * 1e3:>11.1f}{kernel / mine:>15.2f}")
    lstm.WIDE = ours


def lengths_of(model):
    """Return the number of time steps of each batch of three epochs."""
    batches = itertools.chain.from_iterable(map(model.batches, range(3)))
    if isinstance(model, MusicModel):
        return [batch.mask.shape[1] for batch in batches]
    return [batch.ids.shape[1] for batch in batches]


def shapes():
    """Return by task the (batch, time, features, units) of a step, and all lengths."""
    prices, words, notes = stock.Config(), emoji.Config(), music.Config()
    of_emoji = EmojiModel(words, emoji.TASK.example()[1])
    of_music = music_model()
    list(of_music.prepare(lambda: iter(())))
    found = {
        "prices": (prices, RISK_INPUTS, [prices.window]),
        "emoji": (words, of_emoji.vectors.shape[1], lengths_of(of_emoji)),
        "music": (notes, EMBEDDING, lengths_of(of_music)),
    }
    for task, (config, features, lengths) in found.items():
        time_steps = int(statistics.median(lengths))
        yield task, (config.batch, time_steps, features, config.units), set(lengths)


def compiled(layer, features, xla):
    """Return a function of inputs: the gradients of the layer's weights."""
    layer.build((None, None, features))

    @tf.function(jit_compile=xla, autograph=False)
    def gradients(x):
        outputs = layer(x)
        hidden = outputs if xla else outputs[0]
        values = [weight.value for weight in layer.weights]
        return tf.gradients(tf.reduce_sum(hidden * hidden), values)

    return gradients


def beside_keras():
    """Print seconds of the first call and milliseconds of later ones of both layers."""
    print(f"{'':32}first call s      ms a call")
    print("task    batch   T features units   ours  Keras   ours  Keras ratio lengths")
    for task, (batch, steps, features, units), lengths in shapes():
        x = tf.random.stateless_normal((batch, steps, features), (0, 0))
        with_keras = keras.layers.LSTM(units, return_sequences=True)
        sides = [
            compiled(lstm.BlockLSTM(units), features, xla=False),
            compiled(with_keras, features, xla=True),
        ]
        first = []
        for side in sides:
            began = time.perf_counter()
            side(x)
            first.append(time.perf_counter() - began)
        mine, theirs = medians([functools.partial(side, x) for side in sides])
        print(
            f"{task:<8}{batch:5} {steps:3} {features:8} {units:5}"
            f"{first[0]:7.2f}{first[1]:7.2f}{mine * 1e3:7.2f}{theirs * 1e3:7.2f}"
            f"{theirs / mine:6.2f}{len(lengths):8}",
            flush=True,
        )


TABLES = {"backward": backward, "keras": beside_keras}

if __name__ == "__main__":
    for name in sys.argv[1:] or TABLES:
        TABLES[name]()
