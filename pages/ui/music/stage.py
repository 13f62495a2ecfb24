"""The right column: the main figures of a model, or a training as it runs."""

import streamlit as st

from core.music import Result
from core.music.figures import perplexity
from pages.ui import live
from pages.ui.cache import is_changing
from pages.ui.music.curves import curves
from pages.ui.music.epochs import epochs_view, live_view
from pages.ui.music.models import Voice, result_of
from pages.ui.music.preview import corpus_view, own_view
from pages.ui.music.setup import Setup
from pages.ui.session import platform
from pages.ui.words import three_digits


def stage(run, voice: Voice, made: Setup) -> None:
    """Draw the run that this page shows, or the model that ships and the data."""
    if run and is_changing(run):
        live.follow("music", run, live_view(run))
        return
    if made.piece:
        own_view(made.piece)
    if run:
        _ended(run)
        return
    _example(voice)
    if made.corpus and not made.piece:
        corpus_view(made.corpus)


def _ended(run) -> None:
    live.ended("music", run)
    if result := result_of(run):
        _glance(result)
    if points := platform().store.points(run.id):
        curves("music_ended", points)
        epochs_view(run)


def _example(voice: Voice) -> None:
    corpus = voice.result.corpus
    st.markdown(
        ":blue-badge[:material/school: Example] Evaluation of the selected model on "
        f"{len(corpus.test):,} held-out pieces."
    )
    _glance(voice.result)


def _glance(result: Result) -> None:
    """Four figures on pieces never seen, each beside that of the Markov baseline."""
    judged, markov = result.judgement, result.markov
    name = f"Markov-{markov.order}"
    with st.grid(4, min_column_width=130):
        _metric(
            "Nats per 16th",
            three_digits(judged.nats),
            f"{name}: {three_digits(markov.nats)}",
            "Loss on the held-out pieces: mean negative log-probability per sixteenth. "
            "Lower is better.",
        )
        _metric(
            "Perplexity",
            three_digits(judged.perplexity),
            f"{name}: {three_digits(perplexity(markov.nats))}",
            "The number of equally likely tokens that would be as uncertain, per "
            "sixteenth.",
        )
        _metric(
            "Onset accuracy",
            f"{judged.onset_accuracy:.1%}",
            f"Markov-{markov.onset_order}: {markov.onset_accuracy:.1%}",
            "Share of the notes in held-out pieces whose time and pitch were the most "
            "likely token. The Markov chain has the order that is best at this.",
        )
        gain = judged.chord_gain
        _metric(
            "Chord gain",
            "–" if gain is None else f"{gain:+.3f}",
            "trained without chords" if gain is None else "nats per 16th",
            "How much the chords help: the loss without the chords minus the loss with "
            "them.",
        )


def _metric(name: str, value: str, beside: str, help: str) -> None:
    st.metric(
        name, value, delta=beside, delta_color="off", delta_arrow="off", help=help
    )
