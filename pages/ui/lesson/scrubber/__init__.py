"""The epoch scrubber: a component of the browser's own, without a build step."""

import json
from pathlib import Path

import streamlit as st

from core import palette
from pages.ui.lesson.names import STATES

HERE = Path(__file__).parent
PALETTE = {
    "rows": {name.symbol: (name.title, name.colour) for name in STATES.values()},
    "networks": palette.NETWORKS,
    "negative": palette.NEGATIVE,
    "positive": palette.POSITIVE,
}


def _read(*names: str) -> str:
    return "\n".join((HERE / name).read_text() for name in names)


_scrubber = st.components.v2.component(
    "lesson_scrubber",
    html="""
    <div class="lesson" role="group" aria-label="Epoch by epoch">
      <div class="bar"></div>
      <canvas class="curve" role="img" aria-label="Loss after each epoch"></canvas>
      <input class="epochs" type="range" min="0" value="0" step="1" aria-label="Epoch">
      <p class="readout">Drag, or use the arrow keys, Home and End; space plays.
      Point at a square to read its value.</p>
      <div class="views"></div>
    </div>""",
    css=_read("../player.css", "scrubber.css"),
    js="\n".join(
        [
            f"const PALETTE = {json.dumps(PALETTE)}",
            _read("../player.js", "film.js", "draw.js", "panels.js", "scrubber.js"),
        ]
    ),
)


def scrubber(key: str, film: bytes) -> None:
    """Draw a film of `core.lesson.film`, to be moved through in the browser."""
    _scrubber(key=key, data=film)
