"""The tasks that can be run. A new one is a folder in core/ and a line here."""

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


def is_bundled(task: Task, data: object) -> bool:
    """Whether data of a task ship, so that they are nobody's own."""
    return any(
        task.title(each) == task.title(data)
        and task.encode_data(each) == task.encode_data(data)
        for each in task.bundled()
    )


def part_of_task(name: str, part: str) -> ModuleType:
    """Import a module beside a task's, such as "report" in core/lesson for "text"."""
    folder = ".".join(TASKS[name].split(".")[:2])
    return importlib.import_module(f"{folder}.{part}")
