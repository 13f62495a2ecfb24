"""A score to hear and to see: its sound, and the piano roll that follows it."""

import functools

import streamlit as st

from core.music.originality import Borrowed
from core.music.pictures import roll_alt
from core.music.roll import borrowing, in_seconds, roll_data
from core.music.score import STEPS_A_QUARTER, Score
from core.music.sound import write_wav
from core.task import UserError
from pages.ui.music.roll import roll
from pages.ui.words import as_text

SOUNDS = 6  # kept for all sessions: the same notes make the same sound


@functools.lru_cache(maxsize=SOUNDS)
def sound(score: Score) -> bytes:
    """A score as a WAV file.

    Raises
    ------
    UserError
        If it cannot be heard.
    """
    return write_wav(score)


def listen(key: str, score: Score, alt: str, autoplay: bool = False) -> bool:
    """Draw the player of a score; tell whether there is one."""
    try:
        content = sound(score)
    except UserError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return False
    with st.container(key=key):
        st.audio(content, format="audio/wav", autoplay=autoplay, alt=alt)
    return True


def player(
    key: str,
    score: Score,
    name: str,
    borrowed: Borrowed | None = None,
    given: int = 0,
    autoplay: bool = False,
) -> None:
    """Draw a score to hear and to see.

    Parameters
    ----------
    key
        Of the roll; the player's begins with it.
    score
        As it sounds; its first track is the melody.
    name
        What is played, for who cannot see it.
    borrowed
        The melody's longest copied run.
    given
        Sixteenths of the primer.
    autoplay
        Whether it begins by itself.
    """
    if not listen(f"{key}_sound", score, name, autoplay):
        return
    roll(
        key=f"{key}_roll",
        sound=f"{key}_sound",
        notes=roll_data(score, 0, borrowed),
        alt=f"{name}. {roll_alt(score, 0, borrowed)}",
        given=in_seconds(score, given / STEPS_A_QUARTER),
        lent=borrowing(borrowed) if borrowed else "",
    )
