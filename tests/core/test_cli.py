"""What the command lines of all tasks share."""

import io

from core.cli import follow
from core.registry import get_task


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
