"""The lessons' animations: components of the browser's own, without a build step."""

from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent


def _read(*names: str) -> str:
    return "\n".join((FOLDER / name).read_text() for name in names)


_cell = st.components.v2.component(
    "lesson_cell",
    html="""
    <div class="lesson" role="group" aria-label="One step of the cell">
      <div class="head">
        <div class="bar"></div>
        <p class="says" aria-live="polite"></p>
      </div>
      <div class="blocks"></div>
      <p class="keys">Space plays and pauses, the arrow keys step. You can change the
      framed numbers: type, press up or down, or drag sideways.</p>
    </div>""",
    css=_read("player.css", "cell.css"),
    js=_read("player.js", "arithmetic.js", "cell.js"),
)

_heatmaps = st.components.v2.component(
    "lesson_heatmaps",
    html="""
    <div class="lesson" role="group" aria-label="The network over time">
      <div class="bar"></div>
      <canvas class="strip" role="img" aria-label="The unrolled network"></canvas>
      <p class="readout" aria-live="polite"></p>
      <div class="panels"></div>
      <p class="scale" aria-hidden="true"></p>
      <p class="keys">Space plays and pauses, left and right move in time, up and down
      choose a unit. Point at a square to read its value.</p>
    </div>""",
    css=_read("player.css", "heatmap.css"),
    js=_read("player.js", "strip.js", "heatmap.js"),
)


def cell_component(key: str, data, take_edits) -> None:
    """Draw one step of a cell, to be changed in the browser.

    What was changed is given to `take_edits`, as `core.lesson.demo.edited` reads it.
    """
    _cell(
        key=key,
        data=data,
        on_edits_change=lambda: take_edits(st.session_state[key]["edits"]),
    )


def heatmap_component(key: str, data) -> None:
    """Draw heatmaps over time, to be played in the browser."""
    _heatmaps(key=key, data=data)
