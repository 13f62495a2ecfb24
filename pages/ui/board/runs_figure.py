"""All runs of a class in one figure, a dot each."""

from collections import Counter

import streamlit as st

from core.runs.classes.board import all_runs
from core.runs.classes.figures import measures_of, scatter, settings_of
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink
from pages.ui.runs import TASKS
from pages.ui.words import as_text

HELP = {
    "Training": "Only runs of one training can be compared.",
    "Setting": "What is drawn across: did it make the difference?",
    "Result": "What is drawn up.",
}


def runs_figure(state, task_id: str | None) -> None:
    """Draw the runs of one training that have a result; a dot leads to its run."""
    finished = shared_cache(_with_result, state, task_id)
    st.subheader("All runs", anchor=False)
    if not finished:
        st.caption("There is a dot for each run that has ended with a result.")
        return
    counted = [task for task, _ in Counter(r.task for _, r in finished).most_common()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        task = counted[0]
        if len(counted) > 1:
            task = _choose("board_training", "Training", counted, TASKS.get)
        these = tuple(each for each in finished if each[1].task == task)
        setting = _choose(
            f"board_setting_{task}",
            "Setting",
            settings_of(task, these),
            lambda name: name.replace("_", " "),
        )
        measures = {m.key: m for m in measures_of(task, these)}
        measure = _choose(
            f"board_measure_{task}",
            "Result",
            list(measures),
            lambda key: measures[key].title,
        )
    key = f"board_runs_{task}_{setting}_{measure}"
    chart(
        shared_cache(_drawing, state, task_id, task, setting, measure, ink()),
        key,
        f"{measures[measure].title} of {len(these)} runs over the setting {setting}",
        on_select="rerun",
    )
    names = {run.id: member.name for member, run in these}
    _link_to_dot(state.school_class.code, key, names)


def _link_to_dot(code: str, key: str, names) -> None:
    """Draw the link to the run whose dot is chosen."""
    points = st.session_state.get(key, {}).get("selection", {}).get("points", ())
    run_id = points[0]["customdata"][0] if points else ""
    if run_id not in names:
        st.caption("Choose a dot to open its run.")
        return
    st.page_link(
        "pages/shared.py",
        label=f"Open the run of {as_text(names[run_id])}",
        icon=":material/open_in_full:",
        query_params={"class": code, "run": run_id},
    )


def _with_result(state, task_id: str | None):
    return tuple(each for each in all_runs(state, task_id) if each[1].summary)


def _drawing(state, task_id, task: str, setting: str, key: str, ink: str):
    found = [each for each in _with_result(state, task_id) if each[1].task == task]
    (measure,) = (each for each in measures_of(task, found) if each.key == key)
    return scatter(found, setting, measure, ink)


def _choose(key: str, label: str, options, title) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return st.selectbox(
        label,
        options,
        key=key,
        format_func=title,
        width=280,
        help=HELP[label],
        persist_state="session",
    )
