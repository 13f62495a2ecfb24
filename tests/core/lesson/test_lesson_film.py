import json

import numpy as np
import pytest

from core.lesson import adding, figures, text
from core.lesson.film import SMALLEST, before_training, film
from core.lesson.words import TRUTH, ending, verdict
from core.runs.run import Point


def train(room, **settings):
    """Train the tiny case; return result, points, and snapshots by epoch."""
    config, data = room.tiny()
    config = type(config).from_dict({**config.values, **settings})
    training, points = room.train(config, data), []
    snapshots = {0: before_training(config, data)}
    while True:
        try:
            progress = next(training)
        except StopIteration as end:
            return end.value, points, snapshots
        if progress.metrics:
            points.append(Point(epoch=progress.epoch, metrics=dict(progress.metrics)))
            snapshots[progress.epoch] = progress.snapshot


def read(content):
    """What the browser makes of a film: its head, and its arrays with the epochs."""
    length = int.from_bytes(content[:4], "little")
    head = json.loads(content[4 : 4 + length])
    body = np.frombuffer(content[4 + length :], "<f2")
    arrays = {}
    for key, part in head["parts"].items():
        shape = (len(head["epochs"]), *part["shape"])
        arrays[key] = body[part["at"] : part["at"] + np.prod(shape)].reshape(shape)
    return head, arrays


def film_of(room, **settings):
    result, points, snapshots = train(room, **settings)
    losses = {point.epoch: point.metrics for point in points}
    return snapshots, *read(film("a", result.config, snapshots, losses))


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_film_of_a_text_holds_what_the_snapshots_hold(cell):
    snapshots, head, arrays = film_of(text, cell=cell)
    assert head["epochs"] == [0, 1, 2, 3]
    assert [c["name"] for c in head["cells"]] == [cell]
    assert "".join(head["probe"]) == "".join(snapshots[0]["probe"])
    assert head["samples"][2] == snapshots[2]["samples"].tolist()
    for key in ("inside", "state weights", "input weights", "connectivity"):
        for place, epoch in enumerate(head["epochs"]):
            np.testing.assert_array_equal(
                arrays[f"{cell} {key}"][place], snapshots[epoch][key]
            )
    wanted = np.log10(np.maximum(snapshots[3]["gradient by step"], SMALLEST))
    assert arrays[f"{cell} gradient by step"][3] == pytest.approx(wanted, rel=2e-3)


def test_the_film_of_the_adding_problem_shows_both_networks_and_the_marks():
    snapshots, head, arrays = film_of(adding)
    assert [c["name"] for c in head["cells"]] == ["rnn", "lstm"]
    assert len(head["marks"]) == 2
    assert [len(line) for line in head["losses"]] == [3, 3, 3]
    for cell in ("rnn", "lstm"):
        np.testing.assert_array_equal(
            arrays[f"{cell} answers"][1], snapshots[1][f"{cell} answers"]
        )


def test_a_film_of_one_frame_can_be_added_to_one_of_many():
    _, points, snapshots = train(text)
    config, _ = text.tiny()
    losses = {point.epoch: point.metrics for point in points}
    one, _ = read(film("a", config, {2: snapshots[2]}, losses))
    many, _ = read(film("a", config, snapshots, losses))
    assert one["epochs"] == [2]
    for key in ("name", "cells", "rows", "gates", "losses", "probe"):
        assert one[key] == many[key]


def test_the_lag_figure_shows_before_dashed_and_after_solid_in_one_colour_a_network():
    result, _, _ = train(adding)
    lines = {trace.name: trace.line for trace in figures.gradient_by_lag(result).data}
    assert set(lines) == {
        f"{cell}, {when} training"
        for cell in ("RNN", "LSTM")
        for when in ("before", "after")
    }
    for cell in ("RNN", "LSTM"):
        before, after = (
            lines[f"{cell}, before training"],
            lines[f"{cell}, after training"],
        )
        assert (before.dash, after.dash) == ("dash", "solid")
        assert before.color == after.color
    assert lines["RNN, after training"].color != lines["LSTM, after training"].color
    assert figures.gradient_by_lag(result).layout.yaxis.type == "log"


def test_the_error_figure_shows_both_networks_and_the_constant_answer():
    result, points, _ = train(adding)
    traces = figures.adding_errors(points, result.config).data
    assert [trace.name for trace in traces] == ["RNN", "LSTM", "Constant answer"]
    assert list(traces[1].y) == [point.metrics["lstm_mse"] for point in points]
    assert traces[2].y[0] == pytest.approx(1 / 6, rel=0.1)


@pytest.mark.parametrize(
    ("rnn", "lstm", "says"),
    [
        (0.18, 0.0001, "The LSTM has solved it; the RNN is no better than guessing."),
        (0.05, 0.0001, "The LSTM has solved it, the other not yet."),
        (0.001, 0.0001, "Both have solved it."),
        (0.2, 0.2, "Neither has solved it."),
    ],
)
def test_the_verdict_says_who_solved_the_adding_problem(rnn, lstm, says):
    config, _ = adding.tiny()
    result = adding.Result(config, {}, 3, "", {"rnn": rnn, "lstm": lstm})
    assert verdict(result).startswith(says)
    assert ending(result) == ""
    assert "it gets there too" in TRUTH


def test_only_an_explosion_is_told_as_one():
    config, _ = adding.tiny()
    mse = {"rnn": 1.0, "lstm": 1.0}
    stopped = adding.Result(config, {}, 2, "stopped in epoch 3", mse)
    exploded = adding.Result(config, {}, 2, "exploded in epoch 3 at step 1; x", mse)
    assert ending(stopped) == ""
    assert ending(exploded).startswith("The training exploded in epoch 3")
