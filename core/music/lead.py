"""A score becomes a piece: one melody over its chords, on a grid."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.music.inference import infer_chords
from core.music.keys import key_of
from core.music.piece import REST, Piece, melody_of
from core.music.progression import on_grid, repeated
from core.music.score import STEPS_A_QUARTER, ChordSpan, Note, Score
from core.music.voices import FEWEST_NOTES, guess, skyline
from core.task import DataError

FEW_OTHERS = 0.2  # accompanying notes to a note of melody: fewer say no chords


def piece_of(
    score: Score,
    track: int | None = None,
    chords: Sequence[ChordSpan] = (),
    source: str = "",
) -> Piece:
    """Take one track of a score as the melody, with the chords under it.

    Empty bars before and after the melody are left out.

    Parameters
    ----------
    score
        As `reading.read` returns it.
    track
        Place of the melody's track; by default the one most like a melody.
    chords
        The chords to put under it, repeated to its end. By default those written in
        the score, or else those inferred from the other notes.
    source
        Where the piece is from.

    Raises
    ------
    DataError
        If there is no such track, it is drums, or has fewer than 8 notes.
    """
    place = guess(score) if track is None else track
    melody = _melody(score, place)
    steps = round(max(note.end for note in melody) * STEPS_A_QUARTER)
    grid = melody_of(melody, max(1, steps))
    spans = _chords(score, place, melody, chords)
    found, harmony = on_grid(spans, len(grid))
    piece = Piece(
        title=score.title,
        source=source,
        melody=grid,
        meter=score.meter,
        pickup=round(score.pickup * STEPS_A_QUARTER) % score.meter.steps,
        chords=found,
        harmony=harmony,
        tempo=score.tempo,
    )
    return replace(_trimmed(piece), key=key_of(melody))


def _melody(score: Score, place: int) -> tuple[Note, ...]:
    if not 0 <= place < len(score.tracks):
        raise DataError(
            f"Track: expected 1 to {len(score.tracks)}, got {place + 1}. "
            "Choose another track."
        )
    track = score.tracks[place]
    melody = () if track.drums else skyline(track.notes)
    if len(melody) < FEWEST_NOTES:
        what = "drums" if track.drums else f"{len(melody)}"
        raise DataError(
            f"Track: expected a melody of at least {FEWEST_NOTES} notes, got {what}. "
            "Choose another track."
        )
    return melody


def _chords(
    score: Score, place: int, melody: Sequence[Note], typed: Sequence[ChordSpan]
) -> tuple[ChordSpan, ...]:
    end = max(note.end for note in melody)
    if typed:
        return repeated(typed, end)
    if score.chords:
        return score.chords
    notes = _accompaniment(score, place, melody)
    return infer_chords(notes, end, score.meter, score.pickup)


def _accompaniment(score: Score, place: int, melody: Sequence[Note]) -> list[Note]:
    """Return the notes that say the chords: of other tracks, if these are enough.

    Else also the lower notes of the melody's track, and else the melody itself, which
    implies chords, if vaguely. Where other tracks say them, the melody's own track is
    not asked: its octaves would give away what is to be learnt.
    """
    enough = FEW_OTHERS * len(melody)
    others = [
        note
        for number, track in enumerate(score.tracks)
        if number != place and not track.drums
        for note in track.notes
    ]
    if len(others) < enough:
        leading = {(note.start, note.pitch) for note in melody}
        under = score.tracks[place].notes
        others += [note for note in under if (note.start, note.pitch) not in leading]
    if len(others) < enough:
        others += melody
    return others


def _trimmed(piece: Piece) -> Piece:
    """Leave out whole bars before the first note, and steps after the last."""
    first = int(np.flatnonzero(piece.melody != REST)[0])
    into_bar = (first - piece.pickup) % piece.meter.steps
    begin = max(0, first - into_bar)
    return piece.part(begin, piece.steps)
