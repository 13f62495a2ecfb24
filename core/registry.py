"""The tasks that can be run. A new one is a module with a `TASK`, and a line here."""

import functools
import hashlib
import importlib
import itertools
from types import ModuleType

from core.task import AnyTask, UserError

TASKS = {
    "stock": "core.stock",
    "text": "core.lesson.writing",
    "adding": "core.lesson.adding",
    "emoji": "core.emoji",
    "music": "core.music",
}


def get_task(name: str) -> AnyTask:
    """Import the module of a task, and return the task."""
    if name not in TASKS:
        raise UserError(f"task: expected one of {', '.join(TASKS)}, got {name!r}.")
    task: AnyTask = importlib.import_module(TASKS[name]).TASK
    return task


def is_bundled(name: str, title: str, data: bytes) -> bool:
    """Whether encoded data of a task are bundled, not uploaded.

    Bundled data are loaded until one is the same: to read all takes a second.
    """
    bundled = (_identity(name, place) for place in itertools.count())
    return (title, digest_of(data)) in itertools.takewhile(bool, bundled)


@functools.cache
def _identity(name: str, place: int) -> tuple[str, str] | None:
    """Return title and digest of a task's bundled data; None after the last ones."""
    task = get_task(name)
    for data in itertools.islice(task.bundled(), place, None):
        return task.title(data), digest_of(task.encode_data(data))
    return None


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of encoded data."""
    return hashlib.sha256(data).hexdigest()


def part_of_task(name: str, part: str, root: str = "core") -> ModuleType | None:
    """Import a module of a task's folder: "report" of "text" is core/lesson/report.py.

    Parameters
    ----------
    name
        Of the task.
    part
        Of the module in the folder of the task.
    root
        The package that has folders named like those of the tasks.

    Returns
    -------
    ModuleType or None
        None for a task without such a module.
    """
    module = f"{root}.{TASKS[name].split('.')[1]}.{part}"
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if f"{module}.".startswith(f"{error.name}."):
            return None
        raise


def tasks_on(page: str) -> list[str]:
    """Return the tasks of a page, the default one first."""
    return [name for name in TASKS if page in get_task(name).PAGES]
