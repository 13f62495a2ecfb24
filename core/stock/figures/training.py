"""Figures of the forecasts of an epoch, on rows before the test part."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.figures import add_band, plain
from core.figures.palette import INK_LIGHT, MODEL, NAIVE, tint
from core.stock.figures.forecast import days_text
from core.stock.figures.judgement import GARCH
from core.task import State

HEIGHT = 300  # pixels


def epoch_figure(snapshot: State, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the snapshot of an epoch; see `Recipe.snapshot`.

    Of the honest recipe the returns within the 80% intervals of the network and of
    GARCH; of the classic one the predicted price beside the actual and the last one.
    """
    figure = go.Figure()
    dates = days_text(snapshot["dates"])
    if "predicted" in snapshot:
        for name, key, line in (
            ("Actual", "actual", {"color": ink, "width": 1.5}),
            ("Last known price", "naive", {"color": NAIVE, "dash": "dash", "width": 1}),
            ("Predicted", "predicted", {"color": MODEL, "width": 2}),
        ):
            figure.add_scatter(x=dates, y=snapshot[key], name=name, line=line)
        title = "Price, training rows"
    else:
        network, garch = snapshot["network"], snapshot["garch"]
        name, look = "80% interval, network", {"color": MODEL, "width": 1}
        add_band(figure, dates, -network, network, name, tint(MODEL, 0.2), **look)
        for sign in (1, -1):
            figure.add_scatter(
                x=dates,
                y=sign * garch,
                name="GARCH",
                line={"color": GARCH, "dash": "dash", "width": 1},
                showlegend=sign > 0,
                hoverinfo="skip",
            )
        figure.add_scatter(
            x=dates,
            y=snapshot["returns"],
            name="Actual",
            mode="markers",
            marker={"color": ink, "size": 4},
            hovertemplate="%{y:.2f}%",
        )
        title = "Return, %, validation rows"
    figure.update_xaxes(type="date")
    figure.update_yaxes(title=title)
    return plain(figure, ink).update_layout(height=HEIGHT)


def epochs_figure(snapshots: Mapping[int, State], ink: str = INK_LIGHT) -> go.Figure:
    """Draw the snapshots of several epochs, with a slider; the last one at first."""
    epochs = sorted(snapshots)
    last = snapshots[epochs[-1]]
    figure = epoch_figure(last, ink)
    place, key = (2, "predicted") if "predicted" in last else (0, "network")
    values = [snapshots[epoch][key] for epoch in epochs]
    if key == "network":
        values = [np.concatenate([each, -each[::-1]]) for each in values]
    figure.frames = [
        go.Frame(name=str(epoch), data=[{"y": each}], traces=[place])
        for epoch, each in zip(epochs, values, strict=True)
    ]
    # The axis stays while the slider moves.
    drawn = np.concatenate([*values, *(trace.y for trace in figure.data)])
    low, high = float(drawn.min()), float(drawn.max())
    figure.update_yaxes(range=[low - 0.05 * (high - low), high + 0.05 * (high - low)])
    at_once = {"mode": "immediate", "frame": {"duration": 0, "redraw": False}}
    steps = [
        {"method": "animate", "label": str(epoch), "args": [[str(epoch)], at_once]}
        for epoch in epochs
    ]
    slider = {
        "steps": steps,
        "active": len(epochs) - 1,
        "currentvalue": {"prefix": "Epoch "},
        "font": {"color": ink},
        "pad": {"t": 30},
    }
    return figure.update_layout(sliders=[slider], height=HEIGHT + 90)


def epoch_alt(snapshot: State) -> str:
    """Describe `epoch_figure`."""
    if "predicted" in snapshot:
        return (
            "Predicted, actual and last known prices on the last rows of the training "
            "part"
        )
    inside = float(np.mean(np.abs(snapshot["returns"]) <= snapshot["network"]))
    return (
        "Returns of validation rows within the 80% intervals of the network and of "
        f"GARCH: {inside:.0%} inside the network's"
    )
