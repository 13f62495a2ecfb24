"""The network that writes, as the training loop sees it, and what it ends with."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.arrays import pack, unpack
from core.lesson.corpus import (
    Corpus,
    Excerpts,
    cut,
    inputs_and_targets,
    one_hot,
    repeated,
)
from core.lesson.functions import Array
from core.lesson.fused import Trace, walk, walk_back
from core.lesson.lags import influence
from core.lesson.loop import Lessons, Mean, Networks
from core.lesson.losses import Cost, Tokens, next_character
from core.lesson.network import Network
from core.lesson.settings import dice
from core.lesson.text_config import Config
from core.lesson.writing import picture, probe, write
from core.task import DataError, Scalar, State

NAME = "text"  # of the one network, in checkpoints
ALOUD = 8  # samples, at most, in each snapshot


@dataclass(frozen=True)
class TextLesson:
    """The character model as the training loop sees it."""

    config: Config
    corpus: Corpus
    excerpts: Excerpts

    @classmethod
    def of(cls, config: Config, corpus: Corpus) -> Self:
        """Cut the text into windows."""
        return cls(config, corpus, cut(corpus, config.window))

    def start(self) -> dict[str, Network]:
        """Return the untrained networks."""
        size = len(self.corpus.characters)
        return {NAME: Network.start(self.config.cell, size, size, self.config)}

    def teach(self, networks: Networks, epoch: int, step: int) -> Lessons:
        """Return the loss and the gradients on one batch."""
        network = networks[NAME]
        rng = dice(self.config.seed, "batch", epoch, step)
        trace, cost = self._read(network, *self.excerpts.batch(rng, self.config.batch))
        gradients = walk_back(trace, cost.da, self.config.backward == "right")
        return {NAME: (cost.loss, gradients | network.head_gradients(cost))}

    def judge(self, networks: Networks, means: Mapping[str, Mean]) -> dict[str, float]:
        """Return the metrics of an epoch."""
        network = networks[NAME]
        metrics = {
            "loss": self.train_loss(network),
            "gradient_norm": means[NAME].gradient_norm,
        }
        if (val_loss := self.val_loss(network)) is not None:
            metrics["val_loss"] = val_loss
        return metrics

    def loss(self, network: Network, tokens: Tokens) -> float:
        """Return the loss on some excerpts."""
        return self._read(network, *inputs_and_targets(tokens))[1].loss

    def train_loss(self, network: Network) -> float:
        """Return the loss on some examples of the training part, always the same."""
        return self.loss(network, self.excerpts.some_of_train())

    def val_loss(self, network: Network) -> float | None:
        """Return the loss on the held-out part, None if there is none."""
        held_out = self.excerpts.held_out
        return self.loss(network, held_out) if held_out.size else None

    def look(self, networks: Networks, epochs: int) -> State:
        """Take the snapshot of an epoch."""
        network, count = networks[NAME], min(ALOUD, self.config.sample)
        rng = dice(self.config.seed, "sample", epochs)
        heat = self.config.temperature
        samples = write(network, self.corpus, rng, count, heat)
        return picture(network, self.corpus, samples)

    def finish(self, networks: Networks, epochs: int, ended: str) -> "Result":
        """Return the result."""
        network = networks[NAME]
        return Result(
            self.config,
            self.corpus,
            network,
            epochs,
            ended,
            loss=self.train_loss(network),
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
        before = TextLesson.of(self.config, self.corpus).start()[NAME]
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
        start = TextLesson.of(config, corpus).start()[NAME]
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
