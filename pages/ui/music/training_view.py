"""The right column: a running training, its result, or the data to listen to."""

from dataclasses import replace

import streamlit as st

from core.arrays import unpack
from core.music import Config, Performance, Result
from core.music.arranger.arranging import arranged
from core.music.corpora import Corpus
from core.music.figures import losses, losses_alt
from core.music.playing.snapshots import MOST, snapshot_score
from core.music.result import BUNDLED
from core.music.score.piece import Piece
from core.music.score.score import Score
from core.stats import three_digits
from core.training import has_snapshot
from pages.ui.address import bind, persistent, restore
from pages.ui.cache import points_of, session_cache, shared_cache
from pages.ui.charts import chart, ink, metric
from pages.ui.intents import button
from pages.ui.live import panel
from pages.ui.live.run import ink_of
from pages.ui.live.view import Block, Query, figure_block, text_block
from pages.ui.music.generate import improvise_on
from pages.ui.music.models import Model
from pages.ui.music.player import player
from pages.ui.music.setup import Setup
from pages.ui.session import platform, reader
from pages.ui.training import result_of
from pages.ui.words import as_text

MOST_EPOCHS = 40  # most epochs to choose from
SCORES = 4  # most scores of epochs in a session's cache
MOST_PIECES = 60  # most listed pieces of each part
BARS = 16  # shown bars of a built-in piece


def training_view(run, model: Model, chosen: Setup) -> None:
    """Draw the run of this page, or the built-in model and the data."""
    if run and panel.is_live("music", run):
        panel.follow("music", run, log_axis=False)
        _listen_to_latest(run)
        return
    if chosen.piece:
        _own_piece(chosen.piece)
    if run:
        _ended(run)
        return
    _example(model)
    if chosen.corpus and not chosen.piece:
        _corpus_pieces(chosen.corpus)


def _ended(run) -> None:
    panel.ended(run)
    if result := result_of(run):
        _main_figures(result)
    if points := points_of(run):
        _curves("music_ended", points)
        _epochs(run)


def _example(model: Model) -> None:
    corpus = model.result.corpus
    st.markdown(
        ":blue-badge[:material/school: Example] Evaluation of the selected model on "
        f"{len(corpus.test):,} held-out pieces."
    )
    _main_figures(model.result)


def _main_figures(result: Result) -> None:
    """Four figures on held-out pieces, each beside that of a simpler model."""
    judged, markov, rivals = result.judgement, result.markov, result.rivals
    with st.grid(4, min_column_width=130):
        metric(
            "Nats per 16th",
            three_digits(judged.nats),
            f"Markov-{markov.order}: {three_digits(markov.nats)}",
            "Loss on the held-out pieces: mean negative log-probability per sixteenth. "
            "Lower is better.",
        )
        metric(
            "Beyond repetition",
            f"{rivals.copy_nats - judged.nats:+.3f}",
            f"repeats itself: {three_digits(rivals.copy_nats)}",
            "How much better than just copying earlier bars (a rival without network, "
            "beside a Markov chain), in nats per sixteenth. 0: no better.",
        )
        metric(
            "Onset accuracy",
            f"{judged.onset_accuracy:.1%}",
            f"Markov-{markov.onset_order}: {markov.onset_accuracy:.1%}",
            "Share of the notes in held-out pieces whose time and pitch were the most "
            "likely token. The Markov chain has the order that is best at this.",
        )
        gain = judged.chord_gain
        metric(
            "Chord gain",
            "–" if gain is None else f"{gain:+.3f}",
            "not measured" if gain is None else "nats per 16th",
            "How much the chords help: the loss without the chords minus the loss with "
            "them. Chords inferred from a melody tell some of it; then no gain is "
            "claimed.",
        )


def _curves(prefix: str, points) -> None:
    """Draw the losses over the epochs, and the baseline's."""
    chart(shared_cache(losses, points, ink()), f"{prefix}_curves", losses_alt(points))


def live_blocks(run, points, query: Query) -> list[Block]:
    """The losses while a run trains, and in a replay."""
    blocks = [figure_block("curves", losses(points, ink_of(query)), losses_alt(points))]
    if not _playable_epochs(run, points):
        blocks.append(text_block("After the first epoch you can listen to the model."))
    return blocks


def _playable_epochs(run, points) -> list[int]:
    epochs = Config.from_json(run.config).epochs
    return [each.epoch for each in points if has_snapshot(each.epoch, epochs, MOST)]


def _listen_to_latest(run) -> None:
    """Draw the button that plays a melody of the latest epoch."""
    if not _playable_epochs(run, points_of(run)):
        return
    button(
        "Listen to the latest epoch",
        "music_hear",
        _listen_to,
        run,
        icon=":material/hearing:",
        help="Eight bars as the model played them after it. The curves go on.",
    )
    chosen_run, epoch = st.session_state.get("music_heard", (None, None))
    if chosen_run == run.id:
        _play_epoch(run, epoch, autoplay=True)


def _epochs(run) -> None:
    """Draw a slider over the epochs of a finished run, to listen to."""
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
    _play_epoch(run, epoch)


def _listen_to(run) -> None:
    now = platform().store.get(reader(), run.id) or run
    st.session_state["music_heard"] = run.id, _playable_epochs(now, points_of(now))[-1]


def _losses(run) -> dict[int, float | None]:
    """The validation loss after each epoch that has a snapshot."""
    store = platform().store
    snapshots = store.snapshots(reader(), run.id, MOST_EPOCHS)
    points = store.points(run.id, most=run.settings["epochs"])  # none is left out
    losses = {point.epoch: point.metrics.get("val_loss") for point in points}
    return {epoch: losses.get(epoch) for epoch in snapshots}


def _play_epoch(run, epoch: int, autoplay: bool = False) -> None:
    score = session_cache(
        "music", "heard", (run.id, epoch), lambda: _score(run, epoch), SCORES
    )
    if score is None:
        st.caption(
            "This can be played only on the page that started the training, or after "
            "the training has ended."
        )
        return
    player("music_epoch", score, f"Epoch {epoch}", autoplay=autoplay)


def _score(run, epoch: int) -> Score | None:
    corpus = corpus_of(run)
    content = platform().store.snapshot(run.id, epoch)
    if corpus is None or content is None:
        return None
    score = snapshot_score(corpus, unpack(content)["melody"], Performance())
    return replace(score, title=f"Epoch {epoch}")


def corpus_of(run) -> Corpus | None:
    """The corpus of a run, if this session can read it."""
    if result := result_of(run):
        return result.corpus
    known, corpus = st.session_state.get("music_corpus_of", (None, None))
    if known == run.id:
        return corpus
    corpora = (load() for load in BUNDLED.values())
    return next((corpus for corpus in corpora if corpus.title == run.title), None)


def _own_piece(piece: Piece) -> None:
    """Draw an uploaded piece, and the button that lets the model continue it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{as_text(piece.title)}**, as the model reads it", width="stretch"
        )
        button(
            "Improvise on it",
            "music_improvise",
            improvise_on,
            piece,
            icon=":material/music_note:",
            help="Plays its first bars, as many as *Primer bars*, and continues over "
            "its chords. The result is in the player above.",
        )
    _play_piece(piece)


def _corpus_pieces(corpus: Corpus) -> None:
    """Draw the choice of a piece of the corpus, and its beginning."""
    parts = {
        "training": corpus.train,
        "validation": corpus.validation,
        "test": corpus.test,
    }
    if corpus is not st.session_state.get("music_looked_at"):
        st.session_state["music_looked_at"] = corpus
        restore("music", {"piece": 0})
    found = [
        (piece, what)
        for what, pieces in parts.items()
        for piece in pieces[:MOST_PIECES]
    ]
    place = st.selectbox(
        "Listen to the data",
        range(len(found)),
        format_func=lambda place: f"{found[place][0].title}, {found[place][1]}",
        **persistent(bind("music_piece", 0, range(len(found)))),
        help=f"The first {BARS} bars of a piece, as the model sees it: one melody over "
        "chords, on a grid of sixteenths.",
    )
    piece = found[place][0]
    _play_piece(
        piece.part(0, min(piece.steps, piece.pickup + BARS * piece.meter.steps))
    )


def _play_piece(piece: Piece) -> None:
    how = Performance(tempo=round(min(300, max(30, piece.tempo))))
    player("music_preview", arranged(piece, how), piece.title)
