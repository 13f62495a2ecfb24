"""Checkpoints on a disk or in an object store, written atomically."""

import contextlib
import logging
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from core.arrays import pack, unpack
from core.task import State

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[0-9a-f]{32}")
FILE_NAME = re.compile(r"[0-9a-f]{32}(?:\.(\d+))?\.npz")  # file of a run and execution
# Protocols whose writes are atomic; a rename would copy the file.
ATOMIC_WRITE = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "memory"}


@dataclass(frozen=True)
class Installation:
    """The owner of checkpoints: one store, by a random id."""

    id: str


def write_a_byte(place: str | Path) -> None:
    """Write a file to the place of checkpoints and remove it; an OSError on failure."""
    files, root = _open(place)
    files.makedirs(root, exist_ok=True)
    path = f"{root}/{secrets.token_hex(4)}.part"
    try:
        files.pipe_file(path, b"0")
    finally:
        with contextlib.suppress(FileNotFoundError):
            files.rm_file(path)


class Checkpoints:
    """The latest state of each run of an installation, in a folder all workers share.

    Each installation has its own folder in a place.

    Each execution of a run writes its own file, numbered by its start. Readers use the
    file of the latest start: an execution that was wrongly given up for dead cannot
    overwrite its successor's file.

    Parameters
    ----------
    place
        A folder, or an fsspec URL such as `file:///shared/checkpoints` or
        `s3://bucket/checkpoints`. The first save creates it.
    installation
        See `Store.installation`.
    """

    def __init__(self, place: str | Path, installation: Installation) -> None:
        self._files, root = _open(place)
        self.folder = f"{root}/installation-{installation.id}"
        protocol = self._files.protocol
        names = {protocol} if isinstance(protocol, str) else set(protocol)
        self._writes_atomically = bool(names & ATOMIC_WRITE)
        self._older: dict[str, list[str]] = {}  # by run; removed at the first save

    def save(self, run_id: str, state: State, epoch: int, start: int = 0) -> None:
        """Write the state atomically; `start` is the number of the execution."""
        path = self._path(run_id, start)
        self._write(path, pack({**state, "checkpoint epoch": np.array(epoch)}))
        for older in self._older.pop(run_id, ()):
            if older != path:
                self._remove(older)

    def load(self, run_id: str) -> tuple[State | None, int]:
        """Return the state and its epoch, or (None, 0) without a checkpoint.

        Unreadable files are skipped for those of earlier starts.
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
        """Remove a run's checkpoints and partial files."""
        self._older.pop(run_id, None)
        for path, _ in self._list(run_id):
            self._remove(path)

    def discard_all(self) -> None:
        """Remove the folder of the installation."""
        with contextlib.suppress(FileNotFoundError):
            self._files.rm(self.folder, recursive=True)

    def sizes(self) -> dict[str, int]:
        """Return the bytes of each run's checkpoints, by run id."""
        sizes: dict[str, int] = {}
        for path, size in self._list():
            run_id = _name(path).partition(".")[0]
            sizes[run_id] = sizes.get(run_id, 0) + size
        return sizes

    def read(self, run_id: str) -> bytes | None:
        """Return the bytes of a run's latest checkpoint, or None."""
        for path in self._newest_first(run_id):
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                return bytes(self._files.cat_file(path))
        return None

    def replace(self, run_id: str, content: bytes) -> None:
        """Replace all checkpoints of a run by one."""
        self.discard(run_id)
        self._write(self._path(run_id, 0), content)

    def copy(self, source: str, target: str) -> None:
        """Copy the latest checkpoint of one run, if there is one, to another."""
        if content := self.read(source):
            self.replace(target, content)

    def _write(self, path: str, content: bytes) -> None:
        if self._writes_atomically:
            self._files.pipe_file(path, content)
            return
        # Random: in containers on two machines, two workers may have one process id.
        part = f"{path.removesuffix('.npz')}.{secrets.token_hex(4)}.part"
        try:
            self._files.makedirs(self.folder, exist_ok=True)
            self._files.pipe_file(part, content)
            self._files.mv(part, path)
        except OSError:  # the disk is full, say: partial files would keep it full
            self._remove(part)
            raise

    def _newest_first(self, run_id: str) -> list[str]:
        """Return the paths of the run's checkpoints, the latest start first."""
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
            name = _name(entry["name"]).partition(".")[0]
            if RUN_ID.fullmatch(name) and wanted in (None, name):
                yield entry["name"], int(entry["size"] or 0)

    def _remove(self, path: str) -> None:
        with contextlib.suppress(FileNotFoundError):  # removed by another process
            self._files.rm_file(path)

    def _path(self, run_id: str, start: int) -> str:
        number = f".{start}" if start else ""
        return f"{self.folder}/{_checked(run_id)}{number}.npz"


def _open(place: str | Path) -> tuple[AbstractFileSystem, str]:
    """Return a place's file system, and its path there."""
    # A cached listing would miss the files of other machines.
    files, root = url_to_fs(str(place), use_listings_cache=False)
    return files, root


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _checked(run_id: str) -> str:
    if not RUN_ID.fullmatch(run_id):
        raise ValueError(f"run id: expected 32 hexadecimal digits, got {run_id!r}.")
    return run_id
