"""The downloads of a result on every page, and the upload of settings."""

from functools import partial

import streamlit as st

from core.registry import part_of_task
from core.settings_file import MAX_BYTES, read_settings, write_settings
from core.takeaway import make_notebook, make_report, needs_file
from core.task import UserError
from pages.ui.cache import session_cache
from pages.ui.download import download_tile
from pages.ui.intents import intent
from pages.ui.session import platform, reader

MOST_POINTS = 100_000  # all points of a run
NOTEBOOK, ZIP = "application/x-ipynb+json", "application/zip"
ABOUT = {
    "notebook": "Trains this run again on the same data, and compares the numbers. It "
    "needs Jupyter and the folder of Unrolled: start Jupyter there.",
    "report": "One page with verdicts, charts, key figures and settings, for reading "
    "offline and printing.",
    "settings": "All settings. *Load settings* under *Settings* reads them, and "
    "`--settings` in the terminal.",
    "model": "The trained weights, with the script below, which runs without this "
    "dashboard.",
}


def take_away(
    prefix: str,
    task: str,
    result,
    points=(),
    run_id: str | None = None,
    *,
    model: bool = True,
) -> None:
    """Draw the downloads; each file is made on demand.

    Parameters
    ----------
    prefix
        Of the page's widgets.
    task, result
        The name of the task, and the result.
    points
        Of a result without a run.
    run_id
        The run that the page may read, else None.
    model
        Whether the result has a model to take away.
    """
    version = run_id, result.config, result.epochs
    zipped = session_cache(
        prefix, "needs_file", version, lambda: needs_file(task, result)
    )
    notebook, report = _of_run(task, result, points, run_id)
    settings = partial(write_settings, task, result.config)
    files = [
        ("notebook", "Notebook (ZIP)", notebook, ".zip", ZIP)
        if zipped
        else ("notebook", "Notebook", notebook, ".ipynb", NOTEBOOK),
        ("report", "Report (HTML)", report, ".html", "text/html"),
        ("settings", "Settings (JSON)", settings, ".json", "application/json"),
    ]
    download = part_of_task(task, "download")
    model = model and download is not None
    if model:
        archive = partial(download.model_archive, result)
        files.append(("model", "Trained model (ZIP)", archive, ".zip", ZIP))
    with st.grid(4, min_column_width=200):
        for what, label, make, ending, mime in files:
            content, key = while_readable(make, run_id), f"{prefix}_download_{what}"
            download_tile(label, content, f"{what}{ending}", key, ABOUT[what], mime)
    if model:
        with st.expander("The script in the archive", icon=":material/code:"):
            st.code(download.script(result), "python")


def _of_run(task: str, result, points, run_id: str | None):
    """Return functions that make the notebook and the report of a result."""
    store, me = platform().store, reader()  # unknown when a file is made

    def run():
        return store.get(me, run_id) if run_id else None

    def all_points():
        return store.points(run_id, MOST_POINTS) if run() else points

    def notebook() -> bytes:
        found = run()
        stopped = found is not None and found.status == "stopped"
        made = make_notebook(task, result, all_points(), stopped=stopped)
        return made.content if made.data is None else made.zipped()

    def report() -> bytes:
        found = run()
        name = found.name if found else ""
        return make_report(task, result, all_points(), name=name)

    return notebook, report


def while_readable(make, *run_ids: str | None):
    """Return a function that makes a file of runs, while they may be read.

    An open page may show the results of a revoked link. An example has no id.
    """
    store, me = platform().store, reader()  # unknown when a file is made

    def file():
        if any(run_id and store.get(me, run_id) is None for run_id in run_ids):
            raise UserError("The run was deleted, or its link revoked.")
        return make()

    return file


def load_settings(prefix: str, tasks, set_values) -> None:
    """Draw the upload of a file of settings, which sets the widgets.

    `tasks` has the Config of each task that the page can train. `set_values` sets the
    widgets to settings (task, values), and may raise a UserError.
    """
    key = f"{prefix}_load_settings"
    st.file_uploader(
        "Load settings",
        type=["json"],
        max_upload_size=1,
        key=key,
        help="A file from *Settings (JSON)* in the tab *Take away*. It sets the "
        "hyperparameters and does not change the data.",
        on_change=intent(key, _load, key, tasks, set_values),
    )


def _load(key: str, tasks, set_values) -> None:
    if file := st.session_state[key]:
        set_values(*read_settings(file.getvalue()[: MAX_BYTES + 1], tasks))
