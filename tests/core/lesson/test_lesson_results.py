"""What is shown of a training: the file of its snapshots, figures, verdicts."""

import dataclasses
import json

import numpy as np
import pytest

from core import examples
from core.lesson import adding, figures, writing
from core.lesson.adding.problem import ALL_CELLS
from core.lesson.adding.problem import test_data as sequences
from core.lesson.influence import influence
from core.lesson.snapshot_file import SMALLEST, snapshot_file
from core.lesson.verdicts import (
    errors_in_words,
    failure,
    gradient_verdict,
    in_words,
    patience_verdict,
    verdict,
    writings,
)
from core.lesson.writing.corpus import Corpus, own_names
from tests.core.lesson.networks import every_cell
from tests.driver.core.lesson_results import train, train_tiny


def read(content):
    """Parse a file as the browser does: its head, and its arrays with the epochs."""
    length = int.from_bytes(content[:4], "little")
    head = json.loads(content[4 : 4 + length])
    body = np.frombuffer(content[4 + length :], "<f2")
    arrays = {}
    for key, part in head["parts"].items():
        shape = (len(head["epochs"]), *part["shape"])
        arrays[key] = body[part["at"] : part["at"] + np.prod(shape)].reshape(shape)
    return head, arrays


def file_of(task, **settings):
    result, points, snapshots = train_tiny(task, **settings)
    losses = {point.epoch: point.metrics for point in points}
    return snapshots, *read(snapshot_file("a", result.config, snapshots, losses))


@every_cell
def test_the_file_of_a_text_holds_what_the_snapshots_hold(cell):
    snapshots, head, arrays = file_of(writing, cell=cell)
    assert head["epochs"] == [0, 1, 2, 3]
    assert [c["name"] for c in head["cells"]] == [cell]
    assert "".join(head["probe"]) == "".join(snapshots[0]["probe"])
    assert head["samples"][2] == snapshots[2]["samples"].tolist()
    for key in ("inside", "state weights", "input weights", "connectivity"):
        for place, epoch in enumerate(head["epochs"]):
            stored = snapshots[epoch][key]
            if cell == "lstm" and key == "inside":
                assert head["rows"][cell] == ["f", "i", "c̃", "o", "c", "h"]
                stored = stored[[0, 1, 3, 2, 4, 5]]  # f, i, o, c̃, c, h
            if cell == "lstm" and key.endswith("weights"):
                assert list(head["gates"][cell]) == ["f", "i", "c", "o"]
                stored = stored[[0, 1, 3, 2]]  # f, i, o, c
            np.testing.assert_array_equal(arrays[f"{cell} {key}"][place], stored)
    wanted = np.log10(np.maximum(snapshots[3]["gradient by step"], SMALLEST))
    assert arrays[f"{cell} gradient by step"][3] == pytest.approx(wanted, rel=2e-3)


@pytest.mark.parametrize("cells", ["rnn,lstm", ALL_CELLS])
def test_the_file_of_the_adding_problem_shows_the_networks_and_the_marks(cells):
    snapshots, head, arrays = file_of(adding, cells=cells)
    names = cells.split(",")
    assert [c["name"] for c in head["cells"]] == names
    assert len(head["marks"]) == 2
    assert [len(line) for line in head["losses"]] == [1 + len(names)] * 3
    for cell in names:
        np.testing.assert_array_equal(
            arrays[f"{cell} answers"][1], snapshots[1][f"{cell} answers"]
        )


def test_a_file_of_one_frame_can_be_added_to_one_of_many():
    _, points, snapshots = train_tiny(writing)
    config, _ = writing.TASK.tiny()
    losses = {point.epoch: point.metrics for point in points}
    one, _ = read(snapshot_file("a", config, {2: snapshots[2]}, losses))
    many, _ = read(snapshot_file("a", config, snapshots, losses))
    assert one["epochs"] == [2]
    for key in ("name", "cells", "rows", "gates", "losses", "probe"):
        assert one[key] == many[key]


def test_the_influence_figure_has_a_dashed_and_a_solid_line_of_one_colour_a_network():
    result, _, _ = train_tiny(adding)
    traces = figures.influence_figure(result).data
    lines = {trace.name: trace.line for trace in traces}
    shown = [trace.name for trace in traces if trace.showlegend is not False]
    assert shown == [
        "RNN, after training",
        "LSTM, after training",
        "Dashed: before training",
    ]
    for cell in ("RNN", "LSTM"):
        before, after = (
            lines[f"{cell}, before training"],
            lines[f"{cell}, after training"],
        )
        assert (before.dash, after.dash) == ("dash", "solid")
        assert before.color == after.color
    assert lines["RNN, after training"].color != lines["LSTM, after training"].color
    assert figures.influence_figure(result).layout.yaxis.type == "log"
    dotted = figures.influence_figure(result, result).data[4]
    assert (dotted.name, dotted.line.dash) == ("RNN, Patience", "dot")
    assert dotted.line.color == lines["RNN, after training"].color


def test_reach_is_that_of_the_networks_and_is_drawn_for_each_epoch():
    result, _, snapshots = train_tiny(adding)
    reach = {cell: adding.reach(cell, snapshots) for cell in ("rnn", "lstm")}
    assert reach["rnn"][0] == sorted(snapshots)
    x = sequences(result.config)[0][:, :, :1]  # a snapshot has one sequence
    for cell, (_, influences, factors) in reach.items():
        unrolled = result.networks[cell].forward(x)
        gate = unrolled.values("h" if cell == "rnn" else "f")[:, :, 0]
        factor = np.mean(1 - gate**2 if cell == "rnn" else gate)
        norms = influence(result.networks[cell], x)
        assert influences[-1] == pytest.approx(norms[5], rel=1e-3)  # a fifth of six
        assert factors[-1] == pytest.approx(factor, abs=1e-3)
    traces = figures.reach_figure(result.config, reach).data
    assert [trace.name for trace in traces] == ["RNN", "RNN", "LSTM", "LSTM"]
    assert list(traces[3].y) == reach["lstm"][2]


def test_the_example_shows_that_training_takes_the_rnns_gradient_and_patience_not():
    usual, patience = (
        examples.load(name).result for name in ("adding", "adding-patience")
    )
    said = gradient_verdict(usual)
    assert "on that of the LSTM, within a factor of ten." in said
    assert "The influence is then 2·10⁻²⁹." in said
    assert "Training drives the RNN's states towards −1 and 1" in said
    assert usual.step_factors()["rnn", "before"] > 0.9
    assert usual.step_factors()["rnn", "after"] < 0.1
    assert patience.step_factors()["rnn", "after"] > 0.8
    assert "After training it is 0.85 in the RNN" in gradient_verdict(patience)
    assert patience.mse["rnn"] < 0.03
    assert "the RNN's test error is 0.02." in patience_verdict(patience, usual)


def test_a_norm_is_written_with_a_power_of_ten_where_it_is_small():
    assert [in_words(norm) for norm in (0.85, 0.0012, 3.7e-12, 0.0)] == [
        "0.85",
        "0.0012",
        "4·10⁻¹²",
        "0",
    ]


@pytest.mark.parametrize(
    ("error", "text"), [(9.374e-5, "0.0000937"), (0.16, "0.16"), (3e12, "3e+12")]
)
def test_an_error_is_written_without_an_exponent_unless_it_is_huge(error, text):
    assert adding.TASK.headline({"lstm_mse": error, "ended": ""}).endswith(
        f"LSTM {text}"
    )


def test_the_error_figure_shows_both_networks_and_the_constant_answer():
    result, points, _ = train_tiny(adding)
    traces = figures.error_figure(points, result.config).data
    assert [trace.name for trace in traces] == ["RNN", "LSTM", "Constant answer"]
    assert list(traces[1].y) == [point.metrics["lstm_mse"] for point in points]
    assert traces[2].y[0] == pytest.approx(1 / 6, rel=0.1)


@pytest.mark.parametrize(
    ("rnn", "lstm", "says"),
    [
        (0.18, 0.0001, "The LSTM has solved the task; the RNN is no better"),
        (0.12, 0.0001, "The LSTM has solved the task, the other has not yet."),
        (0.001, 0.0001, "Both networks have solved the task."),
        (0.2, 0.2, "Neither network has solved the task."),
    ],
)
def test_the_verdict_says_who_solved_the_adding_problem(rnn, lstm, says):
    config, _ = adding.TASK.tiny()
    result = adding.Result(config, {}, 3, "", {"rnn": rnn, "lstm": lstm})
    assert verdict(result).startswith(says)
    assert failure(result) == ""


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (40, {0: "xq", 40: "of 40"}),
        (3, {0: "xq", 3: "of 3"}),
        (0, {0: "xq"}),
    ],
)
def test_the_first_texts_before_and_after_a_training(last, expected):
    texts = {0: ["", "xq"]} | {n: [f"of {n}", "other"] for n in range(1, last + 1)}
    frames = {epoch: {"samples": np.array(each)} for epoch, each in texts.items()}
    assert writings(frames) == expected


@pytest.mark.parametrize(
    ("gru", "mingru", "says"),
    [
        (0.001, 0.19, "The LSTM and GRU have solved the task, the minGRU and RNN have"),
        (0.001, 0.002, "The LSTM, GRU and minGRU have solved the task, the RNN has"),
    ],
)
def test_of_four_networks_the_verdict_names_those_that_solved_it(gru, mingru, says):
    config = dataclasses.replace(adding.TASK.tiny()[0], cells=ALL_CELLS)
    mse = {"rnn": 0.2, "lstm": 0.0001, "gru": gru, "mingru": mingru}
    result = adding.Result(config, {}, 3, "", mse)
    assert verdict(result).startswith(says)
    assert "LSTM 0.0001, GRU 0.001, " in errors_in_words(result)


def test_the_loss_of_a_run_is_the_same_in_its_curve_its_card_and_its_verdict():
    passage = Corpus.from_text("The sea, the river and the rain fall on me. " * 30)
    config = writing.Config(units=4, window=8, epochs=2, steps=3, batch=4, sample=1)
    for data, name in (
        (passage, "validation loss"),
        (writing.TASK.tiny()[1], "training loss"),
    ):
        result, points, snapshots = train(writing, config, data)
        losses = {point.epoch: point.metrics for point in points}
        head, _ = read(snapshot_file("a", config, snapshots, losses))
        loss = f"{name} {head['losses'][-1][1]:.3g}"
        assert head["loss"] == name
        assert f", {loss}, " in writing.TASK.headline(result.summary())
        assert errors_in_words(result).startswith(f"{loss.capitalize()} nats a")
        assert points[-1].metrics["loss"] == result.loss


def test_a_held_out_text_that_repeats_the_training_text_is_not_called_unseen():
    lines = Corpus.from_text("It rains on the sea, and it rains on the river.\n" * 30)
    config = writing.Config(units=4, window=20, epochs=1, steps=2, batch=4)
    result, _, _ = train(writing, config, lines)
    assert result.summary()["held_out_repeated"] == 1.0
    assert "not seen" not in verdict(result)
    assert "100% of the held-out text also occurs in the training" in verdict(result)
    fresh = dataclasses.replace(result, corpus=own_names())
    assert "On text it has not seen" in verdict(fresh)
    assert "also occurs" not in verdict(fresh)


@pytest.mark.parametrize("seed", [0, 1])
@every_cell
def test_huge_steps_without_clipping_make_the_loss_explode(cell, seed):
    settings = {"cell": cell, "seed": seed, "units": 16, "epochs": 2, "steps": 20}
    config = writing.Config.preset("Huge steps without clipping", **settings)
    result, points, _ = train(writing, config, own_names())
    guess = np.log(len(own_names().characters))
    assert all(point.metrics["loss"] > 5 * guess for point in points)
    assert failure(result).startswith("The training diverged: its loss is ")
    assert "less than 1%" in verdict(result)


def test_a_training_that_learns_has_not_failed():
    config = writing.Config(units=8, epochs=1, steps=10)
    assert failure(train(writing, config, own_names())[0]) == ""


def test_the_file_tells_how_many_units_there_are_and_how_many_are_shown():
    config = writing.Config(units=32, epochs=1, steps=1, batch=2)
    _, points, snapshots = train(writing, config, own_names())
    losses = {point.epoch: point.metrics for point in points}
    head, _ = read(snapshot_file("a", config, snapshots, losses))
    assert head["units"] == {"lstm": 32}
    assert head["parts"]["lstm state weights"]["shape"][1] == 20


def test_a_stopped_training_has_not_failed_and_an_exploded_one_has():
    config, _ = adding.TASK.tiny()
    mse = {"rnn": 1.0, "lstm": 1.0}
    stopped = adding.Result(config, {}, 2, "stopped in epoch 3", mse)
    exploded = adding.Result(config, {}, 2, "exploded in epoch 3 at step 1; x", mse)
    assert failure(stopped) == ""
    assert failure(exploded).startswith("The training exploded in epoch 3")
