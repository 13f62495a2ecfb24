"""The tasks that can be run. A new one is a folder in core/ and a line here."""

import functools
import hashlib
import importlib
from types import ModuleType
from typing import cast

from core.task import Task, UserError

TASKS = {
    "stock": "core.stock",
    "text": "core.lesson.writing",
    "adding": "core.lesson.adding",
    "emoji": "core.emoji",
    "music": "core.music",
}


def get_task(name: str) -> Task:
    """Import a task: a module with the interface `core.task.Task`."""
    if name not in TASKS:
        raise UserError(f"task: expected one of {', '.join(TASKS)}, got {name!r}.")
    return cast(Task, importlib.import_module(TASKS[name]))


def is_bundled(name: str, title: str, data: bytes) -> bool:
    """Whether encoded data of a task ship, so that they are nobody's own."""
    return (title, digest_of(data)) in _bundled(name)


@functools.cache
def _bundled(name: str) -> frozenset[tuple[str, str]]:
    task = get_task(name)
    return frozenset(
        (task.title(data), digest_of(task.encode_data(data))) for data in task.bundled()
    )


def digest_of(data: bytes) -> str:
    """Return what tells encoded data from others."""
    return hashlib.sha256(data).hexdigest()


def part_of_task(name: str, part: str) -> ModuleType:
    """Import a module beside a task's, such as "report" in core/lesson for "text"."""
    folder = ".".join(TASKS[name].split(".")[:2])
    return importlib.import_module(f"{folder}.{part}")
