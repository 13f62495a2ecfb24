"""Checkpoints on disk: whole or not at all."""

import contextlib
import logging
import os
import re
from pathlib import Path

import numpy as np

from core.arrays import pack, unpack
from core.task import State

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[0-9a-f]{32}")


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
        self.write(run_id, pack({**state, "checkpoint epoch": np.array(epoch)}))

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
        """Remove a run's checkpoint, if there is one, and what is left of others."""
        for path in self.folder.glob(f"{self._path(run_id).stem}.*"):
            path.unlink(missing_ok=True)

    def sizes(self) -> dict[str, int]:
        """Return the bytes that each run's checkpoint takes, by run id."""
        sizes: dict[str, int] = {}
        for path in self.folder.iterdir():
            run_id = path.name.partition(".")[0]
            if RUN_ID.fullmatch(run_id):
                with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                    sizes[run_id] = sizes.get(run_id, 0) + path.stat().st_size
        return sizes

    def read(self, run_id: str) -> bytes | None:
        """Return a run's checkpoint as it is on disk, if there is one."""
        try:
            return self._path(run_id).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, run_id: str, content: bytes) -> None:
        """Put a checkpoint on disk, whole or not at all."""
        path = self._path(run_id)
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            part.write_bytes(content)
            part.replace(path)
        except OSError:  # half of it takes the room that there is none of
            part.unlink(missing_ok=True)
            raise

    def _path(self, run_id: str) -> Path:
        if not RUN_ID.fullmatch(run_id):
            raise ValueError(f"run id: expected 32 hexadecimal digits, got {run_id!r}.")
        return self.folder / f"{run_id}.npz"
