"""The two models in NumPy, step by step: how they play where TensorFlow is not."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.music.inputs import VOCABULARY, dense
from core.music.listener import Listener
from core.music.note_tokens import NoteTokens
from core.music.piece import HOLD, REST, Piece
from core.music.scores import token_scores
from core.music.vocabulary import root_at

Floats = NDArray[np.float32]
Weights = Mapping[str, np.ndarray]


class Player(Protocol):
    """A model that is playing: it says what may come, and is told what came.

    Attributes
    ----------
    hears_given
        Whether it can go on from a melody that it did not choose.
    """

    hears_given: bool

    def scores(self) -> Floats:
        """Return the tokens' scores before any softmax; once for each step."""

    def values(self) -> NDArray[np.int64]:
        """Return what each token is at this step: a pitch, `HOLD` or `REST`."""

    def hear(self, value: int, token: int) -> None:
        """Take in what is played at this step.

        Parameters
        ----------
        value
            A pitch, `HOLD` or `REST`.
        token
            Which token it is; -1 where the model did not choose it.
        """


class Cell:
    """An LSTM's state, and its step (Hochreiter & Schmidhuber 1997, with forget gate).

    Parameters
    ----------
    kernel, recurrent, bias
        Weights as Keras has them: gates in the order i, f, c, o.
    """

    def __init__(self, kernel: Floats, recurrent: Floats, bias: Floats) -> None:
        self._weights = np.concatenate([kernel, recurrent]).astype(np.float32)
        self._bias = bias.astype(np.float32)
        units = len(recurrent)
        self.a, self.c = np.zeros(units, np.float32), np.zeros(units, np.float32)

    def step(self, x: Floats) -> Floats:
        """Take in one input (features,); return the hidden state (units,)."""
        gates = np.concatenate([x, self.a]) @ self._weights + self._bias
        i, f, c, o = np.split(gates, 4)
        self.c = sigmoid(f) * self.c + sigmoid(i) * np.tanh(c)
        self.a = sigmoid(o) * np.tanh(self.c)
        return self.a


class DefaultPlayer:
    """The default model over given chords; `network.Network` says how it works.

    Parameters
    ----------
    weights
        By name, as `Network.named` has them.
    over
        The chords, meter and key it plays over.
    """

    hears_given = True

    def __init__(self, weights: Weights, over: Piece) -> None:
        self._listener = Listener(over)
        self._embed = weights["embed"].astype(np.float32)
        self._score = weights["score"].astype(np.float32)
        self._bias = weights["bias"].astype(np.float32)
        self._cell = Cell(weights["kernel"], weights["recurrent"], weights["gates"])
        self._values = np.array(
            [REST, HOLD, *range(VOCABULARY.lowest, VOCABULARY.highest + 1)]
        )

    def scores(self) -> Floats:
        """Return the tokens' scores before any softmax; once for each step."""
        seen = self._listener.see()
        embedded = np.maximum(dense(seen)[0] @ self._embed, 0)
        both = np.concatenate([self._cell.step(embedded), embedded])
        columns = both @ self._score + self._bias
        before, root = int(seen.before[0]), int(seen.roots[0])
        return token_scores(columns, before, root, seen.sources[0])

    def values(self) -> NDArray[np.int64]:
        """Return what each token is: a pitch, `HOLD` or `REST`."""
        return self._values

    def hear(self, value: int, token: int) -> None:
        """Take in what is played at this step."""
        del token
        self._listener.hear(VOCABULARY.token(value, 0, 0) if value >= 0 else 2 + value)


class SeedPlayer:
    """The classic model over given chords: it hears its own last token alone.

    Its tokens last: while one does, nothing but its going on may come. A last token
    of the scores stands for that.

    Parameters
    ----------
    weights
        Of the LSTM and of the layer above it, by name.
    tokens
        Its values.
    over
        The chords it plays over.
    """

    hears_given = False

    def __init__(self, weights: Weights, tokens: NoteTokens, over: Piece) -> None:
        self._tokens, self._over = tokens, over
        self._cell = Cell(weights["kernel"], weights["recurrent"], weights["gates"])
        self._out = weights["score"].astype(np.float32)
        self._bias = weights["bias"].astype(np.float32)
        self._input = np.zeros(tokens.size, np.float32)  # the first is all zeros
        self._before, self._step = tokens.vocabulary.middle, 0
        self._left, self._going_on = 0, REST  # of the token that lasts

    def scores(self) -> Floats:
        """Return the tokens' scores before any softmax; once for each step."""
        if self._left:
            return np.append(np.full(self._tokens.size, -np.inf, np.float32), 0)
        scores = self._cell.step(self._input) @ self._out + self._bias
        return np.append(scores, -np.inf).astype(np.float32)

    def values(self) -> NDArray[np.int64]:
        """Return what each token is at this step: a pitch, `HOLD` or `REST`."""
        root = root_at(self._over, self._step)
        return np.append(self._tokens.pitches(self._before, root), self._going_on)

    def hear(self, value: int, token: int) -> None:
        """Take in what is played at this step."""
        self._step += 1
        if token == self._tokens.size:
            self._left -= 1
            return
        self._left = int(self._tokens.lengths[token]) - 1
        self._going_on = HOLD if value >= 0 else REST
        self._before = value if value >= 0 else self._before
        self._input[:] = 0
        self._input[token] = 1


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x))."""
    return np.asarray(0.5 * np.tanh(0.5 * x) + 0.5)
