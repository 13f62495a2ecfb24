"""The curves of the compared runs, and how far each is, kept up to date."""

from functools import lru_cache, partial
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from core.comparison.curves import (
    LETTERS,
    curves_csv,
    curves_figure,
    curves_of,
    default_metric,
    metric_name,
)
from pages.ui.address import hold
from pages.ui.cache import Points, points_of, serialised
from pages.ui.charts import chart, ink
from pages.ui.compare.link import named, swatch
from pages.ui.fragments import repeated
from pages.ui.links import page_of
from pages.ui.live.state import is_changing, run_of
from pages.ui.session import platform
from pages.ui.takeaway import while_readable
from pages.ui.words import as_text, duration

UPDATE_SECONDS = 0.45
HEIGHT = 400
ALL_EPOCHS = 100_000
FIGURES = 16  # in the cache of all sessions
STEP, HIGHEST = 0.05, 0.95  # of the smoothing
AXIS_NAMES = {"epoch": "Epoch", "time": "Time"}


class Shown(NamedTuple):
    """What is drawn, and how; no metric before the first epoch."""

    metric: str | None
    axis: str
    smoothing: float
    log: bool
    chosen: int | None


def curve_controls(metrics, measures, chosen: int | None) -> Shown:
    """Draw the controls of the curves; return what they are set to."""
    if not metrics:
        return Shown(None, "epoch", 0.0, False, chosen)
    with st.grid(4, min_column_width=160, vertical_alignment="bottom"):
        first = default_metric(metrics, measures)
        metric = st.selectbox(
            "Metric",
            metrics,
            format_func=metric_name,
            key=_held("compare_metric", first, metrics),
            help="What the curves show: a figure of each epoch.",
            persist_state="session",
        )
        axis = st.segmented_control(
            "Against",
            list(AXIS_NAMES),
            format_func=AXIS_NAMES.get,
            required=True,
            key=hold("compare_axis", "epoch", AXIS_NAMES),
            help="Epochs, or seconds of training since the first epoch ended: an epoch "
            "of a larger network takes longer.",
            persist_state="session",
        )
        smoothing = st.slider(
            "Smoothing",
            0.0,
            HIGHEST,
            step=STEP,
            key=hold("compare_smoothing", 0.0, low=0, high=HIGHEST),
            help="Weight of the past in an exponential moving average: it shows the "
            "trend of a noisy curve, whose own values stay faint behind it.",
            persist_state="session",
        )
        log = st.toggle(
            "Log axis",
            key=hold("compare_log", False),
            help="A logarithmic axis shows late, small improvements as large as early "
            "ones.",
            persist_state="session",
        )
    return Shown(metric, axis, smoothing, log, chosen)


def _held(key: str, default: str, options) -> str:
    """Give a choice its value, the default if these runs do not have that option."""
    if st.session_state.get(hold(key, default, options)) not in options:
        st.session_state[key] = default
    return key


def live_curves(runs, names, reader: str, settings, shown: Shown, may_change) -> None:
    """Draw the curves, again and again while a run or a further seed trains.

    The page is drawn anew when one of them starts or ends.
    """
    further = [run for setting in settings for run in setting.runs if run.active]
    watched = {run.id: run for run in (*further, *runs) if is_changing(run)}
    every = UPDATE_SECONDS if watched else None
    drawn = _state(list(watched.values())), bool(shown.metric)
    draw = repeated(_draw, every)
    draw(runs, names, reader, watched, drawn, shown, may_change)
    store = platform().store
    st.download_button(
        "Curves as CSV",
        while_readable(
            lambda: curves_csv(
                runs, [store.points(run.id, ALL_EPOCHS) for run in runs]
            ),
            *(run.id for run in runs),
        ),
        file_name="curves.csv",
        mime="text/csv",
        key="compare_curves_csv",
        icon=":material/download:",
        help="Every metric of every run by epoch and by seconds of training.",
        on_click="ignore",
    )


def _draw(runs, names, reader: str, watched, drawn, shown: Shown, may_change) -> None:
    now = {run_id: run_of(reader, run_id) for run_id in watched}
    runs = [now.get(run.id, run) for run in runs]
    if None in now.values() or None in runs:
        st.rerun()
    points = [points_of(run) for run in runs]
    if drawn != (_state(list(now.values())), any(points)):
        st.rerun()
    if shown.metric is None:
        st.info("There is a curve after the first epoch.", icon=":material/show_chart:")
    else:
        figure, letters = _figure(tuple(points), shown, ink())
        chart(
            figure,
            "compare_curves",
            f"{metric_name(shown.metric)} of {len(runs)} runs, one curve each",
            on_select=partial(_choose_curve, letters),
        )
    st.table(
        [
            {
                "Run": _name(place, run, names[place], may_change),
                "State": _progress(run),
                **_values(points[place], shown.metric),
            }
            for place, run in enumerate(runs)
        ],
        hide_index=True,
        border="horizontal",
        alt="State of each run, with the latest and the lowest value of its curve",
    )
    chosen = None if shown.chosen is None else LETTERS[shown.chosen]
    if st.session_state["compare_chosen"] != chosen:
        st.rerun()  # a curve was chosen: the whole page shows it


def _state(runs) -> list:
    return [run and (run.status, run.closing) for run in runs]


@lru_cache(FIGURES)
def _figure(points: tuple[Points, ...], shown: Shown, ink: str):
    """The figure, and the letter of each of its traces."""
    curves = curves_of(points, shown.metric, shown.axis)
    figure = curves_figure(
        curves,
        metric=shown.metric,
        axis=shown.axis,
        smoothing=shown.smoothing,
        log=shown.log,
        chosen=shown.chosen,
        ink=ink,
    )
    letters = [trace.name for trace in figure.data]
    return serialised(figure.update_layout(height=HEIGHT)), letters


def _choose_curve(letters) -> None:
    if points := st.session_state["compare_curves"]["selection"]["points"]:
        st.session_state["compare_chosen"] = letters[points[0]["curve_number"]]


def _name(place: int, run, name: str, is_link: bool) -> str:
    """Colour, letter and name of a run; the name opens it, for its owner."""
    if not is_link:
        return named(place, name)
    page, parameters = page_of(run)
    return f"{swatch(place)} [{as_text(name)}]({page}?{urlencode(parameters)})"


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
        return f"Failed: {as_text(run.error or '')}"
    ended = "Finished" if run.status == "done" else "Stopped"
    return f"{ended}: {run.progress:.0f} epochs, {duration(run.seconds)}"
