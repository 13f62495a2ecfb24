"""Moments of an execution at which its worker stands still, to be killed there.

A file with the name of the moment asks for it. The first worker to reach the moment
renames the file, adding its process id, and waits until it is killed or the file is
gone.
"""

import functools
import os
import time
from contextlib import suppress
from pathlib import Path

from core.runs.worker import Execution

LAST_EPOCH = "last epoch"  # its checkpoint is saved, and nothing else is done
EVALUATION = "evaluation"  # of a run that has done all epochs
AFTER_STOP = "after stop"  # the result so far of a stopped run is computed


def stand_still(home):
    """Have the executions of this process stand still at moments that are asked for."""
    folder = _folder(home)
    handle, finish = Execution._handle, Execution._finish

    @functools.wraps(handle)
    def handle_and_stand_still(self, progress):
        ends = progress.final and bool(progress.metrics)
        if ends and (folder / LAST_EPOCH).exists():
            self.saved = float("-inf")  # a checkpoint is due
        answer = handle(self, progress)
        if self.ending:
            _stand_still(folder, AFTER_STOP)
        elif progress.final:
            _stand_still(folder, LAST_EPOCH if ends else EVALUATION)
        return answer

    @functools.wraps(finish)
    def stand_still_and_finish(self, result):
        _stand_still(folder, AFTER_STOP if self.ending else EVALUATION)
        return finish(self, result)

    Execution._handle = handle_and_stand_still
    Execution._finish = stand_still_and_finish


def _stand_still(folder, moment):
    reached = folder / f"{moment}.{os.getpid()}"
    with suppress(FileNotFoundError):  # it is not asked for
        (folder / moment).rename(reached)
        while reached.exists():
            time.sleep(0.01)


def ask(home, moment):
    """Ask for a moment: one worker will stand still at it."""
    (_folder(home) / moment).touch()


def reached(home, moment):
    """Return the id of a process that stands still at a moment, or None."""
    for path in _folder(home).glob(f"{moment}.*"):
        return int(path.suffix[1:])
    return None


def leave(home, moment, pid):
    """Remove the note that a process stands still: it is dead."""
    (_folder(home) / f"{moment}.{pid}").unlink(missing_ok=True)


def _folder(home):
    folder = Path(home) / "moments"
    folder.mkdir(exist_ok=True)
    return folder
