"""The tasks that can be run. A new one is a room in core/ and a line here."""

import importlib
from typing import cast

from core.task import Room, UserError

TASKS = {
    "stock": "core.stock",
    "text": "core.lesson.text",
    "adding": "core.lesson.adding",
    "emoji": "core.emoji",
    "music": "core.music",
}


def room(task: str) -> Room:
    """Open a task's room: a module with the doors of `core.task.Room`."""
    if task not in TASKS:
        raise UserError(f"task: expected one of {', '.join(TASKS)}, got {task!r}.")
    return cast(Room, importlib.import_module(TASKS[task]))
