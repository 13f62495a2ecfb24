"""Loop, count-in and metronome for a sound on the page: a component."""

import streamlit as st

from core.music.playing.clicks import Clicks
from pages.ui.components import read
from pages.ui.web.scripts import script

_transport = st.components.v2.component(
    "music_transport",
    html="""
    <div class="lesson" role="group" aria-label="Loop, count-in and metronome">
      <div class="bar"></div><span class="says"></span>
    </div>""",
    css=read("components/player.css", "music/transport/transport.css"),
    js=script("music/transport/transport.js"),
)


def transport(
    key: str,
    player: str,
    clicks: Clicks,
    seconds: float,
    start: tuple[str, float] | None = None,
) -> None:
    """Draw the buttons. Their state stays in the browser's session.

    It keeps a sound going as well: where one is replaced while it plays, the next one
    plays at once.

    Parameters
    ----------
    player
        Key of the player whose `st.audio` it controls; its roll says which bars are
        marked.
    seconds
        Length of the score, without the reverb at its end.
    start
        A sound that is to play by itself: a name of this request, and the second to
        begin at. Each name is obeyed once.
    """
    _transport(
        key=key,
        data={
            "sound": f"{player}_sound",
            "clicks": clicks,
            "seconds": seconds,
            "start": start and {"id": start[0], "at": start[1]},
        },
    )
