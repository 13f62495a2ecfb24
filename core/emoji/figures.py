"""Figures of answers, each a function of what it shows."""

import numpy as np
import plotly.graph_objects as go

from core.emoji.judging.explain import Explanation
from core.emoji.labels import LABELS
from core.figures import plain
from core.palette import INK_LIGHT, MODEL, NAIVE, NEGATIVE, POSITIVE, tint

# In words: not every machine has a font that can draw emojis in a chart.
NAMES = [label.name for label in LABELS]
# One colour an emoji, of the same safe set as all others.
COLOURS = ("#D55E00", "#0072B2", "#E69F00", "#56B4E9", "#009E73")


def top_five(
    probabilities: np.ndarray, threshold: float, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the probability of each emoji as a bar, the largest on top.

    Parameters
    ----------
    probabilities
        Of each emoji (5,).
    threshold
        From where on an answer is sure: a dashed line.
    ink
        Colour of text and axes.
    """
    order = np.argsort(probabilities, kind="stable")
    figure = go.Figure()
    figure.add_bar(
        x=probabilities[order],
        y=[NAMES[place] for place in order],
        orientation="h",
        marker={"color": [_bar(place, order[-1], ink) for place in order]},
        text=[f"{probabilities[place]:.0%}" for place in order],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.1%}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(
        threshold,
        line={"color": NAIVE, "dash": "dash", "width": 1},
        annotation={"text": "sure from here", "font": {"size": 12}},
        annotation_position="top",
    )
    figure.update_xaxes(range=[0, 1.08], tickformat=".0%", tickvals=[0, 0.5, 1])
    return still(figure, ink, height=250)


def top_five_alt(probabilities: np.ndarray) -> str:
    """Say what `top_five` shows."""
    order = np.argsort(-probabilities, kind="stable")
    parts = [f"{LABELS[place].name} {probabilities[place]:.0%}" for place in order]
    return "Bars of the probability of each emoji: " + ", ".join(parts) + "."


def importance(explanation: Explanation, ink: str = INK_LIGHT) -> go.Figure:
    """Draw how much each word speaks for the answer, or against it."""
    values = explanation.importance
    places = list(range(len(values)))
    dark = ink != INK_LIGHT
    figure = go.Figure()
    figure.add_bar(
        x=places,
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
    return still(figure, ink, height=280)


def importance_alt(explanation: Explanation) -> str:
    """Say what `importance` shows."""
    pairs = zip(explanation.tokens, explanation.importance, strict=True)
    said = ", ".join(f"{word} {value:+.0%}" for word, value in pairs)
    return f"Bars of how much less probable the answer is without each word: {said}."


def after_each_word(explanation: Explanation, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the probability of each emoji after each word."""
    figure = go.Figure()
    places = list(range(len(explanation.tokens)))
    for place, name in enumerate(NAMES):
        figure.add_scatter(
            x=places,
            y=explanation.after[:, place],
            name=name,
            mode="lines+markers",
            line={"color": COLOURS[place], "width": 2},
            hovertemplate="%{y:.0%}",
        )
    _name_words(figure, explanation)
    figure.update_yaxes(title="Probability", range=[0, 1.02], tickformat=".0%")
    figure = plain(figure, ink)
    return figure.update_layout(height=320)


def after_each_word_alt(explanation: Explanation) -> str:
    """Say what `after_each_word` shows."""
    steps = [
        f"after “{word}” {LABELS[int(row.argmax())].name} {row.max():.0%}"
        for word, row in zip(explanation.tokens, explanation.after, strict=True)
    ]
    return "Lines of the probability of each emoji: " + ", ".join(steps) + "."


def _bar(place: int, first: int, ink: str) -> str:
    return MODEL if place == first else tint(ink, 0.35)


def _name_words(figure: go.Figure, explanation: Explanation) -> None:
    """Write the words below: by place, since a word may stand there twice."""
    figure.update_xaxes(
        tickvals=list(range(len(explanation.tokens))),
        ticktext=[_short(word) for word in explanation.tokens],
        range=[-0.5, max(len(explanation.tokens), 1) - 0.5],
    )


def _short(word: str) -> str:
    """Return a word as a label that no chart reads as markup."""
    shown = word if len(word) <= 14 else word[:13] + "…"
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def still(figure: go.Figure, ink: str, height: int) -> go.Figure:
    """Give the common look, with a margin for names and nothing to hover over twice."""
    figure = plain(figure, ink)
    figure.update_layout(hovermode="closest", height=height)
    return figure.update_layout(margin={"l": 70, "t": 24})
