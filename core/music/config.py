"""The settings of the music task: of a training, and of playing."""

from dataclasses import dataclass
from typing import ClassVar

from core.music.score.instruments import CHORD_INSTRUMENTS, MELODY_INSTRUMENTS
from core.music.theory.chord import PITCH_CLASSES
from core.music.theory.notes import Meter
from core.task import Settings, choice, number, random_seed

# units * batch * window: the LSTM states that a training step holds in memory.
CELLS = 3_200_000
METERS = ("2/4", "3/4", "4/4", "6/8", "9/8")
STYLES = ("block", "stride", "swing", "jazz")  # styles of the accompaniment
SWUNG = ("swing", "jazz")  # styles in which a bar of 4/4 is played in eighths
JAZZ_SWING = 2.0  # their default: the first eighth twice as long
AS_WRITTEN = "as written"
MODELS = {"default": "Default LSTM", "classic": "Classic recipe"}


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """The settings of a training.

    The defaults are those for a few long pieces, such as the rags;
    `Config.preset("folk")` gives those for many short ones, and
    `Config.preset("classic")` the classic recipe's.
    """

    model: str = choice(
        "default",
        ("default", "classic"),
        "The default model is an LSTM that reads the chords, evaluated on held-out "
        "pieces; the classic recipe memorises sixty snippets.",
    )
    units: int = number(
        192,
        (1, 384),
        "units",
        "Size of the LSTM's hidden state: more units capture finer patterns, train "
        "more slowly and overfit sooner.",
    )
    epochs: int = number(
        40,
        (1, 500),
        "epochs",
        "Number of epochs, each a pass over the pieces or its next 64 steps; the "
        "default model's learning rate falls to 0 by the last one.",
    )
    learning_rate: float = number(
        1e-3,
        (1e-5, 1e-1),
        "per step",
        "Scales each weight update: too small learns slowly, too large does not "
        "converge.",
    )
    start: str = choice(
        "folk",
        ("folk", "nothing"),
        "Where training starts: folk, from the weights of the bundled model of folk "
        "tunes if it has as many units; nothing, from random weights.",
    )
    harmony: str = choice(
        "heard",
        ("heard", "hidden"),
        "Harmony as an input: heard trains with the chords, hidden without them, to "
        "measure how much they help.",
    )
    repeats: str = choice(
        "read",
        ("read", "none"),
        "Copies of earlier bars as an input of the default model, as a melody often "
        "repeats itself: read uses them, none leaves the plain LSTM, to measure how "
        "much they help.",
    )
    window: int = number(
        128,
        (8, 512),
        "sixteenths",
        "Length of the segments that pieces are cut into for training: gradients do "
        "not reach further back, although the state does.",
    )
    batch: int = number(
        8,
        (1, 128),
        "segments",
        "Segments per training step, which averages their gradients: more give less "
        "noisy gradients and slower steps.",
    )
    dropout: float = number(
        0.4,
        (0.0, 0.9),
        "of the values",
        "Share of the network's values set to zero at random in each step, so that it "
        "does not depend on any single one.",
    )
    patience: int = number(
        12,
        (0, 100),
        "epochs",
        "Epochs without a lower validation loss after which training stops and the "
        "best weights are used; 0 trains to the end and uses the last weights.",
    )
    windows: int = number(
        60,
        (1, 2_000),
        "snippets",
        "Number of windows (snippets of thirty tokens) that the classic recipe learns; "
        "it sees nothing else of the music.",
    )
    seed: int = random_seed()

    variant: ClassVar = "model"
    titles: ClassVar = "Music", MODELS
    presets: ClassVar = {
        "default": {"model": "default"},
        "folk": {
            "model": "default",
            "epochs": 24,
            "learning_rate": 2e-3,
            "start": "nothing",
            "window": 256,
            "batch": 32,
            "dropout": 0.2,
        },
        "classic": {
            "model": "classic",
            "units": 64,
            "epochs": 100,
            "learning_rate": 1e-2,
            "start": "nothing",
            "harmony": "hidden",
            "window": 30,
            "batch": 32,
            "dropout": 0.0,
            "patience": 0,
        },
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_product(CELLS, "units", "batch", "window")


@dataclass(frozen=True, kw_only=True)
class Performance(Settings):
    """The settings of a trained model that plays."""

    temperature: float = number(
        1.0,
        (0.0, 2.0),
        "",
        "Randomness of each note: 0 always takes the most likely token, 1 samples from "
        "the learned probabilities, more makes unlikely tokens more likely.",
    )
    top_k: int = number(
        0,
        (0, 55),
        "tokens",
        "Samples from only this many of the most likely tokens; 0 allows all.",
    )
    top_p: float = number(
        0.98,
        (0.05, 1.0),
        "of the probability",
        "Samples from only the most likely tokens that together have this probability: "
        "lower avoids wrong notes and varies less.",
    )
    seed: int = random_seed(
        "Random seed: the same seed and settings play the same notes again."
    )
    choruses: int = number(
        0,
        (0, 8),
        "times",
        "How many times the form, the typed chords, is played: whole choruses, however "
        "many bars it has; 0 plays the number of bars instead.",
    )
    bars: int = number(
        16,
        (1, 64),
        "bars",
        "Length of the piece, the primer's bars included, where choruses are 0; it may "
        "end in the middle of the form.",
    )
    tempo: int = number(
        100,
        (30, 300),
        "quarters a minute",
        "Tempo of the playback; only the breaths of wind instruments depend on it.",
    )
    key: str = choice(
        AS_WRITTEN,
        (AS_WRITTEN, *PITCH_CLASSES),
        "Key of the chords: transposes them together with the melody; as written "
        "leaves them as they are.",
    )
    meter: str = choice(
        AS_WRITTEN,
        (AS_WRITTEN, *METERS),
        "Beats in a bar; the model has learned what is usual in each meter; as "
        "written uses that of the chords or the primer, or the corpus's own.",
    )
    swing: float = number(
        1.0,
        (1.0, 3.0),
        "to 1",
        "Ratio of the first eighth note of each beat to the second: 1 is straight, 2 "
        "is triplet swing.",
    )
    primer_bars: int = number(
        4,
        (0, 16),
        "bars",
        "Bars of the primer that the model reads before it continues; without a primer "
        "it starts by itself.",
    )
    instrument: str = choice(
        "Honky-tonk piano",
        tuple(MELODY_INSTRUMENTS),
        "Instrument of the melody.",
    )
    chord_instrument: str = choice(
        "Grand piano",
        tuple(CHORD_INSTRUMENTS),
        "Instrument of the chords.",
    )
    style: str = choice(
        "stride",
        (*STYLES, "none"),
        "Style of the accompaniment: held chords, a stride left hand, a walking bass "
        "with short chords, a jazz trio in 4/4 or 3/4, or none.",
    )
    plan: str = choice(
        "phrases",
        ("phrases", "free"),
        "Plan of the melody: phrases biases the model's choices towards phrases that "
        "breathe, motifs that return and chord tones on strong beats, and keeps the "
        "best of six candidates for each phrase; free is the model alone.",
    )
    ending: str = choice(
        "tonic",
        ("tonic", "free"),
        "Ending: tonic ends the melody and the accompaniment on the tonic, by a rule; "
        "free ends the melody on a note of the last chord.",
    )
    originality: str = choice(
        "guarded",
        ("guarded", "free"),
        "Originality of the melody: guarded rejects a note that would copy a longer "
        "passage of the corpus than unrelated pieces share with it; free allows any.",
    )

    @property
    def written_meter(self) -> Meter | None:
        """The meter, or None for the corpus's own."""
        if self.meter == AS_WRITTEN:
            return None
        beats, unit = self.meter.split("/")
        return Meter(int(beats), int(unit))
