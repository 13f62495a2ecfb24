"""The sentences that a person teaches: in the session, and edited in a table."""

from collections.abc import Container

import pandas as pd
import streamlit as st

from core.emoji.labels import LABELS, NONE, NONE_NAME, Labels, name_of
from core.emoji.teaching import MOST_TAUGHT
from core.emoji.teaching import teach as lesson
from core.emoji.text.rows import Rows, read_csv
from core.runs import Run
from core.table.writer import write_csv
from core.task import DataError
from pages.ui.download import download_button
from pages.ui.emoji.files import FORM
from pages.ui.emoji.flips import lesson_view
from pages.ui.emoji.models import ActiveModel
from pages.ui.intents import button, carry_out, intent
from pages.ui.live.state import is_changing
from pages.ui.training import begin

SENTENCE, EMOJI = "sentence", "emoji"


def teachable(labels: Labels) -> dict[str, int]:
    """The labels that can be taught, by name; "none" with the five emojis only."""
    numbers = {label.name: number for number, label in enumerate(labels)}
    return {**numbers, NONE_NAME: NONE} if labels == LABELS else numbers


def taught(labels: Labels) -> Rows:
    """The complete rows of these classes; the last row of a sentence counts."""
    numbers = teachable(labels)
    found = {
        _text(row): numbers[row[EMOJI]]
        for row in _edited_rows()
        if _complete(row, numbers)
    }
    return Rows.of(found.items())


def taught_any() -> bool:
    """Whether a row of any classes is complete."""
    return any(row[EMOJI] and _text(row) for row in _edited_rows())


def label_of(text: str, labels: Labels) -> int | None:
    """The taught label of a sentence, if any."""
    return taught(labels).label_of.get(text.strip())


def teach(rows: Rows, labels: Labels) -> None:
    """Add sentences; existing ones get the new label."""
    new = rows.label_of
    old = [row for row in _edited_rows() if _text(row) not in new]
    if len(old) + len(new) > MOST_TAUGHT:
        raise DataError(
            f"Expected at most {MOST_TAUGHT:,} taught sentences, got "
            f"{len(old) + len(new):,}. To learn from more, choose Upload below Data."
        )
    added = [
        {SENTENCE: text, EMOJI: name_of(label, labels)} for text, label in new.items()
    ]
    _replace(old + added)


def remove(text: str) -> None:
    """Remove a sentence."""
    _replace([row for row in _edited_rows() if _text(row) != text.strip()])


def save_edits() -> None:
    """Store the rows of the editor before another page discards them."""
    st.session_state["emoji_taught_now"] = _edited_rows()


def taught_csv(rows: Rows, labels: Labels = LABELS) -> str:
    """Taught sentences as a file that can be loaded again."""
    return write_csv(
        {"text": rows.texts, "label": [name_of(n, labels) for n in rows.labels]}
    )


def begin_teaching(active: ActiveModel, begun) -> Run | None:
    """Teach the model that answers, if a button was pressed; return the run."""
    asked = _begin_teaching, active, begun
    return carry_out("emoji_teach_now", *asked, also=["emoji_learn_now"])


def _begin_teaching(active: ActiveModel, begun) -> Run | None:
    before = active.result
    data = lesson(before, taught(before.labels), active.run_id or "")
    # The settings on the page stay those of a training from scratch.
    run = begin("emoji", "emoji", before.config, data, True, begun)
    if run:
        st.session_state["emoji_lesson"] = run.id
    return run


def teach_view(run, active: ActiveModel, ready: bool) -> None:
    """Draw the editor with its buttons, and the results of the last lesson.

    A training from scratch can be started if the settings and the data are `ready`.
    The sentences are of the classes of the model that answers.
    """
    labels = active.result.labels
    st.markdown(
        "Write sentences and the emoji that each should get. **Teach now** updates the "
        "current model in seconds: it stores what the network has read of each "
        "sentence, and changes its answers to sentences that are read alike. **Train "
        "from scratch** takes a whole training. Both list which answers changed."
    )
    _editor(labels)
    _buttons(taught(labels), labels, ready, run is not None and is_changing(run))
    lesson_view(run)
    st.file_uploader(
        "Load sentences to teach (CSV)",
        type=["csv", "tsv", "txt"],
        max_upload_size=5,
        key="emoji_teach_upload",
        help=FORM + " They are added to those above.",
        on_change=intent("emoji_teach_upload", _load, labels),
    )


def _editor(labels: Labels) -> None:
    names = list(teachable(labels))
    titles = {label.name: str(label) for label in labels}
    st.data_editor(
        _table(),
        column_config={
            SENTENCE: st.column_config.TextColumn(
                "Sentence", required=True, max_chars=500, width="large"
            ),
            EMOJI: st.column_config.SelectboxColumn(
                "Emoji",
                options=names,
                format_func=lambda name: titles.get(name, name),
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
    if incomplete := sum(not _complete(row, names) for row in _edited_rows()):
        st.caption(
            f":material/info: {incomplete} without a sentence or an emoji, left out."
        )


def _buttons(rows: Rows, labels: Labels, ready: bool, changing: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        button(
            "Teach now",
            "emoji_teach_now",
            icon=":material/bolt:",
            disabled=not len(rows) or changing,
            help="Changes the answers near each sentence until it gets its emoji. The "
            "networks stay as they are.",
        )
        button(
            "Train from scratch",
            "emoji_retrain",
            icon=":material/school:",
            disabled=not (len(rows) and ready),
            help="Trains a new model with the settings above, on all sentences and "
            "yours.",
        )
        download_button(
            "Download (CSV)",
            lambda: taught_csv(rows, labels),
            "taught.csv",
            "emoji_teach_download",
            disabled=not len(rows),
        )
        button(
            "Remove all",
            "emoji_teach_forget",
            _replace,
            [],
            icon=":material/delete:",
            type="tertiary",
            disabled=not len(rows),
            help="Empties the list. Models trained on these sentences are not changed.",
        )


def _load(labels: Labels) -> None:
    """Add the sentences of a file that was just chosen."""
    if file := st.session_state["emoji_teach_upload"]:
        teach(read_csv(file.getvalue(), labels=labels), labels)


def _complete(row, names: Container[str]) -> bool:
    return bool(_text(row)) and row[EMOJI] in names


def _text(row) -> str:
    return (row[SENTENCE] or "").strip()


def _table() -> pd.DataFrame:
    """The rows of the editor without its changes.

    Their index begins elsewhere each time they are replaced, so that the editor drops
    the changes that it has made to those before.
    """
    if "emoji_teach" not in st.session_state:  # the editor starts anew
        _replace(st.session_state.get("emoji_taught_now", []))
    rows, edition = st.session_state["emoji_taught_base"]
    frame = pd.DataFrame(rows, columns=[SENTENCE, EMOJI], dtype="object")
    start = edition * MOST_TAUGHT * 2
    frame.index = pd.RangeIndex(start, start + len(frame))
    return frame


def _edited_rows() -> list[dict]:
    """The rows with the editor's changes."""
    edits = st.session_state.get("emoji_teach")
    if edits is None:
        return st.session_state.get("emoji_taught_now", [])
    rows = [dict(row) for row in st.session_state["emoji_taught_base"][0]]
    for index, cells in edits["edited_rows"].items():
        rows[index].update(cells)
    deleted = set(edits["deleted_rows"])
    rows = [row for index, row in enumerate(rows) if index not in deleted]
    empty = {SENTENCE: None, EMOJI: None}
    return rows + [
        empty | {name: cells[name] for name in empty if name in cells}
        for cells in edits["added_rows"]
    ]


def _replace(rows: list[dict]) -> None:
    edition = st.session_state.get("emoji_taught_base", ([], 0))[1] + 1
    st.session_state["emoji_taught_base"] = rows, edition
    st.session_state["emoji_taught_now"] = rows
    st.session_state.pop("emoji_teach", None)
