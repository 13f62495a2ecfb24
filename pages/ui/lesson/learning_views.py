"""Step 4, right: the live view, the finished run or the example, and what it shows."""

from typing import NamedTuple

import streamlit as st

from core import examples
from core.arrays import unpack
from core.lesson import adding, text
from core.lesson.figures import adding_errors, gradient_by_lag, writing_losses
from core.lesson.film import before_training, film
from core.lesson.words import TRUTH
from core.registry import room
from core.source import source
from pages.ui import live
from pages.ui.lesson.scrubber import scrubber
from pages.ui.session import owner, platform
from pages.ui.shared import drawn
from pages.ui.theme import PLAIN, ink

FRAMES = 60  # epochs, at most, that the scrubber gets
EVERY_POINT = 500


class Found(NamedTuple):
    """A training to look at: its result, its points, its film."""

    result: text.Result | adding.Result
    points: list
    film: bytes


def live_view(run):
    """Return what draws a run while it trains: its curve, and its newest epoch."""
    config = room(run.task).Config.from_json(run.config)

    def draw(cell: str, points) -> None:
        if not points:
            return
        _curve(f"{cell}_live", config, points, height=230)
        if newest := drawn(_newest, points, run.id, config):
            scrubber(f"{cell}_live_scrubber", newest)

    return draw


def _newest(points, run_id: str, config) -> bytes | None:
    """The film of the last epoch alone, if it left a snapshot."""
    epoch = points[-1].epoch
    snapshot = platform().store.snapshot(run_id, epoch)
    if not snapshot:
        return None
    return film(run_id, config, {epoch: unpack(snapshot)}, _by(points))


def shown(cell: str, task: str, run) -> Found | None:
    """The run that has ended, or the example where there is none."""
    if run is None:
        name = "text-rnn" if (task, cell) == ("text", "rnn") else task
        what = "Names" if task == "text" else "Adding problem"
        st.markdown(
            f":blue-badge[:material/school: Example] **{what}**, default settings. "
            "Choose your own and press Train."
        )
        return _example(name)
    live.ended(cell, run)
    store = platform().store
    content = store.result(owner(), run.id)
    if content is None:
        return None
    points = store.points(run.id, EVERY_POINT)
    result = room(run.task).Result.decode(content)
    return Found(result, points, _film_of(cell, run, result, points))


@st.cache_resource(show_spinner=False, max_entries=4)
def _example(name: str) -> Found:
    example = examples.load(name)
    snapshots = example.snapshots
    return Found(
        example.result,
        example.points,
        _film(f"example {name}", example.result, snapshots, example.points),
    )


def _film_of(cell: str, run, result, points) -> bytes:
    """The film of a run that has ended, put together once a session."""
    kept = st.session_state.get(f"{cell}_film")
    if kept and kept[0] == (run.id, run.finished):
        return kept[1]
    snapshots = platform().store.snapshots(owner(), run.id, FRAMES)
    made = _film(run.id, result, snapshots, points)
    st.session_state[f"{cell}_film"] = ((run.id, run.finished), made)
    return made


def _film(name: str, result, snapshots, points) -> bytes:
    data = result.corpus if isinstance(result, text.Result) else None
    frames = {epoch: unpack(content) for epoch, content in snapshots.items()}
    frames[0] = before_training(result.config, data)
    return film(name, result.config, frames, _by(points))


def _by(points):
    return {point.epoch: point.metrics for point in points}


def _curve(key: str, config, points, height: int = 300, log: bool = False) -> None:
    """What is learned, over the epochs."""
    writing = isinstance(config, text.Config)
    st.plotly_chart(
        drawn(_figure, points, config, log, ink(), height),
        key=key,
        theme=None,
        config=PLAIN,
        alt="Loss after each epoch" if writing else "Test error of both networks",
    )


def _figure(points, config, log: bool, ink: str, height: int):
    if isinstance(config, text.Config):
        figure = writing_losses(points, log, ink)
    else:
        figure = adding_errors(points, config, ink)
    return figure.update_layout(height=height)


def vanishing(cell: str, found: Found) -> None:
    """How far back each network hears, and what follows from it."""
    st.markdown("##### How far back it hears")
    st.markdown(
        "How much an input moves the last state, against how many steps ago it was "
        "read. A line that falls by a power of ten every few steps means that what was "
        "read long ago can hardly be learned from."
    )
    _lags(f"{cell}_lags", found.result)
    problem = found
    if isinstance(found.result, text.Result):
        problem = _example("adding")
        st.markdown("##### Where it decides: the adding problem")
        st.markdown(
            ":blue-badge[:material/school: Example] Of 50 numbers two are marked; "
            "their sum is asked for at the end. Same sequences and settings for both."
        )
        _lags(f"{cell}_lags_adding", problem.result)
    else:
        st.markdown("##### What follows from it")
    _curve(f"{cell}_errors", problem.result.config, problem.points)
    st.markdown(TRUTH)


def _lags(key: str, result) -> None:
    st.plotly_chart(
        gradient_by_lag(result, ink()).update_layout(height=330),
        key=key,
        theme=None,
        config=PLAIN,
        alt="Gradient norm of the last state by each input, against steps back",
    )


def curves(cell: str, found: Found) -> None:
    """How what is learned, and the gradient, went over the epochs."""
    if isinstance(found.result, text.Result):
        log = st.toggle("Log axis", key=f"{cell}_curve_log", persist_state="session")
        _curve(f"{cell}_curve", found.result.config, found.points, log=log)
    live.draw_curves(cell, found.points)


def how_it_works(_: str, found: Found) -> None:
    """The code of what is shown, from its source."""
    task = "text" if isinstance(found.result, text.Result) else "adding"
    st.markdown(
        "One step of the training: read forward, send the error back, shorten the "
        "gradient if it is too long, change the weights a little."
    )
    st.code(source(f"core.lesson.{task}", "train"), "python")
    st.code(source("core.lesson.network", "Network.gradients"), "python")
    st.markdown("How far back it hears, and which characters it listens to:")
    st.code(source("core.lesson.lags", "influence"), "python")
    st.code(source("core.lesson.lags", "connectivity"), "python")
