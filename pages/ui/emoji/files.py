"""A person's own files: sentences to train on, word vectors, sentences to answer."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import NamedTuple, NoReturn

import numpy as np
import streamlit as st

from core.emoji.judging.metrics import accuracy_interval
from core.emoji.judging.selective import all_metrics, to_judge
from core.emoji.labels import LABELS, Labels, title_of
from core.emoji.model.answering import Answer, answers_csv
from core.emoji.model.many import answer_many, answered_file
from core.emoji.text.corpus import Sentences, check_training, shipped
from core.emoji.text.rows import MAX_ROWS, Rows, read_csv, rows_of
from core.emoji.text.table import Table, read_table
from core.emoji.vectors.own import read_vectors
from core.task import UserError
from pages.ui.address import bind, persistent
from pages.ui.cache import session_cache
from pages.ui.download import download_button
from pages.ui.emoji.models import ActiveModel
from pages.ui.words import as_text, refusal

FORM = (
    "Columns text and label, or sentence, message, review and class, emoji, sentiment, "
    "in any order, separated by commas, semicolons or tabs. A label is 0 to 4, a name ("
    + ", ".join(label.name for label in LABELS)
    + ") or an emoji. At most 5 MB."
)
BATCH = 512  # sentences, a quarter of a millisecond each; more wait for the page
SHOWN = 1_000  # rows of the table; the file has all
PASTED = """we missed the last bus home
grandma is teaching me to bake bread
they beat us in the final minute
thinking of you tonight
no one could be happier than me"""


def own_sentences() -> Sentences | None:
    """The training sentences of a file, with the built-in evaluation sets."""
    file = st.file_uploader(
        "Training CSV",
        type=["csv", "tsv", "txt"],
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
    """The sentences with word vectors of a file, or None before an upload."""
    file = st.file_uploader(
        "Word vectors",
        type=["txt", "vec"],
        max_upload_size=5,
        key="emoji_vectors_upload",
        help="GloVe or word2vec in text form: one word and its numbers per line. At "
        "most 5 MB, so keep only the most frequent words.",
    )
    vectors = _parsed("emoji_vectors_own", file, read_vectors)
    if vectors is None:
        st.caption("Add a file of word vectors, or choose *glove*.")
        return None
    st.caption(
        f"**{as_text(vectors.name)}**: {len(vectors.words):,} words in "
        f"{vectors.size} dimensions."
    )
    return replace(data, own_vectors=vectors) if data else None


class Asked(NamedTuple):
    """Sentences to answer, and the file that they are in, if any."""

    rows: Rows
    table: Table | None = None


def many_view(active: ActiveModel, opened: bool) -> Callable[[], NoReturn] | None:
    """Draw the sentences to answer and, while the tab is open, the answers.

    Of many sentences it returns what answers the rest, for when the page is drawn.
    """
    file, pasted = _input()
    labels = active.result.labels
    asked = _asked(file, pasted, labels)
    if asked is None or not len(asked.rows):
        if file is None:
            st.caption("Paste some sentences, or choose a file.")
        return None
    if asked.table:
        st.caption(as_text(asked.table.summary))
    version = active.version, file.file_id if file else asked.rows.texts
    answers = session_cache("emoji", "many", version, list)
    if not answers:
        _answer_some(active, asked.rows, answers)
    if len(answers) < len(asked.rows):
        return partial(_answer_all, st.container(), active, asked.rows, answers)
    sentence = session_cache(
        "emoji", "many_metrics", version, lambda: _metrics(asked.rows, answers)
    )
    if sentence:
        st.markdown(sentence)
    if opened:
        _table(asked.rows, answers)
    download_button(
        "Download answers (CSV)",
        lambda: _answers_file(asked, answers),
        "answers.csv",
        "emoji_download",
        help="All columns of the file, and the answers." if asked.table else None,
    )
    return None


def _input():
    """Draw the uploader and the text box; return the file and the pasted lines."""
    file = st.file_uploader(
        "CSV file",
        type=["csv", "tsv", "txt"],
        max_upload_size=5,
        key="emoji_upload",
        help="A column of text (text, sentence, message, review, ...) or one sentence "
        "a line and, optionally, a column of labels to measure the accuracy. At most "
        f"{MAX_ROWS:,} sentences and 5 MB.",
    )
    pasted = st.text_area(
        "Or paste sentences, one per line",
        **persistent(bind("emoji_paste", PASTED)),
        height=160,
        help="Used while no file is chosen.",
        disabled=file is not None,
    )
    return file, pasted


def _asked(file, pasted: str, labels: Labels) -> Asked | None:
    """The sentences of the file, or else of the pasted lines."""
    key = " ".join(["emoji_many", *(label.name for label in labels)])
    if file is None:
        st.session_state.pop(key, None)
        return _lines(pasted)
    return _parsed(key, file, lambda content, _: _sentences(content, labels))


def _answers_file(asked: Asked, answers: list[Answer]) -> str | bytes:
    if asked.table is None:
        return answers_csv(answers)
    return answered_file(asked.table, answers)


def _parsed(key: str, file, parse):
    """The parsed uploaded file, or None; cached until the next file.

    A refusal is shown each time, with the first rows of the file.
    """
    cached = st.session_state.get(key)
    if file is None and (cached is None or cached[2]):
        return None
    new = file and file.file_id
    if new and (cached is None or cached[0] != new):
        value, error = None, None
        try:
            value = parse(file.getvalue(), PurePath(file.name).stem)
        except UserError as refused:
            error = refusal("a file", refused), getattr(refused, "first_rows", ())
        cached = st.session_state[key] = new, value, error
    _, value, error = cached
    if error:
        says, first_rows = error
        st.error(says, icon=":material/error:")
        if first_rows:
            st.caption("The file begins with")
            st.code("\n".join(first_rows), language=None, wrap_lines=True)
    return value


def _training_sentences(content: bytes, name: str) -> Sentences:
    rows = read_csv(content)
    check_training(rows)
    return shipped().replace_train(rows, name)


def _sentences(content: bytes, labels: Labels) -> Asked:
    table = read_table(content, labels)
    return Asked(rows_of(table, need_labels=False), table)


def _lines(pasted: str) -> Asked | None:
    texts = [line.strip() for line in pasted.splitlines() if line.strip()]
    if len(texts) > MAX_ROWS:
        st.error(
            f"Expected at most {MAX_ROWS:,} sentences at once, got {len(texts):,}. "
            "Paste fewer.",
            icon=":material/error:",
        )
        return None
    return Asked(Rows.of((text, None) for text in texts))


def _answer_some(active: ActiveModel, rows: Rows, answers: list[Answer]) -> None:
    first = len(answers)
    texts = rows.texts[first : first + BATCH]
    answers += answer_many(active.result.model, texts)


def _answer_all(
    place, active: ActiveModel, rows: Rows, answers: list[Answer]
) -> NoReturn:
    """Answer the remaining sentences, and draw the page with all answers.

    Any click ends it, and the next run of the page goes on with the next sentence.
    """
    bar = place.progress(0.0)
    while len(answers) < len(rows):
        words = f"Answered {len(answers):,} of {len(rows):,} sentences"
        bar.progress(len(answers) / len(rows), text=words)
        _answer_some(active, rows, answers)
    st.rerun()


def _metrics(rows: Rows, answers: list[Answer]) -> str:
    """Accuracy on the labelled sentences in English, in words; empty without labels."""
    labelled = [index for index, label in enumerate(rows.labels) if label is not None]
    read = [index for index in labelled if answers[index].english]
    refused = (
        f"{len(labelled) - len(read):,} labelled sentences are in another language"
    )
    refused = f" {refused} and are not counted." if len(read) < len(labelled) else ""
    if not read:
        return refused
    rows, answers = rows.take(read), [answers[index] for index in read]
    shares = np.array([answer.shares for answer in answers])
    found = all_metrics(shares, rows.targets)
    interval = accuracy_interval(*to_judge(shares, rows.targets))
    sure = [n for n, answer in enumerate(answers) if answer.sure]
    wrong = sum(answers[n].index != rows.labels[n] for n in sure)
    return (
        f"**{found['accuracy']:.1%} correct** of {len(rows):,} labelled sentences "
        f"(95% interval {interval.low:.0%} to {interval.high:.0%}), macro-F1 "
        f"{found['macro_f1']:.2f}, calibration error {found['ece']:.3f}. Sure of "
        f"**{len(sure):,}** of {len(rows):,} labelled sentences, and wrong in "
        f"**{wrong:,}** of these. A sure *none* counts as an answer.{refused}"
    )


def _table(rows: Rows, answers: list[Answer]) -> None:
    labels = answers[0].labels
    total = len(rows)
    rows, answers = rows.take(range(min(total, SHOWN))), answers[:SHOWN]
    columns = {
        "Sentence": [answer.text for answer in answers],
        "Answer": [answer.title for answer in answers],
        "Confidence": [answer.confidence for answer in answers],
        "Sure": [answer.sure for answer in answers],
        "Label": ["" if n is None else title_of(n, labels) for n in rows.labels],
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
    if total > SHOWN:
        st.caption(f"The first {SHOWN:,} of {total:,}. The download has all of them.")
