"""The writing task: a network learns to predict the next character of a text.

It reads a character and predicts the next one (Elman 1990; Graves 2013). Trained on a
list of names it invents names; trained on a passage it continues one.
"""

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from core.arrays import pack, unpack
from core.cli import read_file
from core.lesson import settings as lesson_settings
from core.lesson import snapshots
from core.lesson.cells import CELLS, cell_of
from core.lesson.influence import connectivity, gradient_by_step, influence
from core.lesson.network import (
    OPTIMIZERS,
    Cost,
    Network,
    Tokens,
    clip_by_global_norm,
    has_exploded,
    keep_freed_memory,
    next_character,
)
from core.lesson.settings import PAUSE_SECONDS, LessonSettings, generator
from core.lesson.task import LessonTask
from core.lesson.writing.corpus import (
    MOST_BYTES,
    Corpus,
    Excerpts,
    cut,
    inputs_and_targets,
    one_hot,
    one_sentence,
    own_names,
    repeated_share,
)
from core.lesson.writing.sampling import probe, sample
from core.recurrent import Array, Unrolled
from core.task import DataError, Measure, Scalar, State, Training, choice, number
from core.training import TrainingLoop

NAME = "text"  # name of the network in checkpoints
SUMS = "text sums"  # name of the sums of loss and gradient norm
SNAPSHOT_SAMPLES = 8  # largest number of samples in a snapshot
WEIGHT_EPOCHS = 60  # largest number of epochs whose snapshots have all weights
WEIGHT_BYTES = 2_000_000  # largest size of these weights in half precision


@dataclass(frozen=True, kw_only=True)
class Config(LessonSettings):
    """Settings of the character model."""

    cell: str = choice(
        "lstm",
        ("rnn", "lstm", "gru", "mingru"),
        "The network: an RNN with one tanh layer, an LSTM or a GRU with gates, or a "
        "minGRU, whose gate reads the input alone.",
    )
    window: int = number(
        40,
        (2, 100),
        "characters",
        "Characters per training example: longer dependencies cannot be learned.",
    )
    temperature: float = number(
        0.8,
        (0.1, 2),
        "",
        "Randomness of the samples: low values keep to the most likely characters; it "
        "does not affect training.",
    )
    sample: int = number(
        8, (1, 40), "samples", "Number of texts to generate after training."
    )

    variant: ClassVar = "cell"
    presets: ClassVar[Mapping[str, Mapping[str, Scalar]]] = {
        "Invent names": {},
        "Memorise one sentence": {"window": 60, "sample": 1, "temperature": 0.2},
        "Forget bias 0": {"forget_bias": 0},
        "No recurrence": {"recurrence": "off"},
        "The dropped da_prev": {"backward": "dropped"},
        "Learning rate too high": {"learning_rate": 1},
        "SGD without clipping": {"optimizer": "sgd", "learning_rate": 3, "clip": 0},
        "Huge steps without clipping": {
            "learning_rate": 10,
            "clip": 0,
            "recurrent_scale": 3,
            "batch": 1,
        },
    }

    @property
    def label(self) -> str:
        """The network in a few words."""
        return CELLS[self.cell].title


@dataclass(frozen=True)
class Result:
    """A trained character model."""

    config: Config  # the settings, the seed among them
    corpus: Corpus  # what it was trained on
    network: Network  # the trained network
    epochs: int  # complete epochs
    ended: str  # why they are fewer than planned; else ""
    # Cross-entropy in nats a character, on training examples and on held-out ones; None
    # without such examples
    loss: float
    val_loss: float | None

    @property
    def data(self) -> Corpus:
        """The training data, under the name used by all tasks."""
        return self.corpus

    @functools.cached_property
    def repeated(self) -> float:
        """Share of the held-out text that occurs in the training text as well."""
        return repeated_share(self.corpus, self.config.window)

    def samples(self) -> list[str]:
        """Generate as many texts as the settings say."""
        config = self.config
        rng = generator(config.seed, "sample", self.epochs)
        return sample(self.network, self.corpus, rng, config.sample, config.temperature)

    def summary(self) -> dict[str, Scalar]:
        """Return the figures for a list of runs."""
        return {
            "loss": self.loss,
            "val_loss": self.val_loss,
            "held_out_repeated": self.repeated,
            "cell": self.config.cell,
            "sample": self.samples()[0],
            "epochs": self.epochs,
            "ended": self.ended,
        }

    def parameters(self) -> int:
        """Return the number of parameters."""
        return sum(weight.size for weight in self.network.parameters.values())

    def influences(self) -> dict[tuple[str, str], Array]:
        """Return the network's `influence` before and after training, (T,) each."""
        tokens = probe(self.corpus)[:-1, np.newaxis]
        x = one_hot(tokens, len(self.corpus.characters))
        before, cell = initial_network(self.config, self.corpus), self.config.cell
        return {
            (cell, "before"): influence(before, x),
            (cell, "after"): influence(self.network, x),
        }

    def encode(self) -> bytes:
        """Write the whole result; `decode` reads it again."""
        state = {
            "config": np.array(self.config.to_json()),
            "corpus": np.frombuffer(self.corpus.to_json(), dtype=np.uint8),
            "epochs": np.array(self.epochs),
            "ended": np.array(self.ended),
            "loss": np.array(self.loss),
            "val_loss": np.array([] if self.val_loss is None else [self.val_loss]),
        }
        return pack(state | self.network.weights())

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Decode the bytes of `encode`."""
        state = unpack(content)
        config = Config.from_json(str(state["config"]))
        corpus = Corpus.from_json(state["corpus"].tobytes())
        network = initial_network(config, corpus)
        network.restore(state)
        val_loss = state["val_loss"]  # empty where nothing was held out
        return cls(
            config,
            corpus,
            network,
            int(state["epochs"]),
            str(state["ended"]),
            loss=float(state["loss"]),
            val_loss=float(val_loss[0]) if val_loss.size else None,
        )


class Writing(LessonTask[Config, Corpus, Result]):
    """A network learns to predict the next character of a text."""

    name = "text"
    TITLE = "Writing"
    OBJECTIVE, OBJECTIVE_TITLE = "val_loss", "validation loss"
    # Temperature and number of samples do not affect the training.
    SEARCHABLE = ("cell", *lesson_settings.SEARCHABLE)
    MEASURES = (
        Measure("val_loss", "Held-out loss, nats a character", "low", "validation"),
    )
    GOALS = (  # a sentence to memorise has no validation part
        *MEASURES,
        Measure("loss", "Training loss, nats a character", "low", "validation"),
    )

    def train(
        self, config: Config, data: Corpus, resume: State | None = None
    ) -> Training[Result]:
        """Train a network to predict the next character of a text.

        Metrics of each epoch: `loss`, the cross-entropy in nats a character after it
        on a fixed part of the training text; `val_loss` on the held-out text, if there
        is any; `gradient_norm`, the mean before clipping.
        """
        keep_freed_memory()
        network = initial_network(config, data)
        optimizer = OPTIMIZERS[config.optimizer]
        excerpts = cut(data, config.window)
        loop = TrainingLoop(
            config.epochs, resume, sums=[SUMS], pause_seconds=PAUSE_SECONDS
        )
        loop.save_and_restore(network)
        yield from loop.pause()
        for epoch in loop.epochs():
            batches = _batches(config, excerpts, epoch)
            for inputs, targets in loop.batches(batches, config.steps):
                unrolled, cost = _predict(network, inputs, targets)
                gradients = network.gradients(unrolled, cost, config)
                gradients, norm = clip_by_global_norm(gradients, config.clip)
                if has_exploded(cost.loss, norm):
                    return _result(config, data, network, loop.epoch, loop.exploded)
                network.update(optimizer, gradients, config.learning_rate)
                yield from loop.end_step({SUMS: (cost.loss, norm)})
            if loop.stopped:
                break
            mean_norm = float(loop.sums[SUMS][1] / loop.step)
            metrics = {"gradient_norm": mean_norm, **_validate(network, excerpts)}
            yield from loop.end_epoch(
                metrics, lambda: _snapshot(config, data, network, loop.epoch)
            )
        return _result(config, data, network, loop.epoch, loop.ended)

    def encode_data(self, data: Corpus) -> bytes:
        """Write the text so that a worker can read it."""
        return data.to_json()

    def decode_data(self, content: bytes) -> Corpus:
        """Decode the bytes of `encode_data`."""
        return Corpus.from_json(content)

    def bundled(self) -> Iterator[Corpus]:
        """Load the bundled data, one after the other."""
        return (load() for load in (own_names, one_sentence))

    def title(self, data: Corpus) -> str:
        """Return a short name of the text."""
        return data.title

    def check_search(self, config: Config, data: Corpus) -> None:
        """Raise a DataError if nothing of the text is held out."""
        if not cut(data, config.window).held_out.size:
            raise DataError(
                "Text: expected one of which a part can be held out to choose settings "
                "by, at least 20 names or 20 times the window, got a shorter one. Use "
                "a longer text or a shorter window."
            )

    def headline(self, summary: Mapping[str, Scalar]) -> str:
        """Return a run's summary in a few words, for a list of runs."""
        if "loss" not in summary:
            return ""
        cell = CELLS[str(summary["cell"])].title
        ended = " · exploded" if str(summary["ended"]).startswith("exploded") else ""
        loss = loss_in_words(summary["loss"], summary["val_loss"])
        return f"{cell}, {loss}, writes “{summary['sample']}”{ended}"

    def example(self) -> tuple[Config, Corpus]:
        """Return the settings and data of the LSTM page's example."""
        return Config(), own_names()

    def from_file(self, file: str) -> tuple[Config, Corpus]:
        """Return the usual settings, and the text in a file."""
        return Config(), Corpus.from_bytes(read_file(file, MOST_BYTES), Path(file).stem)

    def is_linked(
        self, settings: Mapping[str, Scalar], page: str, given: Mapping[str, str]
    ) -> bool:
        """Whether a run's network is that of a page's address."""
        return settings.get("cell") == cell_of(page, given)

    def tiny(self) -> tuple[Config, Corpus]:
        """Return the smallest settings and text on which training makes sense."""
        names = Corpus.from_text("anna\nhanna\nnanna\nhannah\nanan\nnahan", "Six names")
        return Config(units=6, epochs=3, steps=5, batch=4, sample=2), names


TASK = Writing()


def initial_network(config: Config, corpus: Corpus) -> Network:
    """Return the network before training."""
    size = len(corpus.characters)
    units = config.units_for(config.cell, size, size)
    return Network.untrained(config.cell, size, size, config, name=NAME, units=units)


def _batches(
    config: Config, excerpts: Excerpts, epoch: int
) -> Iterator[tuple[Tokens, Tokens]]:
    """Draw the inputs and targets of an epoch, (T, batch) each."""
    for step in range(config.steps):
        rng = generator(config.seed, "batch", epoch, step)
        yield excerpts.batch(rng, config.batch)


def _predict(
    network: Network, inputs: Tokens, targets: Tokens
) -> tuple[Unrolled, Cost]:
    """Read characters (T, m); return the forward pass and the loss."""
    x = one_hot(inputs, len(network.head[1]))  # (T, n_x, m)
    unrolled = network.forward(x)
    return unrolled, next_character(unrolled.h, targets, network.head)


def _validate(network: Network, excerpts: Excerpts) -> dict[str, float]:
    """Return the loss on a fixed part of the training text and on the held-out one."""
    parts = {"loss": excerpts.some_of_train(), "val_loss": excerpts.held_out}
    return {
        name: _predict(network, *inputs_and_targets(tokens))[1].loss
        for name, tokens in parts.items()
        if tokens.size
    }


def initial_snapshot(config: Config, data: Corpus) -> State:
    """Return the snapshot of epoch 0: the network before training.

    Returns
    -------
    dict
        "units", how many; "probe" (T + 1,), the characters it reads and one more, T
        at most 20; "inside" (rows, units, T), gates and states meanwhile, rows as in
        `snapshots.ROWS`; "state weights" (gates, units, units); "input weights"
        (gates, units, T), those of the characters of the probe; "gradient by step"
        (T,), norm of the loss's gradient by each input; "influence" (T,), norm of
        the gradient of the last state by lag; "connectivity" (T, T), how much the
        prediction at [t] depends on the character at [s]; "samples", up to 8. Of the
        epochs in `weight_epochs` and of epoch 0 also all weights, see `network_at`.
    """
    return _snapshot(config, data, initial_network(config, data), 0)


def weight_epochs(config: Config, corpus: Corpus) -> list[int]:
    """Return the epochs whose snapshots keep all weights: the last one, and others.

    They are evenly spread and at most 60, fewer of a large network: those of a run
    take at most 2 MB.
    """
    stride = math.ceil(config.epochs / WEIGHT_EPOCHS)
    epochs = range(config.epochs, 0, -stride)
    parameters = initial_network(config, corpus).parameters
    size = 2 * sum(weight.size for weight in parameters.values())
    return list(epochs[:: math.ceil(len(epochs) * size / WEIGHT_BYTES)])[::-1]


def network_at(config: Config, corpus: Corpus, snapshot: State) -> Network:
    """Return the network at the epoch of a snapshot, its weights to three digits.

    Raise a ValueError if the snapshot is without weights: it is of an epoch that is not
    in `weight_epochs`, or of a run from before these were kept.
    """
    network = initial_network(config, corpus)
    network.restore(
        {
            name: array.astype(float)
            for name, array in snapshot.items()
            if name in network.weights()
        }
    )
    return network


def _snapshot(config: Config, corpus: Corpus, network: Network, epochs: int) -> State:
    tokens = probe(corpus)
    inputs, targets = tokens[:-1, np.newaxis], tokens[1:, np.newaxis]  # (T, 1)
    unrolled, cost = _predict(network, inputs, targets)
    from_states, from_inputs = snapshots.weights(network)
    x = unrolled.x  # (T, n_x, 1)
    rng = generator(config.seed, "sample", epochs)
    count = min(SNAPSHOT_SAMPLES, config.sample)
    kept = epochs in (0, *weight_epochs(config, corpus))
    weights = network.weights() if kept else {}
    return {
        **{name: snapshots.half_precision(w) for name, w in weights.items()},
        "units": np.array(network.units),
        "probe": np.array(list(corpus.decode(tokens))),
        "inside": snapshots.activations(network, x[:, :, 0]),
        "state weights": from_states,
        "input weights": from_inputs[:, :, inputs[:, 0]],
        "gradient by step": gradient_by_step(unrolled, cost.dh).astype(np.float32),
        "influence": influence(network, x).astype(np.float32),
        "connectivity": snapshots.half_precision(connectivity(network, x[:, :, 0])),
        "samples": np.array(sample(network, corpus, rng, count, config.temperature)),
    }


def _result(
    config: Config, corpus: Corpus, network: Network, epochs: int, ended: str
) -> Result:
    losses = _validate(network, cut(corpus, config.window))
    val_loss = losses.get("val_loss")
    return Result(config, corpus, network, epochs, ended, losses["loss"], val_loss)


def loss_in_words(loss: Scalar, val_loss: Scalar) -> str:
    """Return the evaluated loss of a network, in words."""
    if val_loss is None:
        return f"training loss {loss:.3g}"
    return f"validation loss {val_loss:.3g}"
