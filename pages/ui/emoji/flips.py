"""Answers changed by a training: learned, mended, forgotten; and the noise."""

from dataclasses import replace

import streamlit as st

from core.emoji import Result
from core.emoji.flips import Flips, Noise, flips, held_out, measured, shipped_noise
from core.emoji.labels import title_of
from core.emoji.pretrained import load
from core.runs.store.repeats import repeats
from pages.ui.cache import points_of, session_cache
from pages.ui.emoji.judgement import taught_so_far
from pages.ui.emoji.models import ActiveModel, model_before
from pages.ui.live import panel
from pages.ui.live.part import live_line
from pages.ui.session import platform, reader
from pages.ui.training import result_of
from pages.ui.words import duration

REPEATS = "two of your runs"  # origin of the noise of one's own sentences
FEW_ROWS, LIST_HEIGHT = 6, 260


def flips_of(run, after: Result) -> Flips:
    """The answers that a run changed, against the model before it."""
    version = run.id, run.finished, model_before(run).version
    return session_cache(
        "emoji", "taught_flips", version, lambda: flips(model_before(run).result, after)
    )


def lesson_summary(run, before: ActiveModel, after: Result) -> str:
    """One line about a run of a few seconds that taught sentences."""
    found = flips_of(run, after)
    whose = "the built-in model" if before.run_id is None else "your previous model"
    return (
        f"**{_of_taught(found)} learned**, {len(found.mended)} mended, "
        f"**{len(found.forgotten)} forgotten** compared with {whose}, in "
        f"{duration(after.seconds)}. The sentences are in the tab *Teach it*."
    )


def lesson_view(run) -> None:
    """List the changed answers of a run, or show its progress."""
    if run is None or not _is_lesson(run):
        return
    if panel.is_live("emoji", run):
        first = taught_so_far(points_of(run))
        live_line("emoji_taught_live", f"run/{run.id}", "taught", first)
        return
    if (after := result_of(run)) is None:
        return
    found = flips_of(run, after)
    st.markdown(
        f"##### What it did\n{_of_taught(found)} taught sentences are learned. Of "
        f"{found.right_before} right answers to the {found.rows} "
        f"{found.held_out or 'test'} sentences, {_forgotten_held_out(found)} are "
        f"forgotten; of {found.rows - found.right_before} wrong ones, "
        f"{len(found.mended)} are mended."
    )
    _list("Learned", "taught, and right now", found.learned, after)
    _list("Not learned", "taught, and still wrong", found.missed, after)
    _list("Mended", "not taught; wrong before, right now", found.mended, after)
    _list("Forgotten", "right before, wrong now", found.forgotten, after)


def noise_line(run, before: ActiveModel, after: Result) -> str:
    """The number of answers that change by chance, if it is known."""
    noise = noise_of(run, before, after)
    if noise is None:
        return (
            "We cannot yet say how many answers change by luck. Train without your "
            "sentences, then press *Another seed*."
        )
    how = noise.origin if noise.origin == REPEATS else f"`{noise.origin}`"
    return (
        f"By luck: with another seed and none of your sentences, {noise.changed} of "
        f"{noise.sentences} answers changed: {noise.became_wrong} became wrong, "
        f"{noise.became_right} right. Measured with seeds {noise.seeds[0]} and "
        f"{noise.seeds[1]}, by {how}."
    )


def noise_of(run, before: ActiveModel, after: Result) -> Noise | None:
    """The noise of a training from scratch: measured, or of a repeat with another seed.

    For sentences or settings of one's own it is that of two runs without any taught
    sentence, one of which is the model before.
    """
    shipped = load()
    same = replace(after.config, seed=0) == replace(shipped.config, seed=0)
    if same and after.data.name == shipped.data.name:
        return shipped_noise()
    version = run.id, run.finished, before.version
    return session_cache("emoji", "noise", version, lambda: _of_repeats(before, after))


def _of_repeats(before: ActiveModel, after: Result) -> Noise | None:
    store, me = platform().store, reader()
    earlier = store.get(me, before.run_id) if before.run_id else None
    one = before.result
    same_settings = replace(one.config, seed=0) == replace(after.config, seed=0)
    if earlier is None or not same_settings or one.data.taught or one.data.base:
        return None
    for run in repeats(store, me, [earlier]):
        other = None if run.id == earlier.id else result_of(run)
        if other and other.data.learned == one.data.learned and held_out(one):
            return measured(one, other, REPEATS)
    return None


def _is_lesson(run) -> bool:
    """Whether a run only teaches sentences, by this session or by its result."""
    if st.session_state.get("emoji_lesson") == run.id:
        return True
    result = result_of(run)
    return bool(result and result.data.base)


def _of_taught(found: Flips) -> str:
    return f"{len(found.learned)} of {len(found.learned) + len(found.missed)}"


def _forgotten_held_out(found: Flips) -> int:
    taught = {each.text for each in found.missed}
    return sum(each.text not in taught for each in found.forgotten)


def _list(title: str, about: str, rows, after: Result) -> None:
    if not rows:
        if title in ("Mended", "Forgotten"):
            st.caption(f"**{title}:** none.")
        return
    st.markdown(f"**{title} ({len(rows)})** · {about}")
    key = title.lower().replace(" ", "_")
    st.dataframe(
        {
            "Sentence": [row.text for row in rows],
            "Label": [title_of(row.label, after.labels) for row in rows],
            "Before": [title_of(row.before, after.labels) for row in rows],
            "After": [title_of(row.after, after.labels) for row in rows],
        },
        column_config={"Sentence": st.column_config.TextColumn(width="medium")},
        hide_index=True,
        height="auto" if len(rows) <= FEW_ROWS else LIST_HEIGHT,
        key=f"emoji_{key}",
        alt=f"{title}: sentences that are {about}",
    )
