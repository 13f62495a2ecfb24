"""The player of a score: its sound, and the piano roll that follows it."""

import functools
import secrets
from collections.abc import Sequence

import streamlit as st

from core.music.judging.originality import CopiedRun
from core.music.playing.clicks import clicks
from core.music.playing.piano_roll import (
    describe_copy,
    in_seconds,
    roll_alt,
    roll_data,
)
from core.music.playing.sound import write_wav
from core.music.score.score import Score
from core.music.theory.notes import STEPS_A_QUARTER
from pages.ui.controls import refusals
from pages.ui.music.roll import Writing, roll
from pages.ui.music.transport import transport

SOUNDS = 6  # most sounds in the cache of all sessions
START = "music_begin_sound"  # a request to play, and the second from which


def begin_sound(second: float) -> None:
    """Start the page's next player at a given second."""
    st.session_state[START] = secrets.token_hex(4), second


@functools.lru_cache(maxsize=SOUNDS)
def sound(score: Score) -> bytes:
    """A score as a WAV file."""
    return write_wav(score)


def listen(key: str, score: Score, alt: str, autoplay: bool = False) -> bool:
    """Draw the audio player of a score; return whether there is sound."""
    with refusals():
        content = sound(score)
        with st.container(key=key):
            st.audio(content, format="audio/wav", autoplay=autoplay, alt=alt)
        return True
    return False


def player(
    key: str,
    score: Score,
    name: str,
    copied: CopiedRun | None = None,
    given: int = 0,
    autoplay: bool = False,
    writing: Writing | None = None,
    practice: bool = False,
    start: tuple[str, float] | None = None,
    origins: Sequence[int] = (),
) -> None:
    """Draw the player and the piano roll of a score, whose first track is the melody.

    Parameters
    ----------
    name
        What is played, for screen readers.
    given
        Sixteenths of the primer.
    writing
        What to do where the roll is written on; None only shows it.
    practice
        Whether there are a loop of the marked bars, a count-in and a metronome, and
        the sound goes on when another takes its place.
    start
        Of these: a request to play; see `transport`.
    origins
        The `Origin` of each note of the melody, to be shown.
    """
    if not listen(f"{key}_sound", score, name, autoplay):
        return
    if practice:
        practice_controls(key, score, start)
    roll(
        key=f"{key}_roll",
        sound=f"{key}_sound",
        notes=roll_data(score, copied, origins),
        alt=f"{name}. {roll_alt(score, copied)}",
        given=in_seconds(score, given / STEPS_A_QUARTER),
        copied=describe_copy(copied) if copied else "",
        writing=writing,
        loops=not practice,
    )


def practice_controls(
    key: str, score: Score, start: tuple[str, float] | None = None
) -> None:
    """Draw the loop, the count-in and the metronome of the sound of a score."""
    beats = clicks(score.meter, score.tempo, score.pickup)
    transport(f"{key}_transport", key, beats, score.seconds, start)
