"""Records what each execution writes to the store, where no kill can undo it.

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
    "out_of_memory": "tests.chaos.out_of_memory",
}


def dask_setup(_):
    """Record the writes of a worker that loads this module. Called by Dask."""
    record_writes()


def record_writes():
    """Record every claim and every write of this process; add the tests' tasks."""
    registry.TASKS.update(TASKS)
    folder = Path(os.environ["UNROLLED_HOME"]) / "recorder"
    folder.mkdir(exist_ok=True)
    file = os.open(folder / f"{os.getpid()}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def record(**facts):
        os.write(file, json.dumps({**facts, "pid": os.getpid()}).encode() + b"\n")

    claim = RunWriter.claim.__func__

    @classmethod
    @functools.wraps(claim)
    def recorded_claim(cls, store, run_id):
        began = time.monotonic()
        writer = claim(cls, store, run_id)
        if writer is not None:
            start = {"start": writer.run.starts, "began": began}
            record(what="claim", run=run_id, ended=time.monotonic(), **start)
        return writer

    RunWriter.claim = recorded_claim
    for name in ("record", "rewind", "finish", "stopped"):
        setattr(RunWriter, name, _recorded(name, getattr(RunWriter, name), record))


def _recorded(name, write, record):
    @functools.wraps(write)
    def recorded(self, *args, **kwargs):
        facts = {"run": self.run.id, "start": self.run.starts}
        if name == "record":
            facts["epochs"] = [point.epoch for point in args[0]]
        if name == "finish":
            facts["status"] = args[0]
        began = time.monotonic()
        try:
            answer = write(self, *args, **kwargs)
        except Superseded:
            record(what="refused", began=began, ended=time.monotonic(), **facts)
            raise
        record(what=name, began=began, ended=time.monotonic(), **facts)
        return answer

    return recorded


def note_restore(home, began):
    """Record that a back-up was restored, from when to now."""
    folder = home / "recorder"
    folder.mkdir(exist_ok=True)  # no worker may have started yet
    with (folder / "restores").open("a") as file:
        times = {"began": began, "ended": time.monotonic()}
        file.write(json.dumps({"what": "restore", "run": None, **times}) + "\n")


def read(home):
    """All records in a home folder, in the order in which the writes began."""
    records = [
        json.loads(line)
        for path in (home / "recorder").iterdir()
        for line in path.read_text().splitlines()
    ]
    return sorted(records, key=lambda record: record["began"])
