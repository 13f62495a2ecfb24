"""What the pages show of a training of the lessons: a text, or the adding problem."""

import streamlit as st

from pages.ui.lesson.compare import errors_view, samples_view
from pages.ui.lesson.learning import epochs_view, live_blocks, run_view, tabs_view
from pages.ui.lesson.learning_setup import in_widgets
from pages.ui.task.settings import settings_view

__all__ = ["compared", "in_widgets", "live_blocks", "shared_view"]


def compared(task: str):
    """What compared runs have made."""
    return ("Samples", samples_view) if task == "text" else ("Errors", errors_view)


def shared_view(run) -> None:
    """Draw a run to look at."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        settings_view(run)
    with right:
        training = run_view("shared", run)
        if training:
            epochs_view("shared", training)
    if training:
        tabs_view("shared", training, run.id)
