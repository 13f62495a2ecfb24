"""Music: a network learns melodies and improvises over chords.

The web process imports this package, so TensorFlow is imported in `train` only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from core.music.config import Config, Performance
from core.music.corpora import Corpus, folk, ragtime
from core.music.result import Result, decode_corpus, encode_corpus
from core.task import DataError, Measure, Scalar, State, Task, Training

__all__ = ["TASK", "Config", "Performance", "Result"]

MOST_STEPS = 1_000_000  # sixteenths to train on
FEWEST_STEPS = 64


class Music(Task[Config, Corpus, Result]):
    """A network learns melodies and improvises over chords."""

    name = "music"
    TITLE, ICON, LINK = "Music", "music_note", "Listen to it"
    ABOUT = (
        "An LSTM chooses a melody over your chords, and rules arrange it. See how much "
        "of it is copied, and train one on your own pieces."
    )
    OBJECTIVE, OBJECTIVE_TITLE = "val_loss", "validation loss"
    # Not the model: each counts other tokens. Not the patience: with 0 the last weights
    # are judged in place of the best.
    SEARCHABLE = (
        "units",
        "epochs",
        "learning_rate",
        "start",
        "harmony",
        "repeats",
        "window",
        "batch",
        "dropout",
        "windows",
    )
    MEASURES = (
        Measure("nats", "Nats per sixteenth", "low", "test"),
        Measure("nats_fresh", "Nats where nothing is repeated", "low", "test"),
        Measure("onset_accuracy", "Onsets right", "high", "test", True),
        Measure("chord_gain", "Gain by the chords, nats", "high", "test"),
    )

    def train(
        self, config: Config, data: Corpus, resume: State | None = None
    ) -> Training[Result]:
        """Train step by step; `resume` is the state of an earlier step.

        Pieces that cannot be used raise a DataError before TensorFlow is imported.
        """
        self.check(config, data)
        from core.layers.setup import single_thread

        single_thread()
        from core.music.training import train

        return train(config, data, resume)

    def check(self, config: Config, data: Corpus) -> None:
        """Raise a DataError if the pieces cannot be trained on."""
        del config
        for name in ("train", "validation", "test"):
            if not any(len(piece.onsets) for piece in getattr(data, name)):
                raise DataError(
                    f"Expected notes in the pieces for {name}, got none. Add longer "
                    "pieces."
                )
        steps = sum(piece.steps for piece in data.train)
        other = "longer" if steps < FEWEST_STEPS else "fewer"
        if not FEWEST_STEPS <= steps <= MOST_STEPS:
            raise DataError(
                f"Expected {FEWEST_STEPS} to {MOST_STEPS:,} sixteenths to learn from, "
                f"got {steps:,}. Choose {other} pieces."
            )

    def encode_data(self, data: Corpus) -> bytes:
        """Write the pieces, or the name of a bundled corpus."""
        return encode_corpus(data)

    def decode_data(self, content: bytes) -> Corpus:
        """Decode the bytes of `encode_data`."""
        return decode_corpus(content)

    def bundled(self) -> Iterator[Corpus]:
        """Load the bundled data, one after the other."""
        return (load() for load in (ragtime, folk))

    def title(self, data: Corpus) -> str:
        """Return a short name of the pieces for a list of runs."""
        return data.title

    def headline(self, summary: Mapping[str, Scalar]) -> str:
        """Return a run's summary in a few words, for a list of runs."""
        nats, markov = summary.get("nats"), summary.get("nats_markov")
        if not (isinstance(nats, float) and isinstance(markov, float)):
            return ""
        figures = f"{nats:.2f} nats per sixteenth, Markov chain {markov:.2f}"
        return f"{summary['model']}, {figures}"

    def example(self) -> tuple[Config, Corpus]:
        """Return the settings and the pieces of the model on the page."""
        return Config(), ragtime()

    def tiny(self) -> tuple[Config, Corpus]:
        """Return settings and pieces that train in a second."""
        whole = ragtime()
        part = whole.train[0].part(0, 192)
        data = replace(
            whole,
            title="A few bars",
            train=(part, whole.train[2].part(0, 128)),
            validation=(whole.validation[0].part(0, 64),),
            test=(whole.test[0].part(0, 64),),
        )
        return Config(units=8, epochs=3, window=32, batch=4, start="nothing"), data


TASK = Music()
