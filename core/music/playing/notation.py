"""A take in staff notation, as a page shows it."""

from typing import TypedDict

import numpy as np

from core.figures.palette import MODEL
from core.music.arranger.arranging import STRAIGHT
from core.music.config import Performance
from core.music.files.engraving import engrave
from core.music.files.musicxml_writer import Mark, write_musicxml
from core.music.improviser.origins import Origin
from core.music.playing.piano_roll import bar_number, bar_starts, in_seconds
from core.music.playing.takes import Take
from core.music.score.piece import Piece
from core.music.score.triplets import triplet_beats
from core.music.theory.chord import PITCH_CLASSES
from core.music.theory.notes import STEPS_A_QUARTER


class NotationData(TypedDict):
    """Staff notation, as values for JSON."""

    # As in `Engraving`
    pages: tuple[str, ...]
    font: str
    size: str  # one of `SIZES`
    # Start of each bar in seconds, and its number: 1 is the first full one, 0 a pickup
    bars: list[float]
    numbers: list[int]


MARKS = {
    Origin.NETWORK: Mark(MODEL),
    Origin.PUSHED: Mark(MODEL, "+"),
    Origin.RULE: Mark("", "r"),
    Origin.GIVEN: Mark("", "g"),
    Origin.EDITED: Mark("", "e"),
}


def sheet_music(take: Take, how: Performance, origins: bool = False) -> str:
    """Return a take as MusicXML, written without swing and with a word for it.

    Triplets of jazz, which are on sixteenths, are written as triplets. With `origins`
    the melody's notes are marked by where they come from.
    """
    marks = [MARKS[Origin(origin)] for origin in take.note_origins] if origins else []
    triplets = _triplets(take.piece, how)
    return write_musicxml(take.straight, how.swing, triplets, marks)


def marks_legend(take: Take) -> str:
    """Explain the marks of `sheet_music` that occur in the take."""
    found = [origin for origin in Origin if origin in take.note_origins]
    signs = {
        origin: " ".join(
            (["coloured"] if mark.colour else [])
            + ([f"with {mark.letter}"] if mark.letter else [])
        )
        for origin, mark in MARKS.items()
    }
    return "; ".join(f"{signs[origin]}: {origin.words}" for origin in found)


def _triplets(piece: Piece, how: Performance) -> frozenset[int]:
    """Return the beats that sound as triplets, 0 the first of the first full bar."""
    if how.style != "jazz" or how.swing == STRAIGHT:
        return frozenset()
    pickup = -(-piece.pickup // STEPS_A_QUARTER)  # beats
    return frozenset((np.flatnonzero(triplet_beats(piece)) - pickup).tolist())


def notation_data(take: Take, how: Performance, size: str = "paper") -> NotationData:
    """Return a take in notation; with swing its bars last the same."""
    engraving = engrave(sheet_music(take, how, origins=True), size)
    score = take.straight
    starts = bar_starts(score)[: take.piece.bars]  # an accompaniment may hang over
    return {
        "pages": engraving.pages,
        "font": engraving.font,
        "size": size,
        "bars": [in_seconds(score, start) for start in starts],
        "numbers": [bar_number(score, start) for start in starts],
    }


def notation_alt(take: Take) -> str:
    """Describe the notation in words."""
    score = take.straight
    key = ""
    if score.key:
        mode = "minor" if score.key.minor else "major"
        key = f", {PITCH_CLASSES[score.key.tonic]} {mode}"
    others = [track.name.lower() for track in score.tracks[1:] if not track.drums]
    below = f", over {' and '.join(others)}" if others else ""
    above = " with chord symbols" if score.chords else ""
    return (
        f"Staff notation of {take.piece.full_bars} bars in {score.meter}{key}: the "
        f"melody{above}{below}"
    )
