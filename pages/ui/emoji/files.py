"""A person's own files: sentences to train on, word vectors, sentences to answer."""

import os
from dataclasses import replace
from pathlib import PurePath

import numpy as np
import streamlit as st

from core.emoji.judging.metrics import accuracy_interval, all_metrics
from core.emoji.labels import LABELS, NONE, NONE_NAME, Labels
from core.emoji.model.answering import Answer, answers_csv
from core.emoji.pretrained import load
from core.emoji.text.corpus import Sentences, check_training, shipped
from core.emoji.text.rows import Rows, read_csv
from core.emoji.vectors.own import FOLDER_VARIABLE, open_vectors, read_vectors
from core.task import DataError, UserError
from pages.ui.address import hold
from pages.ui.cache import session_cache
from pages.ui.emoji.models import ActiveModel
from pages.ui.words import as_text, refusal

FORM = (
    "Columns text and label; a label is 0 to 4, a name ("
    + ", ".join(label.name for label in LABELS)
    + ") or the emoji. At most 5 MB."
)
MAX_ANSWERS = 10_000  # a quarter of a millisecond each
BATCH = 500
PASTED = """we missed the last bus home
grandma is teaching me to bake bread
they beat us in the final minute
thinking of you tonight
no one could be happier than me"""


def own_sentences() -> Sentences | None:
    """The training sentences of a file, with the sets that ship to evaluate them."""
    file = st.file_uploader(
        "Training CSV",
        type=["csv", "txt"],
        max_upload_size=5,
        key="emoji_train_upload",
        help=FORM,
    )
    data = _parsed("emoji_own", file, _training_sentences)
    if data:
        st.caption(f"**{as_text(data.name)}**: {len(data.train):,} sentences.")
    else:
        st.caption(FORM)
    return data


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
    vectors = _parsed("emoji_vectors_own", file, read_vectors)
    if os.environ.get(FOLDER_VARIABLE):
        vectors = _server_vectors(data) or vectors
    if vectors is None:
        st.caption("Add a file of word vectors, or choose *glove*.")
        return None
    st.caption(
        f"**{as_text(vectors.name)}**: {len(vectors.words):,} words in "
        f"{vectors.size} dimensions."
    )
    return replace(data, own_vectors=vectors) if data else None


def many_view(active: ActiveModel, opened: bool) -> None:
    """Draw the sentences to answer and, while the tab is open, the answers."""
    file = st.file_uploader(
        "CSV file",
        type=["csv", "txt"],
        max_upload_size=5,
        key="emoji_upload",
        help="A column text and, optionally, a column label to measure the "
        f"accuracy. At most {MAX_ANSWERS:,} sentences and 5 MB.",
    )
    pasted = st.text_area(
        "Or paste sentences, one per line",
        key=hold("emoji_paste", PASTED),
        height=160,
        help="Used while no file is chosen.",
        disabled=file is not None,
        persist_state="session",
    )
    labels = active.result.labels
    key = " ".join(["emoji_many", *(label.name for label in labels)])
    if file is None:
        st.session_state.pop(key, None)
        rows = _lines(pasted)
    else:
        rows = _parsed(key, file, lambda content, _: _sentences(content, labels))
    if rows is None or not len(rows):
        if file is None:
            st.caption("Paste some sentences, or choose a file.")
        return
    version = active.version, file.file_id if file else rows.texts
    answers = session_cache("emoji", "many", version, lambda: _answer(active, rows))
    _metrics(rows, answers)
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


def _parsed(key: str, file, parse):
    """What `parse` makes of an uploaded file, or None; cached until the next file."""
    cached = st.session_state.get(key)
    if file is None and (cached is None or cached[2]):
        return None
    new = file and file.file_id
    return _parse_cached(
        key, new, lambda: parse(file.getvalue(), PurePath(file.name).stem), "a file"
    )


def _parse_cached(key: str, new, parse, what: str):
    """The value of `parse`, called when `new` is not what it was called for before.

    A refusal is shown each time.
    """
    cached = st.session_state.get(key)
    if new and (cached is None or cached[0] != new):
        value, error = None, None
        try:
            value = parse()
        except UserError as refused:
            error = refusal(what, refused)
        cached = st.session_state[key] = new, value, error
    _, value, error = cached
    if error:
        st.error(error, icon=":material/error:")
    return value


def _training_sentences(content: bytes, name: str) -> Sentences:
    rows = read_csv(content)
    check_training(rows)
    return shipped().replace_train(rows, name)


def _server_vectors(data: Sentences | None):
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

    def read():
        model = load().model
        words = {w for text in data.learned.texts for w in model.tokenize(text).shown}
        with st.spinner("Reading the word vectors."):
            return open_vectors(name, words)

    what = "word vectors of the server"
    return _parse_cached("emoji_vectors_opened", name, read, what)


def _sentences(content: bytes, labels: Labels) -> Rows:
    rows = read_csv(content, need_labels=False, labels=labels)
    if len(rows) > MAX_ANSWERS:
        raise DataError(
            f"Expected at most {MAX_ANSWERS:,} sentences at once, got {len(rows):,}. "
            "Split the file, or use the command line: python -m core.emoji --file."
        )
    return rows


def _lines(pasted: str) -> Rows | None:
    texts = [line.strip() for line in pasted.splitlines() if line.strip()]
    if len(texts) > MAX_ANSWERS:
        st.error(
            f"Expected at most {MAX_ANSWERS:,} sentences at once, got {len(texts):,}. "
            "Paste fewer.",
            icon=":material/error:",
        )
        return None
    return Rows.of((text, None) for text in texts)


def _answer(active: ActiveModel, rows: Rows) -> list[Answer]:
    """Answer in batches, with a progress bar where it takes a while."""
    bar, answers = st.empty(), []
    for first in range(0, len(rows), BATCH):
        answers += active.result.answer(rows.texts[first : first + BATCH])
        if len(rows) > BATCH:
            bar.progress(len(answers) / len(rows), text="Reading the sentences")
    bar.empty()
    return answers


def _metrics(rows: Rows, answers: list[Answer]) -> None:
    """Say how many of the labelled sentences are answered rightly, if there are any."""
    chosen = [index for index, label in enumerate(rows.labels) if label is not None]
    if not chosen:
        return
    _sure_and_wrong(rows.take(chosen), [answers[index] for index in chosen])
    chosen = [index for index in chosen if rows.labels[index] != NONE]
    if not chosen:
        return
    labels = rows.take(chosen).targets
    probabilities = np.array([answers[index].probabilities for index in chosen])
    found = all_metrics(probabilities, labels)
    interval = accuracy_interval(probabilities, labels)
    st.markdown(
        f"**{found['accuracy']:.1%} correct** of {len(labels):,} labelled sentences "
        f"(95% interval {interval.low:.0%} to {interval.high:.0%}), macro-F1 "
        f"{found['macro_f1']:.2f}, calibration error {found['ece']:.3f}."
    )


def _sure_and_wrong(rows: Rows, answers: list[Answer]) -> None:
    """Say how many answers are sure, and how many of these are wrong."""
    sure = [n for n, answer in enumerate(answers) if answer.sure]
    right = [
        (NONE if answers[n].label is None else answers[n].label) == rows.labels[n]
        for n in sure
    ]
    st.markdown(
        f"Sure of **{len(sure):,}** of {len(rows):,} labelled sentences, and wrong in "
        f"**{right.count(False):,}** of these. A sure *none* counts as an answer."
    )


def _named(labels: Labels, label: int | None) -> str:
    if label == NONE:
        return NONE_NAME
    return "" if label is None else str(labels[label])


def _table(rows: Rows, answers: list[Answer]) -> None:
    labels = answers[0].labels
    columns = {
        "Sentence": [answer.text for answer in answers],
        "Answer": [
            _named(answer.labels, NONE if answer.is_none else answer.label)
            for answer in answers
        ],
        "Confidence": [answer.confidence for answer in answers],
        "Sure": [answer.sure for answer in answers],
        "Label": [_named(labels, label) for label in rows.labels],
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
