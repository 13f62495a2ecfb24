"""The piece whose first bars a model hears before it plays."""

import streamlit as st

from core.music.piece import Piece
from pages.ui.address import hold
from pages.ui.music.files import uploaded_pieces
from pages.ui.music.models import Voice

NONE = "None"
MOST = 40  # pieces of a corpus in the list
ASKED = "music_asked_to_play"  # by another button than Generate


def choose_primer(voice: Voice) -> Piece | None:
    """Draw the list of primers; return the chosen one."""
    found = _primers(voice)
    key = hold("music_primer", NONE, list(found))
    if st.session_state[key] not in found:
        st.session_state[key] = NONE
    chosen = st.selectbox(
        "Primer",
        list(found),
        key=key,
        help="A piece whose first bars the model reads and continues. For your own "
        "piece, choose Upload below Data. The classic recipe cannot use a primer.",
        persist_state="session",
    )
    return found[chosen]


def improvise_on(piece: Piece) -> None:
    """Choose an uploaded piece as the primer, over its own chords, and play."""
    st.session_state["music_primer"] = _own(piece)
    st.session_state["music_chords"] = ""
    st.session_state[ASKED] = True


def _own(piece: Piece) -> str:
    return f"{piece.title} (your file)"


def _primers(voice: Voice) -> dict[str, Piece | None]:
    """Pieces by what they are called in the list: uploads, held-out ones, others."""
    corpus = voice.result.corpus
    unseen = (*corpus.test, *corpus.validation)
    found: dict[str, Piece | None] = {NONE: None}
    for piece in uploaded_pieces():
        found[_own(piece)] = piece
    for piece in unseen[:MOST]:
        found[f"{piece.title} (held out)"] = piece
    for piece in corpus.train[: max(0, MOST - len(unseen))]:
        found[f"{piece.title} (training piece)"] = piece
    return found
