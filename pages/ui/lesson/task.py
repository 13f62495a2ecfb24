"""The views of the lessons' trainings, for comparisons and links."""

from pages.ui.lesson.compare import errors_view, samples_view
from pages.ui.lesson.learning import columns, live_blocks
from pages.ui.lesson.learning_setup import in_widgets
from pages.ui.task.settings import settings_view

__all__ = ["compared", "in_widgets", "live_blocks", "task_page"]


def compared(task: str):
    """Return title and view of this task's part of a comparison."""
    return ("Samples", samples_view) if task == "text" else ("Errors", errors_view)


def task_page(run, place) -> None:
    """Draw a read-only run as the lesson does."""
    columns("shared", run, place, lambda: (run.task, settings_view(run)))
