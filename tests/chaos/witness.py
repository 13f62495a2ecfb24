"""What each execution writes into its writer, noted where no kill can undo it.

One file a process, one JSON object a line, written at once. The times are those of
the machine's monotonic clock, which is the same for all of its processes.
"""

import functools
import json
import os
import time
from pathlib import Path

from core import registry
from core.runs.run import Superseded
from core.runs.store import RunWriter

TASKS = {
    "counting": "tests.core.runs.counting",
    "poisoned": "tests.core.runs.poisoned",
    "hungry": "tests.chaos.hungry",
}


def dask_setup(_):
    """Watch a worker that loads this module. Called by Dask."""
    watch()


def watch():
    """Note every claim and every write of this process; add the tests' tasks."""
    registry.TASKS.update(TASKS)
    folder = Path(os.environ["UNROLLED_HOME"]) / "witness"
    folder.mkdir(exist_ok=True)
    file = os.open(folder / f"{os.getpid()}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(**facts):
        os.write(file, json.dumps({**facts, "pid": os.getpid()}).encode() + b"\n")

    claim = RunWriter.claim.__func__

    @classmethod
    @functools.wraps(claim)
    def noted_claim(cls, store, run_id):
        began = time.monotonic()
        writer = claim(cls, store, run_id)
        if writer is not None:
            start = {"start": writer.run.starts, "began": began}
            note(what="claim", run=run_id, ended=time.monotonic(), **start)
        return writer

    RunWriter.claim = noted_claim
    for name in ("record", "rewind", "finish", "stopped"):
        setattr(RunWriter, name, _noted(name, getattr(RunWriter, name), note))


def _noted(name, write, note):
    @functools.wraps(write)
    def noted(self, *args, **kwargs):
        facts = {"run": self.run.id, "start": self.run.starts}
        if name == "record":
            facts["epochs"] = [point.epoch for point in args[0]]
        began = time.monotonic()
        try:
            answer = write(self, *args, **kwargs)
        except Superseded:
            note(what="refused", began=began, ended=time.monotonic(), **facts)
            raise
        note(what=name, began=began, ended=time.monotonic(), **facts)
        return answer

    return noted


def read(home):
    """All that was noted in a home folder, in the order in which it began."""
    lines = [
        json.loads(line)
        for path in (home / "witness").iterdir()
        for line in path.read_text().splitlines()
    ]
    return sorted(lines, key=lambda line: line["began"])
