"""Command lines, run as a person runs them, and without a new process for each."""

import contextlib
import io
import json
import runpy
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from unittest import mock


@dataclass(frozen=True)
class Done:
    """What a command left."""

    returncode: int
    stdout: str
    stderr: str
    cpu_seconds: float = 0.0


def start(module, *arguments):
    """Run `python -m MODULE ...` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def call(module, *arguments):
    """Do in this process what `python -m MODULE ...` does."""
    began, status = time.process_time(), 0
    sys.modules.pop(f"{module}.__main__", None)  # a test may have imported from it
    imported = sys.modules.get(module)
    if imported and not hasattr(imported, "__path__"):  # what runs is not a package
        del sys.modules[module]
    with (
        mock.patch.object(sys, "argv", [module, *map(str, arguments)]),
        contextlib.redirect_stdout(io.StringIO()) as output,
        contextlib.redirect_stderr(io.StringIO()) as errors,
    ):
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        except SystemExit as end:
            status = end.code or 0
    if imported:
        sys.modules[module] = imported
    if isinstance(status, str):  # the last line of standard error
        errors.write(status + "\n")
        status = 1
    seconds = time.process_time() - began
    return Done(status, output.getvalue(), errors.getvalue(), seconds)


def call_all(module, cases):
    """Call it with each of the lists of arguments, in one new process for all.

    The seconds of each are those of a process of its own: with the start of Python and
    the imports.
    """
    done = subprocess.run(
        [sys.executable, "-m", __name__, module],
        input=json.dumps([list(map(str, case)) for case in cases]),
        capture_output=True,
        text=True,
        check=True,
    )
    return [Done(**each) for each in json.loads(done.stdout)]


if __name__ == "__main__":
    (_, command), cases = sys.argv, json.load(sys.stdin)
    call(command, "--help")
    begun = time.process_time()
    answers = [call(command, *case) for case in cases]
    answers = [replace(each, cpu_seconds=begun + each.cpu_seconds) for each in answers]
    json.dump(list(map(asdict, answers)), sys.stdout)
