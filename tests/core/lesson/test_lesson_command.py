"""The lessons in the terminal."""

import json

import pytest

from core.lesson import adding
from core.lesson.writing.corpus import MOST_BYTES
from tests.core.command import call, start


def json_of(*arguments):
    """The JSON object on the last and only line of standard output."""
    done = call(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    return json.loads(line)


def test_the_rnn_learns_a_file_of_names_and_answers_in_json(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("anna\nbella\nclara\nhanna\nella\n", encoding="utf-8")
    got = json_of("core.rnn", "--text", str(file), "--epochs", "3", "--sample", "20")
    assert got["epochs"] == 3
    assert len(got["samples"]) == 20
    assert 0 < got["loss"] < 2
    assert got["val_loss"] is None
    steps = 3 * adding.Config().steps
    rate = steps / got["seconds"]
    assert got["steps_per_second"] == pytest.approx(rate, rel=0.1)


def test_the_lstm_takes_the_adding_problem_and_answers_in_json():
    got = json_of("core.lstm", "--task", "adding", "--length", "8", "--epochs", "2")
    assert got["mse"] == got["mse_lstm"] == got["loss"]
    assert got["mse_rnn"] != got["mse"]
    assert got["mse_baseline"] == pytest.approx(1 / 6, abs=0.03)
    assert got["epochs"] == 2


def test_the_mingru_learns_to_write_and_answers_in_json(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("anna\nbella\nclara\nhanna\nella\n", encoding="utf-8")
    got = json_of("core.mingru", "--text", str(file), "--epochs", "2", "--sample", "3")
    assert got["epochs"] == 2
    assert len(got["samples"]) == 3


def test_the_gru_trains_beside_the_others_with_as_many_parameters():
    settings = ["--length", "8", "--epochs", "1", "--units", "4"]
    got = json_of("core.gru", "--task", "adding", "--equal", "parameters", *settings)
    assert got["mse"] == got["mse_gru"] == got["loss"]
    assert len({got[f"mse_{cell}"] for cell in ("rnn", "lstm", "mingru")}) == 3
    assert got["parameters_gru"] == pytest.approx(got["parameters_lstm"], rel=0.2)


def test_the_lstm_takes_a_choice_of_networks():
    cells = ["--cells", "rnn,lstm,gru,mingru", "--length", "6", "--epochs", "1"]
    got = json_of("core.lstm", "--task", "adding", *cells, "--units", "2")
    assert got["mse"] == got["mse_lstm"]
    assert {"mse_gru", "mse_mingru"} <= got.keys()


def test_without_json_the_samples_are_printed_one_a_line():
    done = start("core.lstm", "--epochs", "1", "--steps", "5", "--sample", "3")
    assert done.returncode == 0
    figures, samples = done.stdout.split("\n\n")
    assert figures.startswith("epochs")
    assert len(samples.rstrip("\n").split("\n")) == 3
    assert "epoch 1/1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["core.lstm", "--epochs", "0"], "epochs: expected a whole number from 1 to"),
        (["core.lstm", "--text", "nowhere.txt"], "nowhere.txt: expected a file"),
        (["core.rnn", "--cell", "lstm"], "python -m core.lstm"),
        (["core.gru", "--task", "adding", "--cells", "rnn,lstm"], "gru among them"),
        (
            ["core.lstm", "--task", "adding", "--cells", "lstm,lstm"],
            "'lstm,lstm'. Use one of rnn,lstm; rnn,lstm,gru,mingru.",
        ),
        (["core.rnn", "--task", "sewing"], "invalid choice: 'sewing'"),
        (["core.rnn", "--task", "adding", "--text", "x"], "unrecognized arguments"),
        (["core.lstm", "--units", "many"], "invalid int value: 'many'"),
    ],
)
def test_bad_input_is_one_line_and_status_2(arguments, wanted):
    done = call(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert wanted in line


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"ab" * MOST_BYTES, "at most 200 kB"),
        (b"\xff\xfe" * 50, "a text file in UTF-8"),
        (b"", "at least 10 characters"),
    ],
)
def test_a_bad_file_is_one_line_and_status_2(content, wanted, tmp_path):
    file = tmp_path / "text.txt"
    file.write_bytes(content)
    done = call("core.rnn", "--text", str(file), "--json")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert wanted in line


def test_an_exploded_training_is_reported_and_ends_with_status_1():
    options = ["--optimizer", "sgd", "--learning-rate", "10", "--clip", "0"]
    done = call(
        "core.rnn", "--task", "adding", "--recurrent-scale", "3", *options, "--json"
    )
    assert done.returncode == 1
    assert "the training exploded in epoch 1" in done.stderr
    assert json.loads(done.stdout)["epochs"] == 0
