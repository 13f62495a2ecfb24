"""Checkpoints on disk: whole or not at all."""

import logging
import os
import re
from pathlib import Path

import numpy as np

from core.arrays import pack, unpack
from core.task import State

log = logging.getLogger(__name__)


class Checkpoints:
    """The latest state of each run, in one folder that all workers see.

    Parameters
    ----------
    folder
        Where the files are; created if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def save(self, run_id: str, state: State, epoch: int) -> None:
        """Write the state; a reader finds the old file or the new one, never half."""
        path = self._path(run_id)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(pack({**state, "checkpoint epoch": np.array(epoch)}))
        part.replace(path)

    def load(self, run_id: str) -> tuple[State | None, int]:
        """Return the state and its epoch, or (None, 0) where there is none."""
        path = self._path(run_id)
        try:
            state = unpack(path.read_bytes())
            return state, int(state.pop("checkpoint epoch"))
        except FileNotFoundError:
            return None, 0
        except (ValueError, KeyError) as error:
            log.warning("run %s: checkpoint unreadable, starts anew: %s", run_id, error)
            return None, 0

    def discard(self, run_id: str) -> None:
        """Remove a run's checkpoint, if there is one."""
        self._path(run_id).unlink(missing_ok=True)

    def _path(self, run_id: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", run_id):
            raise ValueError(f"run id: expected 32 hexadecimal digits, got {run_id!r}.")
        return self.folder / f"{run_id}.npz"
