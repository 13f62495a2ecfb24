"""A map of sentences: their places in the network's state at each epoch.

The state of a network after a sentence, the features that its last layer reads, has
some hundred dimensions. The map shows two of them: the principal components of the
finished model's states of a sample of its training sentences, the two orthogonal
directions in which these vary most (Pearson 1901). `Frame.variance` says how much of
the whole variance is in them; the rest is not to be seen.

A run's snapshots hold the states after an epoch in their own first `KEPT` principal
components, in which nearly all distances are kept. Which way these axes point is a
matter of chance. So each epoch is rotated onto the next one, by the rotation or
reflection that brings its points nearest to them (the orthogonal Procrustes problem,
Schönemann 1966), beginning at the finished model: nothing jumps because an axis does.
Distances within an epoch stay as they are.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.emoji.model.answering import Ensemble, Model, mean_probability
from core.emoji.text.rows import Rows, evenly
from core.task import State

ROWS = 240  # training sentences on the map
KEPT = 12  # dimensions in a snapshot
MOST = 30  # snapshots of a training

Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The map after an epoch."""

    # Epochs completed; None for the finished model, which may be of an earlier epoch.
    epoch: int | None
    places: Array  # place of each sentence (rows, 2)
    variance: float  # share of the states' variance in these two directions
    answers: Array  # index of a class, beyond them none of these (rows,)
    confidence: Array  # (rows,); calibrated in the finished model


@dataclass(frozen=True, kw_only=True, eq=False)
class SentenceMap:
    """The frames of a model's training sentences."""

    rows: Rows  # the sentences, a sample of what the model has learned from
    frames: tuple[Frame, ...]  # one an epoch, in order, and the finished model
    size: int  # dimensions of a state
    model: Model
    centre: Array  # mean of the states (size,)
    axes: Array  # unit vectors (2, size)

    def place(self, texts: Sequence[str]) -> Array:
        """Return the places of other sentences in the finished model (texts, 2)."""
        states = self.model.ensemble.features(self.model.vectors_of(texts))
        return np.asarray((_flat(states) - self.centre) @ self.axes.T)

    @functools.cached_property
    def radius(self) -> float:
        """The largest coordinate of any frame."""
        places = np.concatenate([frame.places for frame in self.frames])
        return float(np.abs(places).max(initial=1e-6))


def sample(rows: Rows) -> Array:
    """Return the indices of the sentences on the map: equally many a class.

    Those that are none of the classes count as a class. They are evenly spread over the
    rows, so that a training and its map choose alike.
    """
    classes = sorted({label for label in rows.labels if label is not None})
    most = max(1, ROWS // max(1, len(classes)))
    chosen = []
    for label in classes:
        of_class = np.flatnonzero(np.equal(rows.targets, label))
        chosen.append(of_class[evenly(len(of_class), most)])
    return np.sort(np.concatenate(chosen)) if chosen else np.empty(0, int)


def snapshot(ensemble: Ensemble, sentences: Sequence[Array]) -> State:
    """Return the states of the networks, reduced to a few numbers.

    "map" has the principal components (rows, KEPT); "spread" is the sum of squares of
    all components; "answers" and "confidence", in percent (rows,). A sentence is the
    vectors of its words (words, size).
    """
    states = ensemble.features(sentences)
    flat = _flat(states)
    scores, _ = _principal(flat - flat.mean(axis=0))
    answers, confidence = _answers(ensemble, states)
    return {
        "map": scores.astype(np.float16),
        "spread": np.array(np.square(flat - flat.mean(axis=0)).sum(), np.float32),
        "answers": answers.astype(np.uint8),
        "confidence": np.rint(100 * confidence).astype(np.uint8),
    }


def sentence_map(
    model: Model, learned: Rows, snapshots: Mapping[int, State]
) -> SentenceMap:
    """Return the map of a finished model; snapshots are by epoch, and may be none."""
    rows = learned.take(sample(learned))
    states = model.ensemble.features(model.vectors_of(rows.texts))
    flat = _flat(states)
    centre = flat.mean(axis=0)
    scores, axes = _principal(flat - centre)
    answers, confidence = _answers(model.ensemble, states)
    finished = Frame(
        epoch=None,
        places=scores[:, :2],
        variance=_share(scores, np.square(flat - centre).sum()),
        answers=answers,
        confidence=confidence,
    )
    return SentenceMap(
        rows=rows,
        frames=(*_earlier(snapshots, scores), finished),
        size=flat.shape[1],
        model=model,
        centre=centre,
        axes=axes,
    )


def _earlier(snapshots: Mapping[int, State], later: Array) -> list[Frame]:
    """Return the frames of the epochs, each rotated onto the next one's scores."""
    frames = []
    for epoch in sorted(snapshots, reverse=True):
        held = snapshots[epoch]
        if len(held["map"]) != len(later):
            continue  # frame of other sentences
        later = rotated(held["map"].astype(float), later)
        frames.append(
            Frame(
                epoch=epoch,
                places=later[:, :2],
                variance=_share(later, held["spread"]),
                answers=held["answers"].astype(int),
                confidence=held["confidence"] / 100,
            )
        )
    return frames[::-1]


def rotated(points: Array, onto: Array) -> Array:
    """Rotate or reflect points (rows, n) so that they are nearest to others (rows, n).

    Of all orthogonal matrices Q this takes the one with the least |points Q - onto|:
    U V', where U S V' is the singular value decomposition of points' onto.
    """
    left, _, right = np.linalg.svd(points.T @ onto)
    return np.asarray(points @ left @ right)


def _principal(centred: Array) -> tuple[Array, Array]:
    """Return the first components (rows, KEPT) of the rows, and two axes (2, size).

    Components that there are not, as of two sentences, are zero.
    """
    left, values, right = np.linalg.svd(centred, full_matrices=False)
    scores = np.zeros((len(centred), KEPT))
    found = min(KEPT, len(values))
    scores[:, :found] = left[:, :found] * values[:found]
    axes = np.zeros((2, centred.shape[1]))
    axes[: min(2, found)] = right[: min(2, found)]
    return scores, axes


def _share(scores: Array, spread: float | Array) -> float:
    return float(np.square(scores[:, :2]).sum() / max(float(spread), 1e-12))


def _flat(states: Array) -> Array:
    """Put the networks' features side by side (sentences, networks * features)."""
    return np.concatenate(list(states), axis=1).astype(float)


def _answers(ensemble: Ensemble, states: Array) -> tuple[Array, Array]:
    """Return the most probable output of each sentence, and its probability."""
    logits = ensemble.logits(states)
    shares = mean_probability(ensemble.config, logits, ensemble.temperature)
    return shares.argmax(axis=1), shares.max(axis=1)
