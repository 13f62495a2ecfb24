"""What a model would play while it learns: eight bars after some epochs."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from core.music.arranger.arranging import arranged
from core.music.arranger.harmonizing import harmonized
from core.music.config import Performance
from core.music.corpora import Corpus
from core.music.improviser.sampling import Constraints, generate
from core.music.result import player_of, range_of
from core.music.score.piece import (
    REST,
    Grid,
    Piece,
    chord_grid,
    common_meter,
    has_known_chords,
)
from core.music.score.score import Score
from core.music.theory.keys import C_MAJOR
from core.music.theory.notes import STEPS_A_QUARTER
from core.music.theory.progressions import DEFAULT_PROGRESSION, repeat
from core.task import State

if TYPE_CHECKING:  # imports of TensorFlow
    from core.music.model.classic import ClassicModel
    from core.music.model.default import DefaultModel

BARS = 8
MOST = 40  # snapshots of a training
SEED = 1  # the same for every epoch, so that only the training makes a difference


def snapshot(model: "DefaultModel | ClassicModel") -> State:
    """Generate a melody without a copy guard.

    The classic model always plays the most likely token.
    """
    config, over = model.config, snapshot_piece(model.corpus)
    player = player_of(config, model.values(), model.vocabulary, over)
    lowest, highest = range_of(model.corpus)
    constraints = Constraints(lowest=lowest, highest=highest, ending=False)
    temperature = 0.0 if config.model == "classic" else Performance.temperature
    how = Performance(temperature=temperature, seed=SEED)
    nothing = np.zeros(over.steps, bool)
    return {"melody": generate(player, over, nothing, constraints, how).melody}


def snapshot_piece(corpus: Corpus) -> Piece:
    """Return the progression to play over: eight bars in C major, without a melody."""
    meter = common_meter(corpus.train)
    steps = BARS * meter.steps
    spans = repeat(DEFAULT_PROGRESSION.chords, steps / STEPS_A_QUARTER)
    chords, harmony = chord_grid(spans if has_known_chords(corpus.train) else (), steps)
    return Piece(
        title="While it learns",
        source=corpus.title,
        melody=np.full(steps, REST, np.int16),
        meter=meter,
        chords=chords,
        harmony=harmony,
        key=C_MAJOR,
    )


def snapshot_score(corpus: Corpus, melody: Grid, how: Performance) -> Score:
    """Return the melody of a snapshot as a score."""
    piece = replace(snapshot_piece(corpus), melody=melody)
    return arranged(piece if piece.chords else harmonized(piece), how)
