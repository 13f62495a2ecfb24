"""The look that the figures of all tasks share."""

import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from core.figures import epoch_axis, learning_curves, plain
from core.figures.palette import INK_DARK


def test_a_figure_gets_the_look_and_keeps_what_it_had():
    figure = go.Figure().update_layout(
        title="Mine", height=300, legend={"entrywidth": 9}, margin={"pad": 3}
    )
    figure.update_yaxes(type="log", title="Loss", range=[0, 1])
    layout = plain(figure, INK_DARK).layout
    assert (layout.title.text, layout.height) == ("Mine", 300)
    assert (layout.legend.entrywidth, layout.legend.orientation) == (9, "h")
    assert (layout.margin.pad, layout.margin.l) == (3, 56)
    assert (layout.yaxis.type, layout.yaxis.title.text) == ("log", "Loss")
    assert layout.yaxis.range == (0, 1)
    assert layout.font.color == INK_DARK
    assert layout.template.layout.colorway is None  # no template of plotly's own


def test_every_axis_of_several_plots_gets_the_same_lines():
    figure = plain(make_subplots(rows=2, cols=2), INK_DARK)
    axes = [figure.layout[f"{name}axis{n}"] for name in "xy" for n in ("", 2, 3, 4)]
    assert {axis.gridcolor for axis in axes} == {figure.layout.xaxis.gridcolor}
    assert figure.layout.xaxis.gridcolor
    assert figure.layout.xaxis4.anchor == "y4"


def test_learning_curves_are_log_only_where_they_can_be():
    lines = {"loss": [(1, 0.5), (2, 0.25)], "val_loss": [(1, 0.6), (2, 0.0)]}
    assert learning_curves(lines, log=True).layout.yaxis.type == "linear"
    del lines["val_loss"]
    figure = learning_curves(lines, log=True)
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.xaxis.title.text == "Epoch"
    assert figure.data[0].mode == "lines+markers"


def test_the_ticks_of_a_log_axis_are_few_and_labelled_with_the_whole_number():
    lines = {"loss": [(1, 0.5), (2, 7.0)]}
    axis = learning_curves(lines, log=True).layout.yaxis
    assert (axis.tickformat, axis.dtick) == ("~g", "D2")  # 0.5, 1, 2, 5
    lines["val_loss"] = [(1, 0.5), (2, 7e-12)]
    axis = learning_curves(lines, log=True).layout.yaxis
    assert (axis.exponentformat, axis.dtick) == ("power", 2)  # every second one


@pytest.mark.parametrize(
    ("last", "tick"), [(1, 1), (3, 1), (8, 1), (9, 2), (40, 5), (100, 20), (1000, 200)]
)
def test_an_axis_of_epochs_has_ticks_at_whole_epochs_only(last, tick):
    axis = epoch_axis(last)
    assert (axis["tick0"], axis["dtick"]) == (0, tick)
    drawn = learning_curves({"loss": [(last, 0.5)]}).layout.xaxis
    assert drawn.dtick == tick
