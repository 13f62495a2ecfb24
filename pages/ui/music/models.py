"""The playing model: a built-in one, or the model of a run."""

from typing import NamedTuple

import streamlit as st

from core.music import Result
from core.music.shipped import MODELS, load
from pages.ui.address import restore
from pages.ui.controls import choose
from pages.ui.session import is_shared
from pages.ui.training import result_of
from pages.ui.words import counted

OWN, SHARED = "own", "shared"
NAMES = {
    "ragtime": "Rags",
    "folk": "Folk tunes",
    "classic": "Classic recipe",
    OWN: "Your model",
}
ABOUT = {
    "ragtime": "the built-in model: trained on folk tunes, then on five rags with "
    "their chords",
    "folk": "the built-in model of folk tunes: trained on some 3,300 of them, over "
    "chords inferred from the tunes",
    "classic": "the classic recipe: it has memorised sixty snippets of rags and little "
    "else",
}


class Model(NamedTuple):
    """A model and its run, if any."""

    name: str
    result: Result
    run_id: str | None = None
    finished: float | None = None  # a run that is resumed ends again, with another one

    @property
    def version(self) -> tuple[str, float | None]:
        """Identifies this model."""
        return (self.run_id or self.name, self.finished)

    @property
    def about(self) -> str:
        """The model in a few words."""
        if self.run_id is None:
            return ABOUT[self.name]
        whose = "your" if self.name == OWN else "the shared"
        config = self.result.config
        epochs = counted(self.result.epochs, "epoch")
        return f"{whose} model, {config.model}, after {epochs}"


def shipped(name: str) -> Model:
    """A built-in model, shared by all sessions."""
    return Model(name, load(name))


def choose_model(run) -> Model:
    """Draw the choice of the model; by default the one just trained."""
    result = result_of(run)
    if result and is_shared():
        return Model(SHARED, result, run.id, run.finished)
    names = {name: NAMES[name] for name in ([OWN] if result else []) + list(MODELS)}
    if result and st.session_state.get("music_voice_of") != (run.id, run.finished):
        st.session_state["music_voice_of"] = (run.id, run.finished)
        restore("music", {"voice": OWN})
    chosen = choose(
        "Who plays",
        names,
        "music_voice",
        label_visibility="collapsed",
    )
    if chosen == OWN:
        return Model(OWN, result, run.id, run.finished)
    return shipped(chosen)
