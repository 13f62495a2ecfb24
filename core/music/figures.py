"""Figures of a training on music: its losses, the baseline's, and the sweep."""

import math
from collections.abc import Sequence
from typing import Protocol

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import learning_curves, plain
from core.music.judged import MarkovFigures, Swept
from core.palette import CURVES, INK_LIGHT, MODEL, NAIVE

LOSSES_HEIGHT, ORDERS_HEIGHT, SWEEP_HEIGHT = 300, 300, 420  # pixels
COPIED = (6, 8)  # notes in the runs of the sweep


class HasMetrics(Protocol):
    """An epoch of a run, with its metrics by name."""

    @property
    def epoch(self) -> int:
        """Epochs completed."""

    @property
    def metrics(self) -> dict[str, float]:
        """Figures of the epoch."""


def losses(points: Sequence[HasMetrics], ink: str = INK_LIGHT) -> go.Figure:
    """Draw the loss over the epochs, with the Markov baseline's as a dashed line.

    Parameters
    ----------
    points
        The epochs of a run.
    ink
        Colour of text and axes.
    """
    lines = {
        name: [(p.epoch, p.metrics[name]) for p in points if name in p.metrics]
        for name in ("loss", "val_loss")
    }
    figure = learning_curves({name: line for name, line in lines.items() if line})
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


def losses_alt(points: Sequence[HasMetrics]) -> str:
    """Say in words where the losses stand."""
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
    """Draw what Markov chains of each order reach, and the network beside them.

    Parameters
    ----------
    markov
        The baseline; its orders' nats are those of the validation pieces.
    ours
        Nats a sixteenth of the network on the watched validation pieces.
    ink
        Colour of text and axes.
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
    """Say in words which order is best, and what the network reaches."""
    best = markov.orders[markov.order]
    return (
        f"Nats a sixteenth on validation pieces: the best Markov chain, of order "
        f"{markov.order}, {best:.3g}; this model {ours:.3g}"
    )


def sweep(swept: Sequence[Swept], ink: str = INK_LIGHT) -> go.Figure:
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


def sweep_alt(swept: Sequence[Swept]) -> str:
    """Say in words what each temperature does."""
    shortest = COPIED[0]
    parts = (
        f"{one.temperature:g}: {one.nats:.3g} nats, {one.copy_rates[shortest]:.1%}"
        for one in swept
    )
    return (
        f"By temperature, the loss and the share of {shortest}-note runs that are "
        f"copied; {'; '.join(parts)}"
    )


def perplexity(nats: float) -> float:
    """Return of how many equally likely tokens one chooses, so to say."""
    return math.exp(nats)
