"""A trained model improvises: chords and settings in, a score out."""

from dataclasses import dataclass, replace

import numpy as np

from core.music.accompaniment import accompaniment
from core.music.chord import OCTAVE, PITCH_CLASSES
from core.music.config import Performance
from core.music.corpora import Corpus
from core.music.film import film_over
from core.music.harmonising import harmonised
from core.music.learned import prepared
from core.music.melody_figures import MelodyFigures, figures_of_piece
from core.music.originality import Borrowed, Originality
from core.music.performance import humanised, swing
from core.music.piece import REST, Grid, Piece, shifted
from core.music.result import Result
from core.music.sampling import Guards, play
from core.music.score import (
    Note,
    Score,
    Track,
)
from core.music.setting import setting
from core.music.sound import CHORD_INSTRUMENTS, MELODY_INSTRUMENTS
from core.music.vocabulary import home_shift

MELODY = 0  # place of the melody in a take's score
MELODY_VELOCITY = 92


@dataclass(frozen=True, eq=False)
class Take:
    """Something a model has played.

    Attributes
    ----------
    piece
        The melody over its chords, straight.
    score
        Melody and accompaniment as they sound: swing and instruments are in it.
        The melody is track `MELODY`.
    given
        Sixteenths of the primer, which the model only heard.
    words
        A token for each sixteenth, as text.
    originality
        What of the melody, without the primer, is in the training pieces.
    figures
        The five figures of the melody.
    refused
        How often the copy guard refused the note that would have been taken.
    """

    piece: Piece
    score: Score
    given: int
    words: tuple[str, ...]
    originality: Originality
    figures: MelodyFigures
    refused: int

    @property
    def borrowed(self) -> Borrowed | None:
        """The longest copied run, its first note counted from the score's first."""
        found = self.originality.longest
        if found is None:
            return None
        primer = int((self.piece.onsets < self.given).sum())
        return replace(found, first=found.first + primer)


def perform(
    result: Result,
    how: Performance,
    chords: str = "",
    primer: Piece | None = None,
) -> Take:
    """Let a model play.

    Parameters
    ----------
    result
        What a training ended with.
    how
        The settings of the performance.
    chords
        What to play over, as `parse_chords` reads it. Without any it is the primer's
        own chords, or else a progression of the corpus's kind; a model that learned
        no chords plays freely, and its chords are inferred from what it played.
    primer
        A piece whose first bars are heard before.

    Raises
    ------
    DataError
        If the chords cannot be read.
    """
    over, given = setting(result, how, chords, primer)
    piece, refused = improvised(result, how, over, given)
    if not piece.chords:
        piece = harmonised(piece)
    return take_of(result, how, piece, given, refused)


def take_of(
    result: Result, how: Performance, piece: Piece, given: int = 0, refused: int = 0
) -> Take:
    """Return a melody as a take: accompanied, judged, and in words."""
    made = piece.part(given, piece.steps)
    return Take(
        piece=piece,
        score=arranged(piece, how),
        given=given,
        words=words_of(piece),
        originality=result.originals.judge(made),
        figures=figures_of_piece(made),
        refused=refused,
    )


def arranged(piece: Piece, how: Performance) -> Score:
    """Return a piece as it sounds: instruments, accompaniment, swing, touch."""
    score = replace(
        piece.score("Melody", MELODY_INSTRUMENTS[how.instrument]),
        tempo=float(how.tempo),
    )
    lead = score.tracks[MELODY]
    notes = tuple(replace(note, velocity=_touch(note, score)) for note in lead.notes)
    tracks: tuple[Track, ...] = (replace(lead, notes=notes),)
    if how.style != "none":
        tracks += accompaniment(
            score.chords,
            score.meter,
            score.pickup,
            how.style,
            CHORD_INSTRUMENTS[how.chord_instrument],
        )
    swung = swing(replace(score, tracks=tracks), how.swing)
    return humanised(swung, np.random.default_rng(how.seed))


def snapshot_score(corpus: Corpus, melody: Grid, how: Performance) -> Score:
    """Return what a model played while it learned: a snapshot's melody as it sounds."""
    piece = replace(film_over(corpus), melody=melody)
    return arranged(piece if piece.chords else harmonised(piece), how)


def words_of(piece: Piece) -> tuple[str, ...]:
    """Return a token for each sixteenth: "rest", "hold", or the pitch."""
    names = {REST: "rest", -1: "hold"}
    return tuple(
        names.get(int(value)) or f"{PITCH_CLASSES[value % OCTAVE]}{value // OCTAVE - 1}"
        for value in piece.melody
    )


def improvised(
    result: Result, how: Performance, over: Piece, given: int, ending: bool = True
) -> tuple[Piece, int]:
    """Return a piece with its melody played anew from a step on.

    Parameters
    ----------
    result, how
        Who plays, and how.
    over
        The chords, and the melody of the first `given` steps.
    given
        Steps that are only heard.
    ending
        Whether its last bar is to be an end.

    Returns
    -------
    tuple
        The piece, and how often the copy guard refused a note.
    """
    home = prepared(over)
    lowest, highest = result.range
    guards = Guards(
        lowest=lowest,
        highest=highest,
        copies=result.copy_guard if how.originality == "guarded" else None,
        ending=ending,
    )
    played = play(result.player(home), home, given, guards, how)
    back = _moved_by(over, home)
    melody = shifted(played.melody, back)
    melody[:given] = over.melody[:given]
    return replace(over, melody=melody), played.refused


def _moved_by(over: Piece, home: Piece) -> int:
    """Return the semitones from where it was learned to where it is played."""
    onsets = over.onsets
    if not len(onsets):
        return -home_shift(over)
    return int(np.median(over.melody[onsets].astype(int) - home.melody[onsets]))


def _touch(note: Note, score: Score) -> int:
    """Return how hard a note is struck: harder on the beat, hardest on the bar's."""
    place = (note.start - score.pickup) % score.meter.quarters
    beat = 1.5 if score.meter.compound else 1.0
    return MELODY_VELOCITY + (6 if place == 0 else 0 if place % beat == 0 else -7)
