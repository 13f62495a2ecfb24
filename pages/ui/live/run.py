"""The views of one run: its progress, and its replay."""

import time
from bisect import bisect_right

from core.arrays import unpack
from core.figures import curve_name, learning_curves
from core.figures.palette import INK_DARK, INK_LIGHT
from core.runs.run import Run, replay_times, time_left
from core.runs.store.readers import ClassReader, LinkReader, Reader
from core.task import State
from pages.ui.cache import Points, first_points, points_of
from pages.ui.live.state import is_changing, place_in_queue, run_of
from pages.ui.live.view import Block, Query, View, figure_block, text_block
from pages.ui.session import platform
from pages.ui.task_views import view_of_task
from pages.ui.words import ordinal, roughly

HEIGHT = 330  # pixels of the curves
LONGEST_PREPARATION = 60  # seconds
OVER = "over"  # page of a replay that has ended


def reader_of(owner: str | None, query: Query) -> Reader:
    """Return the reader of a request: link, class or owner."""
    if token := query.get("share"):
        return LinkReader(token)
    if owner and (code := query.get("class")):
        return ClassReader(code, owner)
    return owner or ""


def ink_of(query: Query) -> str:
    """Return the colour of text in the figures of a request."""
    return INK_DARK if query.get("ink") == "dark" else INK_LIGHT


def looks_of(run: Run, query: Query) -> tuple[object, ...]:
    """Return the state on which the blocks of a run depend besides its points.

    Further parameters would only add cache misses.
    """
    return run.without_result, ink_of(query), "log" in query


def run_view(owner: str | None, run_id: str, query: Query) -> View | None:
    """Return the progress of a run: text, curves, latest epoch."""
    run = run_of(reader_of(owner, query), run_id)
    if run is None:
        return None
    points = points_of(run)
    text = progress_text(run, points)

    def make() -> dict[str, object]:
        return {
            "status": run.status,
            "epoch": points[-1].epoch if points else 0,
            "epochs": run.total,
            "text": text,
            "share": min(1.0, run.progress / (run.total or 1)),
            "soon": not points or run.status == "queued" or run.stop,
            "blocks": blocks_of(run, points, query),
        }

    key = "run", points.version, text, run.status, *looks_of(run, query)
    return View(key=key, page=page_of(run, points), make=make)


def page_of(run: Run, points: Points) -> str:
    """Return the state on which the widgets beside the panel of a run depend."""
    if not is_changing(run):
        return f"{run.status} {run.finished}"
    return f"stop {can_stop(run)}, epochs {bool(points)}"


def can_stop(run: Run) -> bool:
    """Whether the run can be stopped."""
    return run.active and not run.stop


def replay_view(owner: str | None, run_id: str, query: Query) -> View | None:
    """Return a run at the current time of its replay.

    `start` in the query is the start of the replay on this server's clock.
    """
    run = run_of(reader_of(owner, query), run_id)
    if run is None:
        return None
    points = points_of(run)
    try:
        seconds = max(0.0, time.monotonic() - float(query.get("start", "")))  # no NaN
    except ValueError:
        return None
    times = replay_times(points) if len(points) > 1 else [0.0]
    if not points or seconds > times[-1]:
        return View(key=("replay", "over"), page=OVER, make=dict)
    shown = first_points(points, bisect_right(times, seconds))
    epoch, last = shown[-1].epoch, points[-1].epoch
    text = f"Epoch {epoch} of {last} · {roughly(times[-1] - seconds)} left"

    def make() -> dict[str, object]:
        return {
            "status": "replay",
            "epoch": epoch,
            "epochs": last,
            "text": text,
            "share": epoch / last,
            "blocks": blocks_of(run, shown, query),
        }

    key = "replay", shown.version, text, *looks_of(run, query)
    return View(key=key, page="replay", make=make)


def blocks_of(run: Run, points: Points, query: Query) -> list[Block]:
    """Return the blocks of a run's panel: those of the task, or curves."""
    if not points:  # an empty figure would have meaningless axes
        return [text_block("The first epoch begins the picture.")]
    return view_of_task(run.task, "live_blocks", _curves)(run, points, query)


def _curves(_, points: Points, query: Query) -> list[Block]:
    return [metrics_block(points, query)]


def latest_snapshot(run: Run, points: list) -> State | None:
    """Return the snapshot of the last epoch, if there is one."""
    packed = points and platform().store.snapshot(run.training, points[-1].epoch)
    return unpack(packed) if packed else None


def metrics_block(points: list, query: Query, height: int = HEIGHT) -> Block:
    """Return the curves of all metrics, as high as some pixels."""
    figure = metrics_figure(points, "log" in query, ink_of(query))
    figure.update_layout(height=height)
    return figure_block("curves", figure, metrics_alt(points))


def metrics_figure(points, log: bool, ink: str):
    """Draw all metrics over the epochs."""
    lines = {}
    for point in points:
        for name, value in point.metrics.items():
            lines.setdefault(name, []).append((point.epoch, value))
    return learning_curves(lines, log, ink).update_layout(height=HEIGHT)


def metrics_alt(points) -> str:
    """Describe `metrics_figure` in words."""
    names = list(dict.fromkeys(name for point in points for name in point.metrics))
    curves = "; ".join(curve_name(name, names) for name in names)
    return f"Curves over the epochs: {curves}"


def progress_text(run: Run, points: Points) -> str:
    """The progress of a run in words."""
    if run.status == "queued":
        view = platform().supervisor.view
        if view is None or not view.workers:
            return "Starting the workers. This takes about ten seconds."
        if (place := place_in_queue(run)) < 1:  # a worker has just taken it
            return "Beginning."
        return f"Waiting for a worker: {ordinal(place)} in the queue."
    if run.closing:
        return "Stopped. Computing the result so far."
    if run.stop:
        return "Stopping."
    if not run.total or not run.progress:
        waited = (time.time() - run.started) // 0.5 / 2 if run.started else 0
        # A longer time is that of another clock, or since an earlier start.
        shown = f" · {waited} s" if 0 < waited < LONGEST_PREPARATION else ""
        return f"Preparing the data and the network{shown}"
    epoch = f"Epoch {int(run.progress)} of {run.total}"
    if run.progress < 1:
        return f"{epoch} · {run.progress:.0%} of the first"
    if (left := time_left(run, points)) is None:
        return epoch
    if not left.seconds and run.progress < run.total:
        return f"{epoch} · ends soon, unless it still improves"
    if not left.seconds:
        return f"{epoch} · finishing: computing the result"
    if left.at_least:
        return f"{epoch} · {roughly(left.seconds)} left, more if it improves"
    return f"{epoch} · {roughly(left.seconds)} left"
