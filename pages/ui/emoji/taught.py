"""The sentences that a person teaches: kept with the session, edited in a table."""

import pandas as pd
import streamlit as st

from core.emoji.labels import LABELS
from core.emoji.text.rows import Rows, write_csv
from core.task import DataError

NAMES = [label.name for label in LABELS]
MOST = 1_000  # sentences in the editor
SENTENCE, EMOJI = "sentence", "emoji"


def table() -> pd.DataFrame:
    """The rows that the editor starts from.

    Their numbers begin elsewhere each time they are replaced, so that the editor
    drops the changes that it has made to those before.
    """
    rows, edition = _base()
    frame = pd.DataFrame(rows, columns=[SENTENCE, EMOJI], dtype="object")
    start = edition * MOST * 2
    frame.index = pd.RangeIndex(start, start + len(frame))
    return frame


def taught() -> Rows:
    """The complete rows; of a sentence that is there twice, the last one counts."""
    found = {
        row[SENTENCE].strip(): NAMES.index(row[EMOJI])
        for row in _now()
        if _complete(row)
    }
    return Rows.of(list(found.items()))


def incomplete() -> int:
    """How many rows lack their sentence or their emoji."""
    return sum(not _complete(row) for row in _now())


def label_of(text: str) -> int | None:
    """The label that a sentence was taught, if it was."""
    rows = taught()
    return dict(zip(rows.texts, rows.labels, strict=True)).get(text.strip())


def teach(rows: Rows) -> None:
    """Add sentences; those that are there already get the new label."""
    new = dict(zip(rows.texts, rows.labels, strict=True))
    old = [row for row in _now() if (row[SENTENCE] or "").strip() not in new]
    if len(old) + len(new) > MOST:
        raise DataError(
            f"Expected at most {MOST:,} taught sentences, got {len(old) + len(new):,}. "
            "To learn from more, choose Upload below Data."
        )
    added = [{SENTENCE: text, EMOJI: NAMES[label]} for text, label in new.items()]
    _replace(old + added)


def take_back(text: str) -> None:
    """Remove a sentence."""
    _replace([r for r in _now() if (r[SENTENCE] or "").strip() != text.strip()])


def forget() -> None:
    """Remove all sentences."""
    _replace([])


def keep_edits() -> None:
    """Take note of what the editor holds, before another page makes it forget."""
    st.session_state["emoji_taught_now"] = _now()


def as_csv(rows: Rows) -> str:
    """Taught sentences as a file that can be loaded again."""
    return write_csv({"text": rows.texts, "label": [NAMES[n] for n in rows.labels]})


def _complete(row) -> bool:
    return bool((row[SENTENCE] or "").strip()) and row[EMOJI] in NAMES


def _base() -> tuple[list[dict], int]:
    """The rows before the editor's changes, and which edition they are."""
    if "emoji_teach" not in st.session_state:  # the editor starts anew
        _replace(st.session_state.get("emoji_taught_now", []))
    return st.session_state["emoji_taught_base"]


def _now() -> list[dict]:
    """The rows with the editor's changes."""
    edits = st.session_state.get("emoji_teach")
    if edits is None:
        return st.session_state.get("emoji_taught_now", [])
    rows = [dict(row) for row in st.session_state["emoji_taught_base"][0]]
    for place, cells in edits["edited_rows"].items():
        rows[place].update(cells)
    gone = set(edits["deleted_rows"])
    rows = [row for place, row in enumerate(rows) if place not in gone]
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
