"""Commands that are killed while they train, beside files of an earlier training."""

import os
import pty
import signal
import subprocess
import sys
from contextlib import ExitStack, closing

import pytest

from tests.driver.core.outputs import COMMANDS, outputs

OLD = b"of an earlier training"
WORDS = {"core.emoji": ["--train"]}


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command != "core.runs"]
)
def test_a_command_killed_while_it_trains_leaves_the_files_it_would_write(
    command, tmp_path
):
    numbers = (signal.SIGTERM, signal.SIGKILL)
    with ExitStack() as stack:
        trainings = [
            stack.enter_context(closing(Training(command, tmp_path / number.name)))
            for number in numbers
        ]
        for training, number in zip(trainings, numbers, strict=True):
            training.wait_until_it_trains()
            training.process.send_signal(number)
            assert training.process.wait() == -number
            assert training.files() == dict.fromkeys(outputs(command), OLD)


class Training:
    """A command that trains, in a terminal, with a file for each of its outputs."""

    def __init__(self, command, folder):
        self.folder = folder
        folder.mkdir()
        words = [sys.executable, "-m", command, *WORDS.get(command, [])]
        assert outputs(command)
        for option in outputs(command):
            (folder / option).write_bytes(OLD)
            words += [f"--{option}", str(folder / option)]
        self.terminal, side = pty.openpty()  # which has the progress bar
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=side)
        os.close(side)

    def wait_until_it_trains(self):
        text = b""
        while b"epoch " not in text:
            text += os.read(self.terminal, 1000)

    def files(self):
        return {file.name: file.read_bytes() for file in self.folder.iterdir()}

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)
