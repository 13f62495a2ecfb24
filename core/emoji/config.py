"""The settings of the sentence reader: one Config for the three models."""

import math
from dataclasses import dataclass
from typing import ClassVar

from core.task import ConfigError, Settings, choice, number

# units * batch * layers * directions * networks: what one word of one step holds in
# memory, in cells. A step of 200,000 takes about 100 MB.
CELLS = 200_000
MODELS = {"best": "Best LSTM", "v2": "Classic v2", "v1": "Mean v1"}


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """How a network learns to answer a sentence with an emoji.

    The defaults are those of our own model; `Config.preset("v2")` gives the classic
    one's and `Config.preset("v1")` those of the mean of word vectors.
    """

    model: str = choice(
        "best",
        ("best", "v2", "v1"),
        "Best is our own LSTM; v2 is the classic pair of LSTMs; v1 only averages the "
        "words and cannot see their order.",
    )
    vectors: str = choice(
        "glove",
        ("glove", "own"),
        "What each word means before training: the GloVe vectors that ship, or a "
        "file of your own.",
    )
    embedding: str = choice(
        "trained",
        ("frozen", "trained"),
        "Trained vectors adapt to the sentences; frozen ones keep words alike that "
        "the sentences never showed together.",
    )
    units: int = number(
        64,
        1,
        256,
        "units",
        "Size of each LSTM's memory: more can hold finer patterns, learn more slowly "
        "and overfit sooner.",
    )
    layers: int = number(
        1,
        1,
        3,
        "layers",
        "LSTMs on top of each other: each reads what the one below made of the words.",
    )
    direction: str = choice(
        "both",
        ("forward", "both"),
        "Forward reads from the first word to the last; both adds a second LSTM that "
        "reads backwards.",
    )
    padding: str = choice(
        "skipped",
        ("skipped", "read"),
        "Short sentences are filled up: the classic reads the filling like words, "
        "which blurs what came before it.",
    )
    pooling: str = choice(
        "all",
        ("last", "max", "mean", "all"),
        "What is kept of the reading: its last state, the largest or mean value over "
        "the words, or all three.",
    )
    networks: int = number(
        1,
        1,
        5,
        "networks",
        "How many networks answer together: their mean is steadier and takes that "
        "many times as long.",
    )
    dropout: float = number(
        0.5,
        0.0,
        0.9,
        "of the outputs",
        "Share of the LSTM's outputs hidden at random in each step, so that it relies "
        "on no single one.",
    )
    spatial_dropout: float = number(
        0.2,
        0.0,
        0.9,
        "of the dimensions",
        "Share of the dimensions of the word vectors hidden at random, the same for "
        "all words of a sentence.",
    )
    word_dropout: float = number(
        0.1,
        0.0,
        0.9,
        "of the words",
        "Share of the words hidden at random, so that no single word decides and "
        "unknown words do no harm.",
    )
    smoothing: float = number(
        0.0,
        0.0,
        0.5,
        "of the probability",
        "Share of each target spread over all five emojis, so that the network is "
        "less eager to be certain.",
    )
    softmax: str = choice(
        "once",
        ("once", "twice"),
        "Twice is a slip of the classic script: the second softmax squeezes all "
        "answers, so that none is surer than 40%.",
    )
    calibration: str = choice(
        "development",
        ("development", "none"),
        "Development divides the scores by a temperature under which confidence on "
        "sentences kept aside matches how often it is right.",
    )
    learning_rate: float = number(
        3e-3,
        1e-5,
        1e-1,
        "per step",
        "How far each step moves the weights: too small learns slowly, too large "
        "never settles.",
    )
    batch: int = number(
        64,
        1,
        256,
        "sentences",
        "Sentences averaged into one step: more make each step steadier and slower.",
    )
    epochs: int = number(
        40,
        1,
        500,
        "epochs",
        "The most rounds through all sentences: training may stop earlier, see "
        "patience.",
    )
    patience: int = number(
        4,
        0,
        100,
        "epochs",
        "Epochs without a better development loss after which the best weights are "
        "taken; with 0 it trains to the end.",
    )
    average: float = number(
        0.99,
        0.0,
        0.999,
        "per step",
        "Memory of a moving average of the weights, from which answers are made: it "
        "is steadier than any one step.",
    )
    taught: int = number(
        3,
        1,
        20,
        "times",
        "How much a sentence that you taught counts, where one that ships counts one.",
    )
    seed: int = number(
        0,
        0,
        999_999,
        "",
        "Start of all chance in the training: the same seed repeats the same numbers.",
    )

    variant: ClassVar = "model"
    presets: ClassVar = {
        "best": {"model": "best"},
        "v2": {
            "model": "v2",
            "embedding": "trained",
            "units": 128,
            "layers": 2,
            "direction": "forward",
            "padding": "read",
            "pooling": "last",
            "dropout": 0.5,
            "spatial_dropout": 0.0,
            "word_dropout": 0.0,
            "average": 0.0,
            "calibration": "none",
            "learning_rate": 1e-3,
            "batch": 32,
            "epochs": 50,
            "patience": 0,
        },
        "v1": {
            "model": "v1",
            "embedding": "frozen",
            "pooling": "mean",
            "dropout": 0.0,
            "spatial_dropout": 0.0,
            "word_dropout": 0.0,
            "average": 0.0,
            "calibration": "none",
            "learning_rate": 1e-2,
            "batch": 32,
            "epochs": 50,
            "patience": 0,
        },
    }

    @property
    def label(self) -> str:
        """The task and its recipe or model in a few words."""
        return f"Emoji · {MODELS[self.model]}"

    def __post_init__(self) -> None:
        super().__post_init__()
        sizes = (self.units, self.batch, self.layers, self.directions, self.networks)
        cells = math.prod(sizes)
        if self.recurrent and cells > CELLS:
            raise ConfigError(
                f"units x batch x layers x directions x networks: expected at most "
                f"{CELLS:,} together, got {' x '.join(map(str, sizes))} = {cells:,}. "
                "Make one of them smaller."
            )

    @property
    def recurrent(self) -> bool:
        """Whether there is an LSTM: v1 has none."""
        return self.model != "v1"

    @property
    def directions(self) -> int:
        """How many LSTMs a layer has."""
        return 2 if self.direction == "both" else 1

    @property
    def kept(self) -> str:
        """What is pooled: v1 has nothing but the mean."""
        return self.pooling if self.recurrent else "mean"

    @property
    def reads_padding(self) -> bool:
        """Whether the filling of short sentences is read like words."""
        return self.recurrent and self.padding == "read"
