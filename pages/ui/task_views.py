"""Where the pages find what a task shows of its own: `pages/ui/<folder>/task.py`.

The folder has the name of the task's in `core/`. Such a module may have

live_blocks(run, points, query)
    What the panel of a run shows of its epochs; else the curves of all metrics.
in_widgets(page, run)
    The settings of a run by the names of the page's widgets; else those of its Config.
compared(task)
    The title, and the function that draws what compared runs have made; else nothing.
task_page(run)
    The page below its title; if it `is_shared()`, to look at only. Else the general
    one, `pages/ui/task/view.py`.
"""

from core.registry import part_of_task


def view_of_task(task: str, name: str, default):
    """Return what a task has under a name, or else the default."""
    return getattr(part_of_task(task, "task", "pages.ui"), name, default)
