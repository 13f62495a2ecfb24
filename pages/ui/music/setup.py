"""The left column: the data, the model and its settings, and the Train button."""

from functools import partial
from typing import NamedTuple

import streamlit as st

from core.music import Config
from core.music.config import MODELS
from core.music.corpora import Corpus
from core.music.result import BUNDLED
from core.music.score.piece import Piece
from core.runs import Run
from pages.ui import address
from pages.ui.controls import checked, choose, setting, settings_grid
from pages.ui.intents import intent
from pages.ui.music.corpus_files import own_corpus
from pages.ui.takeaway import load_settings
from pages.ui.training import recall_settings, train

CORPORA = {"ragtime": "Rags", "folk": "Folk tunes", "upload": "Upload"}
ABOUT = {
    "default": "Reads chords, meter and its own past; is evaluated on held-out pieces, "
    "and keeps the weights with the lowest validation loss.",
    "classic": "The recipe of a well-known course: sixty snippets, memorised. It shows "
    "what memorising sounds like.",
}
NUMBERS = ("units", "epochs", "learning_rate")
OTHERS = ("window", "batch", "dropout", "patience", "windows")
CHOICES = ("start", "harmony", "repeats")


class Setup(NamedTuple):
    """The values of the left column."""

    started: Run | None  # has just begun
    corpus: Corpus | None
    piece: Piece | None  # a person's own piece, to look at


def restore_settings(run, result) -> None:
    """Set the widgets to the settings of a run, once."""
    if result is not None:
        note_corpus(run.id, result.corpus)
    recall_settings("music", run)


def in_widgets(_: str, run) -> dict:
    """The settings of a run by the names of their widgets, and its music."""
    titles = {load().title: name for name, load in BUNDLED.items()}
    values = _named(run.settings)
    return values | {"corpus": titles.get(run.title, "upload")}


def setup() -> Setup:
    """Draw the column."""
    st.subheader("Data")
    corpus, piece = _data()
    st.subheader("Model")
    model = choose(
        "Model",
        MODELS,
        "music_model",
        label_visibility="collapsed",
        on_change=intent("music_model", _use_preset),
    )
    st.caption(ABOUT[model])
    standard = _preset()
    with settings_grid():
        values = _settings(NUMBERS, standard)
    go = st.container()
    with st.expander("Settings (hyperparameters)", icon=":material/tune:"):
        with settings_grid():
            values |= _settings(OTHERS, standard)
            # `music_seed` is the performance's.
            values["seed"] = setting("music_train", Config, "seed")
        values |= _settings(CHOICES, standard)
        load_settings(
            "music",
            {"music": Config},
            lambda _, given: address.set_widgets("music", _named(given)),
        )
    config = checked(Config, go, model=model, **values)
    ready = config is not None and corpus is not None
    started = train(
        "music",
        "music",
        config,
        corpus,
        go,
        ready=ready,
        names=values,
        help="Starts training with these settings on these pieces. The player above "
        "keeps playing.",
        type="secondary",  # the page's first button is Play
        stays=False,
        begun=partial(note_corpus, corpus=corpus),
    )
    return Setup(started, corpus, piece)


def note_corpus(run_id: str, corpus: Corpus) -> None:
    """Remember what a training is on: its epochs can be played at once."""
    st.session_state["music_corpus_of"] = run_id, corpus


def _data() -> tuple[Corpus | None, Piece | None]:
    source = choose(
        "Music",
        CORPORA,
        "music_corpus",
        label_visibility="collapsed",
        on_change=intent("music_corpus", _use_preset),
    )
    if source == "upload":
        return own_corpus()
    corpus = BUNDLED[source]()
    what = "rags by Scott Joplin, over their chords" if source == "ragtime" else "tunes"
    if source == "folk":
        what = "tunes, over chords inferred from them"
    st.caption(
        f"{len(corpus.train):,} {what}, for training; {len(corpus.validation)} for "
        f"validation; {len(corpus.test)} for testing."
    )
    return corpus, None


def _settings(names, standard) -> dict:
    return {name: setting("music", Config, name, standard[name]) for name in names}


def _preset() -> dict:
    """The settings that suit model and music."""
    model, corpus = (st.session_state[f"music_{name}"] for name in ("model", "corpus"))
    if model == "default" and corpus == "folk":
        model = "folk"
    return Config.preset(model).values


def _use_preset() -> None:
    """Set the widgets to the settings that suit model and music."""
    address.set_widgets("music", _named(_preset()))


def _named(settings) -> dict:
    """Settings by the names of their widgets: `music_seed` is the performance's."""
    return {
        "train_seed" if name == "seed" else name: value
        for name, value in settings.items()
    }


def not_in_link() -> list[str]:
    """The parts of these settings that a link cannot include."""
    return ["your files"] if st.session_state["music_corpus"] == "upload" else []
