"""Step 4: a live training, and a slider over its epochs afterwards."""

import base64
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from core import examples
from core.arrays import unpack
from core.lesson import adding, writing
from core.lesson.cells import CELLS
from core.lesson.figures import (
    error_figure,
    influence_figure,
    loss_figure,
    reach_figure,
)
from core.lesson.snapshot_file import snapshot_file
from core.lesson.verdicts import (
    errors_in_words,
    failure,
    gradient_verdict,
    patience_verdict,
    verdict,
    writings,
)
from core.registry import get_task
from core.stats import short
from pages.ui.address import bind, persistent
from pages.ui.cache import Points, cached_result, shared_cache
from pages.ui.charts import chart, ink
from pages.ui.lesson.components import live_scrubber, scrubber
from pages.ui.lesson.forcing import forcing
from pages.ui.lesson.learning_setup import belongs_to, setup
from pages.ui.lesson.steps import choose_cell, question, show_functions
from pages.ui.lesson.trained import EXAMPLES, of_example, of_run
from pages.ui.live import panel
from pages.ui.live.run import ink_of, latest_snapshot, metrics_block
from pages.ui.live.view import Block, Query, figure_block
from pages.ui.membership import hides_example
from pages.ui.once import once
from pages.ui.session import current_run, platform, reader
from pages.ui.shape import sides
from pages.ui.takeaway import take_away
from pages.ui.task.tabs import open_tab
from pages.ui.training import recall_settings
from pages.ui.words import as_text, counted

MAX_SNAPSHOTS = 60  # epochs in the scrubber
MAX_POINTS = 500
LONGEST_NAME = 8  # characters of a name in the sentence of the result
LIVE_HEIGHT = 230  # pixels of the loss while it trains


@dataclass(frozen=True, eq=False)
class Training:
    """A finished training: its result, its points, its snapshots for the browser.

    All sessions that follow it share it, so it does not say whose run it is. `reach`
    is what `adding.reach` returns of its snapshots, by network; `names` are those of
    `writings`, if it has learned names.
    """

    result: writing.Result | adding.Result
    points: list
    snapshots: bytes
    reach: dict
    names: dict

    @property
    def writes(self) -> bool:
        """Whether the network learned a text, not the adding problem."""
        return isinstance(self.result, writing.Result)


def learning(page: str, choice, place) -> None:
    """Draw the step on the page of a lesson.

    The choice of the cell and the state of the run have places in the head.
    """
    run = current_run(page, belongs_to(page))
    recall_settings(page, run)
    cell = choose_cell(page, choice)
    columns(page, run, place, partial(setup, page, cell), cell)


def columns(page: str, run, place, settings, cell: str = "") -> None:
    """Draw the settings, the training or its result, a question, and the tabs.

    The state of the run is drawn at `place`. `settings` draws what you choose; it
    returns the task of the settings, and the run if one has just begun. A shared run
    has no `cell`, and no question.
    """
    choosing, seeing = sides()
    with choosing:
        task, started = settings()
        run = started or run
    with seeing:
        if run:
            with place:
                panel.state_line(page, run)
            training = run_view(page, run)
        elif hides_example():
            training = None
        else:
            name = EXAMPLES[cell] if task == "text" else _adding_example(page)
            training = _example(name)
            epochs_view(page, training, is_example=True)
        if training:
            if cell:
                _question(page, cell, training)
            panel.wait_for_run(page)
    if training:
        tabs_view(page, training, run)


def run_view(page: str, run) -> Training | None:
    """Draw the progress of a run, or its result; return that, if any."""
    if panel.is_live(page, run):
        path = panel.follow(page, run, log_axis=run.without_result)
        if not run.without_result:
            live_scrubber(f"{page}_live_scrubber", path)
        return None
    training = cached_result(page, "training", run, lambda: _read(run))
    if training:
        epochs_view(page, training)
    panel.ended(run)
    if training is None and (points := platform().store.points(run.id, MAX_POINTS)):
        panel.draw_curves(f"{page}_ended", _without_test(run.task, points))
    return training


def epochs_view(page: str, training: Training, *, is_example: bool = False) -> None:
    """Draw the result in a sentence, and the slider over the epochs."""
    badge = ":blue-badge[:material/school: Example] " if is_example else ""
    said, names = verdict(training.result), _names(training.names)
    st.markdown(f"{badge}**{names or said}**")
    scrubber(f"{page}_scrubber", training.snapshots)
    if names:
        st.markdown(said)
    if reason := failure(training.result):
        st.warning(reason, icon=":material/trending_up:")
    st.caption(errors_in_words(training.result))


def _names(names) -> str:
    """What a network of names writes before and after its training."""
    if len(names) < 2:
        return ""
    first, last = map(_quoted, names.values())
    trained = counted(max(names), "epoch")
    return f"It writes {first} at first, and {last} after {trained} of training."


def _quoted(name: str) -> str:
    more = "…" if len(name) > LONGEST_NAME else ""
    return f"“{as_text(name[:LONGEST_NAME])}{more}”" if name else "nothing"


def _question(page: str, cell: str, training: Training) -> None:
    """Ask about the shown training, unless it has learned a passage by heart."""
    if not training.writes or training.result.corpus.is_names:
        question(page, cell, "Learning", writes=training.writes)


def tabs_view(page: str, training: Training, run) -> None:
    """Draw the tabs below, of which only the open one is computed.

    An example has no run.
    """
    views = {
        "Vanishing gradient": _vanishing,
        "Fed or running free": partial(_forcing, run=run),
        "Curves": _curves,
        "Take away": partial(_take_away, run_id=run.id if run else None),
        "How it works": _how_it_works,
    }
    if not training.writes:
        del views["Fed or running free"]
    open_tab(page, {n: partial(draw, page, training) for n, draw in views.items()})


def live_blocks(run, points, query: Query) -> list[Block]:
    """A run while it trains, and in a replay: its curve, and its latest epoch."""
    if run.without_result:
        return [metrics_block(_without_test(run.task, points), query)]
    config = get_task(run.task).Config.from_json(run.config)
    figure = _loss_figure(points, config, False, ink_of(query), LIVE_HEIGHT)
    blocks = [figure_block("curves", figure, _loss_alt(config))]
    if latest := _latest_epoch(run, points, config):
        snapshot = {"kind": "snapshot", "base64": base64.b64encode(latest).decode()}
        blocks.append(snapshot)
    return blocks


def _without_test(task: str, points) -> list:
    """The points of a trial of a search without the metrics of its test data."""
    unseen = {each.key for each in get_task(task).MEASURES if each.part == "test"}
    return [
        replace(
            point, metrics={n: v for n, v in point.metrics.items() if n not in unseen}
        )
        for point in points
    ]


def _latest_epoch(run, points, config) -> bytes | None:
    """The snapshot file of the last epoch alone, if there is a snapshot of it."""
    if (snapshot := latest_snapshot(run, points)) is None:
        return None
    frames = {points[-1].epoch: snapshot}
    return snapshot_file(run.training, config, frames, _by_epoch(points))


def _read(run) -> Training | None:
    """Read and decode the result of a run."""
    store = platform().store
    content = store.result(reader(), run.id)
    if content is None:
        return None
    result = get_task(run.task).Result.decode(content)
    points = store.points(run.id, MAX_POINTS)
    snapshots = store.snapshots(reader(), run.id, MAX_SNAPSHOTS)
    points = Points(points, (run.training, run.finished))
    return _training(run.training, result, points, snapshots)


def _adding_example(page: str) -> str:
    """The name of the example of the adding problem with the cells of a page."""
    return "adding-gru" if page == "gru" else "adding"


@once
def _example(name: str) -> Training:
    example = examples.load(name)
    return _training(
        f"example {name}", example.result, example.points, example.snapshots
    )


def _training(name: str, result, points, snapshots) -> Training:
    frames = {epoch: unpack(content) for epoch, content in snapshots.items()}
    adds = isinstance(result, adding.Result)
    task = adding if adds else writing
    frames[0] = task.initial_snapshot(result.config, result.data)
    file = snapshot_file(name, result.config, frames, _by_epoch(points))
    cells = result.config.networks if adds else ()
    reach = {cell: adding.reach(cell, frames) for cell in cells}
    names = writings(frames) if not adds and result.corpus.is_names else {}
    return Training(result, points, file, reach, names)


def _by_epoch(points):
    return {point.epoch: point.metrics for point in points}


def _loss_chart(key: str, config, points, height: int = 300, log: bool = False) -> None:
    """The loss, or the test errors, over the epochs."""
    figure = shared_cache(_loss_figure, points, config, log, ink(), height)
    chart(figure, key, _loss_alt(config))


def _loss_alt(config) -> str:
    is_text = isinstance(config, writing.Config)
    return "Loss after each epoch" if is_text else "Test error of each network"


def _loss_figure(points, config, log: bool, ink: str, height: int):
    if isinstance(config, writing.Config):
        figure = loss_figure(points, log, ink)
    else:
        figure = error_figure(points, config, ink)
    return figure.update_layout(height=height)


def _influence_chart(key: str, training: Training) -> None:
    chart(
        shared_cache(_influence_figure, training, ink()),
        key,
        "Norm of the gradient of the last hidden state with respect to each "
        "input, against steps back",
    )


def _influence_figure(training: Training, ink: str):
    result = training.result
    figure = influence_figure(result, _patience_beside(result), ink)
    return figure.update_layout(height=360)


def _patience_beside(result) -> adding.Result | None:
    """The example of a smaller learning rate, beside others of the same problem."""
    patience = _example("adding-patience").result
    if isinstance(result, writing.Result) or result.config == patience.config:
        return None
    return patience if result.config.length == patience.config.length else None


def _reach_figure(training: Training, ink: str):
    figure = reach_figure(training.result.config, training.reach, ink)
    return figure.update_layout(height=360)


def _vanishing(page: str, training: Training) -> None:
    """Draw the reach of the gradient in each network, and the verdict."""
    st.markdown("##### Influence of earlier inputs")
    st.markdown(
        "The norm of the gradient of the last hidden state with respect to each input, "
        "against the number of steps between them. Where the line falls by a power of "
        "ten every few steps, the network can hardly learn from inputs that lie far "
        "back: the gradient vanishes."
    )
    _influence_chart(f"{page}_lags", training)
    problem = _example(_adding_example(page)) if training.writes else training
    if training.writes:
        st.markdown("##### Where it matters: the adding problem")
        st.markdown(
            ":blue-badge[:material/school: Example] Two of 50 numbers are marked, and "
            "the network has to output their sum after the last step. All networks get "
            "the same sequences and settings."
        )
        _influence_chart(f"{page}_lags_adding", problem)
    st.markdown(shared_cache(_gradient_verdict, problem))
    st.markdown("##### When it happens")
    chart(
        shared_cache(_reach_figure, problem, ink()),
        f"{page}_reach",
        "Influence of the first fifth of the inputs after each epoch, and the mean "
        "factor by which a step back multiplies the gradient, of each network",
    )
    st.caption(
        "Above: the influence of the first fifth of the inputs after each epoch. "
        "Below: the mean factor by which one step back multiplies the gradient of a "
        "state, weights left out. In an RNN it is the slope of tanh; in the other "
        "cells it is the gate that keeps the old state, of which a few units with a "
        "value near 1 are enough."
    )
    st.markdown("##### Test error")
    _loss_chart(f"{page}_errors", problem.result.config, problem.points)
    _sizes(problem.result)
    if _patience_beside(problem.result):
        st.markdown(shared_cache(_patience_verdict, _example("adding-patience")))


def _gradient_verdict(training: Training) -> str:
    return gradient_verdict(training.result)


def _patience_verdict(patience: Training) -> str:
    return patience_verdict(patience.result, _example("adding").result)


def _sizes(result: adding.Result) -> None:
    """The size of each network beside its error."""
    st.table(
        [
            {
                "Network": CELLS[cell].title,
                "Units": f"{result.config.units_of(cell):,}",
                "Parameters": f"{count:,}",
                "Test error": short(result.mse[cell]),
            }
            for cell, count in result.parameters().items()
        ]
    )


def _curves(page: str, training: Training) -> None:
    """The losses and the gradient norm over the epochs."""
    if training.writes:
        log = st.toggle(
            "Log axis",
            **persistent(bind(f"{page}_curve_log", False)),
        )
        _loss_chart(f"{page}_curve", training.result.config, training.points, log=log)
    panel.draw_curves(page, training.points)


def _forcing(page: str, training: Training, run) -> None:
    example = EXAMPLES[training.result.config.cell]
    if trained := of_run(page, run) if run else of_example(example):
        forcing(page, trained)


def _take_away(page: str, training: Training, run_id: str | None) -> None:
    task = "text" if training.writes else "adding"
    take_away(page, task, training.result, training.points, run_id)


def _how_it_works(_: str, training: Training) -> None:
    """The source code behind the page: the loop, the network, the cell."""
    task = (writing if training.writes else adding).TASK
    cell = training.result.config.cell if training.writes else "lstm"
    st.markdown(
        "One training step: forward pass, backward pass, clipping of the gradient if "
        "it is longer than *Clip*, update of the weights by the optimizer."
    )
    st.markdown("**The loop**")
    show_functions(task.module, f"{type(task).__name__}.train")
    st.markdown("**The network**")
    network = ("Network.forward", "Network.gradients", training.result.config.optimizer)
    show_functions("core.lesson.network", *network)
    st.markdown("**The cell**, and how it is unrolled over time")
    show_functions(f"core.{cell}", f"{cell}_step", f"{cell}_step_back")
    show_functions("core.recurrent", "unroll", "unroll_back")
    st.markdown(
        "The influence of each input on the last hidden state, and of each character "
        "on each prediction:"
    )
    show_functions("core.lesson.influence", "influence", "connectivity")
