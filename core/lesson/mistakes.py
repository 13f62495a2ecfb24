"""Deliberate mistakes: the code of a function with one changed line."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from core.recurrent import (
    Array,
    Gradients,
    Unrolled,
    UnrolledBack,
    unroll_back,
    weight_gradients,
)
from core.source import source


@dataclass(frozen=True)
class Mistake:
    """A line of a function, and its wrong version."""

    # The function
    module: str
    name: str
    # A part of its source that occurs once, and the mistake in its place
    line: str
    wrong: str

    @functools.cached_property
    def function(self) -> Callable[..., Any]:
        """The function with the mistake in it."""
        code = source(self.module, self.name)
        if code.count(self.line) != 1:
            raise LookupError(f"Expected {self.line!r} once in {self.name}.")
        namespace = dict(vars(import_module(self.module)))
        exec(code.replace(self.line, self.wrong), namespace)
        return namespace[self.name]  # type: ignore[no-any-return]


NOTHING_PASSED_ON = Mistake(
    "core.recurrent", "unroll_back", "carried = passed", "carried = carried"
)


def backpropagate(
    unrolled: Unrolled, dh: Array, mistake: Mistake | None = None
) -> tuple[UnrolledBack, Gradients]:
    """Backpropagate through time, with a mistake if one is given.

    Returns
    -------
    tuple
        What `unroll_back` and `weight_gradients` return.
    """
    back, sums = unroll_back, weight_gradients
    if mistake is not None and mistake.name == "unroll_back":
        back = mistake.function
    elif mistake is not None and mistake.name == "weight_gradients":
        sums = mistake.function
    elif mistake is not None:
        cell = replace(unrolled.cell, step_back=mistake.function)
        unrolled = replace(unrolled, cell=cell)
    found = back(unrolled, dh)
    return found, sums(unrolled, found.dz)
