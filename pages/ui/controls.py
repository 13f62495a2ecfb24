"""Widgets for the settings of a task, with the bounds and words of its Config."""

import dataclasses
import typing

import streamlit as st

from core.task import bounds_of

SHORT_UNITS = ("days", "windows", "steps")  # the others are in the help


def use(task: str, values) -> None:
    """Put settings into the widgets of a task. Before they are drawn."""
    for name, value in values.items():
        st.session_state[f"{task}_{name}"] = value


def setting(task: str, kind, name: str):
    """Draw the widget of one numeric setting, keyed `<task>_<name>`."""
    field = next(item for item in dataclasses.fields(kind) if item.name == name)
    whole = typing.get_type_hints(kind)[name] is int
    bounds = bounds_of(field)
    key = f"{task}_{name}"
    st.session_state.setdefault(key, field.default)
    unit = f" ({bounds.unit})" if bounds.unit in SHORT_UNITS else ""
    limits = (int(bounds.low), int(bounds.high)) if whole else (bounds.low, bounds.high)
    return st.number_input(
        name.replace("_", " ").capitalize() + unit,
        *limits,
        step=1 if whole else _step(bounds.low, bounds.high),
        format="%d" if whole else "%.5g",
        key=key,
        help=bounds.help,
        persist_state="session",
    )


def _step(low: float, high: float) -> float:
    """Return a step that moves within the bounds without leaping over them."""
    return 0.05 if low == 0 else high / 100
