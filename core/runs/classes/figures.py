"""One figure of all runs of a class: a setting against a result."""

import html
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields

import plotly.graph_objects as go

from core.figures import log_axis, plain
from core.figures.palette import INK_LIGHT, MODEL, tint
from core.registry import get_task
from core.runs.classes.classes import Member
from core.runs.run import Run, value_of
from core.task import Measure, Scalar

WIDE = 12.0  # ratio of the ends from which an axis is logarithmic
APART = 0.012  # distance of dots at the same place, as a share of the axis
TICK_APART, MARGIN = 0.07, 0.06  # shares of the axis, between ticks and at its ends
Found = Sequence[tuple[Member, Run]]


def settings_of(task: str, found: Found) -> list[str]:
    """Return the settings of a task, those with the most different values first."""
    names = [item.name for item in fields(get_task(task).Config)]
    values = {name: {str(run.settings.get(name)) for _, run in found} for name in names}
    return sorted(names, key=lambda name: (name == "seed", -len(values[name])))


def measures_of(task: str, found: Found) -> list[Measure]:
    """Return the measures that runs of a task have; all if none has any."""
    measures = list(get_task(task).GOALS)
    there = [
        measure
        for measure in measures
        if any(value_of(run, measure) is not None for _, run in found)
    ]
    return there or measures


def scatter(
    found: Found, setting: str, measure: Measure, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw each run as a dot: a setting across, a result up.

    Runs at the same place stand side by side. The custom data of a dot begin with the
    id of its run. An axis of positive numbers of several magnitudes is logarithmic.
    """
    dots = [
        (run.settings.get(setting), result, member.name, run.id)
        for member, run in found
        if (result := value_of(run, measure)) is not None
    ]
    places, x_axis = _across([x for x, *_ in dots])
    results = [result for _, result, *_ in dots]
    figure = go.Figure()
    figure.add_scatter(
        x=_side_by_side(places, results),
        y=results,
        mode="markers",
        marker={
            "color": tint(MODEL, 0.75),
            "size": 13,
            "line": {"color": ink, "width": 1},
        },
        customdata=[
            [run_id, _label(name), _label(_written(x)), _result(result, measure)]
            for x, result, name, run_id in dots
        ],
        hovertemplate="<b>%{customdata[1]}</b><br>"
        f"{setting.replace('_', ' ')} %{{customdata[2]}}<br>"
        f"{measure.title} %{{customdata[3]}}<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(x_axis | {"title": setting.replace("_", " ").capitalize()})
    wide = results and min(results) > 0 and max(results) / min(results) > WIDE
    y_axis = log_axis(min(results), max(results)) if wide else {"tickformat": "~g"}
    if measure.percent:
        y_axis["tickformat"] = ".0%"
    figure.update_yaxes(y_axis | {"title": measure.title})
    figure = plain(figure, ink)
    return figure.update_layout(
        hovermode="closest",
        height=420,
        margin={"l": 72, "t": 16, "b": 56},
        font={"size": 15},
    )


def _side_by_side(places: Sequence[float], results: Sequence[float]) -> list[float]:
    """Return the places across, with dots of the same place and result moved apart."""
    spots = [(x, f"{y:.2g}") for x, y in zip(places, results, strict=True)]
    crowd, before = Counter(spots), Counter[tuple[float, str]]()
    across = []
    for spot in spots:
        across.append(spot[0] + APART * (before[spot] - (crowd[spot] - 1) / 2))
        before[spot] += 1
    return across


def _label(text: str) -> str:
    """Escape a text: Plotly reads HTML tags."""
    return html.escape(text, quote=False)


def _across(values: Sequence[Scalar]) -> tuple[list[float], dict[str, object]]:
    """Place values on an axis from 0 to 1, with ticks at values that occur."""
    numbers = [v for v in values if isinstance(v, int | float)]
    place: dict[Scalar, float] = {}
    if len(numbers) == len(values):
        low, high = min(numbers, default=0), max(numbers, default=0)
        scale = math.log if low > 0 and high / low > WIDE else float
        span = (scale(high) - scale(low)) if high > low else 0.0
        for value in sorted(set(numbers)):
            place[value] = (scale(value) - scale(low)) / span if span else 0.5
    else:
        kinds = sorted(set(values), key=str)
        for index, kind in enumerate(kinds):
            place[kind] = (index + 0.5) / len(kinds)
    ticks: list[Scalar] = []
    for each, at in place.items():
        if not ticks or at - place[ticks[-1]] >= TICK_APART:
            ticks.append(each)
    axis: dict[str, object] = {
        "range": [-MARGIN, 1 + MARGIN],
        "tickvals": [place[value] for value in ticks],
        "ticktext": [_label(_written(value)) for value in ticks],
        "zeroline": False,
    }
    return [place[value] for value in values], axis


def _written(value: Scalar) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _result(value: float, measure: Measure) -> str:
    return f"{value:.1%}" if measure.percent else f"{value:.4g}"
