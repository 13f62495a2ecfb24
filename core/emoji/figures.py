"""Figures of answers and evaluations."""

import html
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.emoji.judging.audit import CurvePoint
from core.emoji.judging.explain import Explanation
from core.emoji.judging.metrics import Calibration, Score
from core.emoji.judging.selective import CoverageCurve
from core.emoji.labels import LABELS, Labels
from core.emoji.model.answering import NEVER
from core.figures import add_band, plain
from core.figures.palette import INK_LIGHT, MODEL, NAIVE, NEGATIVE, POSITIVE, tint
from core.report import Illustration

# One color per class, for up to twelve: the colors farthest from each other in OKLab,
# for eyes with and without red, green or blue cones. The first five, whose lines have
# no dashes, have a contrast of 3:1 on a light and a dark page (WCAG 2.2, 1.4.11).
COLOURS = (
    "#D55E00",
    "#0072B2",
    "#C31E96",
    "#7887D2",
    "#009E73",
    "#E69F00",
    "#965AFF",
    "#56B4E9",
    "#B40000",
    "#4B5A5A",
    "#B4B4A5",
    "#5A2DE1",
)
USUAL_COLOURS = 5  # the classes after these have another line and mark, too
DASHES = ("solid", "dash", "dot")
SYMBOLS = ("circle", "square", "diamond")


def marks(index: int) -> tuple[str, str, str]:
    """Return the colour, the dash of lines and the symbol of a class by its number."""
    group = index // USUAL_COLOURS % len(DASHES)
    return COLOURS[index % len(COLOURS)], DASHES[group], SYMBOLS[group]


def _names(labels: Labels) -> list[str]:
    """In words: not every machine has a font that can draw emojis in a chart."""
    words = [label.words for label in labels]
    return [
        html.escape(word if words.count(word) == 1 else label.name, quote=False)
        for word, label in zip(words, labels, strict=True)
    ]


def class_bars(
    probabilities: np.ndarray,
    threshold: float,
    ink: str = INK_LIGHT,
    labels: Labels = LABELS,
) -> go.Figure:
    """Draw the probability of each class (classes,) as a bar, the largest on top.

    A dashed line marks the threshold from which an answer is sure, if any is.
    """
    order = np.argsort(probabilities, kind="stable")
    names = _names(labels)
    figure = go.Figure()
    figure.add_bar(
        x=probabilities[order],
        y=[names[index] for index in order],
        orientation="h",
        marker={"color": [tint(ink, 0.35)] * (len(order) - 1) + [MODEL]},
        text=[f"{probabilities[index]:.0%}" for index in order],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.1%}<extra></extra>",
        showlegend=False,
    )
    if threshold < NEVER:
        needed = f"{threshold:.{1 if threshold < 0.999 else 2}%}"
        figure.add_vline(
            threshold,
            line={"color": NAIVE, "dash": "dash", "width": 1},
            annotation={"text": f"sure from {needed}", "font": {"size": 12}},
            annotation_position="bottom left",  # clear of the buttons of the chart
        )
    figure.update_xaxes(range=[0, 1.08], tickformat=".0%", tickvals=[0, 0.5, 1])
    return _compact(figure, ink, height=max(250, 100 + 30 * len(order)))


def class_bars_alt(probabilities: np.ndarray, labels: Labels = LABELS) -> str:
    """Describe `class_bars` in words."""
    order = np.argsort(-probabilities, kind="stable")
    parts = [f"{labels[index].words} {probabilities[index]:.0%}" for index in order]
    return "Bars of the probability of each class: " + ", ".join(parts) + "."


def importance(explanation: Explanation, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the contribution of each word to the answer."""
    values = explanation.importance
    positions = list(range(len(values)))
    dark = ink != INK_LIGHT
    figure = go.Figure()
    figure.add_bar(
        x=positions,
        y=values,
        marker={
            "color": [POSITIVE[dark] if v >= 0 else NEGATIVE[dark] for v in values]
        },
        customdata=explanation.tokens,
        hovertemplate="%{customdata}: %{y:+.1%}<extra></extra>",
        showlegend=False,
    )
    figure.add_hline(0, line={"color": ink, "width": 1})
    _name_words(figure, explanation)
    figure.update_yaxes(title="Fall without it", tickformat="+.0%")
    return _compact(figure, ink, height=280)


def importance_alt(explanation: Explanation) -> str:
    """Describe `importance` in words."""
    pairs = zip(explanation.tokens, explanation.importance, strict=True)
    parts = ", ".join(f"{word} {value:+.0%}" for word, value in pairs)
    return f"Bars of how much less probable the answer is without each word: {parts}."


def after_each_word(
    explanation: Explanation, ink: str = INK_LIGHT, labels: Labels = LABELS
) -> go.Figure:
    """Draw the probability of each class after each word."""
    figure = go.Figure()
    positions = list(range(len(explanation.tokens)))
    for index, name in enumerate(_names(labels)):
        colour, dash, symbol = marks(index)
        figure.add_scatter(
            x=positions,
            y=explanation.after[:, index],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            marker={"symbol": symbol},
            hovertemplate="%{y:.0%}",
        )
    _name_words(figure, explanation)
    figure.update_yaxes(title="Probability", range=[0, 1.02], tickformat=".0%")
    figure = plain(figure, ink)
    return figure.update_layout(height=320)


def after_each_word_alt(explanation: Explanation, labels: Labels = LABELS) -> str:
    """Describe `after_each_word` in words."""
    steps = [
        f"after “{word}” {labels[int(row.argmax())].words} {row.max():.0%}"
        for word, row in zip(explanation.tokens, explanation.after, strict=True)
    ]
    return "Lines of the probability of each class: " + ", ".join(steps) + "."


def confusion(
    counts: np.ndarray, ink: str = INK_LIGHT, labels: Labels = LABELS
) -> Illustration:
    """Draw the confusion matrix: labels down, answers across."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = go.Figure()
    figure.add_heatmap(
        z=shares,
        x=_names(labels),
        y=_names(labels),
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
    parts = [
        f"{label.words} {counts[index, index]} of {counts[index].sum()}"
        for index, label in enumerate(labels)
    ]
    alt = "Table of labels against answers; right were " + ", ".join(parts) + "."
    return Illustration("Confusion matrix", _compact(figure, ink, height=380), alt)


def reliability(calibration: Calibration, ink: str = INK_LIGHT) -> Illustration:
    """Draw accuracy against confidence, with the band expected by chance."""
    figure = go.Figure()
    name, colour = "95% range if the confidence were exact", tint(NAIVE, 0.25)
    x, low, high = calibration.confidence, calibration.low, calibration.high
    add_band(figure, x, low, high, name, colour)
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        name="Perfect calibration",
        mode="lines",
        line={"color": NAIVE, "dash": "dash", "width": 1},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=calibration.confidence,
        y=calibration.accuracy,
        name="Measured",
        mode="lines+markers",
        line={"color": MODEL, "width": 2},
        marker={"size": 6 + 10 * np.sqrt(calibration.count / calibration.count.max())},
        customdata=calibration.count,
        hovertemplate="%{y:.0%} right of %{customdata} that were %{x:.0%} sure"
        "<extra></extra>",
    )
    figure.update_xaxes(title="Confidence", range=[0.15, 1.02], tickformat=".0%")
    figure.update_yaxes(title="Right", range=[0, 1.05], tickformat=".0%")
    plain(figure, ink).update_layout(hovermode="closest", height=380)
    alt = (
        f"Accuracy against confidence: they differ by {calibration.ece:.3f} on "
        f"average, where chance alone would give {calibration.ece_by_chance:.3f}."
    )
    return Illustration("Reliability", figure, alt)


def scorecard(
    scores: Sequence[Score],
    others: Sequence[Score] = (),
    ink: str = INK_LIGHT,
) -> Illustration:
    """Draw the accuracy by phenomenon with 95% intervals; `others` are those of v1."""
    figure = go.Figure()
    series = (
        (others, "v1", NAIVE, "diamond"),
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
    plain(figure, ink).update_layout(
        hovermode="closest", height=150 + 36 * len(scores), margin={"l": 130}
    )
    parts = [f"{s.phenomenon} {s.right} of {s.rows}" for s in scores]
    alt = "Right answers by phenomenon: " + ", ".join(parts) + "."
    return Illustration("By phenomenon", figure, alt)


def learning_curve(points: Sequence[CurvePoint], ink: str = INK_LIGHT) -> Illustration:
    """Draw accuracy against the number of training sentences."""
    figure = go.Figure()
    rows = [point.rows for point in points]
    low = [point.accuracy.low for point in points]
    high = [point.accuracy.high for point in points]
    add_band(figure, rows, low, high, "95% interval", tint(MODEL, 0.2))
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
    plain(figure, ink).update_layout(height=320)
    parts = [f"{point.rows} sentences {point.accuracy.value:.0%}" for point in points]
    alt = "Accuracy by number of training sentences: " + ", ".join(parts) + "."
    return Illustration("Would more sentences help?", figure, alt)


def _name_words(figure: go.Figure, explanation: Explanation) -> None:
    """Label the axis with the words: by index, since a word may occur twice."""
    figure.update_xaxes(
        tickvals=list(range(len(explanation.tokens))),
        ticktext=[_short(word) for word in explanation.tokens],
        range=[-0.5, max(len(explanation.tokens), 1) - 0.5],
    )


def _short(word: str) -> str:
    """Shorten a word, and escape markup."""
    return html.escape(word if len(word) <= 14 else word[:13] + "…", quote=False)


def _compact(figure: go.Figure, ink: str, height: int) -> go.Figure:
    """Apply the common layout, with a margin for names and one hover label a mark."""
    figure = plain(figure, ink)
    figure.update_layout(hovermode="closest", height=height)
    return figure.update_layout(margin={"l": 70, "t": 24})


def coverage_error(
    curve: CoverageCurve, threshold: float, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the error of the sure answers over their share, and one threshold."""
    figure = go.Figure()
    figure.add_scatter(
        x=curve.coverage,
        y=curve.error,
        customdata=curve.threshold,
        mode="lines",
        line={"color": MODEL},
        hovertemplate="from %{customdata:.1%}: %{x:.0%} sure, "
        "%{y:.1%} of these wrong<extra></extra>",
        showlegend=False,
    )
    coverage, error = curve.at(threshold)
    figure.add_scatter(
        x=[coverage],
        y=[error],
        mode="markers",
        marker={"color": ink, "size": 11},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.update_xaxes(title="Coverage: share of sure answers", tickformat=".0%")
    figure.update_yaxes(title="Wrong of these", tickformat=".0%", rangemode="tozero")
    figure.update_xaxes(range=[0, 1.02])
    figure.update_layout(height=300)
    return plain(figure, ink)


def coverage_error_alt(curve: CoverageCurve, threshold: float) -> str:
    """Describe `coverage_error` in words."""
    coverage, error = curve.at(threshold)
    return (
        "Error of the sure answers over their share. From a confidence of "
        f"{threshold:.1%}, {coverage:.0%} of the answers are sure and {error:.1%} of "
        "these wrong"
    )
