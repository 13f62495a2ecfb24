"""Random pieces for property tests."""

import numpy as np
from hypothesis import strategies as st

from core.music.score.piece import HOLD, NO_CHORD, REST, Piece, chord_grid
from core.music.theory.chord import QUALITIES, Chord
from core.music.theory.keys import Key
from core.music.theory.notes import Meter
from core.music.theory.progressions import parse_chords

METERS = [Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(9, 8), Meter(2, 4)]


@st.composite
def pieces(draw, low=40, high=90):
    """A piece of any notes, rests, chords and meter."""
    drawn = draw(
        st.lists(
            st.tuples(st.integers(low - 1, high), st.integers(1, 9)),
            min_size=1,
            max_size=30,
        )
    )
    melody = []
    for pitch, length in drawn:
        begin, after = (REST, REST) if pitch < low else (pitch, HOLD)
        melody += [begin] + [after] * (length - 1)
    chords = draw(
        st.lists(
            st.builds(Chord, st.integers(0, 11), st.sampled_from(sorted(QUALITIES))),
            unique=True,
            max_size=4,
        )
    )
    places = st.integers(NO_CHORD, len(chords) - 1)
    harmony = draw(st.lists(places, min_size=len(melody), max_size=len(melody)))
    meter = draw(st.sampled_from(METERS))
    return Piece(
        title=draw(st.text(max_size=9)),
        source="drawn",
        melody=np.array(melody),
        meter=meter,
        pickup=draw(st.integers(0, meter.steps - 1)),
        chords=tuple(chords),
        harmony=np.array(harmony),
        key=draw(st.none() | st.builds(Key, st.integers(0, 11), st.booleans())),
        tempo=draw(st.floats(20, 300)),
    )


def over(text, melody, **more):
    chords, harmony = chord_grid(parse_chords(text), len(melody))
    return Piece("", "", np.array(melody), chords=chords, harmony=harmony, **more)
