"""The curves of the compared runs and their progress, as a live view."""

from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from core.comparison.curves import (
    curves_csv,
    curves_figure,
    curves_of,
    default_metric,
    metric_name,
    metrics_of,
)
from core.comparison.settings import short_names
from core.figures.palette import LETTERS, RUNS
from core.runs.recent import Recent
from core.runs.run import Run
from core.runs.store.readers import Reader
from pages.ui.address import bind, persistent
from pages.ui.cache import points_of
from pages.ui.charts import theme
from pages.ui.controls import choose
from pages.ui.download import download_button
from pages.ui.links import page_of
from pages.ui.live.part import SECONDS, live_part
from pages.ui.live.run import ink_of, reader_of
from pages.ui.live.state import SECONDS as RECENT_SECONDS
from pages.ui.live.state import is_changing, run_of
from pages.ui.live.view import (
    Block,
    Query,
    View,
    figure_block,
    name_cell,
    number,
    table_block,
    text_block,
)
from pages.ui.session import platform, reader_query
from pages.ui.takeaway import while_readable
from pages.ui.words import counted, duration

UNCHANGED_SECONDS = 5.0  # polling interval while nothing trains
MOST_READ = 32  # runs of one request
HEIGHT = 400
ALL_EPOCHS = 100_000
STEP, HIGHEST = 0.05, 0.95  # step and largest value of the smoothing
TABLE_ALT = "State of each run, with the latest and the lowest value of its curve"
AXIS_NAMES = {"epoch": "Epoch", "time": "Time"}

_runs: Recent[list[Run | None]] = Recent(RECENT_SECONDS)


class Shown(NamedTuple):
    """The settings of the figure; no metric before the first epoch."""

    metric: str | None
    axis: str
    smoothing: float
    log: bool
    chosen: int | None


def curve_controls(metrics, measures, chosen: int | None) -> Shown:
    """Draw the controls of the curves; return their values."""
    if not metrics:
        return Shown(None, "epoch", 0.0, False, chosen)
    with st.grid(4, min_column_width=160, vertical_alignment="bottom"):
        first = default_metric(metrics, measures)
        metric = st.selectbox(
            "Metric",
            metrics,
            format_func=metric_name,
            **persistent(bind("compare_metric", first, metrics)),
            help="The metric of each epoch that the curves show.",
        )
        axis = choose(
            "Against",
            AXIS_NAMES,
            "compare_axis",
            help="Epochs, or seconds of training since the end of the first epoch: an "
            "epoch of a larger network takes longer.",
        )
        smoothing = st.slider(
            "Smoothing",
            0.0,
            HIGHEST,
            step=STEP,
            **persistent(bind("compare_smoothing", 0.0, low=0, high=HIGHEST)),
            help="Weight of the past in an exponential moving average: it shows the "
            "trend of a noisy curve, with the original values faint behind it.",
        )
        log = st.toggle(
            "Log axis",
            **persistent(bind("compare_log", False)),
            help="A logarithmic axis shows late, small improvements as large as early "
            "ones.",
        )
    return Shown(metric, axis, smoothing, log, chosen)


def live_curves(runs, further, shown: Shown) -> None:
    """Draw the curves and the progress of the runs as a live part.

    The page reruns when one of the runs, or of the `further` ones, starts or ends.
    """
    changing = [run for run in (*runs, *further) if is_changing(run)]
    live_part(
        "compare_live",
        f"compare/{','.join(run.id for run in runs)}",
        _page_of(runs, further, [points_of(run) for run in runs]),
        seconds=SECONDS if changing else UNCHANGED_SECONDS,
        on_choose=_choose_curve,
        further=",".join(run.id for run in further),
        ink=theme(),
        **_query(shown),
        **reader_query(),
    )
    store = platform().store
    download_button(
        "Curves as CSV",
        while_readable(
            lambda: curves_csv(
                runs, [store.points(run.id, ALL_EPOCHS) for run in runs]
            ),
            *(run.id for run in runs),
        ),
        "curves.csv",
        "compare_curves_csv",
        help="Every metric of every run by epoch and by seconds of training.",
    )


def compare_view(owner: str | None, ids: str, query: Query) -> View | None:
    """Return the curves of some runs, and the state of each."""
    reader = reader_of(owner, query)
    runs = _read(reader, ids, len(LETTERS))
    further = _read(reader, query.get("further", ""))
    if not runs or None in (*runs, *further):
        return None
    points = [points_of(run) for run in runs]
    shown = _shown(query, metrics_of(points), len(runs))
    may_open = reader == owner
    rows = [
        {
            "Run": _name(place, run, name, is_link=may_open),
            "State": _progress(run),
            **_values(points[place], shown.metric),
        }
        for place, (run, name) in enumerate(zip(runs, short_names(runs), strict=True))
    ]

    def make() -> dict[str, object]:
        table = table_block(rows, TABLE_ALT)
        return {"blocks": [_figure(points, shown, ink_of(query)), table]}

    versions = tuple(each.version for each in points)
    return View(
        key=("compare", versions, shown, ink_of(query), repr(rows)),
        page=_page_of(runs, further, points),
        make=make,
    )


def _read(reader: Reader, ids: str, most: int = MOST_READ):
    """The cached runs with these ids; None for each that is not found."""
    names = list(dict.fromkeys(ids.split(",")))[:most] if ids else []
    return _runs.get(
        (reader, ids, most), lambda: [run_of(reader, name) for name in names]
    )


def _page_of(runs, further, points) -> str:
    """The state on which the rest of the page depends."""
    states = [(run.status, run.finished, run.closing) for run in (*runs, *further)]
    return f"{states} {metrics_of(points)} {[run.name for run in runs]}"


def _query(shown: Shown) -> dict[str, str]:
    """The settings of the figure as the query of `compare_view`."""
    query = {"axis": shown.axis, "smoothing": f"{shown.smoothing:g}"}
    if shown.metric:
        query["metric"] = shown.metric
    if shown.log:
        query["log"] = "true"
    if shown.chosen is not None:
        query["chosen"] = LETTERS[shown.chosen]
    return query


def _shown(query: Query, metrics, count: int) -> Shown:
    """The settings of the figure in a query."""
    metric, axis, chosen = map(query.get, ("metric", "axis", "chosen"))
    letters = LETTERS[:count]
    return Shown(
        metric=metric if metric in metrics else None,
        axis=axis if axis in AXIS_NAMES else "epoch",
        smoothing=number(query, "smoothing", 0, HIGHEST),
        log="log" in query,
        chosen=letters.index(chosen) if chosen and chosen in letters else None,
    )


def _figure(points, shown: Shown, ink: str) -> Block:
    if shown.metric is None:
        return text_block("Curves appear after the first epoch.")
    figure = curves_figure(
        curves_of(points, shown.metric, shown.axis),
        metric=shown.metric,
        axis=shown.axis,
        smoothing=shown.smoothing,
        log=shown.log,
        chosen=shown.chosen,
        ink=ink,
    )
    alt = f"{metric_name(shown.metric)} of {len(points)} runs, one curve each"
    return figure_block("compare_curves", figure.update_layout(height=HEIGHT), alt)


def _choose_curve(chosen) -> None:
    st.session_state["compare_chosen"] = chosen["trace"]


def _name(place: int, run, name: str, *, is_link: bool) -> Block:
    """Colour, letter and name of a run; for its owner the name is a link."""
    page, parameters = page_of(run)
    link = f"{page}?{urlencode(parameters)}" if is_link else None
    return name_cell(f"{LETTERS[place]} {name}", colour=RUNS[place], link=link)


def _values(points, metric: str | None) -> dict[str, str]:
    """The latest value of a curve, and the lowest and the highest."""
    values = [p.metrics[metric] for p in points if metric in p.metrics]
    if not values:
        return dict.fromkeys(("Latest", "Range"), "–")
    return {
        "Latest": f"{values[-1]:.5g}",
        "Range": f"{min(values):.5g} to {max(values):.5g}",
    }


def _progress(run) -> str:
    if run.status == "queued":
        return "Waiting"
    if run.status == "running":
        return f"Epoch {int(run.progress)} of {run.total or '?'}"
    if run.status == "failed":
        return f"Failed: {run.error or ''}"
    ended = "Finished" if run.status == "done" else "Stopped"
    return f"{ended}: {counted(run.progress, 'epoch')}, {duration(run.seconds)}"
