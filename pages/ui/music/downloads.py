"""The files of a take, and the command that generates it again."""

import shlex
from dataclasses import fields

import streamlit as st

from core.music import Performance
from core.music.files.midi_writer import write_midi
from core.music.playing.notation import sheet_music
from core.music.playing.takes import Take
from pages.ui.download import download_button
from pages.ui.music.generate import NowPlaying
from pages.ui.music.models import Model
from pages.ui.music.player import sound
from pages.ui.takeaway import take_away

FILE_NAME = "improvisation"
XML = "application/vnd.recordare.musicxml+xml"
NOTES = "The notes, for other programs and instruments."
HEARD = "The sound; 64 kB per second."
SCORE = (
    "For notation programs: melody, accompaniment and chord symbols. The word Swing "
    "stands above notes that are swung."
)


def downloads(now: NowPlaying, take: Take) -> None:
    """Draw the downloads of what plays of a take."""
    for label, ending, key, mime, make, about in (
        ("MIDI", "mid", "", "audio/midi", lambda: write_midi(take.score), NOTES),
        ("WAV", "wav", "_wav", "audio/wav", lambda: sound(take.score), HEARD),
        (
            "MusicXML",
            "musicxml",
            "_musicxml",
            XML,
            lambda: sheet_music(take, now.how),
            SCORE,
        ),
    ):
        name, key = f"{FILE_NAME}.{ending}", f"music_download{key}"
        download_button(label, make, name, key, mime, help=about)


def token_downloads(model: Model, now: NowPlaying, take: Take) -> None:
    """Draw the tokens of what plays of a take, and the command that generates it."""
    whole = take is now.take and not take.given and now.options is not None
    if model.run_id is None and whole:
        st.markdown("**In the terminal**, this command generates the same notes:")
        st.code(_command(model, now), "bash", wrap_lines=True)
    with st.expander("The tokens", icon=":material/notes:"):
        st.code(" ".join(take.words), None, wrap_lines=True)
        download_button(
            "Tokens (text)",
            lambda: "\n".join(take.words) + "\n",
            f"{FILE_NAME}.txt",
            "music_download_txt",
            "text/plain",
            help="One line per sixteenth: a pitch, hold, or rest.",
        )


def model_downloads(model: Model) -> None:
    """Draw the downloads of the model that plays, and of its training."""
    st.markdown("##### The model and its training")
    take_away("music", "music", model.result, run_id=model.run_id)


def _command(model: Model, now: NowPlaying) -> str:
    """The command line that generates the same, unless it was edited by hand."""
    classic = model.name == "classic"
    given = ["--model", "classic"] if classic else ["--corpus", model.name]
    for item in fields(Performance):
        value = getattr(now.how, item.name)
        if value != item.default:
            given += [f"--{item.name.replace('_', '-')}", str(value)]
    if now.chords.strip():
        given += ["--chords", now.chords]
    given += now.options or ()
    parts = ["python", "-m", "core.music", "--generate-only", *given]
    return shlex.join([*parts, "--midi", f"{FILE_NAME}.mid"])
