"""A setting that takes one of many names, as a list to open."""

import dataclasses

import streamlit as st

from core.task import bounds_of


def choosing(prefix: str, kind, name: str) -> str:
    """Draw the list of one setting, keyed `<prefix>_<name>`."""
    field = next(item for item in dataclasses.fields(kind) if item.name == name)
    bounds = bounds_of(field)
    key = f"{prefix}_{name}"
    st.session_state.setdefault(key, field.default)
    return st.selectbox(
        name.replace("_", " ").capitalize(),
        bounds.options,
        format_func=lambda option: option[:1].upper() + option[1:],
        key=key,
        help=bounds.help,
        persist_state="session",
    )
