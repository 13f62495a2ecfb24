"""The tasks that can be run. A new one is a folder in core/ and a line here."""

import importlib
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
