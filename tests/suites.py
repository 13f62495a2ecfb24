"""`make check`: run suites, go on after a red one, and end with a table of all.

python -m tests.suites [NAME ...]
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from typing import BinaryIO

BROWSERS = "sh tests/install.sh --firefox"
PYTEST = ".venv/bin/pytest"
SUITES = {  # name -> shell command
    **{name: f"make {name}" for name in ("test", "lint", "types", "audit", "walk")},
    "tours": f"{BROWSERS} && {PYTEST} --numprocesses 2 --dist loadfile "
    "--no-loadscope-reorder tests/tours",
    "load": f"{BROWSERS} && {PYTEST} tests/load",
    "chaos": f"{BROWSERS} && {PYTEST} tests/chaos",
    "hosts": f"{BROWSERS} && {PYTEST} tests/hosts",
    "claims": f"nice {PYTEST} tests/claims",
    "long": f"{BROWSERS} && nice {PYTEST} tests/long",
}
# Network interfaces that come and go, killed processes and a load disturb a browser
# beside them. These run side by side at the end: the first two mostly wait, and the
# others compute at a lower priority meanwhile.
TOGETHER = ("chaos", "hosts", "claims", "long")

Outcomes = dict[str, tuple[str, float]]  # of a suite: "passed" or what else, seconds


def run(names: list[str], outcomes: Outcomes, interrupted: threading.Event) -> None:
    """Run suites side by side, and note how each ends.

    Several show their output when they end, as it would be mixed otherwise.
    """
    began, running = time.monotonic(), {}
    with ExitStack() as stack:
        files = {}
        if len(names) > 1:
            files = {n: stack.enter_context(tempfile.TemporaryFile()) for n in names}
        for name in names:
            _say(f"{name}: {SUITES[name]}")
            running[name] = _start(SUITES[name], files.get(name))
        while running and not interrupted.wait(0.1):
            for name, process in [*running.items()]:
                if process.poll() is None:
                    continue
                del running[name]
                result = "FAILED" if process.returncode else "passed"
                outcomes[name] = result, time.monotonic() - began
                if name in files:
                    _show(name, files[name])
        for name, process in running.items():
            _stop(process)
            outcomes[name] = "interrupted", time.monotonic() - began


def _start(command: str, output: BinaryIO | None) -> subprocess.Popen:
    """Start a command in a process group of its own."""
    return subprocess.Popen(
        ["sh", "-c", command], stdout=output, stderr=output, start_new_session=True
    )


def _show(name: str, output: BinaryIO) -> None:
    _say(f"the output of {name}")
    output.seek(0)
    sys.stdout.buffer.write(output.read())
    sys.stdout.flush()


def _stop(process: subprocess.Popen) -> None:
    """Interrupt a suite and all that it started; kill what is left after a while."""
    for number in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)


def table(names: list[str], outcomes: Outcomes) -> str:
    """Return a line per suite: its name, its result, its seconds."""
    rows = [(name, *outcomes.get(name, ("not run", 0.0))) for name in names]
    lines = [f"{name:<8}{result:<13}{seconds:>7.0f}" for name, result, seconds in rows]
    return "\n".join([f"{'suite':<8}{'result':<13}{'seconds':>7}", *lines])


def main(chosen: list[str]) -> int:
    """Run suites; return 0 if all are green, 1 if one is red, 130 if interrupted."""
    if unknown := set(chosen) - set(SUITES):
        sys.stderr.write(
            f"expected suites among {' '.join(SUITES)}, got {' '.join(unknown)}\n"
        )
        return 2
    names = [name for name in SUITES if name in (chosen or SUITES)]
    together = [name for name in names if name in TOGETHER]
    groups = [[name] for name in names if name not in TOGETHER]
    interrupted = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupted.set())
    outcomes: Outcomes = {}
    for group in [*groups, together]:
        if not interrupted.is_set():
            run(group, outcomes, interrupted)
    sys.stdout.write(f"\n{table(names, outcomes)}\n")
    if interrupted.is_set():
        return 130
    return int(any(result != "passed" for result, _ in outcomes.values()))


def _say(text: str) -> None:
    sys.stdout.write(f"\n== {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
