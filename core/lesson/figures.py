"""The figures of the lessons: influence of past inputs, test errors, losses."""

import html
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import epoch_axis, learning_curves, log_axis, metric_lines, plain
from core.figures.palette import (
    INK_LIGHT,
    LETTERS,
    MODEL,
    NAIVE,
    NETWORKS,
    RUNS,
    tint,
)
from core.lesson import adding, writing
from core.lesson.adding.problem import baseline_error
from core.lesson.attention import ATTENTION, costs
from core.lesson.cells import CELLS
from core.lesson.forcing import read_texts
from core.lesson.network import Tokens
from core.lesson.trained import TrainedNetwork
from core.recurrent import Array
from core.task import Point

VANISHED = 1e-12  # lower end of the axis
COST_LENGTHS = [2**power for power in range(4, 18)]
KINDS = {  # of the compared layers, in plain words
    "LSTM": "an RNN of 1997",
    "minGRU": "an RNN of 2024",
    ATTENTION: "in chatbots",
}
SMALLEST = 1e-300  # a log axis has no zero
INFLUENCE_LINES = {  # dash and width
    "before": ("dash", 1.5),
    "after": ("solid", 2.5),
    "patience": ("dot", 2.5),
}


def initial_influence_figure(
    curves: Mapping[str, Array], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the result of `core.lesson.demo.initial_influence`; `ink` colours text."""
    figure = go.Figure()
    for title, curve in curves.items():
        figure.add_scatter(
            x=list(range(len(curve))),
            y=curve.tolist(),
            name=title,
            line=_line(title),
            hovertemplate="%{y:.2g}",
        )
    figure.update_xaxes(title="Steps back")
    figure.update_yaxes(type="log", title="Influence", exponentformat="power", dtick=1)
    return plain(figure, ink).update_layout(height=300)


def _line(title: str) -> dict[str, str | float]:
    """Return the line of a network; that of attention is dotted: it is no RNN."""
    dash = "dot" if title == ATTENTION else "solid"
    return {"color": NETWORKS[title.lower()], "width": 2.5, "dash": dash}


def scan_figure(ink: str = INK_LIGHT) -> go.Figure:
    """Draw the steps of a loop over time, and the rounds of a scan (`core.mingru`)."""
    lengths = [2**power for power in range(1, 13)]
    rounds = [(length - 1).bit_length() for length in lengths]
    figure = go.Figure()
    for name, steps, dash in (
        ("Loop: T", lengths, "dash"),
        ("Scan: log₂ T, rounded up", rounds, "solid"),
    ):
        figure.add_scatter(
            x=lengths,
            y=steps,
            name=name,
            line={"color": NETWORKS["mingru"], "width": 2.5, "dash": dash},
            hovertemplate="%{y:,}",
        )
    figure.update_xaxes(title="Length T of the sequence", type="log", dtick=1)
    figure.update_yaxes(title="Steps", type="log", dtick=1)
    return plain(figure, ink).update_layout(height=300)


def cost_figure(
    quantity: str, title: str, length: int, units: int, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw one quantity of `core.lesson.attention.Cost` against the length.

    A line marks `length`, and its double; `title` is that of the axis.
    """
    figure = go.Figure()
    rows = {each: costs(each, units) for each in COST_LENGTHS}
    for name in rows[length]:
        figure.add_scatter(
            x=list(rows),
            y=[getattr(row[name], quantity) for row in rows.values()],
            name=name,
            mode="lines",
            line=_line(name),
            hovertemplate="%{y:,}",
        )
    for place, dash in ((length, "solid"), (2 * length, "dot")):
        figure.add_vline(place, line={"color": tint(ink, 0.5), "dash": dash})
    figure.update_xaxes(title="Length T of the text", type="log", dtick=1)
    figure.update_yaxes(
        title=title, type="log", dtick=2, rangemode="tozero", exponentformat="B"
    )
    return plain(figure, ink).update_layout(height=320)


def cost_bars(
    quantity: str,
    length: int,
    units: int,
    in_words: Callable[[int], str],
    ink: str = INK_LIGHT,
) -> go.Figure:
    """Draw one quantity of `core.lesson.attention.Cost` at one length.

    `in_words` returns the text of a number.
    """
    layers = costs(length, units)
    sizes = [getattr(cost, quantity) for cost in layers.values()]
    figure = go.Figure()
    figure.add_bar(
        x=sizes,
        y=[f"{name}, {KINDS[name]}" for name in layers],
        orientation="h",
        marker={"color": [_line(name)["color"] for name in layers]},
        text=[in_words(size) for size in sizes],
        # Plotly's own choice leaves out the text of a bar too small to be seen.
        textposition=["inside" if 5 * n > max(sizes) else "outside" for n in sizes],
        cliponaxis=False,
        hoverinfo="skip",
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(autorange="reversed")
    return plain(figure, ink).update_layout(
        height=430, margin={"l": 170, "t": 10, "b": 10}
    )


def influence_figure(
    result: writing.Result | adding.Result,
    patience: adding.Result | None = None,
    ink: str = INK_LIGHT,
) -> go.Figure:
    """Draw the gradient of the last state by each input, against the steps between.

    Before training dashed, after it solid; one colour a network.

    Parameters
    ----------
    result
        Of a training.
    patience
        Of the same task at a smaller learning rate: its RNN is drawn dotted.
    ink
        Colour of text and axes.
    """
    figure = go.Figure()
    lines = {
        (f"{CELLS[cell].title}, {when} training", cell, when): norms
        for (cell, when), norms in result.influences().items()
    }
    if patience:
        after = patience.influences()["rnn", "after"]
        lines["RNN, Patience", "rnn", "patience"] = after
    for (name, cell, when), norms in lines.items():
        dash, width = INFLUENCE_LINES[when]
        figure.add_scatter(
            x=np.arange(len(norms)),
            y=np.maximum(norms, SMALLEST),
            name=name,
            mode="lines",
            line={"color": NETWORKS[cell], "dash": dash, "width": width},
            hovertemplate="%{y:.2e}",
            showlegend=when != "before",
        )
    figure.add_scatter(
        x=[None],
        y=[None],
        name="Dashed: before training",
        mode="lines",
        line={"color": NAIVE, "dash": "dash", "width": 1.5},
    )
    norms = np.concatenate(list(lines.values()))
    low, high = max(norms.min(), VANISHED), norms.max()
    figure.update_yaxes(
        log_axis(low, high),
        range=[np.log10(low) - 0.1, np.log10(high) + 0.3],
        title="Gradient norm",
    )
    figure.update_xaxes(title="Steps back", rangemode="tozero")
    return plain(figure, ink)


def reach_figure(
    config: adding.Config, reach: Mapping[str, adding.Reach], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the `adding.reach` of each network over the epochs."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.1)
    lowest, highest = 1.0, VANISHED
    for cell, (epochs, influences, factors) in reach.items():
        lowest, highest = min(lowest, *influences), max(highest, *influences)
        for row, values, form in ((1, influences, ".1e"), (2, factors, ".2f")):
            figure.add_scatter(
                x=epochs,
                y=np.maximum(values, SMALLEST) if row == 1 else values,
                name=CELLS[cell].title,
                mode="lines+markers" if len(epochs) < 4 else "lines",
                line={"color": NETWORKS[cell], "width": 2.5},
                hovertemplate=f"%{{y:{form}}}",
                showlegend=row == 1,
                row=row,
                col=1,
            )
    low = max(lowest, VANISHED)
    figure.update_yaxes(
        log_axis(low, highest),
        range=[np.log10(low) - 0.3, np.log10(highest) + 0.3],
        title="Influence",
        row=1,
    )
    figure.update_yaxes(title="Factor a step", range=[0, 1], row=2)
    figure.update_xaxes({**epoch_axis(config.epochs), "title": None}, row=1)
    figure.update_xaxes(epoch_axis(config.epochs), row=2)
    return plain(figure, ink)


def error_figure(
    points: Sequence[Point], config: adding.Config, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the test errors of a run of the adding problem, and the baseline error."""
    figure = go.Figure()
    for cell in config.networks:
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


def loss_figure(
    points: Sequence[Point], log: bool = False, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the loss of a character model, in nats a character, over epochs."""
    figure = learning_curves(metric_lines(points, "loss", "val_loss"), log, ink)
    return figure.update_yaxes(title="Nats a character")


def forcing_figure(
    losses: Mapping[int, tuple[float, float]], cell: str, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the `losses` of `core.lesson.forcing` over the epochs."""
    figure = go.Figure()
    for place, (name, dash) in enumerate((("Fed", "solid"), ("Running free", "dash"))):
        figure.add_scatter(
            x=list(losses),
            y=[each[place] for each in losses.values()],
            name=name,
            mode="lines",
            line={"color": NETWORKS[cell], "dash": dash, "width": 2.5},
            hovertemplate="%{y:.3g}",
        )
    figure.update_yaxes(title="Nats a character")
    figure.update_xaxes(epoch_axis(max(losses)))
    return plain(figure, ink).update_layout(height=260)


def reading_figure(
    trained: TrainedNetwork, text: Tokens, given: int, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw what a network writes at each place of a text, (T + 1, 1), fed and free."""
    readings = [read_texts(trained.result, text, each) for each in (None, given)]
    at = int(readings[1].apart(given)[0])

    def letters(tokens: Tokens) -> list[str]:
        shown = trained.corpus.decode(tokens).replace("\n", "↵").replace(" ", "␣")
        return [html.escape(each, quote=False) for each in shown]

    true = letters(text[1:, 0])
    places = list(range(len(true)))
    figure = go.Figure(
        go.Heatmap(
            x=places,
            y=["Fed", "Running free"],
            z=[reading.chances[:, 0] for reading in readings],
            text=[letters(reading.written[:, 0]) for reading in readings],
            texttemplate="%{text}",
            textfont={"size": 16, "color": ink},
            colorscale=[[0, tint(MODEL, 0)], [1, tint(MODEL, 0.7)]],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=4,
            hovertemplate="chance of the true letter %{z:.0%}<extra>%{y}</extra>",
        )
    )
    if at < len(true):
        figure.add_vline(at - 0.5, line={"color": ink, "dash": "dot", "width": 1.5})
    figure = plain(figure, ink).update_layout(height=210, hovermode="closest")
    figure.update_xaxes(tickvals=places, ticktext=true, title="True letter", side="top")
    figure.update_yaxes(autorange="reversed")
    return figure.update_xaxes(showgrid=False).update_yaxes(showgrid=False)


def influences_figure(
    norms: Mapping[int, np.ndarray], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the gradient of the last state by each input, of the network of each run.

    `norms` are the influences after training (`core.lesson.influence`), by the position
    of the run in the comparison.
    """
    figure = go.Figure()
    for place, values in norms.items():
        figure.add_scatter(
            x=np.arange(len(values)),
            y=np.maximum(values, SMALLEST),
            name=LETTERS[place],
            mode="lines",
            line={"color": RUNS[place], "width": 2.5},
            hovertemplate="%{y:.2e}",
        )
    figure.update_yaxes(title="Gradient norm", type="log", exponentformat="power")
    figure.update_xaxes(title="Steps back")
    return plain(figure, ink)


def errors_figure(
    errors: Mapping[int, Mapping[str, np.ndarray]], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the errors of the networks of each run as boxes from quartile to quartile.

    `errors` are `Result.errors` of `core.lesson.adding`, by the position of the run in
    the comparison.
    """
    figure = go.Figure()
    for place, by_cell in errors.items():
        for cell, values in by_cell.items():
            name = f"{LETTERS[place]}, {CELLS[cell].title}"
            figure.add_box(
                y=values,
                name=name,
                marker={"color": RUNS[place], "size": 3},
                line={"width": 1.5},
            )
    figure.update_yaxes(title="Predicted minus actual sum", zeroline=True)
    return plain(figure, ink).update_layout(showlegend=False, hovermode="closest")
