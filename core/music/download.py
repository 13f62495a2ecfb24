"""The download of a trained model: a Keras file, a piece to continue, and a script."""

from pathlib import Path

import numpy as np

import core
from core import arrays, course, lstm, recurrent, task
from core.arrays import pack, zip_files
from core.layers.keras_file import KerasFile
from core.music.config import Performance
from core.music.model import inputs, players, repetition, vocabulary
from core.music.model.vocabulary import NoteTokens, prepared
from core.music.playing.form import prepare_piece
from core.music.result import Result
from core.music.score import packing, piece, score
from core.music.score.piece import Piece
from core.music.theory import chord, keys, notes
from core.task import State

# Modules of the scripts and of their imports, copied as they are; they need NumPy only.
MODULES = (
    *(core, arrays, task, course, lstm, recurrent),
    *(inputs, players, repetition, vocabulary),
    *(packing, piece, score),
    *(chord, keys, notes),
)
_SCRIPT = '''\
"""Continue the melody of piece.npz: python continue.py [SEED [TEMPERATURE]]

Prints the notes as CSV: start and length in quarter notes, pitch as a MIDI number, and
the probability that the model gave to the note.
"""

import sys
from dataclasses import replace

import keras
import numpy as np

from core.music.model.players import @Player
from core.music.model.vocabulary import NoteTokens
from core.music.score.packing import from_arrays
from core.music.score.piece import HOLD, REST

rng = np.random.default_rng(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
temperature = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
file = np.load("piece.npz")
(piece,) = from_arrays(file)  # the chords, and the melody of the first steps
model = keras.saving.load_model("model.keras")
state = [np.zeros((1, file["units"])), np.zeros((1, file["units"]))]


def network(x):
    """Read a sixteenth, (1, inputs); return the model's outputs, (1, outputs)."""
    global state
    outputs, *state = map(np.array, model([x[:, None], *state]))
    return outputs[:, 0]


player = @Player(network, @arguments)
melody, probabilities = [], []
for step in range(piece.steps):
    scores = player.scores().astype(float) / temperature
    values = player.values()  # of each token: a pitch, HOLD or REST
    if not melody or melody[-1] == REST:
        scores[values == HOLD] = -np.inf
    p = np.exp(scores - scores.max())
    p /= p.sum()
    if step < file["given"]:
        token = int(np.flatnonzero(values == piece.melody[step])[0])
    else:
        token = int(rng.choice(len(p), p=p))
    melody.append(int(values[token]))
    probabilities.append(p[token])
    player.append(melody[-1], token)

print("start,length,pitch,probability")
for note in replace(piece, melody=melody).notes():
    probability = probabilities[round(4 * note.start)]
    print(f"{note.start:g},{note.length:g},{note.pitch},{probability:.6f}")
'''
ABOUT = """\
model.keras  The network: the inputs of sixteenths, and the LSTM's hidden and cell
             state before them -> outputs, and both states after them.
piece.npz    Chords and the beginning of a melody, in C major or A minor.
core/        What makes the inputs of a melody, and probabilities of the outputs:
             modules of this project as they are.
continue.py  Continues the melody, with TensorFlow alone: python continue.py [SEED]

It samples as the model is. The page also keeps to the usual range, ends on a chord, and
rejects copied runs. `to_arrays` of core/music/score/packing.py writes other pieces.
"""


def script(result: Result) -> str:
    """Return the script that uses the model."""
    if result.config.model == "classic":
        source = _SCRIPT.replace("@Player", "ClassicPlayer")
        return source.replace("@arguments", "NoteTokens.from_arrays(file), piece")
    source = _SCRIPT.replace("@Player", "DefaultPlayer").replace("@arguments", "piece")
    unused = "from core.music.model.vocabulary import NoteTokens\n"
    return source.replace(unused, "")


def model_archive(result: Result) -> bytes:
    """Return a .zip of the model, a piece, and a script that continues it."""
    root = Path(core.__file__).parents[1]
    modules = [Path(str(module.__file__)) for module in MODULES]
    return zip_files(
        {
            "model.keras": keras_model(result),
            "piece.npz": pack(_piece(result), compress=True),
            "continue.py": script(result),
            "README.txt": ABOUT,
            **{str(path.relative_to(root)): path.read_bytes() for path in modules},
        }
    )


def _piece(result: Result) -> State:
    """Return the files that the script reads besides the model."""
    over, given = piece_to_continue(result)
    facts = {
        **packing.to_arrays([over]),
        "given": np.array(given),
        "units": np.array(result.config.units),
    }
    if isinstance(result.vocabulary, NoteTokens):
        facts |= result.vocabulary.to_arrays()
    return facts


def piece_to_continue(result: Result) -> tuple[Piece, int]:
    """Return the beginning of a test piece over its chords, and its sixteenths.

    The classic model reads no beginning.
    """
    over, given = prepare_piece(result, Performance(), primer=result.corpus.test[0])
    over = prepared(over)
    if result.config.harmony == "hidden" and result.config.model != "classic":
        over = over.without_chords()
    return over, given


def keras_model(result: Result) -> bytes:
    """Export the network as the content of one .keras file, without TensorFlow.

    It computes the same as `players.StepwiseNetwork`, for any number of sixteenths
    (batch, time, inputs) and the hidden and cell state before them (batch, units).
    """
    weights = result.weights
    units = result.config.units
    width = len(weights["embed"]) if "embed" in weights else len(weights["kernel"])
    model = KerasFile("unrolled_music")
    x = model.input("inputs", (None, width))
    states = [model.input(name, (units,)) for name in ("hidden", "cell")]
    embedded = None
    if "embed" in weights:
        x = embedded = model.add(
            "Dense",
            x,
            weights=[weights["embed"]],
            units=weights["embed"].shape[1],
            activation="relu",
            use_bias=False,
        )
    lstm, _ = hidden = model.add(
        "LSTM",
        x,
        states,
        weights=[weights["kernel"], weights["recurrent"], weights["gates"]],
        units=units,
        return_sequences=True,
        return_state=True,
    )
    both = model.add("Concatenate", [hidden, embedded]) if embedded else hidden
    head = [weights["score"], weights["bias"]]
    outputs = model.add("Dense", both, weights=head, units=len(weights["bias"]))
    return model.content(outputs, (lstm, 1), (lstm, 2))
