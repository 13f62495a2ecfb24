"""What the piano roll shows, in words, and the colour of what it marks."""

from core.music.originality import Borrowed
from core.music.roll import (
    bar_starts,
    borrowing,
    key_of_melody,
    melody_notes,
    pitch_name,
)
from core.music.score import Score
from core.palette import CURVES

BORROWED = CURVES[1]


def roll_alt(score: Score, melody: int = 0, borrowed: Borrowed | None = None) -> str:
    """Say in words what the piano roll shows."""
    own = melody_notes(score, melody)
    bars = len(bar_starts(score))
    seconds = f"{score.seconds:.0f} seconds"
    if not own:
        return f"Piano roll of {bars} bars, {seconds}, without a melody"
    key = key_of_melody(score, melody)
    low = pitch_name(min(note.pitch for note in own), key)
    high = pitch_name(max(note.pitch for note in own), key)
    text = (
        f"Piano roll of {bars} bars, {seconds}: a melody of {len(own)} notes "
        f"between {low} and {high}"
    )
    return f"{text}; {borrowing(borrowed)}" if borrowed else text
