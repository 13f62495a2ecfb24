"""The rival that repeats itself: a Markov chain mixed with copies of the piece's past.

Much of a melody is in it already, a few bars before. This rival knows nothing else:
each predictor of `repetition` copies the token of some bars ago, or what followed the
last time that the latest sixteenths were played; a Markov chain stands beside them. The
weights of the mixture depend on how often each predictor has been right lately:

    p(y) = sum_k w_k [y_k = y] + w_0 p_markov(y),   w = softmax(0, G_k [1, r_k])

with y_k what predictor k predicts and r_k its hit rates; one that predicts nothing has
no weight. The 24 numbers G are fitted on validation pieces, by the gradient of the
loss (a mixture of experts: Jacobs, Jordan, Nowlan and Hinton, 1991).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.music.corpora import Corpus
from core.music.judging.judgement import watched
from core.music.model.inputs import Inputs, inputs_of
from core.music.model.markov import Baseline
from core.music.model.repetition import (
    NOTHING,
    PREDICTORS,
    WINDOWS,
    first_time,
)
from core.music.model.vocabulary import FIRST_NOTE, prepared
from core.music.score.piece import Piece

Floats = NDArray[np.float64]
NEVER = -60.0  # gate of a predictor without a prediction
START = -2.0  # initial bias of the gates
DECAY = 0.01  # squared gates are a part of the loss, divided by the number of steps
ITERATIONS = 200


@dataclass(frozen=True, eq=False)
class _Steps:
    """The inputs of the mixture for some pieces."""

    markov: Floats  # (steps,) the chain's probability of the actual token
    predictions: NDArray[np.int8]  # (steps, PREDICTORS) tokens, or NOTHING
    tokens: NDArray[np.int64]  # (steps,) the actual ones
    # (steps, PREDICTORS, 1 + WINDOWS) a one, and the predictor's hit rates
    features: Floats


@dataclass(frozen=True, eq=False)
class Copier:
    """The mixture of a Markov chain and copies of a piece's own past."""

    baseline: Baseline  # the chain
    gates: Floats  # (PREDICTORS, 1 + WINDOWS) G of the module's text

    @classmethod
    def fit(cls, baseline: Baseline, validation: Sequence[Piece]) -> Self:
        """Fit the gates on validation pieces, by the gradient of their loss."""
        from scipy.optimize import minimize  # 20 MB that the web process does not need

        steps = _read(baseline, validation)
        shape = (PREDICTORS, 1 + len(WINDOWS))
        gates = np.zeros(shape)
        gates[:, 0] = START
        found = minimize(
            lambda values: _loss(values.reshape(shape), steps),
            gates.ravel(),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": ITERATIONS},
        )
        return cls(baseline, found.x.reshape(shape))

    def nats(self, pieces: Sequence[Piece]) -> Floats:
        """Return the nats of every sixteenth of some pieces, (all steps,)."""
        steps = _read(self.baseline, pieces)
        parts = _weights(self.gates, steps) * _experts(steps)
        return np.asarray(-np.log(parts.sum(axis=1)))

    def onset_accuracy(self, pieces: Sequence[Piece]) -> float:
        """Return the share of onsets whose token is predicted.

        That of the copies with the largest weight, where weights of copies of one token
        add up; where none copies anything, the most likely one of the Markov chain that
        is best at onsets.
        """
        steps = _read(self.baseline, pieces)
        onsets = steps.tokens >= FIRST_NOTE
        weights, predicted = _weights(self.gates, steps)[onsets, :-1], steps.predictions
        predicted, actual = predicted[onsets], steps.tokens[onsets]
        same = predicted[:, :, None] == predicted[:, None, :]
        votes = np.where(predicted == NOTHING, 0.0, (same * weights[:, None]).sum(2))
        copied = predicted[np.arange(len(predicted)), votes.argmax(axis=1)] == actual
        tokens = [self.baseline.tokens(piece) for piece in pieces]
        likely = self.baseline.onset_chain.most_likely(tokens, onsets)
        chain = likely == np.concatenate(tokens)[onsets]
        right = np.where((predicted == NOTHING).all(axis=1), chain, copied)
        return float(right.mean())


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """The losses of simpler models on the test pieces of a corpus."""

    # Of the rival that repeats itself: nats a sixteenth on all bars and on fresh half
    # bars; share of the onsets
    copy_nats: float
    copy_fresh: float
    copy_onset_accuracy: float
    markov_fresh: float  # loss of the best Markov chain on fresh half bars
    fresh_share: float  # share of the sixteenths that are in fresh half bars
    # Of the network that does not read repetitions; None where none was trained
    plain_nats: float | None = None
    plain_fresh: float | None = None
    plain_onset_accuracy: float | None = None

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """Fit the rivals that need no training to a corpus."""
        baseline = Baseline.fit(corpus.train, corpus.validation)
        copier = Copier.fit(baseline, watched(corpus))
        fresh = np.concatenate([first_time(piece) for piece in corpus.test])
        tokens = [baseline.tokens(piece) for piece in corpus.test]
        markov = -baseline.chain.log_probabilities(tokens)[-1]
        copies = copier.nats(corpus.test)
        return cls(
            copy_nats=float(copies.mean()),
            copy_fresh=float(copies[fresh].mean()),
            copy_onset_accuracy=copier.onset_accuracy(corpus.test),
            markov_fresh=float(markov[fresh].mean()),
            fresh_share=float(fresh.mean()),
        )


def _read(baseline: Baseline, pieces: Sequence[Piece]) -> _Steps:
    chain = baseline.chain.log_probabilities([baseline.tokens(one) for one in pieces])
    read = Inputs.joined(inputs_of([prepared(piece) for piece in pieces]))
    shares = read.hit_rates / 255
    ones = np.ones((*shares.shape[:2], 1))
    return _Steps(
        markov=np.exp(chain[-1]),
        predictions=read.predictions,
        tokens=read.tokens,
        features=np.concatenate([ones, shares], axis=2),
    )


def _weights(gates: Floats, steps: _Steps) -> Floats:
    """Return the weights of the predictors and, last, the chain (steps, 1 + those)."""
    scores = np.einsum("nkf,kf->nk", steps.features, gates)
    scores = np.where(steps.predictions != NOTHING, scores, NEVER)
    scores = np.concatenate([scores, np.zeros((len(scores), 1))], axis=1)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _experts(steps: _Steps) -> Floats:
    """Return the probability that each expert gives the actual token."""
    hits = steps.predictions == steps.tokens[:, None]
    return np.concatenate([hits, steps.markov[:, None]], axis=1)


def _loss(gates: Floats, steps: _Steps) -> tuple[float, Floats]:
    """Return the mean nats with the penalty, and its gradient, in a row."""
    weights = _weights(gates, steps)
    parts = weights * _experts(steps)
    whole = parts.sum(axis=1, keepdims=True)
    moves = (weights - parts / whole)[:, :-1] * (steps.predictions != NOTHING)
    count = len(steps.tokens)
    gradient = np.einsum("nk,nkf->kf", moves, steps.features)
    gradient += 2 * DECAY * gates
    loss = -np.log(whole).sum() + DECAY * (gates**2).sum()
    return float(loss / count), gradient.ravel() / count
