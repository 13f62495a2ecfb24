"""The tab in which a person teaches: an editor, a button, and what came of it."""

import streamlit as st

from core.emoji.labels import LABELS
from core.emoji.text.rows import read_csv
from core.task import DataError
from pages.ui.emoji import taught
from pages.ui.emoji.files import FORM
from pages.ui.emoji.setup import Request, ask_for_training
from pages.ui.refusal import refusal

REFUSED = "emoji_teach_refused"
EMOJIS = {label.name: f"{label.emoji} {label.name}" for label in LABELS}


def teach_view(request: Request) -> None:
    """Draw the editor, and the buttons for what is in it."""
    st.markdown(
        "Write sentences and the emoji that each should get. A new training includes "
        "them and then lists **which answers changed**."
    )
    st.data_editor(
        taught.table(),
        column_config={
            taught.SENTENCE: st.column_config.TextColumn(
                "Sentence", required=True, max_chars=500, width="large"
            ),
            taught.EMOJI: st.column_config.SelectboxColumn(
                "Emoji",
                options=taught.NAMES,
                format_func=EMOJIS.__getitem__,
                required=True,
                width="small",
            ),
        },
        num_rows="dynamic",
        hide_index=True,
        height=250,
        key="emoji_teach",
        alt="The sentences that you teach, with the emoji of each: add, change, remove",
    )
    rows = taught.taught()
    if lacking := taught.incomplete():
        st.caption(
            f":material/info: {lacking} without a sentence or an emoji, left out."
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Teach and train again",
            key="emoji_retrain",
            icon=":material/school:",
            disabled=not (len(rows) and request.complete),
            help="Trains a new model with the settings above, on all sentences and "
            "yours.",
            on_click=ask_for_training,
        )
        st.download_button(
            "Download (CSV)",
            lambda: taught.as_csv(rows),
            file_name="taught.csv",
            mime="text/csv",
            key="emoji_teach_download",
            icon=":material/download:",
            disabled=not len(rows),
            on_click="ignore",
        )
        st.button(
            "Remove all",
            key="emoji_teach_forget",
            icon=":material/delete:",
            type="tertiary",
            disabled=not len(rows),
            help="Empties the list. Models trained on these sentences are not changed.",
            on_click=taught.forget,
        )
    st.file_uploader(
        "Load sentences to teach (CSV)",
        type=["csv", "txt"],
        max_upload_size=5,
        key="emoji_teach_upload",
        help=FORM + " They are added to those above.",
        on_change=_load,
    )
    if refused := st.session_state.get(REFUSED):
        st.error(refused, icon=":material/error:")


def _load() -> None:
    """Add the sentences of a file that was just chosen."""
    st.session_state[REFUSED] = None
    if (file := st.session_state["emoji_teach_upload"]) is None:
        return
    try:
        taught.teach(read_csv(file.getvalue()))
    except DataError as error:
        st.session_state[REFUSED] = refusal("sentences to teach", error)
