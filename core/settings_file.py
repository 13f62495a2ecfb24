"""Settings as a JSON file."""

import json
from collections.abc import Mapping

from core.task import ConfigError, DataError, Scalar, Settings
from core.version import described

MAX_BYTES = 100_000
EXPECTED = 'expected a JSON object with "task" and "settings", as Unrolled writes it'


def write_settings(task: str, config: Settings) -> bytes:
    """Write the settings of a task, all of them, and the version of the code."""
    content = {"task": task, "settings": config.values, "version": described()}
    return (json.dumps(content, indent=2) + "\n").encode()


def read_settings(
    content: bytes, tasks: Mapping[str, type[Settings]]
) -> tuple[str, dict[str, Scalar]]:
    """Return task and settings of a file.

    A file may have some of the settings only; each is checked.

    `tasks` has the Config of each possible task.

    Raise a DataError if it is no file of settings; a ConfigError if it is of another
    task, or a setting is unknown or out of bounds.
    """
    if len(content) > MAX_BYTES:
        raise DataError(
            f"Settings: expected a file of at most {MAX_BYTES // 1000} kB, got a "
            "larger one. Choose a file of settings."
        )
    try:
        found = json.loads(content.decode("utf-8-sig"))
        json.dumps(found, ensure_ascii=False).encode()  # no half of a character
        task, settings = found["task"], {**found["settings"]}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(f"Settings: {EXPECTED}; got something else.") from error
    if not isinstance(task, str) or task not in tasks:
        raise ConfigError(
            f"Settings: expected those of {' or '.join(tasks)}, got those of "
            f"{str(task)[:40]!r}. Load them on the page of that task."
        )
    checked = tasks[task].from_dict(settings).values
    return task, {name: checked[name] for name in settings}
