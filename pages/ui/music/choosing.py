"""A setting that takes one of many names, as a list to open."""

import dataclasses

import streamlit as st

from core.task import bounds_of
from pages.ui.address import hold


def choosing(prefix: str, kind, name: str) -> str:
    """Draw the list of one setting, keyed `<prefix>_<name>`."""
    field = next(item for item in dataclasses.fields(kind) if item.name == name)
    bounds = bounds_of(field)
    return st.selectbox(
        name.replace("_", " ").capitalize(),
        bounds.options,
        format_func=lambda option: option[:1].upper() + option[1:],
        key=hold(f"{prefix}_{name}", field.default, bounds.options),
        help=bounds.help,
        persist_state="session",
    )
