"""What is taken away, as files that options of a command line name."""

from collections.abc import Sequence
from pathlib import Path

from core.cli import write_file
from core.takeaway.notebook import make_notebook
from core.task import Outcome, Point


def write_notebook(
    file: str,
    task: str,
    result: Outcome,
    points: Sequence[Point],
    *,
    stopped: bool = False,
) -> None:
    """Write a notebook and, where it is large, its data in a file beside it."""
    place = Path(file)
    made = make_notebook(task, result, points, stopped=stopped, name=place.stem)
    write_file("notebook", file, made.content)
    if made.data is not None:
        write_file("notebook", str(place.with_name(made.data_name)), made.data)
