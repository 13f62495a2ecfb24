"""The piano roll with a playhead: a component without a build step."""

import json
from pathlib import Path

import streamlit as st

from core import palette
from core.music.playing.piano_roll import COPIED_COLOUR, RollData

HERE = Path(__file__).parent
COLOURS = {"melody": palette.MODEL, "other": palette.NAIVE, "copied": COPIED_COLOUR}


def _read(*names: str) -> str:
    return "\n".join((HERE / name).read_text() for name in names)


_roll = st.components.v2.component(
    "music_roll",
    html="""
    <div class="lesson" role="group" aria-label="Piano roll">
      <div class="bar"></div>
      <div class="board">
        <svg class="pitches" aria-hidden="true"></svg>
        <div class="scroll" role="group" aria-label="The notes" tabindex="0">
          <svg class="notes" role="img"></svg>
          <div class="head"></div>
        </div>
      </div>
      <p class="legend"></p>
      <p class="readout" aria-live="polite"></p>
    </div>""",
    css=_read("../../lesson/player.css", "roll.css"),
    js="\n".join(
        [
            f"const COLOURS = {json.dumps(COLOURS)}",
            _read("../../lesson/player.js", "draw.js", "roll.js"),
        ]
    ),
)


def roll(
    key: str,
    sound: str,
    notes: RollData,
    alt: str,
    given: float = 0.0,
    copied: str = "",
    loops: bool = True,
) -> None:
    """Draw a piano roll that follows a sound on the page.

    Parameters
    ----------
    key
        Of the component.
    sound
        Key of the container that holds the `st.audio`.
    notes
        What to draw.
    alt
        The same in words.
    given
        Seconds at the beginning that the model only read.
    copied
        Where the copied notes are from, in words.
    loops
        Whether it has a button that plays all again and again.
    """
    _roll(
        key=key,
        data={
            "sound": sound,
            "notes": notes,
            "alt": alt,
            "given": given,
            "copied": copied,
            "loops": loops,
        },
    )
