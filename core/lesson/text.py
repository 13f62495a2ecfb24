"""A network that learns to write, one character after the other.

It reads a character and says which comes next (Elman 1990; Graves 2013). From a
list of names it learns to invent names; from a passage, to go on like it.
"""

import json
from collections.abc import Mapping
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
)
from core.lesson.functions import Array
from core.lesson.fused import Trace, walk, walk_back
from core.lesson.lags import influence
from core.lesson.loop import Lessons, Mean, Networks, run
from core.lesson.losses import Cost, Tokens, next_character
from core.lesson.network import Network
from core.lesson.settings import dice
from core.lesson.text_config import Config
from core.lesson.writing import picture, probe, write
from core.task import DataError, Scalar, State, Training

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
ALOUD = 8  # samples, at most, in each snapshot


@dataclass(frozen=True)
class _Text:
    """The character model as the training loop sees it."""

    config: Config
    corpus: Corpus
    excerpts: Excerpts

    @classmethod
    def of(cls, config: Config, corpus: Corpus) -> Self:
        return cls(config, corpus, cut(corpus, config.window))

    def start(self) -> dict[str, Network]:
        size = len(self.corpus.characters)
        return {NAME: Network.start(self.config.cell, size, size, self.config)}

    def teach(self, networks: Networks, epoch: int, step: int) -> Lessons:
        network = networks[NAME]
        rng = dice(self.config.seed, "batch", epoch, step)
        trace, cost = self._read(network, *self.excerpts.batch(rng, self.config.batch))
        gradients = walk_back(trace, cost.da, self.config.backward == "right")
        return {NAME: (cost.loss, gradients | network.head_gradients(cost))}

    def judge(self, networks: Networks, means: Mapping[str, Mean]) -> dict[str, float]:
        mean = means[NAME]
        metrics = {"loss": mean.loss, "gradient_norm": mean.gradient_norm}
        if (val_loss := self.val_loss(networks[NAME])) is not None:
            metrics["val_loss"] = val_loss
        return metrics

    def loss(self, network: Network, tokens: Tokens) -> float:
        return self._read(network, *inputs_and_targets(tokens))[1].loss

    def val_loss(self, network: Network) -> float | None:
        """Return the loss on what is held out, None if nothing is."""
        held_out = self.excerpts.held_out
        return self.loss(network, held_out) if held_out.size else None

    def look(self, networks: Networks, epochs: int) -> State:
        network, count = networks[NAME], min(ALOUD, self.config.sample)
        rng = dice(self.config.seed, "sample", epochs)
        heat = self.config.temperature
        samples = write(network, self.corpus, rng, count, heat)
        return picture(network, self.corpus, samples)

    def finish(self, networks: Networks, epochs: int, ended: str) -> "Result":
        network = networks[NAME]
        return Result(
            self.config,
            self.corpus,
            network,
            epochs,
            ended,
            loss=self.loss(network, self.excerpts.some_of_train()),
            val_loss=self.val_loss(network),
        )

    def _read(
        self, network: Network, inputs: Tokens, targets: Tokens
    ) -> tuple[Trace, Cost]:
        x = one_hot(inputs, len(self.corpus.characters))
        trace = walk(network.cell, x, network.parameters)
        return trace, next_character(trace.a[1:], targets, network.head)


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
        examples it was not; None where there are none.
    """

    config: Config
    corpus: Corpus
    network: Network
    epochs: int
    ended: str
    loss: float
    val_loss: float | None

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
            "cell": self.config.cell,
            "sample": self.samples()[0],
            "epochs": self.epochs,
            "ended": self.ended,
        }

    def influences(self) -> dict[str, Array]:
        """Return the gradient against lag before and after training, (T,) each."""
        tokens = probe(self.corpus)[:-1, np.newaxis]
        x = one_hot(tokens, len(self.corpus.characters))
        before = _Text.of(self.config, self.corpus).start()[NAME]
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
        start = _Text.of(config, corpus).start()[NAME]
        val_loss = state["val_loss"]  # empty where nothing was held out
        return cls(
            config,
            corpus,
            start.restored(NAME, state),
            int(state["epochs"]),
            str(state["ended"]),
            loss=float(state["loss"]),
            val_loss=float(val_loss[0]) if val_loss.size else None,
        )


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
        Metrics of each epoch: loss, the mean cross-entropy in nats a character
        while it was trained; val_loss, where something is held out;
        gradient_norm before clipping. Snapshots as `look` takes them.

    Returns
    -------
    Result
        The network.
    """
    return run(_Text.of(config, data), resume)


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
    lesson = _Text.of(config, data)
    return lesson.look(lesson.start(), 0)


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
    return f"{cell}, loss {summary['loss']:.3g}, writes “{summary['sample']}”{ended}"


def example() -> tuple[Config, Corpus]:
    """Return what the example on the LSTM page was trained with."""
    return Config(), own_names()


def tiny() -> tuple[Config, Corpus]:
    """Return the smallest settings and text on which training makes sense."""
    names = Corpus.from_text("anna\nhanna\nnanna\nhannah\nanan\nnahan", "Six names")
    return Config(units=6, epochs=3, steps=5, batch=4, sample=2), names
