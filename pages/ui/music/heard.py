"""The take that is heard: who plays, the sound, the roll, and the file of it."""

import streamlit as st

from core.music.midi_writer import write_midi
from pages.ui.music.models import Voice
from pages.ui.music.player import player
from pages.ui.music.takes import Played

MIDI = "audio/midi"


def heard(voice: Voice, now: Played | None) -> None:
    """Draw what a model has played."""
    if now is None:
        st.info(
            "Nothing has been generated yet. Correct the settings below and press "
            "*Generate*.",
            icon=":material/info:",
        )
        return
    take = now.take
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Played by {voice.about}.", width="stretch")
        st.download_button(
            "MIDI",
            lambda: write_midi(take.score),
            file_name="improvisation.mid",
            mime=MIDI,
            key="music_download",
            icon=":material/download:",
            help="The notes as a MIDI file. The tab *Take away* has other formats.",
            on_click="ignore",
        )
    player("music", take.score, "Improvisation", take.borrowed, take.given)
