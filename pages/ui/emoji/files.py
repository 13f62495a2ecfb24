"""A person's own files: read once, kept for the session, refused in a sentence."""

import os
from dataclasses import replace
from pathlib import PurePath

import streamlit as st

from core.emoji.labels import LABELS
from core.emoji.text.corpus import Sentences, check_training, shipped
from core.emoji.text.rows import read_csv
from core.emoji.vectors.own import FOLDER_VARIABLE, open_vectors, read_vectors
from core.task import UserError
from pages.ui.address import hold
from pages.ui.emoji.models import shipped as shipped_model
from pages.ui.refusal import refusal
from pages.ui.words import as_text

FORM = (
    "Columns text and label; a label is 0 to 4, a name ("
    + ", ".join(label.name for label in LABELS)
    + ") or the emoji. At most 5 MB."
)


def read_once(key: str, file, read):
    """What `read` makes of an uploaded file, or None; kept until the next file.

    A refusal is shown each time.
    """
    kept = st.session_state.get(key)
    if file and (kept is None or kept[0] != file.file_id):
        made, error = None, None
        try:
            made = read(file.getvalue(), PurePath(file.name).stem)
        except UserError as why:
            error = refusal("a file", why)
        kept = st.session_state[key] = file.file_id, made, error
    if kept is None or (file is None and kept[2]):
        return None
    if kept[2]:
        st.error(kept[2], icon=":material/error:")
    return kept[1]


def own_sentences() -> Sentences | None:
    """The training sentences of a file, with the sets that ship to judge them."""
    file = st.file_uploader(
        "Training CSV",
        type=["csv", "txt"],
        max_upload_size=5,
        key="emoji_train_upload",
        help=FORM,
    )
    data = read_once("emoji_own", file, _training)
    if data:
        st.caption(f"**{as_text(data.name)}**: {len(data.train):,} sentences.")
    else:
        st.caption(FORM)
    return data


def _training(content: bytes, name: str) -> Sentences:
    rows = read_csv(content)
    check_training(rows)
    return replace(shipped(), name=name, train=rows)


def own_vectors(data: Sentences | None) -> Sentences | None:
    """The sentences with word vectors of a file, or None while there are none."""
    file = st.file_uploader(
        "Word vectors",
        type=["txt", "vec"],
        max_upload_size=5,
        key="emoji_vectors_upload",
        help="GloVe or word2vec in text form: one word and its numbers per line. At "
        "most 5 MB, so keep only the most frequent words.",
    )
    vectors = read_once("emoji_vectors_own", file, read_vectors)
    if os.environ.get(FOLDER_VARIABLE):
        vectors = _of_the_server(data) or vectors
    if vectors is None:
        st.caption("Add a file of word vectors, or choose *glove*.")
        return None
    st.caption(
        f"**{as_text(vectors.name)}**: {len(vectors.words):,} words in "
        f"{vectors.size} dimensions."
    )
    return replace(data, own_vectors=vectors) if data else None


def _of_the_server(data: Sentences | None):
    """Word vectors of the folder that this server offers, by the name of a file."""
    name = st.text_input(
        "Or a file on the server",
        key=hold("emoji_vectors_file", ""),
        help="The name of a file in the server's folder of word vectors. It may be of "
        "any size.",
        persist_state="session",
    )
    if not name or data is None:
        return None
    kept = st.session_state.get("emoji_vectors_opened")
    if kept is None or kept[0] != name:
        vectors, error = None, None
        model = shipped_model().model
        wanted = {w for text in data.learned.texts for w in model.tokenize(text).shown}
        try:
            with st.spinner("Reading the word vectors."):
                vectors = open_vectors(name, wanted)
        except UserError as why:
            error = refusal("word vectors of the server", why)
        kept = st.session_state["emoji_vectors_opened"] = name, vectors, error
    if kept[2]:
        st.error(kept[2], icon=":material/error:")
    return kept[1]
