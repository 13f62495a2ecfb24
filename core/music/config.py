"""The settings of the music room: of a training, and of a performance."""

from dataclasses import dataclass
from typing import ClassVar

from core.music.accompaniment import STYLES
from core.music.chord import PITCH_CLASSES
from core.music.score import Meter
from core.music.sound import CHORD_INSTRUMENTS, MELODY_INSTRUMENTS
from core.task import ConfigError, Settings, choice, number

# units * batch * window: what one step of training holds in memory, in cells.
CELLS = 3_200_000
METERS = ("2/4", "3/4", "4/4", "6/8", "9/8")
AS_WRITTEN = "as written"
MODELS = {"default": "Default LSTM", "seed": "Classic recipe"}


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """How a network learns melodies.

    The defaults are those for a few long pieces, such as the rags;
    `Config.preset("folk")` gives those for many short ones, and
    `Config.preset("seed")` the classic recipe's.
    """

    model: str = choice(
        "default",
        ("default", "seed"),
        "Default is our own LSTM over chords, judged on pieces it never saw; seed is "
        "the classic recipe, which learns sixty snippets by heart.",
    )
    units: int = number(
        192,
        1,
        384,
        "units",
        "Size of the LSTM's memory: more can hold finer patterns, learn more slowly "
        "and overfit sooner.",
    )
    epochs: int = number(
        40,
        1,
        500,
        "epochs",
        "Rounds through the pieces, of at most 64 steps each; the default's learning "
        "rate falls to nothing by the last of them.",
    )
    learning_rate: float = number(
        1e-3,
        1e-5,
        1e-1,
        "per step",
        "How far each step moves the weights: too small learns slowly, too large "
        "never settles.",
    )
    start: str = choice(
        "folk",
        ("folk", "nothing"),
        "Folk begins with what the shipped model learnt from folk tunes, if it has as "
        "many units; nothing begins with random weights.",
    )
    harmony: str = choice(
        "heard",
        ("heard", "hidden"),
        "Hidden trains without any chord, which shows what hearing them is worth.",
    )
    window: int = number(
        128,
        8,
        512,
        "sixteenths",
        "Length of the stretches into which pieces are cut for learning: what lies "
        "further back is remembered but not learned from.",
    )
    batch: int = number(
        8,
        1,
        128,
        "stretches",
        "Stretches averaged into one step: more make each step steadier and slower.",
    )
    dropout: float = number(
        0.4,
        0.0,
        0.9,
        "of the numbers",
        "Share of the network's numbers hidden at random in each step, so that it "
        "relies on no single one.",
    )
    patience: int = number(
        12,
        0,
        100,
        "epochs",
        "Epochs without a better development loss after which training ends; the "
        "best weights are kept in any case but 0, which takes the last.",
    )
    windows: int = number(
        60,
        1,
        2_000,
        "snippets",
        "How many snippets of thirty tokens the seed recipe learns: it sees nothing "
        "else of the music.",
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
        "seed": {
            "model": "seed",
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

    @property
    def label(self) -> str:
        """The task and its recipe or model in a few words."""
        return f"Music · {MODELS[self.model]}"

    def __post_init__(self) -> None:
        super().__post_init__()
        sizes = (self.units, self.batch, self.window)
        cells = self.units * self.batch * self.window
        if cells > CELLS:
            raise ConfigError(
                f"units x batch x window: expected at most {CELLS:,} together, got "
                f"{' x '.join(map(str, sizes))} = {cells:,}. Make one of them smaller."
            )


@dataclass(frozen=True, kw_only=True)
class Performance(Settings):
    """How a trained model plays: what is chosen after the training."""

    temperature: float = number(
        0.9,
        0.0,
        2.0,
        "",
        "How daring the choice of each note is: 0 always takes the likeliest, 1 plays "
        "what was learned, more plays what is less likely.",
    )
    top_k: int = number(
        0,
        0,
        55,
        "tokens",
        "Only that many of the likeliest tokens are chosen from; 0 leaves all of them.",
    )
    top_p: float = number(
        0.98,
        0.05,
        1.0,
        "of the chance",
        "Only the likeliest tokens that have this share of the chance together are "
        "chosen from: less avoids slips and dares less.",
    )
    seed: int = number(
        0,
        0,
        999_999,
        "",
        "Start of all chance: the same seed and settings play the same notes again.",
    )
    bars: int = number(
        16,
        1,
        64,
        "bars",
        "How long the piece becomes, the primer's bars included.",
    )
    tempo: int = number(
        100,
        30,
        300,
        "quarters a minute",
        "How fast it is played; the notes stay the same.",
    )
    key: str = choice(
        AS_WRITTEN,
        (AS_WRITTEN, *PITCH_CLASSES),
        "Moves melody and chords together; as written leaves the chords as they are.",
    )
    meter: str = choice(
        AS_WRITTEN,
        (AS_WRITTEN, *METERS),
        "Beats of a bar: the model has learned what is usual in each; as written takes "
        "the corpus's own.",
    )
    swing: float = number(
        1.0,
        1.0,
        3.0,
        "to 1",
        "How much longer the first eighth of each beat is than the second: 1 is "
        "straight, 2 swings in triplets.",
    )
    primer_bars: int = number(
        4,
        0,
        16,
        "bars",
        "How many bars of a chosen piece the model hears first and goes on from; "
        "without a chosen piece it begins by itself.",
    )
    instrument: str = choice(
        "Honky-tonk piano",
        tuple(MELODY_INSTRUMENTS),
        "What plays the melody.",
    )
    chord_instrument: str = choice(
        "Grand piano",
        tuple(CHORD_INSTRUMENTS),
        "What plays the chords.",
    )
    style: str = choice(
        "stride",
        (*STYLES, "none"),
        "How the chords are played: held, as a stride left hand, as a walking bass "
        "with short chords, or not at all.",
    )
    originality: str = choice(
        "guarded",
        ("guarded", "free"),
        "Guarded refuses a note that would copy a longer run of the corpus than "
        "composers do who never saw it; free lets the model copy.",
    )

    @property
    def written_meter(self) -> Meter | None:
        """The meter, or None for the corpus's own."""
        if self.meter == AS_WRITTEN:
            return None
        beats, unit = self.meter.split("/")
        return Meter(int(beats), int(unit))
