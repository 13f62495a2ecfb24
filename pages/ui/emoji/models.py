"""The answering model: the built-in one, or the model of a run."""

from typing import NamedTuple

import streamlit as st

from core.emoji import Result, teaching
from core.emoji.pretrained import load
from pages.ui.cache import session_cache
from pages.ui.controls import choose
from pages.ui.once import once
from pages.ui.session import is_shared, platform, reader
from pages.ui.training import result_of

SHIPPED = "Shipped model"
OWN = "Your model"
SHARED = "Shared model"
VOICES = {OWN: OWN, SHIPPED: "Built-in model"}


class ActiveModel(NamedTuple):
    """The answering model, its name, and its run, if any."""

    name: str
    result: Result
    run_id: str | None = None
    finished: float | None = None  # a run that is resumed ends again, with another one

    @property
    def version(self) -> tuple[str, float | None] | None:
        """The key of this model; None is the built-in one."""
        return (self.run_id, self.finished) if self.run_id else None


def shipped() -> ActiveModel:
    """The built-in model, shared by all sessions."""
    return ActiveModel(SHIPPED, load())


def model_before(run) -> ActiveModel:
    """The model that answered before a run: an earlier run's, or the built-in one."""
    result = result_of(run)
    if result and result.data.base:
        return _taught_model(run, result)
    before = st.session_state.get("emoji_before", {}).get(run.id)
    earlier = platform().store.get(reader(), before) if before else None
    if result := result_of(earlier):
        return ActiveModel(OWN, result, earlier.id, earlier.finished)
    return shipped()


def _taught_model(run, result: Result) -> ActiveModel:
    """The model that a run has taught, which its data hold, and the run it was of."""
    version = run.training, run.finished
    before = session_cache(
        "emoji", "base", version, lambda: teaching.model_before(result.data)
    )
    earlier = result.data.base_run
    found = platform().store.get(reader(), earlier) if earlier else None
    if found is None:  # built-in, or deleted
        return ActiveModel(OWN if earlier else SHIPPED, before)
    return ActiveModel(OWN, before, found.id, found.finished)


def choose_model(run) -> ActiveModel:
    """The model that answers now, with a switch where there are two."""
    if run is None:
        return shipped()
    result = result_of(run)
    if result is None:
        return model_before(run)
    if is_shared():
        return ActiveModel(SHARED, result, run.id, run.finished)
    chosen = choose(
        "Who answers",
        VOICES,
        "emoji_voice",
        label_visibility="collapsed",
    )
    if chosen == SHIPPED:
        return shipped()
    return ActiveModel(OWN, result, run.id, run.finished)


def note_begin(run_id: str, before: ActiveModel) -> None:
    """Store the model before a run, which answers once it has ended."""
    st.session_state.setdefault("emoji_before", {}).setdefault(run_id, before.run_id)
    st.session_state["emoji_taught_of"] = run_id
    st.session_state.pop("emoji_voice", None)


def cached_for_model(active: ActiveModel, what: str, make):
    """`make(active)`; all sessions share that of the built-in model."""
    if active.run_id is None:
        return _for_bundled_model(make)
    return session_cache("emoji", what, active.version, lambda: make(active))


@once
def _for_bundled_model(make):
    return make(shipped())
