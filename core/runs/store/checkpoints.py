"""Checkpoints on a disk or in an object store: whole or not at all."""

import contextlib
import logging
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from fsspec.core import url_to_fs

from core.arrays import pack, unpack
from core.task import State

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[0-9a-f]{32}")
FILE_NAME = re.compile(r"[0-9a-f]{32}(?:\.(\d+))?\.npz")  # of a run, by one execution
# Where writing a file is one step already. Renaming would copy it there.
ATOMIC_WRITE = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "memory"}


class Checkpoints:
    """The latest state of each run, in one folder that all workers see.

    Each execution of a run writes a file of its own, known by the number of its
    start. A reader takes that of the latest start, so that an execution which was
    given up for dead and is not cannot undo what its successor saved.

    Parameters
    ----------
    place
        Where the files are: a folder, or the URL of one that fsspec can open, such
        as `file:///shared/checkpoints` or `s3://bucket/checkpoints`. Created if it
        is missing.
    """

    def __init__(self, place: str | Path) -> None:
        # A remembered listing would not show what other machines have written.
        self._files, self.folder = url_to_fs(str(place), use_listings_cache=False)
        protocol = self._files.protocol
        names = {protocol} if isinstance(protocol, str) else set(protocol)
        self._writes_atomically = bool(names & ATOMIC_WRITE)
        self._older: dict[str, list[str]] = {}  # by run, for the first save to remove
        self._files.makedirs(self.folder, exist_ok=True)

    def save(self, run_id: str, state: State, epoch: int, start: int = 0) -> None:
        """Write the state; a reader finds the old file or the new one, never half.

        `start` is the number of the execution among all of the run.
        """
        path = self._path(run_id, start)
        self._write(path, pack({**state, "checkpoint epoch": np.array(epoch)}))
        for older in self._older.pop(run_id, ()):
            if older != path:
                self._remove(older)

    def load(self, run_id: str) -> tuple[State | None, int]:
        """Return the state and its epoch, or (None, 0) where there is none.

        An unreadable file is passed over for that of an earlier start.
        """
        self._older[run_id] = found = self._newest_first(run_id)
        for path in found:
            try:
                state = unpack(self._files.cat_file(path))
                return state, int(state.pop("checkpoint epoch"))
            except FileNotFoundError:  # another execution has removed it
                continue
            except (ValueError, KeyError) as error:
                log.warning("run %s: checkpoint unreadable: %s", run_id, error)
        if found:
            log.warning("run %s: no checkpoint to go on from, starts anew", run_id)
        return None, 0

    def discard(self, run_id: str) -> None:
        """Remove a run's checkpoints, if there are any, and what is left of others."""
        self._older.pop(run_id, None)
        for path, _ in self._list(run_id):
            self._remove(path)

    def sizes(self) -> dict[str, int]:
        """Return the bytes that each run's checkpoints take, by run id."""
        sizes: dict[str, int] = {}
        for path, size in self._list():
            run_id = _name(path).partition(".")[0]
            sizes[run_id] = sizes.get(run_id, 0) + size
        return sizes

    def read(self, run_id: str) -> bytes | None:
        """Return a run's latest checkpoint as it was written, if there is one."""
        for path in self._newest_first(run_id):
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                return bytes(self._files.cat_file(path))
        return None

    def replace(self, run_id: str, content: bytes) -> None:
        """Put a checkpoint in the place of all that the run has."""
        self.discard(run_id)
        self._write(self._path(run_id, 0), content)

    def copy(self, source: str, target: str) -> None:
        """Give a run the latest checkpoint of another one, if that has one."""
        if content := self.read(source):
            self.replace(target, content)

    def _write(self, path: str, content: bytes) -> None:
        if self._writes_atomically:
            self._files.pipe_file(path, content)
            return
        # Random: in containers on two machines, two workers may have one process id.
        part = f"{path.removesuffix('.npz')}.{secrets.token_hex(4)}.part"
        try:
            self._files.pipe_file(part, content)
            self._files.mv(part, path)
        except OSError:  # the disk is full, say: halves would keep it so
            self._remove(part)
            raise

    def _newest_first(self, run_id: str) -> list[str]:
        """Return the run's checkpoints, that of the latest start first."""
        starts = {
            path: int(match[1] or 0)
            for path, _ in self._list(run_id)
            if (match := FILE_NAME.fullmatch(_name(path)))
        }
        return sorted(starts, key=starts.__getitem__, reverse=True)

    def _list(self, run_id: str | None = None) -> Iterator[tuple[str, int]]:
        """Yield path and size of all files of a run, or of all runs."""
        wanted = None if run_id is None else _checked(run_id)
        entries = []
        with contextlib.suppress(FileNotFoundError):  # an object store without any
            entries = self._files.ls(self.folder, detail=True)
        for entry in entries:
            of = _name(entry["name"]).partition(".")[0]
            if of == wanted or (wanted is None and RUN_ID.fullmatch(of)):
                yield entry["name"], int(entry["size"] or 0)

    def _remove(self, path: str) -> None:
        with contextlib.suppress(FileNotFoundError):  # by another one already
            self._files.rm_file(path)

    def _path(self, run_id: str, start: int) -> str:
        number = f".{start}" if start else ""
        return f"{self.folder}/{_checked(run_id)}{number}.npz"


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _checked(run_id: str) -> str:
    if not RUN_ID.fullmatch(run_id):
        raise ValueError(f"run id: expected 32 hexadecimal digits, got {run_id!r}.")
    return run_id
