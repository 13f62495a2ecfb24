"""A keyboard to play on: by mouse, touch, the computer's keys or MIDI; a component."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.music.playing.clicks import Clicks
from pages.ui.components import read
from pages.ui.intents import trigger_intent
from pages.ui.web.scripts import script

_keyboard = st.components.v2.component(
    "music_keyboard",
    html="""
    <div class="lesson" role="group" aria-label="Keyboard">
      <div class="bar"></div>
      <div class="piano box" role="group"></div>
      <div class="line">
        <span class="beat" aria-hidden="true"></span>
        <span class="status" role="status"></span>
      </div>
    </div>""",
    css=read("components/player.css", "music/keyboard/keyboard.css"),
    js=script("music/keyboard/keyboard.js"),
)


def keyboard(
    key: str,
    sound: str,
    clicks: Clicks,
    quarters: float,
    chords: Sequence[str],
    turn: str,
    on_played: Callable[[object], None],
) -> None:
    """Draw the keyboard.

    Parameters
    ----------
    sound
        Key of the container of the `st.audio` that is paused for a recording.
    clicks, quarters
        The metronome's beats, and a bar in quarter notes.
    chords
        Of the bars that are recorded next, as text.
    turn
        What to say when that sound has ended; empty for nothing.
    on_played
        Takes what has been recorded, as the browser sent it: "bars" and "notes".
    """
    _keyboard(
        key=key,
        data={
            "sound": sound,
            "clicks": clicks,
            "quarters": quarters,
            "chords": list(chords),
            "turn": turn,
        },
        on_played_change=trigger_intent(key, "played", on_played),
    )
