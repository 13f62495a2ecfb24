"""Notebooks of small trainings, and their execution in a kernel."""

import nbformat
from nbclient import NotebookClient

from core.registry import get_task
from core.runs.settings import PROJECT
from core.takeaway import make_notebook
from core.takeaway.repetition import Repetition

SAME = "The same: all "


def tiny_run(task, data=None, last_epoch=None):
    """Train the tiny case of a task, or on other data; return result and points."""
    config, few = get_task(task).tiny()
    training = Repetition(get_task(task).train(config, data or few), last_epoch)
    for _ in training:
        pass
    return training.result, training.points


def tiny_notebook(task):
    result, points = tiny_run(task)
    return make_notebook(task, result, points)


def execute(content, folder, monkeypatch, project=PROJECT):
    """Execute a notebook in a folder; return what each of its cells printed."""
    monkeypatch.setenv("UNROLLED", str(project))
    notebook = nbformat.reads(content, as_version=4)
    nbformat.validate(notebook)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, resources=resources).execute()
    return [
        "".join(output.get("text", "") for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
