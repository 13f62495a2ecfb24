"""All runs of a class in one figure, a dot each."""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

import streamlit as st

from core.registry import get_task
from core.runs.classes.board import all_runs
from core.runs.classes.board_state import BoardState
from core.runs.classes.figures import Found, measures_of, scatter, settings_of
from core.task import Measure
from pages.ui.address import persistent
from pages.ui.cache import shared_cache
from pages.ui.charts import theme
from pages.ui.live.part import live_part
from pages.ui.live.run import ink_of
from pages.ui.live.view import Query, View, digest, figure_block
from pages.ui.session import platform
from pages.ui.words import as_text

SECONDS = 3.0  # polling interval


@dataclass(frozen=True)
class Training:
    """A class's runs of one task that have results, with settings and measures."""

    runs: Found
    settings: list[str]
    measures: dict[str, Measure]
    version: str  # digest of the runs


HELP = {
    "Training": "The figure compares runs of one training.",
    "Setting": "The horizontal axis: does this setting matter?",
    "Result": "The vertical axis.",
}


def runs_figure(state, task_id: str, *, is_frozen: bool) -> None:
    """Draw the runs of one training with a result; a dot is a link to its run.

    `task_id` is that of one task of the class, or empty for all.
    """
    trainings = shared_cache(_trainings, state, task_id)
    st.subheader("All runs", anchor=False)
    query = {"task": task_id, "ink": theme(), **_choices(trainings)}
    code = state.school_class.code
    live_part(
        "board_runs",
        f"class_runs/{code}",
        _page(trainings),
        seconds=SECONDS,
        on_choose=_choose_dot,
        still=_view(state, query) if is_frozen else None,
        **query,
    )
    if trainings:
        runs = chain.from_iterable(training.runs for training in trainings.values())
        names = {run.id: member.name for member, run in runs}
        _link_to_dot(code, names)
    else:
        st.caption("A dot appears here for each finished run.")


def runs_view(owner: str | None, code: str, query: Query) -> View | None:
    """Return the figure of the runs of a class, for those who may see its board."""
    state = platform().boards.shown_to(owner, code)
    return state and _view(state, query)


def _view(state: BoardState, query: Query) -> View:
    known = {task.id for task in state.tasks}
    task_id = task if (task := query.get("task", "")) in known else ""
    trainings = shared_cache(_trainings, state, task_id)
    page = _page(trainings)
    task, setting, key = (query.get(k, "") for k in ("training", "setting", "measure"))
    training = trainings.get(task)
    if not training or setting not in training.settings or key not in training.measures:
        return View(key=("class_runs",), page=page, make=dict)  # unchanged
    measure, ink = training.measures[key], ink_of(query)

    def make() -> dict[str, object]:
        figure = scatter(training.runs, setting, measure, ink)
        count = len(training.runs)
        alt = f"{measure.title} of {count} runs over the setting {setting}"
        place = f"board_runs_{task}_{setting}_{key}"
        return {"blocks": [figure_block(place, figure, alt)]}

    shown = "class_runs", training.version, task, setting, key, ink
    return View(key=shown, page=page, make=make)


def _trainings(state: BoardState, task_id: str) -> dict[str, Training]:
    """Return the trainings with results by task name, the most frequent first."""
    runs = all_runs(state, task_id or None)
    found = [each for each in runs if each[1].summary]
    trainings = {}
    for task, _ in Counter(run.task for _, run in found).most_common():
        these = [each for each in found if each[1].task == task]
        states = [(member.name, tuple(state.stamps[run.id])) for member, run in these]
        trainings[task] = Training(
            runs=these,
            settings=settings_of(task, these),
            measures={measure.key: measure for measure in measures_of(task, these)},
            version=digest(states),
        )
    return trainings


def _page(trainings: dict[str, Training]) -> str:
    """Digest of the choices."""
    return digest(
        sorted((task, list(each.measures)) for task, each in trainings.items())
    )


def _choices(trainings: dict[str, Training]) -> dict[str, str]:
    """Draw the choices of the figure; return them as a query."""
    if not trainings:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        task = next(iter(trainings))
        if len(trainings) > 1:
            task = _choose("board_training", "Training", list(trainings), _title)
        measures = trainings[task].measures
        setting = _choose(
            f"board_setting_{task}",
            "Setting",
            trainings[task].settings,
            lambda name: name.replace("_", " "),
        )
        measure = _choose(
            f"board_measure_{task}",
            "Result",
            list(measures),
            lambda key: measures[key].title,
        )
    return {"training": task, "setting": setting, "measure": measure}


def _title(task: str) -> str:
    return get_task(task).TITLE


def _choose_dot(chosen) -> None:
    st.session_state["board_chosen"] = str(chosen["customdata"][0])


def _link_to_dot(code: str, names) -> None:
    """Draw the link to the run whose dot is chosen."""
    run_id = st.session_state.get("board_chosen")
    if run_id not in names:
        st.caption("Choose a dot to open its run.")
        return
    st.page_link(
        "pages/shared.py",
        label=f"Open the run of {as_text(names[run_id])}",
        icon=":material/open_in_full:",
        query_params={"class": code, "run": run_id},
    )


def _choose(key: str, label: str, options, title) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return st.selectbox(
        label,
        options,
        **persistent(key),
        format_func=title,
        width=280,
        help=HELP[label],
    )
