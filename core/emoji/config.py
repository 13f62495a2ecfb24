"""The settings of a training on sentences: one Config for the three models."""

from dataclasses import dataclass
from typing import ClassVar

from core.task import Scalar, Settings, choice, number, random_seed

# Most of units * batch * layers * directions * networks: the LSTM cells that one time
# step of a batch holds in memory. With 200,000 a training step takes about 100 MB.
CELLS = 200_000
MODELS = {
    "best": "Best LSTM",
    "v2": "Classic v2",
    "v1": "Mean v1",
    "small": "Small",
}


MEAN_OF_WORDS: dict[str, Scalar] = {  # a model without an LSTM, of vectors as they come
    "embedding": "frozen",
    "pooling": "mean",
    "dropout": 0.0,
    "spatial_dropout": 0.0,
    "word_dropout": 0.0,
    "average": 0.0,
    "patience": 0,
}


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """How a network learns to answer a sentence with an emoji.

    The defaults are those of this project's own model; `Config.preset("v2")` is the
    classic one and `Config.preset("v1")` the mean of word vectors.
    """

    model: str = choice(
        "best",
        ("best", "v2", "v1", "small"),
        "Best is this project's own model, a bidirectional LSTM; v2 is the classic "
        "model of two stacked LSTMs; v1 averages the word vectors and ignores their "
        "order; small does so too, with more weight on rare words, and is for a few "
        "sentences of your own classes.",
    )
    vectors: str = choice(
        "glove",
        ("glove", "own"),
        "Word vectors to start from: the bundled GloVe vectors, or a file of your own.",
    )
    embedding: str = choice(
        "trained",
        ("frozen", "trained"),
        "Trained word vectors adapt to the training sentences; frozen ones keep the "
        "similarities between words as they are.",
    )
    units: int = number(
        64,
        (1, 256),
        "units",
        "Size of each LSTM's hidden state: more units capture finer patterns, train "
        "more slowly and overfit sooner.",
    )
    layers: int = number(
        1,
        (1, 3),
        "layers",
        "Number of stacked LSTM layers: each reads the hidden states of the one below.",
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
        "Short sentences are padded to equal length: skipped ignores the padding; read "
        "processes it like words, as the classic models do.",
    )
    pooling: str = choice(
        "all",
        ("last", "max", "mean", "all"),
        "How the states of all words become one vector: the last state, the maximum, "
        "the mean, or all three.",
    )
    networks: int = number(
        1,
        (1, 5),
        "networks",
        "Networks whose probabilities are averaged: more are more stable and take as "
        "many times as long.",
    )
    dropout: float = number(
        0.5,
        (0.0, 0.9),
        "of the outputs",
        "Share of the LSTM's outputs set to zero at random in each step, so that the "
        "network does not depend on any single one.",
    )
    spatial_dropout: float = number(
        0.2,
        (0.0, 0.9),
        "of the dimensions",
        "Share of the dimensions of the word vectors set to zero at random, the same "
        "for all words of a sentence.",
    )
    word_dropout: float = number(
        0.1,
        (0.0, 0.9),
        "of the words",
        "Share of the words replaced at random by the unknown word, so that no single "
        "word decides and unknown words do less harm.",
    )
    smoothing: float = number(
        0.0,
        (0.0, 0.5),
        "of the probability",
        "Share of each target's probability spread over all classes, so that the "
        "network becomes less overconfident.",
    )
    softmax: str = choice(
        "once",
        ("once", "twice"),
        "Twice is a mistake of the classic script: after a second softmax no "
        "probability can exceed 40%.",
    )
    calibration: str = choice(
        "development",
        ("development", "none"),
        "Development divides the scores by a temperature chosen on the development "
        "set, so that confidence matches accuracy.",
    )
    learning_rate: float = number(
        2e-3,
        (1e-5, 1e-1),
        "per step",
        "Scales each weight update: too small learns slowly, too large does not "
        "converge.",
    )
    batch: int = number(
        64,
        (1, 256),
        "sentences",
        "Sentences per training step, which averages their gradients: more give less "
        "noisy gradients and slower steps.",
    )
    epochs: int = number(
        40,
        (1, 500),
        "epochs",
        "Maximum number of passes through all sentences; training may stop earlier, "
        "see patience.",
    )
    patience: int = number(
        4,
        (0, 100),
        "epochs",
        "Epochs without a lower validation loss after which training stops and the "
        "best weights are used; 0 trains to the end.",
    )
    average: float = number(
        0.99,
        (0.0, 0.999),
        "per step",
        "Decay of the moving average of the weights that is used for answers: closer "
        "to 1 averages over more steps; 0 uses the last weights.",
    )
    taught: int = number(
        3,
        (1, 20),
        "times",
        "Weight of a sentence that you taught, relative to a bundled one.",
    )
    seed: int = random_seed()

    variant: ClassVar = "model"
    titles: ClassVar = "Emoji", MODELS
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
            **MEAN_OF_WORDS,
            "calibration": "none",
            "learning_rate": 1e-2,
            "batch": 32,
            "epochs": 50,
        },
        "small": {"model": "small", **MEAN_OF_WORDS, "epochs": 20},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.recurrent:
            sizes = "units", "batch", "layers", "directions", "networks"
            self.check_product(CELLS, *sizes)

    @property
    def recurrent(self) -> bool:
        """Whether there is an LSTM: v1 and small have none."""
        return self.model not in ("v1", "small")

    @property
    def directions(self) -> int:
        """Number of LSTMs in a layer."""
        return 2 if self.direction == "both" else 1

    @property
    def pooled(self) -> tuple[str, ...]:
        """The kinds of pooling in effect, in order; without an LSTM the mean only."""
        chosen = self.pooling if self.recurrent else "mean"
        return ("last", "max", "mean") if chosen == "all" else (chosen,)

    @property
    def reads_padding(self) -> bool:
        """Whether the padding of short sentences is read like words."""
        return self.recurrent and self.padding == "read"
