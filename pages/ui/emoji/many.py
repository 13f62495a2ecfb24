"""Many sentences at once: pasted or in a file, and their answers as a file."""

import numpy as np
import streamlit as st

from core.emoji.judging.metrics import accuracy_interval, all_metrics
from core.emoji.labels import LABELS
from core.emoji.model.answering import Answer, answers_csv
from core.emoji.text.rows import Rows, read_csv
from core.task import DataError
from pages.ui.address import hold
from pages.ui.cache import session_cache
from pages.ui.emoji.files import read_once
from pages.ui.emoji.models import Voice

MOST = 10_000  # a quarter of a millisecond each
AT_ONCE = 500
PASTED = """we missed the last bus home
grandma is teaching me to bake bread
they beat us in the final minute
thinking of you tonight
no one could be happier than me"""


def many_view(voice: Voice, opened: bool) -> None:
    """Draw the two ways in and, while the tab is open, the answers."""
    file = st.file_uploader(
        "CSV file",
        type=["csv", "txt"],
        max_upload_size=5,
        key="emoji_upload",
        help="A column text and, optionally, a column label to measure the "
        f"accuracy. At most {MOST:,} sentences and 5 MB.",
    )
    pasted = st.text_area(
        "Or paste sentences, one per line",
        key=hold("emoji_paste", PASTED),
        height=160,
        help="Used while no file is chosen.",
        disabled=file is not None,
        persist_state="session",
    )
    if file is None:
        st.session_state.pop("emoji_many", None)
    rows = read_once("emoji_many", file, _sentences) if file else _lines(pasted)
    if rows is None or not len(rows):
        if file is None:
            st.caption("Paste some sentences, or choose a file.")
        return
    version = voice.version, file.file_id if file else rows.texts
    answers = session_cache("emoji", "many", version, lambda: _answers(voice, rows))
    if rows.labels.count(None) < len(rows):
        _score(rows, answers)
    if opened:
        _table(rows, answers)
    st.download_button(
        "Download answers (CSV)",
        lambda: answers_csv(answers),
        file_name="answers.csv",
        mime="text/csv",
        key="emoji_download",
        icon=":material/download:",
        on_click="ignore",
    )


def _sentences(content: bytes, _name: str) -> Rows:
    rows = read_csv(content, need_labels=False)
    if len(rows) > MOST:
        raise DataError(
            f"Expected at most {MOST:,} sentences at once, got {len(rows):,}. Split "
            "the file, or use the command line: python -m core.emoji --file."
        )
    return rows


def _lines(pasted: str) -> Rows | None:
    texts = [line.strip() for line in pasted.splitlines() if line.strip()]
    if len(texts) > MOST:
        st.error(
            f"Expected at most {MOST:,} sentences at once, got {len(texts):,}. Paste "
            "fewer.",
            icon=":material/error:",
        )
        return None
    return Rows(
        texts=tuple(texts),
        labels=(None,) * len(texts),
        phenomena=("",) * len(texts),
    )


def _answers(voice: Voice, rows: Rows) -> list[Answer]:
    """Answer them part by part, and say how far it is where it takes a while."""
    place, answers = st.empty(), []
    for first in range(0, len(rows), AT_ONCE):
        answers += voice.result.answer(rows.texts[first : first + AT_ONCE])
        if len(rows) > AT_ONCE:
            place.progress(len(answers) / len(rows), text="Reading the sentences")
    place.empty()
    return answers


def _score(rows: Rows, answers: list[Answer]) -> None:
    """How many of the labelled sentences are answered rightly."""
    places = [place for place, label in enumerate(rows.labels) if label is not None]
    labelled = rows.take(places)
    given = np.array([answers[place].probabilities for place in places])
    found = all_metrics(given, labelled.targets)
    interval = accuracy_interval(given, labelled.targets)
    st.markdown(
        f"**{found['accuracy']:.1%} correct** of {len(labelled):,} labelled sentences "
        f"(95% interval {interval.low:.0%} to {interval.high:.0%}), macro-F1 "
        f"{found['macro_f1']:.2f}, calibration error {found['ece']:.3f}."
    )


def _table(rows: Rows, answers: list[Answer]) -> None:
    columns = {
        "Sentence": [answer.text for answer in answers],
        "Answer": [f"{answer.emoji} {answer.name}" for answer in answers],
        "Confidence": [answer.confidence for answer in answers],
        "Sure": [answer.sure for answer in answers],
        "Label": [
            "" if label is None else f"{LABELS[label].emoji} {LABELS[label].name}"
            for label in rows.labels
        ],
        "Unknown": [" ".join(answer.unknown) for answer in answers],
    }
    columns = {name: c for name, c in columns.items() if name == "Answer" or any(c)}
    st.dataframe(
        columns,
        column_config={
            "Sentence": st.column_config.TextColumn(width="medium"),
            "Confidence": st.column_config.ProgressColumn(
                format="%.2f", min_value=0, max_value=1
            ),
        },
        hide_index=True,
        height="auto" if len(rows) < 9 else 340,
        key="emoji_many_table",
        alt="Each sentence with its answer and confidence",
    )
