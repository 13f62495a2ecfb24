"""A class at a moment, read once for all of its students: fifty look at it."""

import time
from dataclasses import dataclass
from functools import lru_cache

from core.runs.classes.classes import ClassTask, SchoolClass
from pages.ui.session import platform

UPDATE_SECONDS = 2.0
SHARED_SECONDS = 1.0  # in which all students see the same state of their class
STATES = 64


@dataclass(frozen=True, kw_only=True)
class ClassState:
    """A class, its tasks, and which are done by each student, by the member's id."""

    school_class: SchoolClass
    tasks: list[ClassTask]
    done: dict[str, set[str]]


def class_state(code: str) -> ClassState | None:
    """A class as it was a moment ago, or None if it has ended."""
    return _state_at(code, int(time.monotonic() / SHARED_SECONDS))


def forget_class_states() -> None:
    """Read all anew: who has changed something is to see it at once."""
    _state_at.cache_clear()


@lru_cache(STATES)
def _state_at(code: str, moment: int) -> ClassState | None:  # noqa: ARG001 - part of the key
    classes = platform().classes
    found = classes.get(code)
    if found is None:
        return None
    return ClassState(
        school_class=found, tasks=classes.tasks(code), done=classes.done_by_all(code)
    )
