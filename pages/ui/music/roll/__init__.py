"""The piano roll with a playhead: a component without a build step."""

from collections.abc import Callable
from typing import NamedTuple, TypedDict

import streamlit as st

from core.figures import palette
from core.music.playing.piano_roll import COPIED_COLOUR, RollData
from pages.ui.components import read
from pages.ui.intents import trigger_intent
from pages.ui.web.scripts import script

COLOURS = {"melody": palette.MODEL, "other": palette.NAIVE, "copied": COPIED_COLOUR}


_roll = st.components.v2.component(
    "music_roll",
    html="""
    <div class="lesson" role="group" aria-label="Piano roll">
      <div class="bar"></div>
      <div class="board box">
        <svg class="pitches" aria-hidden="true"></svg>
        <div class="scroll" role="group" aria-label="The notes" tabindex="0">
          <svg class="notes" role="img" aria-label="Notes"></svg>
          <div class="head"></div>
        </div>
      </div>
      <p class="legend"></p>
      <p class="readout quiet" aria-live="polite"></p>
    </div>""",
    css=read("components/player.css", "music/roll/roll.css"),
    js=script("music/roll/roll.js"),
)


class WritingData(TypedDict):
    """The data with which a roll is editable."""

    grid: list[float]  # seconds at which each sixteenth begins
    names: list[str]  # names of the pitches from 0 on
    locked: list[int]  # numbers of the bars that do not change
    # Numbers of the first and the last marked bar, or None
    marked: tuple[int, int] | None
    moves: int  # how often notes were to be moved: the roll is drawn anew after each


class Writing(NamedTuple):
    """An editable roll, with actions for marked bars and moved notes.

    `mark` is called with the numbers of two bars, or None, and `move` with a note's
    number in the melody, its new step and its new pitch: `note`, `step`, `pitch`.
    """

    data: WritingData
    mark: Callable[[list[int] | None], None]
    move: Callable[[dict[str, int]], None]


def roll(
    key: str,
    sound: str,
    notes: RollData,
    alt: str,
    given: float = 0.0,
    copied: str = "",
    writing: Writing | None = None,
    loops: bool = True,
) -> None:
    """Draw a piano roll that follows the `st.audio` in the container of a key.

    Parameters
    ----------
    alt
        The notes in words.
    given
        Seconds at the beginning that the model only read.
    copied
        Where the copied notes are from, in words.
    writing
        What to do where it is written on; None only shows it.
    loops
        Whether it has a button that plays all again and again.
    """
    events = {}
    if writing:
        events = {
            "on_marked_change": trigger_intent(key, "marked", writing.mark),
            "on_moved_change": trigger_intent(key, "moved", writing.move),
        }
    _roll(
        key=key,
        data={
            "sound": sound,
            "notes": notes,
            "alt": alt,
            "given": given,
            "copied": copied,
            "writing": writing.data if writing else None,
            "loops": loops,
            "colours": COLOURS,
        },
        **events,
    )
