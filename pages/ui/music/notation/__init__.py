"""Staff notation that follows the sound: a component without a build step."""

import functools
from pathlib import Path

import streamlit as st

from core.music.files.engraving import EngravingError
from core.music.playing.notation import NotationData, notation_alt, notation_data
from core.music.score.score import Score
from pages.ui.words import as_text

HERE = Path(__file__).parent
ENGRAVED = 6  # scores in the cache of all sessions


def _read(*names: str) -> str:
    return "\n".join((HERE / name).read_text() for name in names)


_notation = st.components.v2.component(
    "music_notation",
    html="""
    <div class="lesson" role="group" aria-label="Staff notation">
      <div class="bar"></div>
      <div class="pages"></div>
      <p class="readout" aria-live="polite"></p>
    </div>""",
    css=_read("../../lesson/player.css", "notation.css"),
    js=_read("../../lesson/player.js", "notation.js"),
)


@functools.lru_cache(maxsize=ENGRAVED)
def _engraved(score: Score, swing: float, size: str) -> NotationData:
    return notation_data(score, swing, size)


def notation(key: str, sound: str, score: Score, swing: float, name: str) -> None:
    """Draw staff notation that follows a sound on the page.

    Parameters
    ----------
    key
        Of the component. Its state has the size of the pages, which the browser
        chooses by the width that it has.
    sound
        Key of the container that holds the `st.audio`.
    score
        What is played, without swing.
    swing
        How it is swung.
    name
        What is played, in words.
    """
    size = (st.session_state.get(key) or {}).get("size") or "paper"
    try:
        data = _engraved(score, swing, size)
    except EngravingError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return
    alt = f"{name}. {notation_alt(score)}"
    _notation(
        key=key,
        data={**data, "sound": sound, "name": name, "alt": alt},
        on_size_change=lambda: None,  # the script runs again, with the other pages
    )
