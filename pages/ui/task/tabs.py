"""Lazy tabs: only the open one is computed."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from pages.ui.address import bind
from pages.ui.session import is_shared


def tabs_of(prefix: str, names: Iterable[str]):
    """Draw tabs; return them by name. They are keyed `<prefix>_tabs`."""
    names = list(names)
    key = f"{'shared' if is_shared() else prefix}_tabs"
    bind(key, names[0], names)
    return dict(zip(names, st.tabs(names, key=key, on_change="rerun"), strict=True))


def draw_open(tabs, views: Mapping[str, Callable[[], object]]) -> None:
    """Draw the content of the tab that is open."""
    for name, draw in views.items():
        if tabs[name].open:
            with tabs[name]:
                draw()


def open_tab(prefix: str, views: Mapping[str, Callable[[], object]]) -> None:
    """Draw tabs with the content of the open one."""
    draw_open(tabs_of(prefix, views), views)
