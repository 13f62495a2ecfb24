"""Which model answers: the one that ships, or the one that a run has trained."""

from typing import NamedTuple

import streamlit as st

from core.emoji import Result, pretrained
from core.emoji.judging.explain import NearestNeighbours
from pages.ui.address import hold
from pages.ui.cache import session_cache
from pages.ui.session import owner, platform

SHIPPED = "Shipped model"
OWN = "Your model"
RESULTS = 3  # that a session holds decoded: the shown one and those before it


class Voice(NamedTuple):
    """A model that answers, what to call it, and the run it came from, if any."""

    name: str
    result: Result
    run_id: str | None = None
    finished: float | None = None  # a run that is resumed ends again, with another one

    @property
    def version(self) -> tuple[str, float | None] | None:
        """What tells this model from others; None is the one that ships."""
        return (self.run_id, self.finished) if self.run_id else None


@st.cache_resource(show_spinner=False)
def shipped(model: str = "best") -> Result:
    """A model that ships; nobody changes it, so all sessions share it."""
    return pretrained.load(model)


@st.cache_resource(show_spinner=False)
def shipped_neighbourhood() -> NearestNeighbours:
    """The sentences that the shipped model learned from, as it reads them."""
    return NearestNeighbours(shipped().model, shipped().data.learned)


def neighbourhood(voice: Voice) -> NearestNeighbours:
    """The sentences that a model learned from, as it reads them."""
    if voice.run_id is None:
        return shipped_neighbourhood()
    result = voice.result
    return session_cache(
        "emoji",
        "neighbours",
        voice.version,
        lambda: NearestNeighbours(result.model, result.data.learned),
    )


def result_of(run) -> Result | None:
    """The result of a run, or None while it has none; decoded once."""
    if run is None or run.active or run.closing:
        return None

    def decode() -> Result | None:
        content = platform().store.result(owner(), run.id)
        return Result.decode(content) if content else None

    return session_cache("emoji", "result", (run.id, run.finished), decode, RESULTS)


def voice_before(run) -> Voice:
    """The model that answered before a run: an earlier run's, or the shipped one."""
    before = st.session_state.get("emoji_before", {}).get(run.id)
    earlier = platform().store.get(owner(), before) if before else None
    if result := result_of(earlier):
        return Voice(OWN, result, earlier.id, earlier.finished)
    return Voice(SHIPPED, shipped())


def choose_voice(run) -> Voice:
    """The model that answers now, with a switch where there are two."""
    if run is None:
        return Voice(SHIPPED, shipped())
    result = result_of(run)
    if result is None:
        return voice_before(run)
    chosen = st.segmented_control(
        "Who answers",
        (OWN, SHIPPED),
        required=True,
        key=hold("emoji_voice", OWN, (OWN, SHIPPED)),
        help="The model of the run that this page shows, or the bundled one.",
        label_visibility="collapsed",
        persist_state="session",
    )
    if chosen == SHIPPED:
        return Voice(SHIPPED, shipped())
    return Voice(OWN, result, run.id, run.finished)


def note_begin(run_id: str, before: Voice) -> None:
    """Remember who answered before a run; it answers as soon as it has ended."""
    st.session_state.setdefault("emoji_before", {}).setdefault(run_id, before.run_id)
    st.session_state["emoji_taught_of"] = run_id
    st.session_state.pop("emoji_voice", None)
