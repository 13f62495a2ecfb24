"""The three models' forward pass in NumPy: what the page answers with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.emoji.config import Config

Array = np.ndarray
State = Mapping[str, Array]  # the weights by name


def name(network: int, layer: int | str, direction: str, weight: str) -> str:
    """Return the name of a weight: the only place where names are made."""
    return f"{network}/{layer}/{direction}/{weight}"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Networks that read vectors and answer with scores.

    Attributes
    ----------
    config
        How they are built.
    weights
        By the names that `name` makes.
    padding
        The vector that fills up short sentences (size,).
    length
        Words to which every sentence is filled up, where the filling is read.
    temperature
        What the scores are divided by.
    """

    config: Config
    weights: State
    padding: Array
    length: int = 1
    temperature: float = 1.0

    def probabilities(self, sentences: Sequence[Array]) -> Array:
        """Return the probability of each emoji (sentences, 5).

        Parameters
        ----------
        sentences
            Vectors of the words of each (words, size); the lengths may differ.
        """
        logits = self.logits(self.features(sentences))
        return np.asarray(mean_probability(self.config, logits, self.temperature))

    def logits(self, features: Array) -> Array:
        """Return the scores from `features` (networks, sentences, 5)."""
        return np.stack(
            [
                part @ self.weights[name(network, "head", "out", "kernel")]
                + self.weights[name(network, "head", "out", "bias")]
                for network, part in enumerate(features)
            ]
        )

    def features(self, sentences: Sequence[Array]) -> Array:
        """Return what each network keeps of a reading (networks, sentences, kept)."""
        x, lengths = self._padded(sentences)
        return np.stack(
            [self._features(n, x, lengths) for n in range(self.config.networks)]
        )

    def _padded(self, sentences: Sequence[Array]) -> tuple[Array, Array]:
        """Fill up to (sentences, time, size), and say how much is read of each."""
        least = self.length if self.config.reads_padding else 1
        lengths = np.array([max(least, len(row)) for row in sentences], np.int64)
        x = np.empty(
            (len(sentences), lengths.max(initial=1), len(self.padding)), np.float32
        )
        x[:] = self.padding
        for row, sentence in enumerate(sentences):
            x[row, : len(sentence)] = sentence
        return x, lengths

    def _features(self, network: int, x: Array, lengths: Array) -> Array:
        lasts = [x[np.arange(len(x)), lengths - 1]]
        for layer in range(self.config.layers if self.config.recurrent else 0):
            ahead, last = self._lstm(name(network, layer, "forward", ""), x, lengths)
            outputs, lasts = [ahead], [last]
            if self.config.direction == "both":
                turned = _turned(x, lengths)
                back, last = self._lstm(
                    name(network, layer, "backward", ""), turned, lengths
                )
                outputs.append(_turned(back, lengths))
                lasts.append(last)
            x = np.concatenate(outputs, axis=-1)
        return _pooled(self.config.kept, x, np.concatenate(lasts, axis=-1), lengths)

    def _lstm(self, prefix: str, x: Array, lengths: Array) -> tuple[Array, Array]:
        """Run one LSTM; return its outputs and the last one of each sentence."""
        recurrent = self.weights[prefix + "recurrent_kernel"]
        units = recurrent.shape[0]
        # sigmoid(z) = (1 + tanh(z / 2)) / 2, so that one tanh serves all four gates.
        half = np.repeat(np.array([0.5, 0.5, 1.0, 0.5], np.float32), units)
        inputs = x @ (self.weights[prefix + "kernel"] * half)  # (sentences, time, 4u)
        inputs += self.weights[prefix + "bias"] * half
        recurrent = recurrent * half
        a = np.zeros((len(x), units), np.float32)
        c = np.zeros_like(a)
        outputs = np.empty((len(x), x.shape[1], units), np.float32)
        for time in range(x.shape[1]):
            z = np.tanh(inputs[:, time] + a @ recurrent)
            i, f, candidate, o = np.split(z, 4, axis=1)
            c = 0.5 * ((1 + f) * c + (1 + i) * candidate)
            a = 0.5 * (1 + o) * np.tanh(c)
            outputs[:, time] = a
        return outputs, outputs[np.arange(len(x)), lengths - 1]


def mean_probability(config: Config, logits: Array, temperature: float = 1.0) -> Array:
    """Average the networks' probabilities (networks, rows, 5) -> (rows, 5)."""
    probabilities = softmax(np.asarray(logits, np.float64) / temperature)
    if config.softmax == "twice":
        probabilities = softmax(probabilities)
    return np.asarray(probabilities.mean(axis=0))


def softmax(scores: Array) -> Array:
    """Turn scores into probabilities over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _turned(x: Array, lengths: Array) -> Array:
    """Turn each sentence round, and leave its padding at the end."""
    time = np.arange(x.shape[1])
    places = np.where(time < lengths[:, None], lengths[:, None] - 1 - time, time)
    return np.asarray(np.take_along_axis(x, places[..., None], axis=1))


def _pooled(pooling: str, x: Array, last: Array, lengths: Array) -> Array:
    """Keep of the outputs x (rows, time, size) what `Config.pooling` says."""
    inside = (np.arange(x.shape[1]) < lengths[:, None])[..., None]
    parts = []
    if pooling in ("last", "all"):
        parts.append(last)
    if pooling in ("max", "all"):
        parts.append(np.where(inside, x, np.float32(-1)).max(axis=1))
    if pooling in ("mean", "all"):
        counts = lengths[:, None].astype(np.float32)
        parts.append((x * inside).sum(axis=1) / counts)
    return np.concatenate(parts, axis=-1).astype(np.float32, copy=False)
