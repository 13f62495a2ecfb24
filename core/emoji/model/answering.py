"""From a text to an answer in NumPy: tokens, vectors, networks, probabilities.

The forward pass is that of `core.emoji.model.network`, without TensorFlow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np

from core.emoji.config import Config
from core.emoji.labels import LABELS, NONE, NONE_NAME, Label, Labels, title_of
from core.emoji.text.language import is_english
from core.emoji.text.tokens import Token, TokenizedText, tokenize
from core.emoji.vectors.glove import Vectors
from core.lstm import LSTM, from_keras
from core.recurrent import unroll
from core.table.writer import write_csv

BATCH = 64  # texts that are read together
NEVER = 1.0  # the threshold that no answer reaches
WIDTH = 0.2  # width of the kernel of taught sentences, in units of the cosine
SHORTEST = 1e-6  # length that a vector is divided by
NONE_DOUBT = 50.0  # how much more doubt a sure none may have than a sure class
CLOSE = 3.0  # times as probable as the second, at most, where feelings are mixed
NO_WORDS = "There are no words in it. Type a sentence."
NOT_ENGLISH = "I read English only. This seems to be another language."
ALL_UNKNOWN = "None of these words is known, so the emoji is only a guess."

Array = np.ndarray


def weight_name(network: int, layer: int | str, direction: str, weight: str) -> str:
    """Return the name of a weight in checkpoints and results."""
    return f"{network}/{layer}/{direction}/{weight}"


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Taught sentences, each with its correction of nearby scores."""

    kernel: Array  # pooled states -> principal components (features, components)
    bias: Array  # (components,)
    places: Array  # unit vectors of the sentences (components, sentences)
    changes: Array  # changes of the scores (sentences, outputs)

    def nearness(self, features: Array) -> Array:
        """Return how near pooled states are to each place, up to 1 (rows, sentences).

        See `core.emoji.teaching`.
        """
        cosine = directions(features, self.kernel, self.bias) @ self.places
        return np.asarray(np.exp((cosine - 1) / WIDTH))

    def scores(self, features: Array) -> Array:
        """Return the correction of the scores of pooled states (rows, outputs)."""
        return np.asarray(self.nearness(features) @ self.changes)

    def named(self, network: int) -> dict[str, Array]:
        """Return the weights of `Ensemble.memory` by name."""
        parts = asdict(self).items()
        return {weight_name(network, "taught", "out", k): part for k, part in parts}


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """The networks of a model: vectors of words -> probabilities."""

    config: Config
    weights: Mapping[str, Array]  # arrays by the names of `weight_name`
    classes: int  # how many there are, none of them left out
    padding: Array  # the vector that fills up short sentences (size,)
    length: int = 1  # padded length of every sentence, in words
    temperature: float = 1.0  # what the scores are divided by

    def probabilities(self, sentences: Sequence[Array]) -> Array:
        """Return the probability of each class and of none (sentences, classes + 1).

        That of none is 0 where the model has not learned what none of them looks like.
        A sentence is the vectors of its words (words, size).
        """
        return self.shares(self.logits(self.features(sentences)))

    def shares(self, logits: Array) -> Array:
        """Return `probabilities` from `logits`."""
        rows = mean_probability(self.config, logits, self.temperature)
        return np.pad(rows, ((0, 0), (0, self.classes + 1 - rows.shape[1])))

    def logits(self, features: Array) -> Array:
        """Return the scores from `features` (networks, sentences, outputs)."""
        return np.stack([self._logits(n, part) for n, part in enumerate(features)])

    def _logits(self, network: int, features: Array) -> Array:
        kernel = self.weights[weight_name(network, "head", "out", "kernel")]
        bias = self.weights[weight_name(network, "head", "out", "bias")]
        scores, memory = features @ kernel + bias, self.memory(network)
        if memory is not None:
            scores += memory.scores(features)
        return np.asarray(scores)

    def memory(self, network: int) -> Memory | None:
        """Return the sentences that a network was taught in seconds, None if none."""
        if weight_name(network, "taught", "out", "kernel") not in self.weights:
            return None
        parts = [each.name for each in fields(Memory)]
        found = {
            k: self.weights[weight_name(network, "taught", "out", k)] for k in parts
        }
        return Memory(**found)

    def features(self, sentences: Sequence[Array]) -> Array:
        """Return the pooled states of each network (networks, sentences, features).

        Sentences of similar length are read together, so that there is little padding.
        """
        order = np.argsort([len(sentence) for sentence in sentences], kind="stable")
        parts = [
            self._batch_features([sentences[n] for n in order[first : first + BATCH]])
            for first in range(0, max(1, len(order)), BATCH)
        ]
        return np.concatenate(parts, axis=1)[:, np.argsort(order, kind="stable")]

    def _batch_features(self, sentences: Sequence[Array]) -> Array:
        least = self.length if self.config.reads_padding else 1
        lengths = np.array([max(least, len(row)) for row in sentences], np.int64)
        time, size = lengths.max(initial=1), len(self.padding)
        x = np.empty((len(sentences), time, size), np.float32)
        x[:] = self.padding
        for row, sentence in enumerate(sentences):
            x[row, : len(sentence)] = sentence
        if self.config.model == "small":
            return unit_rows(_pool(["mean"], x, x[:, 0], lengths))[None]
        return np.stack(
            [self._features(n, x, lengths) for n in range(self.config.networks)]
        )

    def _features(self, network: int, x: Array, lengths: Array) -> Array:
        lasts = [x[np.arange(len(x)), lengths - 1]]
        for layer in range(self.config.layers if self.config.recurrent else 0):
            prefix = weight_name(network, layer, "forward", "")
            forward, last = self._lstm(prefix, x, lengths)
            outputs, lasts = [forward], [last]
            if self.config.direction == "both":
                prefix = weight_name(network, layer, "backward", "")
                backward, last = self._lstm(prefix, _reverse(x, lengths), lengths)
                outputs.append(_reverse(backward, lengths))
                lasts.append(last)
            x = np.concatenate(outputs, axis=-1)
        return _pool(self.config.pooled, x, np.concatenate(lasts, axis=-1), lengths)

    def _lstm(self, prefix: str, x: Array, lengths: Array) -> tuple[Array, Array]:
        """Run one LSTM; return its outputs and the last one of each sentence."""
        names = ("kernel", "recurrent_kernel", "bias")
        W, b = from_keras(*(self.weights[prefix + name] for name in names))
        zero = np.zeros((len(b) // 4, len(x)), np.float32)  # (units, sentences)
        read = unroll(LSTM, x.transpose(1, 2, 0), (W, b), [zero, zero])
        outputs = read.h.transpose(2, 0, 1)  # (sentences, time, units)
        return outputs, outputs[np.arange(len(x)), lengths - 1]


def mean_probability(config: Config, logits: Array, temperature: float = 1.0) -> Array:
    """Average the probabilities (networks, rows, outputs) -> (rows, outputs)."""
    probabilities = softmax(np.asarray(logits, np.float64) / temperature)
    if config.softmax == "twice":
        probabilities = softmax(probabilities)
    return np.asarray(probabilities.mean(axis=0))


def is_sure(shares: Array, threshold: float | Array) -> Array:
    """Return which answers reach a threshold (rows,); `NEVER` is not reached."""
    return np.asarray((sureness(shares) >= threshold) & (threshold < NEVER))


def sureness(shares: Array) -> Array:
    """Return what a threshold is compared with (rows,): see `none_threshold`."""
    best = shares.max(axis=-1)
    is_none = shares.argmax(axis=-1) == shares.shape[-1] - 1
    return np.asarray(np.where(is_none, 1 - (1 - best) / NONE_DOUBT, best))


def none_threshold(threshold: float) -> float:
    """Return the probability from which none is sure, by that of a class.

    It is lower: a network takes sentences about what it has not learned for one of its
    classes, rarely for none. Of 20 sure and wrong answers to development sentences of
    trades, 19 were classes.
    """
    return 1 - NONE_DOUBT * (1 - threshold)


def if_one(shares: Array) -> Array:
    """Return the probability of each class if none is ruled out, from all and none."""
    classes = shares[..., :-1]
    return np.asarray(classes / classes.sum(axis=-1, keepdims=True))


def softmax(scores: Array) -> Array:
    """Turn scores into probabilities over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def directions(features: Array, kernel: Array, bias: Array) -> Array:
    """Return the unit vectors of pooled states (rows, components); see `Memory`."""
    return unit_rows(features @ kernel + bias)


def unit_rows(rows: Array) -> Array:
    """Divide rows by their lengths."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, SHORTEST))


def _reverse(x: Array, lengths: Array) -> Array:
    """Reverse the words of each sentence, and leave its padding at the end."""
    time = np.arange(x.shape[1])
    source = np.where(time < lengths[:, None], lengths[:, None] - 1 - time, time)
    return np.asarray(np.take_along_axis(x, source[..., None], axis=1))


def _pool(kinds: Sequence[str], x: Array, last: Array, lengths: Array) -> Array:
    """Pool the outputs x (rows, time, size) as `Config.pooled` says."""
    inside = (np.arange(x.shape[1]) < lengths[:, None])[..., None]
    pooled = {
        "last": last,
        "max": np.where(inside, x, np.float32(-1)).max(axis=1),
        "mean": (x * inside).sum(axis=1) / lengths[:, None].astype(np.float32),
    }
    parts = [pooled[kind] for kind in kinds]
    return np.concatenate(parts, axis=-1).astype(np.float32, copy=False)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A model's answer to one text."""

    text: str
    # Index into `labels`; None without words, or where none of them is likelier.
    label: int | None
    probabilities: Array  # each class, given that one fits (classes,); equal if empty
    none: float = 0.0  # probability that the sentence is none of the classes
    sure: bool  # whether the confidence reaches the model's threshold
    english: bool = True  # False: the rest is the meaning of the words in English
    mixed: bool = False  # whether two close classes reach it only together
    tokenized: TokenizedText
    notices: tuple[str, ...] = ()  # what the person should know, in sentences
    labels: Labels = LABELS  # the classes of the model

    @property
    def name(self) -> str:
        """Name of the label, "none", or empty without words."""
        if self.is_none:
            return NONE_NAME
        return "" if self.label is None else self.labels[self.label].name

    @property
    def is_none(self) -> bool:
        """Whether the answer is "none of the classes"."""
        return self.label is None and self.none > 0

    @property
    def index(self) -> int | None:
        """The label as in files: `NONE` if it is none of them, None without words."""
        return NONE if self.is_none else self.label

    @property
    def title(self) -> str:
        """Emoji and name of the label, or a note that the sentence is not English."""
        return title_of(self.index, self.labels) if self.english else "not English"

    @property
    def shares(self) -> Array:
        """Probability of each class, and of none as the last (classes + 1,)."""
        return np.append(self.probabilities * (1 - self.none), self.none)

    @property
    def second(self) -> int | None:
        """The likeliest class besides the label; None without words."""
        if self.label is None and not self.is_none:
            return None
        order = self.probabilities.argsort(kind="stable")[::-1]
        return int(order[0] if self.is_none else order[1])

    @property
    def second_name(self) -> str:
        """Name of the second class; empty without words."""
        return "" if self.second is None else self.labels[self.second].name

    @property
    def emoji(self) -> str:
        """The emoji, or the name of a class that has none; empty without a label."""
        return "" if self.label is None else self.labels[self.label].shown

    @property
    def confidence(self) -> float:
        """Probability of the answer; 0 without words."""
        if self.label is None:
            return self.none
        return float(self.shares[self.label])

    @property
    def tokens(self) -> list[str]:
        """The words that were read."""
        return self.tokenized.shown

    @property
    def unknown(self) -> list[str]:
        """The words that have no vector."""
        return self.tokenized.unknown


@dataclass(frozen=True, kw_only=True)
class Model:
    """Networks with their vocabulary."""

    ensemble: Ensemble
    table: Vectors
    adapted: Mapping[str, Array]  # trained vectors by word; the unknown word is ""
    threshold: float  # confidence from which an answer is sure
    labels: Labels = LABELS  # classes of the model
    english: bool = True  # whether English is all that it reads

    def tokenize(self, text: str) -> TokenizedText:
        """Split a text into tokens."""
        return tokenize(text, self.table.row)

    def vectors(self, tokens: Sequence[Token]) -> Array:
        """Return the vector of each token (tokens, size); one unknown if none."""
        array = np.zeros((max(1, len(tokens)), self.table.size), np.float32)
        array[:] = self.adapted.get("", 0.0)
        untrained = {}  # row of the table by the token's index
        for index, token in enumerate(tokens):
            if token.word is None:
                continue
            if token.word in self.adapted:
                array[index] = self.adapted[token.word]
            elif (row := self.table.row(token.word)) is not None:
                untrained[index] = row
        if untrained:
            array[list(untrained)] = self.table.take(list(untrained.values()))
        return array

    def vectors_of(self, texts: Sequence[str]) -> list[Array]:
        """Return the vectors of the words of each text (words, size)."""
        return [self.vectors(self.tokenize(text).tokens) for text in texts]

    def probabilities(self, sentences: Sequence[Array]) -> Array:
        """Return the probability of each class, if it is one (sentences, classes)."""
        return if_one(self.ensemble.probabilities(sentences))

    def predict(self, texts: Sequence[str]) -> Array:
        """Return the probability of each class, if it is one (texts, classes)."""
        return self.probabilities(self.vectors_of(texts))

    def predict_shares(self, texts: Sequence[str]) -> Array:
        """Return the probability of each class and of none (texts, classes + 1)."""
        return self.ensemble.probabilities(self.vectors_of(texts))

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Answer any texts."""
        tokenized = [self.tokenize(text) for text in texts]
        vectors = [self.vectors(each.tokens) for each in tokenized]
        rows = self.ensemble.probabilities(vectors)
        return [
            self._answer(text, each, row)
            for text, each, row in zip(texts, tokenized, rows, strict=True)
        ]

    def _answer(self, text: str, tokenized: TokenizedText, row: Array) -> Answer:
        notices = list(tokenized.notices)
        known = any(token.word for token in tokenized.tokens)
        best = int(row.argmax())
        if not tokenized.tokens:
            row = np.append(np.full(len(self.labels), 1 / len(self.labels)), 0.0)
            best = len(self.labels)
            notices.append(NO_WORDS)
        elif not known:
            notices.append(ALL_UNKNOWN)
        english = not self.english or is_english(text, self.table.row)
        if not english:
            notices = [NOT_ENGLISH]
        first, second = np.sort(row[:-1])[:-3:-1]
        sure = known and english and bool(is_sure(row, self.threshold))
        return Answer(
            text=text,
            label=None if best == len(self.labels) else best,
            probabilities=if_one(row),
            none=float(row[-1]),
            sure=sure,
            english=english,
            mixed=known
            and english
            and not sure
            and len(self.labels) > 2  # two classes have no further ones
            and bool(second > max(row[-1], first / CLOSE))
            and bool(first + second >= self.threshold),
            tokenized=tokenized,
            notices=tuple(notices),
            labels=self.labels,
        )


def answers_csv(answers: Sequence[Answer]) -> str:
    """Write one line an answer; `core.emoji.text.rows.read_csv` reads it again."""
    return write_csv(answer_columns(answers))


def answer_columns(answers: Sequence[Answer]) -> dict[str, list[object]]:
    """Return the columns of a file of answers by name."""
    columns: dict[str, list[object]] = {
        "text": [answer.text for answer in answers],
        "label": [answer.name for answer in answers],
        "emoji": [answer.emoji for answer in answers],
        "confidence": [f"{answer.confidence:.4f}" for answer in answers],
        "sure": ["yes" if answer.sure else "no" for answer in answers],
        "unknown": [" ".join(answer.unknown) for answer in answers],
    }
    # Answers of several models may have other classes: a cell is empty for those.
    for label in dict.fromkeys(label for answer in answers for label in answer.labels):
        columns[f"p_{label.name}"] = [_probability(answer, label) for answer in answers]
    columns["second"] = [answer.second_name for answer in answers]
    columns["p_none"] = [f"{answer.none:.4f}" for answer in answers]
    columns["english"] = ["yes" if answer.english else "no" for answer in answers]
    return columns


def _probability(answer: Answer, label: Label) -> str:
    if label not in answer.labels:
        return ""
    return f"{answer.shares[answer.labels.index(label)]:.4f}"
