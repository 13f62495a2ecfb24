"""Small pictures of the finished examples that move, for the home page.

`make examples` computes them, since the models themselves take seconds to read.
"""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core import examples
from core.arrays import unpack
from core.emoji import pretrained
from core.lesson.cells import CELLS
from core.lesson.snapshot_file import SMALLEST, SYMBOLS, initial_snapshot
from core.lesson.snapshots import ROWS
from core.music import shipped
from core.music.config import Performance
from core.music.playing.improvising import perform
from core.music.playing.piano_roll import roll_data
from core.process import one_thread

log = logging.getLogger(__name__)

FILE = Path(__file__).parents[1] / "data" / "previews.json"
EPOCHS = (0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 30, 40)  # of the names
STATE_UNITS, GATE_UNITS = 9, 4
DAYS = 70  # at the end of the test part
SENTENCES = (
    "the team made me proud",
    "she stole my heart",
    "my heart is broken",
    "let us eat pizza",
)
BARS = 8
CURVE_POINTS = 40


@dataclass(frozen=True)
class Epoch:
    """A network of names after an epoch.

    Attributes
    ----------
    states
        Hidden state of each unit at each letter, in hundredths.
    names
        Invented by the network.
    """

    epoch: int
    states: list[list[int]]
    names: list[str]


@dataclass(frozen=True)
class States:
    """Hidden states of the RNN while it reads a word, epoch by epoch."""

    letters: str
    epochs: list[Epoch]


@dataclass(frozen=True)
class Gates:
    """Gates and states of a trained cell, by symbol, while it reads a word.

    Attributes
    ----------
    rows
        For each symbol (units, letters), in hundredths.
    """

    letters: str
    rows: dict[str, list[list[int]]]


@dataclass(frozen=True)
class Prices:
    """The last days of the test part: prices, and what was forecast for each day."""

    name: str
    days: list[str]
    prices: list[float]
    low_80: list[float]
    high_80: list[float]
    low_95: list[float]
    high_95: list[float]


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the answer after each of its words.

    Attributes
    ----------
    answers
        Probability of each emoji, in percent.
    sure
        Whether the model is sure of the answer.
    """

    words: list[str]
    answers: list[list[int]]
    sure: list[bool]


@dataclass(frozen=True)
class Roll:
    """A piece that the shipped model plays.

    Attributes
    ----------
    notes
        Start and length in seconds, pitch, whether it is the melody.
    """

    seconds: float
    notes: list[tuple[float, float, int, bool]]


@dataclass(frozen=True)
class Curve:
    """A measure of an example after each epoch, thinned, or at each step back."""

    name: str
    values: list[float]


@dataclass(frozen=True)
class Previews:
    """What the home page shows of each exhibit."""

    rnn: States
    lstm: Gates
    gru: Gates
    stock: Prices
    emoji: list[Sentence]
    music: Roll
    runs: list[Curve]
    classes: list[Curve]
    became: list[Curve]


def compute() -> Previews:
    """Compute the pictures from what ships."""
    return Previews(
        rnn=_states(),
        lstm=_gates("text", "lstm"),
        gru=_gates("text-gru", "gru"),
        stock=_prices(),
        emoji=_sentences(),
        music=_roll(),
        runs=[
            _curve(title, name, "val_loss")
            for title, name in (
                ("RNN", "text-rnn"),
                ("LSTM", "text"),
                ("GRU", "text-gru"),
                ("minGRU", "text-mingru"),
            )
        ],
        classes=[
            _curve("Names, LSTM", "text", "val_loss"),
            _curve("Names, GRU", "text-gru", "val_loss"),
            _curve("Prices", "stock", "val_loss"),
            _curve("Adding, RNN", "adding-gru", "rnn_val_mse"),
            _curve("Adding, LSTM", "adding-gru", "lstm_val_mse"),
            _curve("Adding, GRU", "adding-gru", "gru_val_mse"),
        ],
        became=_influences(),
    )


def _states() -> States:
    example = examples.load("text-rnn")
    frames = {epoch: unpack(content) for epoch, content in example.snapshots.items()}
    frames[0] = initial_snapshot(example.result.config, example.result.corpus)
    last = frames[max(frames)]
    units = _most_varied(last["inside"][0], STATE_UNITS)
    epochs = [
        Epoch(
            epoch,
            _hundredths(frames[epoch]["inside"][0][units]),
            [str(name) for name in frames[epoch]["samples"][:3]],
        )
        for epoch in EPOCHS
    ]
    return States(_letters(last["probe"]), epochs)


def _gates(name: str, cell: str) -> Gates:
    snapshots = examples.load(name).snapshots
    last = unpack(snapshots[max(snapshots)])
    inside = last["inside"]
    units = _most_varied(inside[-1], GATE_UNITS)
    rows = {
        SYMBOLS.get(symbol, symbol): _hundredths(values[units])
        for symbol, values in zip(ROWS[cell], inside, strict=True)
    }
    return Gates(_letters(last["probe"]), rows)


def _most_varied(states: np.ndarray, count: int) -> np.ndarray:
    """Return the units (count,) whose states (units, T) vary most, in their order."""
    spread = states.astype(float).std(axis=1)
    return np.sort(np.argsort(-spread, kind="stable")[:count])


def _hundredths(values: np.ndarray) -> list[list[int]]:
    rounded: list[list[int]] = np.rint(100 * values.astype(float)).astype(int).tolist()
    return rounded


def _letters(probe: np.ndarray) -> str:
    """Return what was read, with the line's end at the beginning as a dot."""
    return "".join(probe[:-1]).replace("\n", "·")


def _prices() -> Prices:
    result = examples.load("stock").result
    bands = {
        name: [round(float(value), 1) for value in values[-DAYS:]]
        for name, values in result.bands.items()
    }
    return Prices(
        name=result.name,
        days=[str(day) for day in result.dates[-DAYS:].astype("datetime64[D]")],
        prices=[round(float(price), 1) for price in result.actual[-DAYS:]],
        **bands,
    )


def _sentences() -> list[Sentence]:
    model, sentences = pretrained.load(), []
    for text in SENTENCES:
        words = text.split()
        answers = model.answer(
            [" ".join(words[: count + 1]) for count in range(len(words))]
        )
        percents = [
            np.rint(100 * answer.probabilities).astype(int).tolist()
            for answer in answers
        ]
        sentences.append(Sentence(words, percents, [bool(a.sure) for a in answers]))
    return sentences


def _roll() -> Roll:
    take = perform(shipped.load("ragtime"), Performance(bars=BARS))
    roll = roll_data(take.score)
    notes = [
        (round(start, 2), round(length, 2), pitch, own)
        for start, length, pitch, _, own, _ in roll["notes"]
    ]
    return Roll(round(roll["seconds"], 2), notes)


def _curve(title: str, name: str, metric: str) -> Curve:
    points = examples.load(name).points
    stride = -(-len(points) // CURVE_POINTS)
    return Curve(title, [float(f"{p.metrics[metric]:.4g}") for p in points[::stride]])


def _influences() -> list[Curve]:
    """Return log10 of each network's influence by steps back, after training."""
    influences = examples.load("adding-gru").result.influences()
    return [
        Curve(
            CELLS[cell].title,
            [round(float(value), 2) for value in np.log10(np.maximum(norms, SMALLEST))],
        )
        for (cell, when), norms in influences.items()
        if when == "after"
    ]


def make() -> Path:
    """Compute the pictures, write them, and return where they are."""
    pictures = json.dumps(
        compute(), default=vars, ensure_ascii=False, separators=(",", ":")
    )
    FILE.write_text(pictures.replace('},"', '},\n"') + "\n", encoding="utf-8")
    return FILE


def load() -> dict[str, object]:
    """Read what `make` wrote: by exhibit, with the names of `Previews`."""
    content: dict[str, object] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


if __name__ == "__main__":
    one_thread()
    logging.basicConfig(level=logging.INFO)
    log.info("made %s", make())
