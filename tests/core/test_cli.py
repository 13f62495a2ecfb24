"""What the command lines of all tasks share."""

import io
import json
import sys

import pytest

from core.cli import follow
from core.lesson.command import main
from core.registry import get_task
from tests.core.command import call
from tests.driver.core.outputs import COMMANDS, WORDS, outputs


class Terminal(io.StringIO):
    def isatty(self):
        return True


def trained(monkeypatch, output, as_json=False):
    """Standard error of a training of three epochs."""
    monkeypatch.setattr("sys.stderr", output)
    task = get_task("adding")
    follow(task.train(*task.tiny()), as_json)
    return output.getvalue()


def test_in_a_file_a_training_leaves_one_line(monkeypatch):
    written = trained(monkeypatch, io.StringIO())
    assert "\r" not in written
    (line,) = written.splitlines()
    assert line.startswith("[##############################] epoch 3/3  rnn_mse")


def test_in_a_terminal_the_bar_is_drawn_over_itself(monkeypatch):
    written = trained(monkeypatch, Terminal())
    assert written.startswith("\r[")
    assert written.endswith("\n")
    assert "epoch 3/3" in written


def test_beside_json_a_training_is_silent_but_in_a_terminal(monkeypatch):
    assert trained(monkeypatch, io.StringIO(), as_json=True) == ""
    assert "epoch 3/3" in trained(monkeypatch, Terminal(), as_json=True)


def learn_adding(monkeypatch, capsys, *words):
    """What `python -m core.lstm` prints for the adding problem."""
    small = ["--epochs", "1", "--steps", "2", "--batch", "2", "--length", "5"]
    line = ["core.lstm", "--task", "adding", *small, "--json", *words]
    monkeypatch.setattr(sys, "argv", line)
    main("lstm")
    return json.loads(capsys.readouterr().out)


def test_options_count_more_than_a_file_of_settings(monkeypatch, capsys, tmp_path):
    file, notebook = tmp_path / "s.json", tmp_path / "n.ipynb"
    settings = {"units": 5, "epochs": 9}
    file.write_text(json.dumps({"task": "adding", "settings": settings}))
    words = ["--settings", str(file), "--notebook", str(notebook)]
    assert learn_adding(monkeypatch, capsys, *words)["epochs"] == 1
    code = notebook.read_text()
    assert "    units=5," in code
    assert "    epochs=1," in code


def test_a_notebook_that_cannot_be_written_is_refused_before_the_training(
    monkeypatch, capsys, tmp_path
):
    with pytest.raises(SystemExit) as end:
        learn_adding(monkeypatch, capsys, "--notebook", str(tmp_path))
    assert end.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--notebook" in line
    assert "expected a file that can be written" in line


@pytest.mark.parametrize("command", COMMANDS)
def test_each_file_that_a_command_writes_is_refused_at_once_in_a_wrong_place(
    command, tmp_path
):
    assert outputs(command)
    for option in outputs(command):
        for place in (tmp_path, tmp_path / "no-such-folder" / "file"):
            words = (*WORDS.get(command, ()), f"--{option}", place)
            done = call(command, *words)
            assert (done.returncode, done.stdout) == (2, "")
            (line,) = done.stderr.splitlines()
            assert f"--{option}: {place}: expected a file that can be written" in line
    assert not list(tmp_path.iterdir())
