"""Which track of a file is the melody, and which chords are under it."""

import streamlit as st

from core.music.piece import Piece
from core.music.progression import chord_text
from core.music.roll import pitch_name
from core.music.voices import voices
from core.task import DataError
from pages.ui.words import as_text


def choose_file(files):
    """The file whose track is chosen; with one file there is nothing to ask."""
    if len(files) == 1:
        return files[0]
    by_id = {file.id: file for file in files}
    if st.session_state.get("music_file") not in by_id:
        st.session_state["music_file"] = files[0].id
    chosen = st.selectbox(
        f"Of {len(files)} files",
        list(by_id),
        format_func=lambda one: by_id[one].name,
        key="music_file",
        help="The one whose melody is chosen and shown.",
    )
    return by_id[chosen]


def choose_track(file) -> Piece | None:
    """Draw the tracks and the chords of a file; return the chosen piece."""
    st.session_state["music_track"] = file.track
    st.session_state["music_track_chords"] = file.chords
    found = voices(file.score)
    st.selectbox(
        "Melody track",
        range(len(found)),
        format_func=lambda place: _described(found[place]),
        key="music_track",
        help="The track to train on; the initial choice is a guess. Of notes that "
        "sound "
        "together, the highest is used.",
        on_change=_chosen,
        args=(file,),
    )
    st.text_input(
        "Its chords",
        key="music_track_chords",
        placeholder="Found in the other tracks",
        help="If empty: the chord symbols of the file, or chords found in the other "
        "tracks. Typed chords are repeated to the end.",
        on_change=_chosen,
        args=(file,),
    )
    try:
        piece = file.piece()
    except DataError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return None
    begins = chord_text(piece.spans()[:6], piece.meter)
    st.caption(
        f"{len(piece.onsets)} notes in {piece.bars} bars of {piece.meter}. Chords "
        f"begin: {as_text(begins)}"
    )
    return piece


def _chosen(file) -> None:
    file.track = st.session_state["music_track"]
    file.chords = st.session_state["music_track_chords"].strip()


def _described(voice) -> str:
    """A track by its instrument, notes and range."""
    name = f" ({voice.name})" if voice.name else ""
    about = f"{voice.track + 1}. {voice.instrument}, {voice.notes} notes"
    if voice.drums:
        return about + name
    low, high = pitch_name(voice.lowest), pitch_name(voice.highest)
    return f"{about}, {low} to {high}{name}"
