"""What a model would play while it learns: eight bars after each epoch."""

import numpy as np

from core.music.config import Config, Performance
from core.music.corpora import Corpus
from core.music.forward import Player
from core.music.learned import common_meter, has_chords
from core.music.piece import REST, Key, Piece
from core.music.progression import on_grid, repeated
from core.music.progressions import PROGRESSIONS
from core.music.sampling import Guards, play
from core.music.score import STEPS_A_QUARTER
from core.task import State

# What is played over where nobody typed chords.
FIRST_CHORDS = next(p for p in PROGRESSIONS if p.name == "Ragtime strain")
BARS = 8
MOST = 40  # snapshots of a training
SEED = 1  # every epoch plays with the same chance, so that only the learning differs


def film_over(corpus: Corpus) -> Piece:
    """Return what is played over: eight bars in C major, and nothing to be played."""
    meter = common_meter(corpus.train)
    steps = BARS * meter.steps
    spans = repeated(FIRST_CHORDS.chords, steps / STEPS_A_QUARTER)
    chords, harmony = on_grid(spans if has_chords(corpus.train) else (), steps)
    return Piece(
        title="While it learns",
        source=corpus.title,
        melody=np.full(steps, REST, np.int16),
        meter=meter,
        chords=chords,
        harmony=harmony,
        key=Key(0),
    )


def snapshot(
    player: Player, over: Piece, limits: tuple[int, int], config: Config
) -> State:
    """Let a model play, without a guard against copying, and pack what came.

    The classic recipe always takes the likeliest token.
    """
    how = Performance(temperature=0.0 if config.model == "seed" else 0.9, seed=SEED)
    guards = Guards(lowest=limits[0], highest=limits[1], ending=False)
    return {"melody": play(player, over, 0, guards, how).melody}


def due(epoch: int, config: Config) -> bool:
    """Tell whether an epoch is one that is listened to."""
    return epoch % -(-config.epochs // MOST) == 0 or epoch == 1
