"""The two models in NumPy, step by step: they generate without TensorFlow."""

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.lstm import from_keras, lstm_step
from core.music.model.inputs import Inputs, StepwiseInputs, dense
from core.music.model.repetition import NOTHING, PREDICTORS
from core.music.model.vocabulary import FIRST_NOTE, VOCABULARY, NoteTokens, root_at
from core.music.score.piece import HOLD, REST, Piece
from core.music.theory.chord import OCTAVE

Floats = NDArray[np.float32]
Weights = Mapping[str, np.ndarray]
Network = Callable[[Floats], Floats]  # inputs of the next step -> outputs

# The columns of the default model's scores.
EMBEDDING = 96  # size of the embedded inputs
WIDEST = 18  # interval with a column of its own
INTERVAL_COLUMNS = 2 * WIDEST + 2  # one more for no note before
DEGREES = OCTAVE
PITCHES = np.arange(VOCABULARY.lowest, VOCABULARY.highest + 1, dtype=np.int32)


class Player(Protocol):
    """A model that generates a melody step by step."""

    def scores(self) -> Floats:
        """Return the tokens' scores before the softmax; call it once for each step."""

    def values(self) -> NDArray[np.int64]:
        """Return the value of each token at this step: a pitch, `HOLD` or `REST`."""

    def append(self, value: int, token: int) -> None:
        """Add the token of this step: a pitch, `HOLD` or `REST`.

        The token is -1 if the model did not choose it.
        """


class StepwiseNetwork:
    """The weights of either model with the LSTM's state: reads one step at a time.

    Those of the default model have an embedding of the inputs, "embed", which the
    scores read as well; see `network.Network`.
    """

    def __init__(self, weights: Weights) -> None:
        self._embed = (
            weights["embed"].astype(np.float32) if "embed" in weights else None
        )
        self._score = weights["score"].astype(np.float32)
        self._bias = weights["bias"].astype(np.float32)
        lstm = (weights[name] for name in ("kernel", "recurrent", "gates"))
        self._weights = from_keras(*(array.astype(np.float32) for array in lstm))
        zero = np.zeros((len(weights["recurrent"]), 1), np.float32)
        self._states = [zero, zero]  # h and c, (units, rows)

    def __call__(self, x: Floats) -> Floats:
        """Read the inputs of a step (rows, inputs); return the outputs (rows, ...).

        Every step has as many rows; all begin with the same state.
        """
        embedded = x if self._embed is None else np.maximum(x @ self._embed, 0)
        shape = len(self._states[0]), len(x)
        h, c = (np.broadcast_to(state, shape) for state in self._states)
        *self._states, _ = lstm_step(embedded.T, h, c, *self._weights)
        read = self._states[0].T  # (rows, units)
        if self._embed is not None:
            read = np.concatenate([read, embedded], axis=1)
        return np.asarray(read @ self._score + self._bias)

    def keep(self, row: int) -> None:
        """Give every row of a batch the state of one."""
        self._states = [
            np.repeat(state[:, row : row + 1], state.shape[1], axis=1)
            for state in self._states
        ]


class DefaultPlayers:
    """The default model with several melodies over the same chords, in a batch.

    The network is in its initial state. `repeats` tells whether it reads what copies of
    earlier steps predict.
    """

    def __init__(
        self, network: StepwiseNetwork, over: Piece, count: int, repeats: bool = True
    ) -> None:
        self._network, self._repeats = network, repeats
        self._inputs = StepwiseInputs([over] * count)
        self.values = np.array([REST, HOLD, *PITCHES])

    def scores(self) -> Floats:
        """Return the tokens' scores before the softmax, (melodies, tokens)."""
        inputs = self._inputs.next()
        if not self._repeats:
            inputs = inputs.without_repeats()
        return _token_scores(self._network(dense(inputs)), inputs)

    def append(self, values: NDArray[np.int64]) -> None:
        """Add the token of each melody at this step: a pitch, `HOLD` or `REST`."""
        notes = FIRST_NOTE + values - VOCABULARY.lowest
        self._inputs.append(np.where(values >= 0, notes, values - REST))

    def keep(self, melody: int) -> None:
        """Let all go on from the same melody, one of them."""
        self._network.keep(melody)
        self._inputs.keep(melody)


class DefaultPlayer:
    """The default model with one melody over given chords; see `DefaultPlayers`."""

    def __init__(
        self, network: StepwiseNetwork, over: Piece, repeats: bool = True
    ) -> None:
        self._players = DefaultPlayers(network, over, 1, repeats)

    def scores(self) -> Floats:
        """Return the tokens' scores before the softmax."""
        return np.asarray(self._players.scores()[0])

    def values(self) -> NDArray[np.int64]:
        """Return the value of each token: a pitch, `HOLD` or `REST`."""
        return self._players.values

    def append(self, value: int, token: int) -> None:
        """Add the token of this step."""
        del token
        self._players.append(np.array([value]))


def _token_scores(columns: Floats, inputs: Inputs) -> Floats:
    """Return the scores of the tokens, (rows, tokens), as `Network` does.

    `columns` are the network's outputs: of tokens, intervals, degrees, predictors.
    """
    size, rows = VOCABULARY.size, np.arange(len(columns))[:, np.newaxis]
    scores = columns[:, :size].copy()
    intervals = columns[:, size : size + INTERVAL_COLUMNS]
    before, roots = inputs.pitches[:, np.newaxis], inputs.roots[:, np.newaxis]
    index = np.clip(PITCHES - before, -WIDEST, WIDEST) + WIDEST
    index = np.where(before == NOTHING, INTERVAL_COLUMNS - 1, index)
    scores[:, FIRST_NOTE:] += intervals[rows, index]
    degrees = columns[:, size + INTERVAL_COLUMNS :][rows, (PITCHES - roots) % DEGREES]
    scores[:, FIRST_NOTE:] += np.where(roots == NOTHING, 0, degrees)
    row, predictor = np.nonzero(inputs.predictions != NOTHING)
    predicted = inputs.predictions[row, predictor]
    np.add.at(scores, (row, predicted), columns[:, -PREDICTORS:][row, predictor])
    return scores


class ClassicPlayer:
    """The classic model over given chords: its only input is its last token.

    Its tokens last for several steps. Until one has ended, the only possible token is
    an additional one, the last of the scores, which continues it.
    """

    def __init__(self, network: Network, tokens: NoteTokens, over: Piece) -> None:
        self._network, self._tokens, self._over = network, tokens, over
        self._input = np.zeros(tokens.size, np.float32)  # the first is all zeros
        self._before, self._step = tokens.vocabulary.middle, 0
        self._left, self._continued = 0, REST  # steps of the token, and their value

    def scores(self) -> Floats:
        """Return the tokens' scores before the softmax."""
        if self._left:
            return np.append(np.full(self._tokens.size, -np.inf, np.float32), 0)
        scores = self._network(self._input[np.newaxis])[0]
        return np.append(scores, -np.inf).astype(np.float32)

    def values(self) -> NDArray[np.int64]:
        """Return the value of each token at this step: a pitch, `HOLD` or `REST`."""
        root = root_at(self._over, self._step)
        return np.append(self._tokens.pitches(self._before, root), self._continued)

    def append(self, value: int, token: int) -> None:
        """Add the token of this step."""
        self._step += 1
        if token == self._tokens.size:
            self._left -= 1
            return
        self._left = int(self._tokens.durations[token]) - 1
        self._continued = HOLD if value >= 0 else REST
        self._before = value if value >= 0 else self._before
        self._input[:] = 0
        self._input[token] = 1
