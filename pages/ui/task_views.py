"""The optional views of a task, in `pages/ui/<folder>/task.py`.

The folder is named as that of the task in `core/`. Such a module may have

live_blocks(run, points, query)
    The blocks of a run's panel; by default the curves of all metrics.
in_widgets(page, run)
    The settings of a run by the names of the page's widgets; by default its Config.
compared(task)
    The title and the function that draws samples of compared runs; by default none.
task_page(run, place)
    The page below its title, read-only if it `is_shared()`, with the state of its run
    at a place beside the title; by default the general one, `pages/ui/task/view.py`.
"""

from core.registry import part_of_task


def widgets_of(page: str, run) -> dict:
    """Return the settings of a run by the names of a page's widgets."""
    in_widgets = view_of_task(run.task, "in_widgets", lambda _, run: run.settings)
    return in_widgets(page, run)


def view_of_task(task: str, name: str, default):
    """Return a task's view, or the default."""
    return getattr(part_of_task(task, "task", "pages.ui"), name, default)
