"""A Jupyter notebook that trains a run again and compares the numbers."""

import base64
import json
import re
import textwrap
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from core.arrays import zip_files
from core.cli import write_file
from core.registry import get_task
from core.source import source
from core.takeaway.render import LINE, render
from core.takeaway.report import report_of, settings_of
from core.task import Outcome, Point
from core.version import code_version, described, libraries

MOST_INSIDE = 2_000_000  # characters of data in the notebook; more are a file beside it
CELL = re.compile(r"^%% (markdown|code|folded code)\n", re.MULTILINE)
KERNEL = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


@dataclass(frozen=True, kw_only=True)
class Notebook:
    """A notebook, with its file of data."""

    content: bytes  # content of the .ipynb file
    data: bytes | None  # content of the file of data; None: in the notebook
    data_name: str  # the name of this file

    def zipped(self) -> bytes:
        """Return both files as one .zip."""
        assert self.data is not None
        name = str(Path(self.data_name).with_suffix(".ipynb"))
        return zip_files({name: self.content, self.data_name: self.data})


def needs_file(task: str, result: Outcome) -> bool:
    """Whether the data of a result are in a separate file, as they are large."""
    return len(_encoded(_data(task, result))) > MOST_INSIDE


def _data(task: str, result: Outcome) -> bytes:
    return zlib.compress(get_task(task).encode_data(result.data), 9)


def _encoded(data: bytes) -> str:
    return textwrap.fill(base64.b64encode(data).decode(), LINE)


def make_notebook(
    task: str,
    result: Outcome,
    points: Sequence[Point],
    *,
    stopped: bool = False,
    name: str = "",
) -> Notebook:
    """Write a notebook that repeats a training.

    Parameters
    ----------
    task
        Its name in the registry.
    result, points
        Of the training, with all epochs or some of them.
    stopped
        Whether it was stopped before its end.
    name
        Of the file, without its ending.
    """
    data = _data(task, result)
    inside = _encoded(data)
    beside = len(inside) > MOST_INSIDE
    data_name = f"{name or f'unrolled-{task}'}.data"
    text = render(
        "notebook.txt",
        **_values(task, result, points),
        stopped=stopped,
        data=inside,
        data_file=data_name if beside else None,
    )
    notebook = new_notebook(cells=_cells(text), metadata=KERNEL)
    return Notebook(
        content=nbformat.writes(notebook).encode(),
        data=data if beside else None,
        data_name=data_name,
    )


def _values(task: str, result: Outcome, points: Sequence[Point]) -> dict[str, object]:
    """Return the values of the template."""
    found, part = get_task(task), report_of(task)
    about = part.introduction(found, result)
    # Through JSON, as NumPy's numbers have no literals.
    stored = found.Result.decode(result.encode())
    epochs = {point.epoch: json.loads(json.dumps(point.metrics)) for point in points}
    return {
        "task": found,
        "about": about,
        "report": part.__name__,
        "loop": source(about.training, about.loop),
        "settings": settings_of(result.config),
        "epochs": result.summary()["epochs"],
        "recorded": json.loads(json.dumps(stored.summary())),
        "recorded_epochs": epochs,
        "libraries": libraries(),
        "version": described(),
        "code_version": code_version(),
    }


def _cells(text: str) -> list[nbformat.NotebookNode]:
    """Split a rendered template into cells; the code of folded cells is hidden."""
    _, *parts = CELL.split(text)
    cells: list[nbformat.NotebookNode] = []
    for kind, content in zip(parts[::2], parts[1::2], strict=True):
        place = {"id": f"cell-{len(cells)}", "source": content.strip()}
        if kind == "markdown":
            cells.append(new_markdown_cell(**place))
        else:
            folded = {"jupyter": {"source_hidden": True}} if "folded" in kind else {}
            cells.append(new_code_cell(**place, metadata=folded))
    return cells


def write_notebook(
    file: str,
    task: str,
    result: Outcome,
    points: Sequence[Point],
    *,
    stopped: bool = False,
) -> None:
    """Write a notebook and, if the data are large, a separate file of data."""
    place = Path(file)
    made = make_notebook(task, result, points, stopped=stopped, name=place.stem)
    write_file("notebook", file, made.content)
    if made.data is not None:
        write_file("notebook", str(place.with_name(made.data_name)), made.data)
