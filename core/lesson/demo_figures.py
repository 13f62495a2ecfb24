"""The figure of the readings: how fast the past fades."""

from collections.abc import Mapping

import plotly.graph_objects as go

from core.figures import plain
from core.palette import INK_LIGHT, NETWORKS
from core.recurrent import Array


def fading_figure(curves: Mapping[str, Array], ink: str = INK_LIGHT) -> go.Figure:
    """Draw the influence of an input on the last state against its distance.

    Parameters
    ----------
    curves
        Title of each network -> influence over that at distance 0, (T,).
    ink
        Colour of text and axes.
    """
    figure = go.Figure()
    for title, curve in curves.items():
        figure.add_scatter(
            x=list(range(len(curve))),
            y=curve.tolist(),
            name=title,
            line={"color": NETWORKS[title.lower()], "width": 2},
            hovertemplate="%{y:.2g}",
        )
    figure.update_xaxes(title="Steps back")
    figure.update_yaxes(type="log", title="Influence", exponentformat="power", dtick=1)
    return plain(figure, ink).update_layout(height=300)
