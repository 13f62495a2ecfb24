"""Widgets for the settings of a task, with the bounds and words of its Config."""

import dataclasses
import typing

import streamlit as st

from core.task import bounds_of
from pages.ui.address import hold

SHORT_UNITS = ("days", "windows", "steps")  # the others are in the help
WIDE = 1000  # a range of more than this factor is moved through by its default


def setting(prefix: str, kind, name: str, default=None):
    """Draw the widget of one setting, keyed `<prefix>_<name>`.

    The default is that of the kind of settings, unless another is given, such as a
    preset's.
    """
    field = next(item for item in dataclasses.fields(kind) if item.name == name)
    bounds = bounds_of(field)
    if default is None:
        default = field.default
    unit = f" ({bounds.unit})" if bounds.unit in SHORT_UNITS else ""
    common = {
        "label": name.replace("_", " ").capitalize() + unit,
        "help": bounds.help,
        "persist_state": "session",
    }
    key = f"{prefix}_{name}"
    if bounds.options:
        return st.segmented_control(
            **common,
            key=hold(key, default, bounds.options),
            options=bounds.options,
            required=True,
        )
    whole = typing.get_type_hints(kind)[name] is int
    as_kind = int if whole else float
    low, high = as_kind(bounds.low), as_kind(bounds.high)
    return st.number_input(
        **common,
        key=hold(key, as_kind(default), low=low, high=high),
        min_value=low,
        max_value=high,
        step=1 if whole else _step(bounds, field.default),
        format="%d" if whole else "%.5g",
    )


def _step(bounds, default: float) -> float:
    """Return a step that moves within the bounds without leaping over them."""
    if bounds.low == 0 and bounds.high <= 1:
        return 0.05
    if bounds.low > 0 and bounds.high / bounds.low > WIDE:
        return default / 10
    return bounds.high / 100
