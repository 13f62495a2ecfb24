"""The layout of all figures, and the learning curves; `palette` has the colours."""

import re
from collections.abc import Container, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import (
    CURVES,
    INK_DARK,
    INK_LIGHT,
    PAPER_DARK,
    PAPER_LIGHT,
    tint,
)
from core.task import Point

FONT = '"Source Sans", "Source Sans Pro", sans-serif'  # font of the pages
AXIS_LINES = ("gridcolor", "linecolor", "zerolinecolor")
AXIS = re.compile(r"[xy]axis\d*")
NO_COLOUR = "rgba(0, 0, 0, 0)"
LOOK = {
    "plot_bgcolor": NO_COLOUR,
    "uirevision": "kept",  # keeps a zoom at updates
    "hovermode": "x unified",
}
PARTS: dict[str, dict[str, object]] = {
    "margin": {"l": 56, "r": 16, "t": 40, "b": 48},
    "legend": {
        "orientation": "h",
        "x": 0,
        "y": 1.02,
        "yanchor": "bottom",
        "bgcolor": NO_COLOUR,
    },
    "hoverlabel": {"font": {"color": INK_LIGHT}, "bgcolor": "white"},
}
TICKS = 8  # largest number of ticks on an axis
NARROW = 2.0  # ratio of the ends of a logarithmic axis, below which Plotly finds ticks
DECADES = 2.5  # length of a logarithmic axis above which only powers of ten have ticks
Points = Sequence[tuple[float, float]]


def learning_curves(
    points: Mapping[str, Points], log: bool = False, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw metrics over epochs: training solid, validation dashed.

    Parameters
    ----------
    points
        Name of each metric -> its (epoch, value) pairs; `val_loss` is the
        validation of `loss` and shares its colour.
    log
        Whether the values are on a log axis; left linear if one is not positive.
    ink
        Colour of text and axes.
    """
    figure = go.Figure()
    bases = list(dict.fromkeys(name.removeprefix("val_") for name in points))
    for name, pairs in points.items():
        base = name.removeprefix("val_")
        validation = name != base
        figure.add_scatter(
            x=[epoch for epoch, _ in pairs],
            y=[value for _, value in pairs],
            name=curve_name(name, points),
            mode="lines+markers" if len(pairs) < 3 else "lines",
            line={
                "color": CURVES[bases.index(base) % len(CURVES)],
                "dash": "dash" if validation else "solid",
                "width": 2,
            },
            hovertemplate="epoch %{x}: %{y:.3g}",
        )
    positive = all(value > 0 for pairs in points.values() for _, value in pairs)
    values = [value for pairs in points.values() for _, value in pairs]
    if log and values and positive:
        figure.update_yaxes(log_axis(min(values), max(values)))
    else:
        figure.update_yaxes(type="linear")
    last = max((epoch for pairs in points.values() for epoch, _ in pairs), default=1)
    figure.update_xaxes(epoch_axis(last))
    return plain(figure, ink)


def metric_lines(points: Sequence[Point], *names: str) -> dict[str, Points]:
    """Return the (epoch, value) pairs of each metric that the points have."""
    lines = {
        name: [(p.epoch, p.metrics[name]) for p in points if name in p.metrics]
        for name in names
    }
    return {name: line for name, line in lines.items() if line}


def add_band(
    figure: go.Figure,
    x: Sequence[object] | np.ndarray,
    low: Sequence[float] | np.ndarray,
    high: Sequence[float] | np.ndarray,
    name: str,
    colour: str,
    **line: object,
) -> None:
    """Fill the area between two lines, which are invisible by default."""
    figure.add_scatter(
        x=[*x, *reversed(x)],
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor=colour,
        line={"width": 0} | line,
        mode="lines",
        name=name,
        hoverinfo="skip",
    )


def curve_name(name: str, names: Container[str]) -> str:
    """Return the name of a metric's curve among others: "Loss, training"."""
    base = name.removeprefix("val_")
    words = base.replace("_", " ").capitalize()
    if name != base:
        return f"{words}, validation"
    return f"{words}, training" if f"val_{name}" in names else words


def log_axis(low: float, high: float) -> dict[str, object]:
    """Return a logarithmic axis for values between two positive ones.

    Ticks at 1, 2, 5, 10 or at powers of ten; on a narrow axis Plotly's. Its labels of
    minor ticks have the first digit only: "2" for 0.2.
    """
    if high / low < NARROW:
        return {"type": "log", "tickformat": "~g"}
    decades = np.log10(high / low)
    tick = "D2" if decades < DECADES else float(np.ceil(decades / TICKS))
    wide = {"exponentformat": "power"}  # 10⁻⁶, where 0.000001 would be too long
    return {
        "type": "log",
        "dtick": tick,
        **({"tickformat": "~g"} if decades < 2 * DECADES else wide),
    }


def epoch_axis(last: float) -> dict[str, object]:
    """Return the axis of epochs 0 to `last`, with ticks at whole epochs only."""
    tick = next(
        step * 10**power
        for power in range(10)
        for step in (1, 2, 5)
        if step * 10**power * TICKS >= last
    )
    return {"title": "Epoch", "rangemode": "tozero", "tick0": 0, "dtick": tick}


def plain(figure: go.Figure, ink: str) -> go.Figure:
    """Apply the common layout, for light or dark pages.

    The background is that of the page, so that saved files are readable.
    """
    faint = tint(ink, 0.12)
    axis: dict[str, object] = dict.fromkeys(AXIS_LINES, faint)
    font: dict[str, object] = {"color": ink, "size": 13, "family": FONT}
    figure.layout.template = "none"
    paper = PAPER_DARK if ink == INK_DARK else PAPER_LIGHT
    layout = figure.layout.to_plotly_json() | LOOK | {"paper_bgcolor": paper}
    axes = "xaxis", "yaxis", *filter(AXIS.fullmatch, layout)
    buttons = {"color": tint(ink, 0.7), "activecolor": ink}
    parts = PARTS | {"font": font, "modebar": buttons} | dict.fromkeys(axes, axis)
    for name, part in parts.items():
        layout[name] = layout.get(name, {}) | part
    figure.layout = layout  # ten times as fast as `update_layout`
    return figure
