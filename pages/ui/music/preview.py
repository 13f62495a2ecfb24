"""A piece that is learned from, to hear and to see as the model will."""

import streamlit as st

from core.music.config import Performance
from core.music.corpora import Corpus
from core.music.generating import arranged
from core.music.piece import Piece
from pages.ui.address import hold, restore
from pages.ui.music.player import player
from pages.ui.music.primers import improvise_on
from pages.ui.words import as_text

MOST = 60  # pieces in the list
BARS = 16  # of a shipped piece, which are enough to know it by


def own_view(piece: Piece) -> None:
    """Draw an uploaded piece, and the button that lets the model go on from it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{as_text(piece.title)}**, as the model reads it", width="stretch"
        )
        st.button(
            "Improvise on it",
            key="music_improvise",
            icon=":material/music_note:",
            help="Plays its first bars, as many as *Primer bars*, and continues over "
            "its chords. The result is in the player above.",
            on_click=improvise_on,
            args=(piece,),
        )
    _play(piece)


def corpus_view(corpus: Corpus) -> None:
    """Draw the beginning of a piece of a corpus; a person chooses which."""
    parts = {
        "training": corpus.train,
        "validation": corpus.validation,
        "test": corpus.test,
    }
    if corpus is not st.session_state.get("music_looked_at"):
        st.session_state["music_looked_at"] = corpus
        restore("music", {"piece": 0})
    found = [(piece, what) for what, pieces in parts.items() for piece in pieces[:MOST]]
    place = st.selectbox(
        "Listen to the data",
        range(len(found)),
        format_func=lambda place: f"{found[place][0].title}, {found[place][1]}",
        key=hold("music_piece", 0, range(len(found))),
        help=f"The first {BARS} bars of a piece, as the model sees it: one melody over "
        "chords, on a grid of sixteenths.",
        persist_state="session",
    )
    piece = found[place][0]
    _play(piece.part(0, min(piece.steps, piece.pickup + BARS * piece.meter.steps)))


def _play(piece: Piece) -> None:
    how = Performance(tempo=round(min(300, max(30, piece.tempo))))
    player("music_preview", arranged(piece, how), piece.title)
