"""Staff notation that follows the sound: a component without a build step."""

import functools

import streamlit as st

from core.music.config import Performance
from core.music.playing.notation import NotationData, notation_alt, notation_data
from core.music.playing.takes import Take
from pages.ui.address import request_noter
from pages.ui.components import read
from pages.ui.controls import refusals
from pages.ui.web.scripts import script

ENGRAVED = 6  # takes in the cache of all sessions


_notation = st.components.v2.component(
    "music_notation",
    html="""
    <div class="lesson" role="group" aria-label="Staff notation">
      <div class="bar"></div>
      <div class="pages"></div>
      <p class="readout quiet" aria-live="polite"></p>
    </div>""",
    css=read("components/player.css", "music/notation/notation.css"),
    js=script("music/notation/notation.js"),
)


@functools.lru_cache(maxsize=ENGRAVED)
def _engraved(take: Take, how: Performance, size: str) -> NotationData:
    return notation_data(take, how, size)


def notation(key: str, sound: str, take: Take, how: Performance, name: str) -> None:
    """Draw staff notation that follows the `st.audio` in the container of a key.

    The component's state has the size of the pages, which the browser chooses by the
    width that it has.
    """
    size = (st.session_state.get(key) or {}).get("size") or "paper"
    alt = f"{name}. {notation_alt(take)}"
    with refusals():
        data = _engraved(take, how, size)
        _notation(
            key=key,
            data={**data, "sound": sound, "name": name, "alt": alt},
            on_size_change=request_noter(),  # the rerun has the other size
        )
