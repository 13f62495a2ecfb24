"""The charts of the music task: losses, baseline, temperatures, and one melody."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import learning_curves, metric_lines, plain
from core.figures.palette import CURVES, INK_LIGHT, MODEL, NAIVE, tint
from core.music.judging.judgement import SweepPoint
from core.music.judging.melody_metrics import MelodyMetrics, Range
from core.music.judging.originality import HumanRate
from core.music.model.markov import MarkovFigures
from core.music.result import Compared
from core.task import Point

LOSSES_HEIGHT, ORDERS_HEIGHT, SWEEP_HEIGHT = 300, 300, 420  # pixels
METRICS_HEIGHT, COPY_HEIGHT = 420, 380
COPIED = (6, 8)  # notes in the runs of the sweep
NARROWEST = 0.5  # margin on each side of a range that is a point
METRICS = {
    "pitch_class_entropy": "Pitch-class entropy, bits",
    "scale_consistency": "Scale consistency",
    "groove_consistency": "Groove consistency",
    "empty_beat_rate": "Empty-beat rate",
}


def losses(points: Sequence[Point], ink: str = INK_LIGHT) -> go.Figure:
    """Draw the loss over the epochs, with the Markov baseline's as a dashed line."""
    figure = learning_curves(metric_lines(points, "loss", "val_loss"))
    markov = [p.metrics["markov"] for p in points if "markov" in p.metrics]
    if markov:
        figure.add_scatter(
            x=[0, max(p.epoch for p in points)],
            y=[markov[-1]] * 2,
            name="Best Markov chain, validation",
            mode="lines",
            line={"color": NAIVE, "dash": "dot", "width": 2},
            hovertemplate="%{y:.3g}",
        )
    figure.update_yaxes(title="Nats per sixteenth", rangemode="tozero")
    plain(figure, ink)
    return figure.update_layout(height=LOSSES_HEIGHT)


def losses_alt(points: Sequence[Point]) -> str:
    """Describe the losses in words."""
    if not points:
        return "Loss over the epochs: none yet"
    last = points[-1]
    named = {
        "loss": "training",
        "val_loss": "validation",
        "markov": "best Markov chain",
    }
    parts = [
        f"{what} {last.metrics[name]:.3g}"
        for name, what in named.items()
        if name in last.metrics
    ]
    return f"Loss in nats after epoch {last.epoch}: {', '.join(parts)}"


def orders(markov: MarkovFigures, ours: float, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the loss of Markov chains of each order, and the network's beside them.

    All in nats a sixteenth on the validation pieces.
    """
    figure = go.Figure()
    places = list(range(len(markov.orders)))
    chosen = [place == markov.order for place in places]
    figure.add_scatter(
        x=places,
        y=list(markov.orders),
        name="Markov, by sixteenths it looks back",
        mode="lines+markers",
        line={"color": NAIVE, "dash": "dash", "width": 2},
        marker={"size": [13 if it else 7 for it in chosen]},
        hovertemplate="order %{x}: %{y:.3g}",
    )
    figure.add_scatter(
        x=[places[0], places[-1]],
        y=[ours, ours],
        name="This model",
        mode="lines",
        line={"color": MODEL, "width": 2},
        hovertemplate="%{y:.3g}",
    )
    figure.update_xaxes(title="Order of the Markov chain", dtick=1)
    figure.update_yaxes(title="Nats a 16th", rangemode="tozero")
    plain(figure, ink)
    return figure.update_layout(height=ORDERS_HEIGHT)


def orders_alt(markov: MarkovFigures, ours: float) -> str:
    """Describe which order is best, and the network's loss."""
    best = markov.orders[markov.order]
    return (
        f"Nats a sixteenth on validation pieces: the best Markov chain, of order "
        f"{markov.order}, {best:.3g}; this model {ours:.3g}"
    )


def compared(models: Sequence[Compared], ink: str = INK_LIGHT) -> go.Figure:
    """Draw the nats of each model, on all bars and where nothing is repeated."""
    figure = go.Figure()
    measured = [one for one in models if one.nats is not None]
    for name, values, colour in (
        ("All bars", [one.nats for one in measured], CURVES[1]),
        ("Where nothing is repeated", [one.fresh for one in measured], CURVES[2]),
    ):
        if any(value is not None for value in values):
            figure.add_bar(
                x=[one.name for one in measured],
                y=values,
                name=name,
                marker_color=colour,
                texttemplate="%{y:.2f}",
                textposition="outside",
                cliponaxis=False,
                hovertemplate="%{y:.3f}",
            )
    figure.update_yaxes(title="Nats a 16th", rangemode="tozero")
    plain(figure, ink)
    figure.update_xaxes(showgrid=False)
    return figure.update_layout(height=ORDERS_HEIGHT, barmode="group")


def compared_alt(models: Sequence[Compared]) -> str:
    """Describe the loss of each model in words."""
    parts = [
        f"{one.name} {one.nats:.3g}"
        + (f", where nothing is repeated {one.fresh:.3g}" if one.fresh else "")
        for one in models
        if one.nats is not None
    ]
    return f"Nats a sixteenth on test pieces: {'; '.join(parts)}"


def sweep(swept: Sequence[SweepPoint], ink: str = INK_LIGHT) -> go.Figure:
    """Draw by temperature: the loss above, the share of copied runs below."""
    figure = make_subplots(
        rows=2,
        vertical_spacing=0.14,
        shared_xaxes=True,
        subplot_titles=("Nats a 16th on pieces never seen", "Runs that are copied"),
    )
    temperatures = [one.temperature for one in swept]
    lines = [("Loss", [one.nats for one in swept], MODEL, 1)]
    for notes, colour in zip(COPIED, CURVES[1:], strict=False):
        rates = [one.copy_rates[notes] for one in swept]
        lines.append((f"Runs of {notes} notes", rates, colour, 2))
    for name, values, colour, row in lines:
        figure.add_scatter(
            x=temperatures,
            y=values,
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            hovertemplate="%{y:.3g}" if row == 1 else "%{y:.1%}",
            showlegend=row > 1,  # the one above is named by its title
            row=row,
            col=1,
        )
    figure.update_xaxes(title="Temperature", row=2, col=1)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", row=2, col=1)
    plain(figure, ink)
    figure.update_annotations(x=0, xanchor="left", font_size=13)
    return figure.update_layout(
        height=SWEEP_HEIGHT, legend_y=1.09, margin={"t": 72, "l": 56}
    )


def sweep_alt(swept: Sequence[SweepPoint]) -> str:
    """Describe the effect of each temperature in words."""
    shortest = COPIED[0]
    parts = (
        f"{one.temperature:g}: {one.nats:.3g} nats, {one.copy_rates[shortest]:.1%}"
        for one in swept
    )
    return (
        f"By temperature, the loss and the share of {shortest}-note runs that are "
        f"copied; {'; '.join(parts)}"
    )


def compared_with_corpus(
    metrics: MelodyMetrics, corpus: Mapping[str, Range], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw each metric of a melody on the range of nine in ten pieces of a corpus."""
    figure = make_subplots(
        rows=len(METRICS), vertical_spacing=0.16, subplot_titles=list(METRICS.values())
    )
    for row, (name, value) in enumerate(asdict(metrics).items(), start=1):
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
        figure.update_xaxes(range=_axis_range(usual, value), row=row, col=1)
    plain(figure, ink)
    figure.update_xaxes(zeroline=False)
    figure.update_yaxes(visible=False, range=[-1, 1])
    figure.update_annotations(x=0, xanchor="left", font_size=13)
    figure.update_layout(
        hovermode="closest",
        height=METRICS_HEIGHT,
        legend_y=1.08,
        margin={"t": 72, "l": 16, "b": 32},
    )
    return figure


def compared_with_corpus_alt(
    metrics: MelodyMetrics, corpus: Mapping[str, Range]
) -> str:
    """Describe which metrics are within the corpus's range."""
    inside: list[str] = []
    outside: list[str] = []
    for name, value in asdict(metrics).items():
        if math.isnan(value):
            continue
        usual = corpus[name]
        within = usual.low <= value <= usual.high
        (inside if within else outside).append(f"{METRICS[name]} {value:.3g}")
    parts = [
        f"{what} the range of nine in ten pieces of the corpus: {', '.join(found)}"
        for what, found in (("within", inside), ("outside", outside))
        if found
    ]
    return "Figures of the melody; " + "; ".join(parts)


def copy_rates(
    rates: Mapping[int, float], human: HumanRate, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the copy rates of a melody, by notes in a run, beside those of composers."""
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
    """Describe the share of copied runs in words."""
    parts = (
        f"{notes} notes {rates[notes]:.1%} against {human.rates[notes]:.1%}"
        for notes in rates
    )
    return (
        "Share of runs that are in the corpus, of this melody against pieces by "
        f"people: {', '.join(parts)}"
    )


def _axis_range(usual: Range, value: float) -> list[float]:
    """Return the limits of an axis for a range and a value."""
    values = [end for end in (usual.low, usual.high, value) if not math.isnan(end)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low) / 8 or NARROWEST
    return [low - min(low, room) - room / 8, high + room]
