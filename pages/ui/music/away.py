"""The files of what is heard, and the command that plays it again."""

import shlex
from dataclasses import fields, replace

import streamlit as st

from core.music import Performance
from core.music.generating import arranged
from core.music.musicxml_writer import write_musicxml
from pages.ui.music.models import OWN, Voice
from pages.ui.music.player import sound
from pages.ui.music.takes import Played

PLACE = "improvisation"


def take_away(voice: Voice, now: Played) -> None:
    """Draw the downloads."""
    take = now.take
    # As one writes it down: swing is a matter of playing.
    straight = replace(now.how, swing=1.0)
    files = (
        (
            "Sound (WAV)",
            "wav",
            "audio/wav",
            lambda: sound(take.score),
            "What you hear; 64 kB per second.",
        ),
        (
            "Notes (MusicXML)",
            "musicxml",
            "application/vnd.recordare.musicxml+xml",
            lambda: write_musicxml(arranged(take.piece, straight)),
            "For notation programs: melody, accompaniment and chord symbols, written "
            "without swing.",
        ),
        (
            "Tokens (text)",
            "txt",
            "text/plain",
            lambda: "\n".join(take.words) + "\n",
            "One line per sixteenth: a pitch, hold, or rest.",
        ),
    )
    st.markdown("The MIDI file is next to the player above. Other formats:")
    with st.grid(3, min_column_width=220):
        for label, ending, mime, make, about in files:
            with st.container():
                st.download_button(
                    label,
                    make,
                    file_name=f"{PLACE}.{ending}",
                    mime=mime,
                    key=f"music_download_{ending}",
                    icon=":material/download:",
                    width="stretch",
                    on_click="ignore",
                )
                st.caption(about)
    if voice.name != OWN and not take.given:
        st.markdown("**In the terminal**, this command generates the same notes:")
        st.code(_command(voice, now), "bash", wrap_lines=True)
    with st.expander("The tokens", icon=":material/notes:"):
        st.code(" ".join(take.words), None, wrap_lines=True)


def _command(voice: Voice, now: Played) -> str:
    """The command line that plays the same."""
    given = ["--model", "seed"] if voice.name == "seed" else ["--corpus", voice.name]
    for item in fields(Performance):
        value = getattr(now.how, item.name)
        if value != item.default:
            given += [f"--{item.name.replace('_', '-')}", str(value)]
    if now.chords.strip():
        given += ["--chords", now.chords]
    parts = ["python", "-m", "core.music", "--generate-only", *given]
    return shlex.join([*parts, "--midi", f"{PLACE}.mid"])
