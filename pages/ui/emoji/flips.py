"""Which answers a training flipped: before and after, on every set."""

import streamlit as st

from core.emoji import Result
from core.emoji.judging.metrics import changed_rows
from core.emoji.labels import LABELS
from core.emoji.result import changed_answers
from core.emoji.text.rows import Rows
from pages.ui.cache import session_cache
from pages.ui.emoji import history, taught
from pages.ui.emoji.models import OWN, Voice
from pages.ui.session import open_run

SETS = {"test": "Test", "development": "Development", "challenge": "Challenge"}
RIGHT, WRONG, STILL, OPEN = "Became right", "Became wrong", "Still wrong", "–"


def flips_view(run, before: Voice, after: Result) -> None:
    """Say how many answers flipped where, list them, and offer the way back."""
    rows = session_cache(
        "emoji",
        "flips",
        (run.id, run.finished, before.version),
        lambda: _of_sets(before, after),
    )
    rows = _of_person(before.result, after) + rows
    earlier = "your previous model" if before.name == OWN else "the bundled model"
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        st.markdown(
            f"**{len(rows)} answers changed** compared with {earlier}: {_count(rows)}"
            f"{_learned(after)}",
            width="stretch",
        )
        st.button(
            "Undo",
            key="emoji_undo",
            icon=":material/undo:",
            help="Returns to the model before this training. Your sentences stay in "
            "the list, where you can change them.",
            on_click=open_run,
            args=("emoji", before.run_id),
        )
    if rows:
        _table(rows)


def _learned(after: Result) -> str:
    """How many of the taught sentences get their emoji."""
    rows = after.data.taught
    if not len(rows):
        return ""
    answers = after.answer(rows.texts)
    right = [a.label == n for a, n in zip(answers, rows.labels, strict=True)]
    return f" Of {len(rows)} taught sentences, {sum(right)} now get your emoji."


def _count(rows) -> str:
    verdicts = [row["Verdict"] for row in rows]
    parts = [
        f"{verdicts.count(verdict)} {verdict.lower()}"
        for verdict in (RIGHT, WRONG, STILL)
        if verdict in verdicts
    ]
    return ", ".join(parts) + "." if parts else "none has a known label."


def _table(rows) -> None:
    st.dataframe(
        {name: [row[name] for row in rows] for name in rows[0]},
        column_config={"Sentence": st.column_config.TextColumn(width="medium")},
        hide_index=True,
        height="auto" if len(rows) < 7 else 280,
        key="emoji_flips",
        alt="Sentences whose answer changed: before, after, and the correct label",
    )


def _of_person(before: Result, after: Result) -> list[dict]:
    """The flips of what was taught and of what was asked."""
    rows = taught.taught()
    known = dict(zip(rows.texts, rows.labels, strict=True))
    asked = [text for text in history.texts() if text.strip() not in known]
    found = []
    for name, texts in (("Taught", rows.texts), ("Asked", asked)):
        for old, new in changed_answers(before, after, texts):
            label = known.get(new.text)
            found.append(_row(name, new.text, old.label, new.label, label))
    return found


def _of_sets(before: Voice, after: Result) -> list[dict]:
    """The flips of the sets that both were judged on."""
    found = []
    for name, title in SETS.items():
        rows: Rows = after.rows(name)
        if rows != before.result.rows(name):
            continue
        old, new = before.result.probabilities[name], after.probabilities[name]
        for place in changed_rows(old, new):
            was, now = old[place].argmax(), new[place].argmax()
            found.append(_row(title, rows.texts[place], was, now, rows.labels[place]))
    return found


def _row(where: str, text: str, before, after, label) -> dict:
    verdict = OPEN
    if label is not None:
        verdict = RIGHT if after == label else WRONG if before == label else STILL
    return {
        "Sentence": text,
        "Before": _named(before),
        "After": _named(after),
        "Label": _named(label),
        "Verdict": verdict,
        "From": where,
    }


def _named(label) -> str:
    return "–" if label is None else f"{LABELS[label].emoji} {LABELS[label].name}"
