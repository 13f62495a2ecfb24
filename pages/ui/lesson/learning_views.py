"""Step 4, right: the live view, the finished run or the example, and what it shows."""

from typing import NamedTuple

import streamlit as st

from core import examples
from core.arrays import unpack
from core.lesson import adding, text
from core.lesson.figures import adding_errors, gradient_by_lag, writing_losses
from core.lesson.film import before_training, film
from core.lesson.words import TRUTH
from core.registry import get_task
from core.source import source
from pages.ui import live
from pages.ui.address import hold
from pages.ui.cache import session_cache, shared_cache
from pages.ui.charts import PLAIN, ink
from pages.ui.lesson.scrubber import scrubber
from pages.ui.session import owner, platform

FRAMES = 60  # epochs, at most, that the scrubber gets
EVERY_POINT = 500


class Found(NamedTuple):
    """A training to look at: its result, its points, its snapshots for the browser."""

    result: text.Result | adding.Result
    points: list
    film: bytes


def live_view(run):
    """Return what draws a run while it trains: its curve, and its newest epoch."""
    config = get_task(run.task).Config.from_json(run.config)

    def draw(cell: str, points) -> None:
        if not points:
            return
        _curve(f"{cell}_live", config, points, height=230)
        if newest := shared_cache(_newest, points, run.id, config):
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
    return session_cache(cell, "result", (run.id, run.finished), lambda: _found(run))


def _found(run) -> Found | None:
    """Read and decode what a run left."""
    store = platform().store
    content = store.result(owner(), run.id)
    if content is None:
        return None
    result = get_task(run.task).Result.decode(content)
    points = store.points(run.id, EVERY_POINT)
    snapshots = store.snapshots(owner(), run.id, FRAMES)
    return Found(result, points, _film(run.id, result, snapshots, points))


@st.cache_resource(show_spinner=False, max_entries=4)
def _example(name: str) -> Found:
    example = examples.load(name)
    snapshots = example.snapshots
    return Found(
        example.result,
        example.points,
        _film(f"example {name}", example.result, snapshots, example.points),
    )


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
        shared_cache(_figure, points, config, log, ink(), height),
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
    """How far the gradient reaches back in each network, and what follows from it."""
    st.markdown("##### Influence of earlier inputs")
    st.markdown(
        "The norm of the gradient of the last hidden state with respect to each input, "
        "against the number of steps between them. Where the line falls by a power of "
        "ten every few steps, the network can hardly learn from inputs that lie far "
        "back: the gradient vanishes."
    )
    _lags(f"{cell}_lags", found.result)
    problem = found
    if isinstance(found.result, text.Result):
        problem = _example("adding")
        st.markdown("##### Where it matters: the adding problem")
        st.markdown(
            ":blue-badge[:material/school: Example] Two of 50 numbers are marked, and "
            "the network has to output their sum after the last step. Both networks "
            "get the same sequences and settings."
        )
        _lags(f"{cell}_lags_adding", problem.result)
    else:
        st.markdown("##### Test error")
    _curve(f"{cell}_errors", problem.result.config, problem.points)
    st.markdown(TRUTH)


def _lags(key: str, result) -> None:
    st.plotly_chart(
        gradient_by_lag(result, ink()).update_layout(height=330),
        key=key,
        theme=None,
        config=PLAIN,
        alt="Norm of the gradient of the last hidden state with respect to each "
        "input, against steps back",
    )


def curves(cell: str, found: Found) -> None:
    """The losses and the gradient norm over the epochs."""
    if isinstance(found.result, text.Result):
        log = st.toggle(
            "Log axis", key=hold(f"{cell}_curve_log", False), persist_state="session"
        )
        _curve(f"{cell}_curve", found.result.config, found.points, log=log)
    live.draw_curves(cell, found.points)


def how_it_works(_: str, found: Found) -> None:
    """The code of what is shown, from its source."""
    task = "text" if isinstance(found.result, text.Result) else "adding"
    st.markdown(
        "One training step: forward pass, backward pass, clipping of the gradient if "
        "it is longer than *Clip*, update of the weights by the optimizer."
    )
    st.code(source(f"core.lesson.{task}", "train"), "python")
    st.code(source("core.lesson.network", "Network.gradients"), "python")
    st.markdown(
        "The influence of each input on the last hidden state, and of each character "
        "on each prediction:"
    )
    st.code(source("core.lesson.lags", "influence"), "python")
    st.code(source("core.lesson.lags", "connectivity"), "python")
