"""A take in staff notation, as a page shows it."""

from typing import TypedDict

from core.music.files.engraving import engrave
from core.music.files.musicxml_writer import write_musicxml
from core.music.playing.piano_roll import bar_number, bar_starts, in_seconds
from core.music.score.score import Score
from core.music.theory.chord import PITCH_CLASSES


class NotationData(TypedDict):
    """Staff notation, as values for JSON.

    Attributes
    ----------
    pages, font
        As in `Engraving`.
    size
        One of `SIZES`.
    bars, numbers
        Start of each bar in seconds, and its number: 1 is the first full one, 0 a
        pickup.
    """

    pages: tuple[str, ...]
    font: str
    size: str
    bars: list[float]
    numbers: list[int]


def notation_data(score: Score, swing: float, size: str) -> NotationData:
    """Return a score without swing in notation; bars last the same with it.

    Raises
    ------
    EngravingError
        If it cannot be engraved.
    """
    engraving = engrave(write_musicxml(score, swing), size)
    starts = bar_starts(score)
    return {
        "pages": engraving.pages,
        "font": engraving.font,
        "size": size,
        "bars": [in_seconds(score, start) for start in starts],
        "numbers": [bar_number(score, start) for start in starts],
    }


def notation_alt(score: Score) -> str:
    """Say in words what the notation shows."""
    bars = sum(bar_number(score, start) > 0 for start in bar_starts(score))
    key = ""
    if score.key:
        mode = "minor" if score.key.minor else "major"
        key = f", {PITCH_CLASSES[score.key.tonic]} {mode}"
    others = [track.name.lower() for track in score.tracks[1:] if not track.drums]
    below = f", over {' and '.join(others)}" if others else ""
    above = " with chord symbols" if score.chords else ""
    return (
        f"Staff notation of {bars} bars in {score.meter}{key}: the melody{above}{below}"
    )
