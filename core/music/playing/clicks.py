"""The beats that a metronome clicks, in seconds."""

from typing import TypedDict

from core.music.theory.notes import Meter


class Clicks(TypedDict):
    """Where a metronome clicks, as values for JSON: beat k is at first + k * beat."""

    first: float  # seconds to the first full bar; a pickup is before it
    beat: float  # seconds of a beat: in compound meters, such as 6/8, of a dotted one
    beats: int  # beats a bar; the first is accented


def clicks(meter: Meter, tempo: float, pickup: float = 0.0) -> Clicks:
    """Return the beats of a meter, after a pickup in quarter notes.

    Swing moves no beat: they are the same for a straight and for a swung score.
    """
    beat = (3 if meter.compound else 1) * 4 / meter.unit  # quarter notes
    second = tempo / 60
    return {
        "first": pickup / second,
        "beat": beat / second,
        "beats": max(1, round(meter.quarters / beat)),
    }
