"""Curves by epoch and by time, smoothed, drawn and written; settings that differ."""

import csv
import io

import pytest

from core.comparison.curves import (
    curves_csv,
    curves_figure,
    curves_of,
    default_metric,
    metric_name,
    metrics_of,
    seconds,
    smoothed,
)
from core.comparison.settings import settings_csv, settings_of
from core.figures.palette import RUNS
from core.task import Measure, Point
from tests.core.comparison.runs import points, run


def test_time_counts_from_the_first_epoch_and_leaves_pauses_out():
    at = [100, 102, 104, 500, 502]
    found = seconds([Point(epoch=n, metrics={}, at=t) for n, t in enumerate(at, 1)])
    assert found == [0, 2, 4, 6, 8]
    assert seconds([]) == []
    assert seconds(points([1.0])) == [0]


def test_thinned_points_are_no_pauses():
    at = {4: 8.0, 8: 16.0, 12: 24.0, 13: 26.0}
    found = seconds([Point(epoch=n, metrics={}, at=t) for n, t in at.items()])
    assert found == [0, 8, 16, 18]


def test_smoothing_begins_at_the_first_value_and_keeps_a_constant():
    assert smoothed([5.0, 5.0, 5.0], 0.9) == pytest.approx([5, 5, 5])
    assert smoothed([1.0, 3.0], 0.5) == pytest.approx([1, 7 / 3])
    assert smoothed([1.0, 3.0], 0.0) == [1, 3]


def test_a_run_without_the_metric_has_no_curve_and_the_others_keep_their_places():
    found = curves_of(
        [points([1.0]), points([1.0], "mse"), points([2.0])], "mse", "epoch"
    )
    assert [(curve.place, curve.x, curve.y) for curve in found] == [(1, [1], [1])]


def test_the_validation_loss_is_drawn_first_else_what_results_are_measured_by():
    measures = [Measure("lstm_mse", "LSTM", "low", "test")]
    assert default_metric(["loss", "val_loss"], measures) == "val_loss"
    assert default_metric(["rnn_mse", "lstm_mse"], measures) == "lstm_mse"
    assert default_metric(["accuracy"], measures) == "accuracy"


def test_metrics_have_names_in_words():
    assert metric_name("val_loss") == "Validation loss"
    assert metric_name("lstm_mse") == "LSTM squared error"
    assert metric_name("mingru_mse") == "minGRU squared error"


def test_the_chosen_run_stands_out_and_the_raw_curve_is_faint():
    curves = curves_of([points([1.0, 2.0]), points([3.0, 1.0])], "val_loss", "epoch")
    figure = curves_figure(
        curves, metric="val_loss", axis="epoch", smoothing=0.5, chosen=1
    )
    colours = [trace.line.color for trace in figure.data]
    assert colours[1] == RUNS[1]
    assert all(colour.startswith("rgba") for n, colour in enumerate(colours) if n != 1)
    assert list(figure.data[3].y) == [3, 1]
    assert list(figure.data[1].y) == smoothed([3.0, 1.0], 0.5)


def test_letters_stand_at_the_ends_of_the_curves_on_a_log_axis_too():
    curves = curves_of([points([100.0, 10.0])], "val_loss", "epoch")
    figure = curves_figure(curves, metric="val_loss", axis="epoch", log=True)
    assert figure.layout.yaxis.type == "log"
    [note] = figure.layout.annotations
    assert (note.text, note.x, note.y) == ("<b>A</b>", 2, pytest.approx(1))


def test_values_of_zero_or_less_stay_on_a_linear_axis():
    curves = curves_of([points([1.0, -1.0])], "val_loss", "time")
    figure = curves_figure(curves, metric="val_loss", axis="time", log=True)
    assert figure.layout.yaxis.type != "log"


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def test_the_curves_as_csv_hold_every_metric_of_every_run_and_no_formula():
    runs = [run("a", title="=1+1"), run("b")]
    many = [points([1.0, 2.0]), points([5.0], "mse")]
    assert metrics_of(many) == ["val_loss", "mse"]
    head, *lines = rows(curves_csv(runs, many))
    assert head == ["run", "name", "epoch", "seconds", "val_loss", "mse"]
    assert [line[2:] for line in lines] == [
        ["1", "0.0", "1.0", ""],
        ["2", "1.0", "2.0", ""],
        ["1", "0.0", "", "5.0"],
    ]


def test_settings_that_differ_are_told_from_those_in_common():
    runs = [run("a", units=4), run("b", units=6), run("c", units=4, title="Other")]
    found = {row.name: row for row in settings_of(runs)}
    assert [name for name, row in found.items() if row.differs] == ["data", "units"]
    assert found["units"].values == (4, 6, 4)
    assert found["window"].values == (256, 256, 256)
    head, _, units = rows(settings_csv(runs, [found["data"], found["units"]]))
    assert [name[:1] for name in head[1:]] == ["A", "B", "C"]
    assert units == ["units", "4", "6", "4"]
