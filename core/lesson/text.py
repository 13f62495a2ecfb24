"""A network that learns to write, one character after the other.

It reads a character and says which comes next (Elman 1990; Graves 2013). From a
list of names it learns to invent names; from a passage, to go on like it.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.arrays import pack, unpack
from core.lesson.cells import CELLS
from core.lesson.corpus import (
    Corpus,
    Excerpts,
    cut,
    inputs_and_targets,
    one_hot,
    own_names,
    repeated,
)
from core.lesson.fused import Trace, keep_memory, walk
from core.lesson.lags import influence
from core.lesson.losses import Cost, Tokens, next_character
from core.lesson.network import Network, Networks, has_exploded
from core.lesson.optimizers import OPTIMIZERS, clip_by_global_norm
from core.lesson.settings import PAUSE_SECONDS, dice
from core.lesson.text_config import Config
from core.lesson.writing import picture, probe, write
from core.recurrent import Array
from core.task import DataError, Scalar, State, Training
from core.training import TrainingLoop

__all__ = [
    "Config",
    "Result",
    "check",
    "decode_data",
    "encode_data",
    "example",
    "headline",
    "look",
    "tiny",
    "title",
    "train",
]

NAME = "text"  # of the one network, in checkpoints
SUMS = "text sums"  # of loss and gradient norm
ALOUD = 8  # samples, at most, in each snapshot


def train(config: Config, data: Corpus, resume: State | None = None) -> Training:
    """Train a network to write like a text.

    Parameters
    ----------
    config
        Settings.
    data
        Names or a passage.
    resume
        State of an earlier pause.

    Yields
    ------
    Progress
        Metrics of each epoch: loss, the cross-entropy in nats a character after it
        on a fixed part of the training text; val_loss, where something is held out;
        gradient_norm, the mean before clipping. Snapshots as `look` takes them.

    Returns
    -------
    Result
        The network; early if True was sent, or if it exploded.
    """
    keep_memory()
    loop = TrainingLoop(config.epochs, resume, sums=[SUMS], pause_seconds=PAUSE_SECONDS)
    excerpts = cut(data, config.window)
    networks = Networks({NAME: _untrained(config, data)})
    optimizer = OPTIMIZERS[config.optimizer]
    loop.save_and_restore(networks)
    for epoch in loop.epochs():
        batches = _batches(config, excerpts, epoch)
        for inputs, targets in loop.batches(batches, config.steps):
            network = networks[NAME]
            trace, cost = _read(network, inputs, targets)
            gradients = network.gradients(trace, cost, config)
            gradients, norm = clip_by_global_norm(gradients, config.clip)
            if has_exploded(cost.loss, norm):
                return _result(config, data, network, loop.epoch, loop.exploded)
            networks[NAME] = network.updated(optimizer, gradients, config.learning_rate)
            yield from loop.end_step({SUMS: (cost.loss, norm)})
        if loop.stopped:
            break
        norm = loop.sums[SUMS][1] / loop.step
        metrics = {"gradient_norm": float(norm)}
        metrics |= _losses(networks[NAME], excerpts)
        yield from loop.end_epoch(
            metrics, lambda: _snapshot(config, data, networks[NAME], loop.epoch)
        )
    return _result(config, data, networks[NAME], loop.epoch, loop.ended)


def _untrained(config: Config, corpus: Corpus) -> Network:
    size = len(corpus.characters)
    return Network.start(config.cell, size, size, config)


def _batches(
    config: Config, excerpts: Excerpts, epoch: int
) -> Iterator[tuple[Tokens, Tokens]]:
    """Draw the inputs and targets of an epoch, (T, batch) each."""
    for step in range(config.steps):
        rng = dice(config.seed, "batch", epoch, step)
        yield excerpts.batch(rng, config.batch)


def _read(network: Network, inputs: Tokens, targets: Tokens) -> tuple[Trace, Cost]:
    """Read characters (T, m); return what the way back needs, and the loss."""
    x = one_hot(inputs, len(network.head[1]))  # (T, n_x, m)
    trace = walk(network.cell, x, network.parameters)
    return trace, next_character(trace.a[1:], targets, network.head)


def _loss(network: Network, tokens: Tokens) -> float:
    """Return the loss on some excerpts, in nats a character."""
    return _read(network, *inputs_and_targets(tokens))[1].loss


def _losses(network: Network, excerpts: Excerpts) -> dict[str, float]:
    """Return the loss on a fixed part of the training text and on the held-out one."""
    losses = {"loss": _loss(network, excerpts.some_of_train())}
    if excerpts.held_out.size:
        losses["val_loss"] = _loss(network, excerpts.held_out)
    return losses


def look(config: Config, data: Corpus) -> State:
    """Return the snapshot of epoch 0: the network before training.

    Returns
    -------
    dict
        "probe" (T + 1,), the characters it reads and one more, T at most 20;
        "inside" (rows, units, T), what goes on meanwhile, rows as in
        `pictures.ROWS`; "state weights" (gates, units, units); "input weights"
        (gates, units, T), those of the characters of the probe; "gradient by step"
        (T,), norm of the loss's gradient by each input; "influence" (T,), norm of
        the gradient of the last state by lag; "connectivity" (T, T), how much the
        prediction at [t] listens to the character at [s]; "samples", up to 8.
    """
    return _snapshot(config, data, _untrained(config, data), 0)


def _snapshot(config: Config, corpus: Corpus, network: Network, epochs: int) -> State:
    rng = dice(config.seed, "sample", epochs)
    count = min(ALOUD, config.sample)
    samples = write(network, corpus, rng, count, config.temperature)
    return picture(network, corpus, samples)


@dataclass(frozen=True)
class Result:
    """A network that writes.

    Attributes
    ----------
    config
        The settings, the seed among them.
    corpus
        What it was trained on.
    network
        The trained network.
    epochs
        Whole epochs trained.
    ended
        Why there are fewer than planned; "" if there are not.
    loss, val_loss
        Cross-entropy in nats a character, on examples it was trained on and on
        held-out ones; None where there are none.
    """

    config: Config
    corpus: Corpus
    network: Network
    epochs: int
    ended: str
    loss: float
    val_loss: float | None

    @functools.cached_property
    def repeated(self) -> float:
        """Share of the held-out text that occurs in the training text as well."""
        return repeated(self.corpus, self.config.window)

    def samples(self) -> list[str]:
        """Let the network write, as often as the settings say."""
        rng = dice(self.config.seed, "sample", self.epochs)
        config = self.config
        return write(self.network, self.corpus, rng, config.sample, config.temperature)

    def summary(self) -> dict[str, Scalar]:
        """Return the figures worth a line in a list of runs."""
        return {
            "loss": self.loss,
            "val_loss": self.val_loss,
            "held_out_repeated": self.repeated,
            "cell": self.config.cell,
            "sample": self.samples()[0],
            "epochs": self.epochs,
            "ended": self.ended,
        }

    def influences(self) -> dict[str, Array]:
        """Return the gradient against lag before and after training, (T,) each."""
        tokens = probe(self.corpus)[:-1, np.newaxis]
        x = one_hot(tokens, len(self.corpus.characters))
        before = _untrained(self.config, self.corpus)
        return {"before": influence(before, x), "after": influence(self.network, x)}

    def encode(self) -> bytes:
        """Write the whole result; `decode` reads it again."""
        state = {
            "config": np.array(self.config.to_json()),
            "corpus": np.frombuffer(encode_data(self.corpus), dtype=np.uint8),
            "epochs": np.array(self.epochs),
            "ended": np.array(self.ended),
            "loss": np.array(self.loss),
            "val_loss": np.array([] if self.val_loss is None else [self.val_loss]),
        }
        return pack(state | self.network.weights_only().state(NAME))

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what `encode` wrote."""
        state = unpack(content)
        config = Config.from_json(str(state["config"]))
        corpus = decode_data(state["corpus"].tobytes())
        val_loss = state["val_loss"]  # empty where nothing was held out
        return cls(
            config,
            corpus,
            _untrained(config, corpus).restored(NAME, state),
            int(state["epochs"]),
            str(state["ended"]),
            loss=float(state["loss"]),
            val_loss=float(val_loss[0]) if val_loss.size else None,
        )


def _result(
    config: Config, corpus: Corpus, network: Network, epochs: int, ended: str
) -> Result:
    losses = _losses(network, cut(corpus, config.window))
    return Result(
        config,
        corpus,
        network,
        epochs,
        ended,
        loss=losses["loss"],
        val_loss=losses.get("val_loss"),
    )


def named_loss(loss: Scalar, val_loss: Scalar) -> str:
    """Return the loss that a network is judged by, in words."""
    if val_loss is None:
        return f"training loss {loss:.3g}"
    return f"validation loss {val_loss:.3g}"


def encode_data(data: Corpus) -> bytes:
    """Write the text so that a worker can read it."""
    return json.dumps({"title": data.title, "text": data.text}).encode()


def decode_data(content: bytes) -> Corpus:
    """Read what `encode_data` wrote.

    Raises
    ------
    DataError
        If the content is something else.
    """
    try:
        parts = json.loads(content)
        return Corpus.from_text(str(parts["text"]), str(parts["title"]))
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            "Text: expected what encode_data wrote. Send it again."
        ) from error


def title(data: Corpus) -> str:
    """Return a short name of the text."""
    return data.title


def check(config: Config, data: Corpus) -> None:
    """Accept any settings with any text: `Corpus.from_text` refused the others."""


def headline(summary: Mapping[str, Scalar]) -> str:
    """Return a run's summary in a few words, for a list of runs."""
    if "loss" not in summary:
        return ""
    cell = CELLS[str(summary["cell"])].title
    ended = " · exploded" if str(summary["ended"]).startswith("exploded") else ""
    loss = named_loss(summary["loss"], summary["val_loss"])
    return f"{cell}, {loss}, writes “{summary['sample']}”{ended}"


def example() -> tuple[Config, Corpus]:
    """Return what the example on the LSTM page was trained with."""
    return Config(), own_names()


def tiny() -> tuple[Config, Corpus]:
    """Return the smallest settings and text on which training makes sense."""
    names = Corpus.from_text("anna\nhanna\nnanna\nhannah\nanan\nnahan", "Six names")
    return Config(units=6, epochs=3, steps=5, batch=4, sample=2), names
