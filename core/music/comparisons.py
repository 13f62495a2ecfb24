"""Pictures of how a melody compares with the music it learnt from."""

import math
from collections.abc import Mapping
from dataclasses import asdict

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import plain
from core.music.melody_figures import MelodyFigures, Range
from core.music.originality import HumanRate
from core.palette import INK_LIGHT, MODEL, NAIVE, tint

FIGURES_HEIGHT, COPY_HEIGHT = 460, 380  # pixels
NARROWEST = 0.5  # room on each side of a range that is a point
FIGURES = {
    "pitch_class_entropy": "Pitch-class entropy, bits",
    "scale_consistency": "Scale consistency",
    "groove_consistency": "Groove consistency",
    "polyphony": "Polyphony, notes at a time",
    "empty_beat_rate": "Empty-beat rate",
}


def beside_corpus(
    figures: MelodyFigures, corpus: Mapping[str, Range], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw each figure of a melody on the range of nine in ten pieces of a corpus."""
    figure = make_subplots(
        rows=len(FIGURES), vertical_spacing=0.13, subplot_titles=list(FIGURES.values())
    )
    for row, (name, value) in enumerate(asdict(figures).items(), start=1):
        usual = corpus[name]
        band = {"color": tint(NAIVE, 0.5), "width": 14}
        middle = {"color": ink, "symbol": "line-ns-open", "size": 14}
        here = {"color": MODEL, "size": 12}
        for title, values, look in (
            ("90% of the training pieces", [usual.low, usual.high], {"line": band}),
            ("Their median", [usual.median], {"marker": middle}),
            ("This melody", [value], {"marker": here}),
        ):
            figure.add_scatter(
                x=values,
                y=[0] * len(values),
                mode="lines" if "line" in look else "markers",
                name=title,
                hovertemplate="%{x:.3g}",
                showlegend=row == 1,
                row=row,
                col=1,
                **look,
            )
        figure.update_xaxes(range=_frame(usual, value), row=row, col=1)
    plain(figure, ink)
    figure.update_xaxes(zeroline=False)
    figure.update_yaxes(visible=False, range=[-1, 1])
    figure.update_annotations(x=0, xanchor="left", font_size=13)
    figure.update_layout(
        hovermode="closest",
        height=FIGURES_HEIGHT,
        legend_y=1.08,
        margin={"t": 72, "l": 16, "b": 32},
    )
    return figure


def beside_corpus_alt(figures: MelodyFigures, corpus: Mapping[str, Range]) -> str:
    """Say in words which figures are within the corpus's range."""
    inside: list[str] = []
    outside: list[str] = []
    for name, value in asdict(figures).items():
        if math.isnan(value):
            continue
        usual = corpus[name]
        within = usual.low <= value <= usual.high
        (inside if within else outside).append(f"{FIGURES[name]} {value:.3g}")
    parts = [
        f"{what} the range of nine in ten pieces of the corpus: {', '.join(found)}"
        for what, found in (("within", inside), ("outside", outside))
        if found
    ]
    return "Figures of the melody; " + "; ".join(parts)


def copy_rates(
    rates: Mapping[int, float], human: HumanRate, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw how much is copied, by the length of runs, beside what people copy.

    Parameters
    ----------
    rates
        Notes in a run -> share of such runs that are in the corpus.
    human
        The same of pieces by people that are not in the corpus.
    ink
        Colour of text and axes.
    """
    figure = go.Figure()
    for name, values, colour in (
        ("This melody", rates, MODEL),
        ("Held-out pieces", human.rates, NAIVE),
    ):
        figure.add_bar(
            x=[f"{notes} notes" for notes in values],
            y=list(values.values()),
            name=name,
            marker_color=colour,
            texttemplate="%{y:.1%}",
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y:.2%}",
        )
    figure.update_yaxes(title="Copied passages", tickformat=".2~%", rangemode="tozero")
    plain(figure, ink)
    figure.update_xaxes(title="Length in notes", showgrid=False)
    return figure.update_layout(height=COPY_HEIGHT)


def copy_rates_alt(rates: Mapping[int, float], human: HumanRate) -> str:
    """Say in words how much is copied."""
    parts = (
        f"{notes} notes {rates[notes]:.1%} against {human.rates[notes]:.1%}"
        for notes in rates
    )
    return (
        "Share of runs that are in the corpus, of this melody against pieces by "
        f"people: {', '.join(parts)}"
    )


def _frame(usual: Range, value: float) -> list[float]:
    """Return the ends of an axis that has room for a range and a value."""
    values = [end for end in (usual.low, usual.high, value) if not math.isnan(end)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low) / 8 or NARROWEST
    return [low - min(low, room) - room / 8, high + room]
