"""Figures of the lessons' trainings: gradients against lag, and errors."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures import Points, epoch_axis, learning_curves, log_axis, plain
from core.lesson import adding, text
from core.lesson.addition import baseline_error
from core.lesson.cells import CELLS
from core.palette import INK_LIGHT, NAIVE, NETWORKS
from core.recurrent import Array
from core.runs.run import Point

VANISHED = 1e-12  # what is fainter than this is below the picture
SMALLEST = 1e-300  # a log axis has no zero


def gradient_by_lag(
    result: text.Result | adding.Result, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw how much an input moves the last state, against how long ago it was.

    Before training dashed, after it solid; one colour a network.

    Parameters
    ----------
    result
        A trained network, or the two of the adding problem.
    ink
        Colour of text and axes.
    """
    figure = go.Figure()
    lines = _lines(result)
    for cell, when, norms in lines:
        figure.add_scatter(
            x=np.arange(len(norms)),
            y=np.maximum(norms, SMALLEST),
            name=f"{CELLS[cell].title}, {when} training",
            mode="lines",
            line={
                "color": NETWORKS[cell],
                "dash": "dash" if when == "before" else "solid",
                "width": 2.5,
            },
            hovertemplate="%{y:.2e}",
        )
    every = np.concatenate([norms for _, _, norms in lines])
    low, high = max(every.min(), VANISHED), every.max()
    figure.update_yaxes(
        log_axis(low, high),
        range=[np.log10(low) - 0.1, np.log10(high) + 0.3],
        title="Gradient norm",
    )
    figure.update_xaxes(title="Steps back", rangemode="tozero")
    return plain(figure, ink)


def _lines(
    result: text.Result | adding.Result,
) -> Sequence[tuple[str, str, Array]]:
    if isinstance(result, text.Result):
        cell = result.config.cell
        return [(cell, when, norms) for when, norms in result.influences().items()]
    named = result.influences().items()
    return [(*_two_words(name), norms) for name, norms in named]


def _two_words(name: str) -> tuple[str, str]:
    cell, when = name.split(" ")
    return cell, when


def adding_errors(
    points: Sequence[Point], config: adding.Config, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the test errors of both networks, and that of the constant answer.

    Parameters
    ----------
    points
        Epochs of a run of the adding problem.
    config
        Its settings.
    ink
        Colour of text and axes.
    """
    figure = go.Figure()
    for cell in adding.CELLS:
        figure.add_scatter(
            x=[point.epoch for point in points],
            y=[point.metrics[f"{cell}_mse"] for point in points],
            name=CELLS[cell].title,
            mode="lines+markers" if len(points) < 3 else "lines",
            line={"color": NETWORKS[cell], "width": 2.5},
            hovertemplate="%{y:.3g}",
        )
    figure.add_scatter(
        x=[0, config.epochs],
        y=[baseline_error(config)] * 2,
        name="Constant answer",
        mode="lines",
        line={"color": NAIVE, "dash": "dash", "width": 2},
        hovertemplate="%{y:.3g}",
    )
    errors = [value for line in figure.data for value in line.y]
    figure.update_yaxes(log_axis(min(errors), max(errors)), title="Test error (MSE)")
    figure.update_xaxes(epoch_axis(config.epochs), range=[0, config.epochs])
    return plain(figure, ink)


def writing_losses(
    points: Sequence[Point], log: bool = False, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the loss of a network that writes, in nats a character, over epochs."""
    lines: Mapping[str, Points] = {
        name: [(p.epoch, p.metrics[name]) for p in points if name in p.metrics]
        for name in ("loss", "val_loss")
    }
    shown = {name: pairs for name, pairs in lines.items() if pairs}
    figure = learning_curves(shown, log, ink)
    return figure.update_yaxes(title="Nats a character")
