"""What a model plays after each epoch, to listen to while it learns and afterwards."""

from dataclasses import replace

import streamlit as st

from core.arrays import unpack
from core.music import Config, Performance
from core.music.corpora import Corpus, folk, ragtime
from core.music.film import due
from core.music.generating import snapshot_score
from core.music.score import Score
from pages.ui.cache import session_cache
from pages.ui.music.curves import curves
from pages.ui.music.player import player
from pages.ui.session import owner, platform
from pages.ui.words import three_digits

MOST = 40  # epochs to choose from
HEARD = 4  # scores that a session keeps


def live_view(run):
    """Return what draws a run while it trains: its curves, and its last epoch."""
    config = Config.from_json(run.config)

    def draw(prefix: str, points) -> None:
        curves(prefix, points)
        ready = [point.epoch for point in points if due(point.epoch, config)]
        if not ready:
            st.caption("After the first epoch you can listen to the model.")
            return
        st.button(
            f"Listen to epoch {ready[-1]}",
            key="music_hear",
            icon=":material/hearing:",
            help="Eight bars as the model plays them now. Training continues.",
            on_click=_hear,
            args=(run.id, ready[-1]),
        )
        heard_run, epoch = st.session_state.get("music_heard", (None, None))
        if heard_run == run.id:
            _play(run, epoch, autoplay=True)

    return draw


def epochs_view(run) -> None:
    """Draw every epoch of a run that has ended, to be gone through by ear."""
    losses = session_cache(
        "music", "epochs", (run.id, run.finished), lambda: _losses(run)
    )
    if not losses:
        return
    epochs = list(losses)
    if st.session_state.get("music_epoch") not in epochs:
        st.session_state["music_epoch"] = epochs[-1]
    epoch = st.select_slider(
        "What it played after each epoch",
        epochs,
        key="music_epoch",
        help="Eight bars over the same chords with the same random seed, as the model "
        "played them after each epoch.",
    )
    st.caption(
        f"After epoch {epoch}: validation loss {three_digits(losses[epoch])} nats per "
        "sixteenth."
    )
    _play(run, epoch)


def _hear(run_id: str, epoch: int) -> None:
    st.session_state["music_heard"] = run_id, epoch


def _losses(run) -> dict[int, float | None]:
    """The validation loss after each epoch that can be heard."""
    store = platform().store
    heard = store.snapshots(owner(), run.id, MOST)
    points = store.points(run.id, most=run.settings["epochs"])  # none is left out
    losses = {point.epoch: point.metrics.get("val_loss") for point in points}
    return {epoch: losses.get(epoch) for epoch in heard}


def _play(run, epoch: int, autoplay: bool = False) -> None:
    score = session_cache(
        "music", "heard", (run.id, epoch), lambda: _score(run, epoch), HEARD
    )
    if score is None:
        st.caption(
            "This can be played only on the page that started the training, or after "
            "the training has ended."
        )
        return
    player("music_epoch", score, f"Epoch {epoch}", autoplay=autoplay)


def _score(run, epoch: int) -> Score | None:
    corpus = _corpus_of(run)
    content = platform().store.snapshot(run.id, epoch)
    if corpus is None or content is None:
        return None
    made = snapshot_score(corpus, unpack(content)["melody"], Performance())
    return replace(made, title=f"Epoch {epoch}")


def _corpus_of(run) -> Corpus | None:
    known, corpus = st.session_state.get("music_corpus_of", (None, None))
    if known == run.id:
        return corpus
    return {made.title: made for made in (ragtime(), folk())}.get(run.title)
