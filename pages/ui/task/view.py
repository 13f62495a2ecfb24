"""The general page of a task, and the page of a shared run of any task."""

import dataclasses
from functools import partial

import streamlit as st

from core.registry import get_task
from core.takeaway.report import key_figures
from pages.ui.address import bind, persistent, restore, set_widgets
from pages.ui.cache import points_of
from pages.ui.controls import checked, setting, settings_grid
from pages.ui.glossary import glossary
from pages.ui.live import panel
from pages.ui.session import is_shared
from pages.ui.shape import sides
from pages.ui.shared.link import heading
from pages.ui.takeaway import load_settings, take_away
from pages.ui.task.settings import settings_view
from pages.ui.task.tabs import open_tab
from pages.ui.task_views import view_of_task
from pages.ui.training import recall_settings, result_of, train


def shared_run(run) -> None:
    """Draw a run that is shared by a link or a class."""
    heading(get_task(run.task).TITLE, "A training and its result")
    place = st.container()
    view_of_task(run.task, "task_page", partial(task_page, run.task))(run, place)
    glossary()


def task_page(name: str, run, place) -> None:
    """Draw the settings, the training or its result, and the downloads."""
    choosing, seeing = sides()
    with choosing:
        run = (settings_view(run) if is_shared() else _setup(name, run)) or run
    with seeing:
        if run is None:
            st.caption("Choose the settings and press Train: the result appears here.")
        result = _run_view(name, run, place) if run else None
    if result:
        _tabs(name, run, result)


def _setup(name: str, run):
    """Draw data and settings, initially those of the run; return a started run."""
    if recall_settings(name, run):
        restore(name, {"bundled": run.title})
    task = get_task(name)
    st.subheader("Data")
    bundled = {task.title(data): data for data in task.bundled()}
    title = st.selectbox(
        "Data",
        list(bundled),
        **persistent(bind(f"{name}_bundled", next(iter(bundled)), list(bundled))),
        label_visibility="collapsed",
    )
    st.subheader("Model")
    button = st.container()
    with st.expander("Settings (hyperparameters)", icon=":material/tune:"):
        with settings_grid():
            values = {
                item.name: setting(name, task.Config, item.name)
                for item in dataclasses.fields(task.Config)
            }
        load_settings(name, {name: task.Config}, set_widgets)
    config, data = checked(task.Config, button, **values), bundled[title]
    ready = config is not None
    return train(name, name, config, data, button, ready=ready, names=values)


def _run_view(prefix: str, run, place):
    """Draw the progress of a run, or its figures and curves; return its result."""
    with place:
        panel.state_line(prefix, run)
    if panel.is_live(prefix, run):
        panel.follow(prefix, run)
        return None
    panel.ended(run)
    result = result_of(run)
    if result:
        rows = key_figures(run.task, result.summary())
        st.table(
            [dict(zip(("Figure", "Value", "Data"), row, strict=True)) for row in rows],
            alt="The figures by which runs are compared",
        )
    if points := points_of(run):
        panel.draw_curves(f"{prefix}_ended", points)
    return result


def _tabs(prefix: str, run, result) -> None:
    files = partial(take_away, prefix, run.task, result, (), run.id)
    open_tab(prefix, {"Take away": files})
