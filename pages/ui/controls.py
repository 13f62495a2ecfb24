"""Widgets for the settings of a task, with the bounds and words of its Config."""

import contextlib
import dataclasses
import math
import typing

import streamlit as st

from core.task import bounds_of

SHORT_UNITS = ("days", "windows", "steps")  # the others are in the help
WIDE = 1000  # a range of more than this factor is moved through by its default


def use(prefix: str, values) -> None:
    """Put settings into the widgets with a prefix. Before they are drawn."""
    for name, value in values.items():
        st.session_state[f"{prefix}_{name}"] = value


def setting(prefix: str, kind, name: str, shared: bool = False):
    """Draw the widget of one setting, keyed `<prefix>_<name>`.

    A shared setting is part of the page's address, so that a link carries it.
    """
    field = next(item for item in dataclasses.fields(kind) if item.name == name)
    bounds = bounds_of(field)
    unit = f" ({bounds.unit})" if bounds.unit in SHORT_UNITS else ""
    common = {
        "label": name.replace("_", " ").capitalize() + unit,
        "key": f"{prefix}_{name}",
        "help": bounds.help,
    }
    if shared:  # the address leaves out what is at its default
        _forget_infinity(common["key"])
        common |= {"bind": "query-params"}
        default = field.default
    else:
        common |= {"persist_state": "session"}
        st.session_state.setdefault(common["key"], field.default)
        default = None
    if bounds.options:
        return st.segmented_control(
            **common, options=bounds.options, default=default, required=True
        )
    whole = typing.get_type_hints(kind)[name] is int
    as_kind = int if whole else float
    return st.number_input(
        **common,
        min_value=as_kind(bounds.low),
        max_value=as_kind(bounds.high),
        value="min" if default is None else as_kind(default),
        step=1 if whole else _step(bounds, field.default),
        format="%d" if whole else "%.5g",
    )


def _forget_infinity(key: str) -> None:
    """Take an infinite number out of the address, which no widget survives."""
    with contextlib.suppress(ValueError):  # what is no number is left to the widget
        if math.isinf(float(st.query_params.get(key, 0))):
            st.query_params.pop(key)
            st.rerun()  # the widget reads the address as it was at the start


def _step(bounds, default: float) -> float:
    """Return a step that moves within the bounds without leaping over them."""
    if bounds.low == 0 and bounds.high <= 1:
        return 0.05
    if bounds.low > 0 and bounds.high / bounds.low > WIDE:
        return default / 10
    return bounds.high / 100
