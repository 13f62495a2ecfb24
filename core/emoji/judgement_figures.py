"""Figures of what a model is worth, each a function of what it shows."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.emoji.figures import NAMES, still
from core.emoji.judging.audit import Learned
from core.emoji.judging.metrics import Calibration, Score
from core.emoji.labels import LABELS
from core.figures import plain
from core.palette import INK_LIGHT, MODEL, NAIVE, tint


def confusion(counts: np.ndarray, ink: str = INK_LIGHT) -> go.Figure:
    """Draw how often each label (down) got each answer (across)."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = go.Figure()
    figure.add_heatmap(
        z=shares,
        x=NAMES,
        y=NAMES,
        text=counts,
        texttemplate="%{text}",
        textfont={"color": ink},  # the colours let the page shine through
        zmin=0,
        zmax=1,
        colorscale=[[0, tint(MODEL, 0.0)], [1, tint(MODEL, 0.8)]],
        showscale=False,
        hovertemplate="label %{y}, answer %{x}: %{text} (%{z:.0%})<extra></extra>",
    )
    figure.update_xaxes(title="Answer", side="bottom")
    figure.update_yaxes(title="Label", autorange="reversed")
    return still(figure, ink, height=380)


def confusion_alt(counts: np.ndarray) -> str:
    """Say what `confusion` shows."""
    parts = [
        f"{label.name} {counts[place, place]} of {counts[place].sum()}"
        for place, label in enumerate(LABELS)
    ]
    return "Table of labels against answers; right were " + ", ".join(parts) + "."


def reliability(found: Calibration, ink: str = INK_LIGHT) -> go.Figure:
    """Draw accuracy against confidence, and the band that chance alone would give."""
    figure = go.Figure()
    ends = np.concatenate([found.high, found.low[::-1]])
    figure.add_scatter(
        x=np.concatenate([found.confidence, found.confidence[::-1]]),
        y=ends,
        fill="toself",
        fillcolor=tint(NAIVE, 0.25),
        line={"width": 0},
        mode="lines",
        name="95% range if the confidence were exact",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        name="Perfect calibration",
        mode="lines",
        line={"color": NAIVE, "dash": "dash", "width": 1},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=found.confidence,
        y=found.accuracy,
        name="Measured",
        mode="lines+markers",
        line={"color": MODEL, "width": 2},
        marker={"size": 6 + 10 * np.sqrt(found.count / found.count.max())},
        customdata=found.count,
        hovertemplate="%{y:.0%} right of %{customdata} that were %{x:.0%} sure"
        "<extra></extra>",
    )
    figure.update_xaxes(title="Confidence", range=[0.15, 1.02], tickformat=".0%")
    figure.update_yaxes(title="Right", range=[0, 1.05], tickformat=".0%")
    figure = plain(figure, ink)
    return figure.update_layout(hovermode="closest", height=380)


def reliability_alt(found: Calibration) -> str:
    """Say what `reliability` shows."""
    return (
        f"Accuracy against confidence: they differ by {found.ece:.3f} on average, "
        f"where chance alone would give {found.ece_by_chance:.3f}."
    )


def scorecard(
    scores: Sequence[Score],
    others: Sequence[Score] = (),
    ink: str = INK_LIGHT,
    other: str = "v1",
) -> go.Figure:
    """Draw the accuracy by phenomenon with 95% intervals.

    Parameters
    ----------
    scores
        Of the model.
    others
        Of the model it is compared with, on the same rows.
    ink
        Colour of text and axes.
    other
        What to call the model it is compared with.
    """
    figure = go.Figure()
    series = (
        (others, other, NAIVE, "diamond"),
        (scores, "This model", MODEL, "circle"),
    )
    for values, name, colour, symbol in series:
        if values:
            figure.add_scatter(
                x=[score.interval.value for score in values],
                y=[f"{score.phenomenon} ({score.rows})" for score in values],
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [s.interval.high - s.interval.value for s in values],
                    "arrayminus": [s.interval.value - s.interval.low for s in values],
                    "thickness": 1,
                },
                name=name,
                mode="markers",
                marker={"color": colour, "size": 10, "symbol": symbol},
                hovertemplate="%{y}: %{x:.0%}",
            )
    figure.update_xaxes(title="Right", range=[0, 1.04], tickformat=".0%")
    figure.update_yaxes(autorange="reversed")
    figure = plain(figure, ink)
    height = 150 + 36 * len(scores)
    return figure.update_layout(hovermode="closest", height=height, margin={"l": 130})


def scorecard_alt(scores: Sequence[Score]) -> str:
    """Say what `scorecard` shows."""
    parts = [f"{s.phenomenon} {s.right} of {s.rows}" for s in scores]
    return "Right answers by phenomenon: " + ", ".join(parts) + "."


def learning_curve(points: Sequence[Learned], ink: str = INK_LIGHT) -> go.Figure:
    """Draw accuracy against how many sentences were learned from."""
    figure = go.Figure()
    rows = [point.rows for point in points]
    low = [point.accuracy.low for point in points]
    high = [point.accuracy.high for point in points]
    figure.add_scatter(
        x=rows + rows[::-1],
        y=high + low[::-1],
        fill="toself",
        fillcolor=tint(MODEL, 0.2),
        line={"width": 0},
        mode="lines",
        name="95% interval",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=rows,
        y=[point.accuracy.value for point in points],
        name="Mean of word vectors",
        mode="lines+markers",
        line={"color": MODEL, "width": 2},
        hovertemplate="%{y:.1%}",
    )
    figure.update_xaxes(title="Training sentences", rangemode="tozero")
    figure.update_yaxes(title="Right", tickformat=".0%")
    figure = plain(figure, ink)
    return figure.update_layout(height=320)


def learning_curve_alt(points: Sequence[Learned]) -> str:
    """Say what `learning_curve` shows."""
    parts = [f"{point.rows} sentences {point.accuracy.value:.0%}" for point in points]
    return "Accuracy by number of training sentences: " + ", ".join(parts) + "."
