"""The list of a person's runs."""

import streamlit as st

from core.registry import get_task
from pages.ui.session import owner, platform
from pages.ui.words import ago, as_text, duration, setting_text

LESSON_TASKS = ("text", "adding")  # the others are on the page of their name
LEARNING = "Learning"  # the step of a lesson that shows its runs
PAGE_LENGTH = 20
UPDATE_SECONDS = 1
BADGES = {
    "queued": ":gray-badge[:material/hourglass_top: Waiting]",
    "running": ":blue-badge[:material/play_arrow: Training]",
    "stopped": ":orange-badge[:material/stop: Stopped]",
    "done": ":green-badge[:material/check: Finished]",
    "failed": ":red-badge[:material/error: Failed]",
}


def run_list() -> None:
    """List the owner's runs, a card each, kept up to date."""
    st.fragment(_list, run_every=UPDATE_SECONDS)()


def _list() -> None:
    most = st.session_state.get("runs_most", PAGE_LENGTH)
    runs = platform().store.runs_of(owner(), most + 1)
    if not runs:
        st.info(
            "No runs yet. Train a network, and it is listed here.",
            icon=":material/history:",
        )
        st.page_link(
            "pages/stock.py", label="Train on prices", icon=":material/arrow_forward:"
        )
        return
    for run in runs[:most]:
        _card(run)
    if len(runs) > most and st.button("Show more", key="runs_more"):
        st.session_state["runs_most"] = most + PAGE_LENGTH
        st.rerun(scope="fragment")


def _card(run) -> None:
    with st.container(border=True, key=f"runs_{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"{BADGES[run.status]} **{as_text(run.name)}** · {_outcome(run)}",
                width="stretch",
            )
            if run.active:
                st.button(
                    "Stop",
                    key=f"runs_stop_{run.id}",
                    icon=":material/stop:",
                    type="tertiary",
                    disabled=run.stop,
                    on_click=platform().stop,
                    args=(owner(), run.id),
                )
            if st.button(
                "Open", key=f"runs_open_{run.id}", icon=":material/open_in_full:"
            ):
                _open(run)
        st.caption(f"{ago(run.created)} · {_settings(run)}")


def _open(run) -> None:
    """Go to the page that shows a run."""
    if run.task not in LESSON_TASKS:
        st.switch_page(f"pages/{run.task}.py", query_params={"run": run.id})
    cell = run.settings.get("cell", "lstm")  # the adding problem is on both pages
    st.switch_page(
        f"pages/{cell}.py", query_params={"run": run.id, f"{cell}_step": LEARNING}
    )


def _outcome(run) -> str:
    if run.status == "queued":
        return f"number {platform().store.position(run.id)} in the queue"
    if run.status == "running":
        return f"epoch {int(run.progress)} of {run.total or '?'}"
    if run.status == "failed":
        return as_text(run.error or "")
    found = get_task(run.task).headline(run.summary)
    return " · ".join(filter(None, (found, duration(run.seconds))))


def _settings(run) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {setting_text(value)}"
        for name, value in run.settings.items()
    )
