"""The right column: how often the model is right, or a running training."""

import streamlit as st

from core.emoji import Result
from core.emoji.flips import Flip, answered_by_both, in_set
from core.emoji.labels import Labels, title_of
from core.emoji.pretrained import load
from core.emoji.text.rows import Rows
from pages.ui.cache import points_of, session_cache
from pages.ui.emoji.explain import typed_texts
from pages.ui.emoji.flips import lesson_summary, noise_line
from pages.ui.emoji.judgement import draw_curves
from pages.ui.emoji.models import OWN, ActiveModel, model_before
from pages.ui.emoji.own_classes import certainty_view
from pages.ui.emoji.teach import taught
from pages.ui.intents import button
from pages.ui.live import panel
from pages.ui.session import is_shared, open_run
from pages.ui.training import result_of

SETS = {"test": "Test", "development": "Development", "challenge": "Challenge"}
RIGHT, WRONG, STILL, OPEN = "Became right", "Became wrong", "Still wrong", "–"


def result_view(run, active: ActiveModel) -> None:
    """Draw the run of this page, or the built-in model."""
    if run and panel.is_live("emoji", run):
        panel.follow("emoji", run, log_axis=False)
        return
    if run is None:
        st.markdown(
            ":blue-badge[:material/school: Example] The built-in model, trained on the "
            "bundled sentences."
        )
    else:
        panel.ended(run)
        if result_of(run) is None:
            if points := points_of(run):
                draw_curves("emoji_ended", points)
            return
    if active.result.rows("test").labelled:
        st.markdown(_in_words(active.result, load("v1")))
    elif active.result.cross_validation:
        certainty_view(active.result)
    if result := result_of(run):
        _changes(run, model_before(run), result)


def _in_words(ours: Result, v1: Result) -> str:
    """The accuracy of a model, beside that of the mean of the word vectors."""
    return (
        f"It is right for **{ours.accuracy.value:.0%}** of the "
        f"{len(ours.rows('test'))} test sentences; v1, which ignores the order of the "
        f"words, for {v1.accuracy.value:.0%}. More under *Judgement*."
    )


def _changes(run, before: ActiveModel, after: Result) -> None:
    """Draw the changed answers, and the button that undoes the training."""
    if before.result.labels != after.labels:
        return  # answers with other classes cannot be compared
    if after.data.base:
        _with_undo(before, lesson_summary(run, before, after))
        return
    rows = session_cache(
        "emoji",
        "flips",
        (run.id, run.finished, before.version),
        lambda: _changes_in_sets(before, after),
    )
    rows = _changes_of_person(before.result, after) + rows
    earlier = "your previous model" if before.name == OWN else "the built-in model"
    _with_undo(
        before,
        f"**{len(rows)} answers changed** compared with {earlier}: {_count(rows)}"
        f"{_learned(after)}",
    )
    if len(after.data.taught):
        st.caption(noise_line(run, before, after))
    if rows:
        st.dataframe(
            {name: [row[name] for row in rows] for name in rows[0]},
            column_config={"Sentence": st.column_config.TextColumn(width="medium")},
            hide_index=True,
            height="auto" if len(rows) < 7 else 280,
            key="emoji_flips",
            alt="Sentences whose answer changed: before, after, and the correct label",
        )


def _with_undo(before: ActiveModel, text: str) -> None:
    """Summarize a training, beside the button that restores the model before it."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        st.markdown(text, width="stretch")
        if not is_shared():
            button(
                "Undo",
                "emoji_undo",
                open_run,
                "emoji",
                before.run_id,
                icon=":material/undo:",
                help="Returns to the model before this training. Your sentences stay "
                "in the list, where you can change them.",
            )


def _learned(after: Result) -> str:
    """The number of taught sentences with the taught answer."""
    rows = after.data.taught
    if not len(rows):
        return ""
    right = sum(
        each.after == each.label for each in answered_by_both(after, after, rows)
    )
    return f" Of {len(rows)} taught sentences, {right} now get your emoji."


def _count(rows) -> str:
    verdicts = [row["Verdict"] for row in rows]
    parts = [
        f"{verdicts.count(verdict)} {verdict.lower()}"
        for verdict in (RIGHT, WRONG, STILL)
        if verdict in verdicts
    ]
    return ", ".join(parts) + "." if parts else "none has a known label."


def _changes_of_person(before: Result, after: Result) -> list[dict]:
    """The changed answers to taught and to typed sentences."""
    rows = taught(after.labels)
    typed = [text for text in typed_texts() if text.strip() not in rows.texts]
    asked = Rows.of((text, None) for text in typed)
    return [
        row
        for name, part in (("Taught", rows), ("Asked", asked))
        for row in _changed(name, answered_by_both(before, after, part), after.labels)
    ]


def _changes_in_sets(before: ActiveModel, after: Result) -> list[dict]:
    """The changes in the evaluation sets of both."""
    return [
        row
        for name, title in SETS.items()
        for row in _changed(title, in_set(before.result, after, name), after.labels)
    ]


def _changed(where: str, flips: list[Flip], labels: Labels) -> list[dict]:
    return [
        {
            "Sentence": flip.text,
            "Before": title_of(flip.before, labels),
            "After": title_of(flip.after, labels),
            "Label": title_of(flip.label, labels),
            "Verdict": _verdict(flip),
            "From": where,
        }
        for flip in flips
        if flip.before != flip.after
    ]


def _verdict(flip: Flip) -> str:
    if flip.label is None:
        return OPEN
    return RIGHT if flip.mended else WRONG if flip.forgotten else STILL
