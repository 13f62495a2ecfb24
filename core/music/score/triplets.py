"""Triplets on a grid of sixteenths: three notes of a beat on its first three steps.

A grid of sixteenths has no place for thirds of a beat. In jazz the first three
sixteenths stand for them, as swung 2 to 1 they sound on thirds, and an eighth on the
third of them is the swung eighth. Files are read into that grid and written from it by
the same rule.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.music.score.piece import Piece
from core.music.theory.notes import STEPS_A_QUARTER, Meter, Note

NEAR = 1 / 32  # largest distance of a triplet's note from a third of its beat, in beats
SWUNG = (0, 1 / 3, 2 / 3, 5 / 6)  # places of sixteenths that are swung 2 to 1
INNER_THIRDS = (1 / 3, 2 / 3)


def triplet_beats(piece: Piece) -> NDArray[np.bool_]:
    """Tell for each beat, a quarter note, whether it is a triplet in jazz, (beats,).

    It is one if a note begins on its second sixteenth and none on its fourth: then
    notes begin on the first three only, and not just as two eighths. Meters without
    whole quarters to a bar have no triplets. Beats are counted from the bars: with a
    pickup the first one begins `-pickup % 4` sixteenths before the piece does.
    """
    before = -piece.pickup % STEPS_A_QUARTER
    count = -(-(piece.steps + before) // STEPS_A_QUARTER)
    begins = np.zeros(count * STEPS_A_QUARTER, bool)
    begins[before + piece.onsets] = True
    beats = begins.reshape(count, STEPS_A_QUARTER)
    return np.asarray(beats[:, 1] & ~beats[:, 3] & in_quarters(piece.meter))


def on_sixteenths(
    notes: Sequence[Note], meter: Meter, pickup: float = 0.0
) -> tuple[Note, ...]:
    """Return a melody whose triplets are on the first three sixteenths of their beats.

    A beat is a triplet, or swung 2 to 1, if all its notes begin at thirds of it or
    halfway from the last third, and one of them on the second or third. Times within it
    are stretched; those in other beats stay.
    """
    if not in_quarters(meter):
        return tuple(notes)
    parts: dict[int, list[float]] = defaultdict(list)
    for note in notes:
        beat, part = _beat(note.start, pickup)
        parts[beat].append(part)
    triplets = {
        beat
        for beat, found in parts.items()
        if all(_is_near(part, SWUNG) for part in found)
        and any(_is_near(part, INNER_THIRDS) for part in found)
    }

    def straight(time: float) -> float:
        beat, part = _beat(time, pickup)
        if beat not in triplets:
            return time
        half = 0.75 * part if part <= 2 / 3 else 1 - 1.5 * (1 - part)  # 2/3 is 1/2
        return pickup + beat + half

    return tuple(
        replace(note, start=start, length=straight(note.end) - start)
        for note in notes
        for start in [straight(note.start)]
    )


def _beat(time: float, pickup: float) -> tuple[int, float]:
    """Return the beat of a time and the part of it that is over, 0 to 1.

    A time just before a beat belongs to that beat.
    """
    beat = math.floor(time - pickup + NEAR)
    return beat, max(0.0, time - pickup - beat)


def _is_near(part: float, places: Sequence[float]) -> bool:
    return any(abs(part - place) <= NEAR for place in places)


def in_quarters(meter: Meter) -> bool:
    """Tell whether bars are whole quarters, as those are that swing."""
    return not meter.compound and meter.quarters.is_integer()
