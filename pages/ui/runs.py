"""The list of an owner's runs."""

import hashlib
import time
from dataclasses import replace
from textwrap import shorten
from urllib.parse import urlencode

import streamlit as st

from core.figures.palette import LETTERS
from core.registry import get_task
from core.runs.run import Run
from core.runs.store.run_list import (
    MAX_NAME,
    MAX_NOTE,
    MAX_SEARCH,
    Filter,
    annotate,
    delete,
    last_deleted,
    listed,
    rename,
    star,
    tasks_of,
    undo_delete,
)
from pages.ui.address import Link, persistent
from pages.ui.compare.results import digest_of_run
from pages.ui.frame import entries_of_tasks
from pages.ui.home import cards
from pages.ui.intents import button, intent
from pages.ui.links import page_of
from pages.ui.live.part import live_line, live_part
from pages.ui.live.state import place_in_queue
from pages.ui.live.view import Query, View, line_block, number
from pages.ui.session import owner, platform
from pages.ui.words import ago, as_text, duration, setting_text

PAGE_LENGTH = 20
MOST_COMPARED = len(LETTERS)
MOST_LISTED = 10_000
SHORT_NOTE = 200  # characters of a note on its card
UPDATE_SECONDS = 1
BADGES = {
    "queued": ":gray-badge[:material/hourglass_top: Waiting]",
    "running": ":blue-badge[:material/play_arrow: Training]",
    "stopped": ":orange-badge[:material/stop: Stopped]",
    "done": ":green-badge[:material/check: Finished]",
    "failed": ":red-badge[:material/error: Failed]",
}


def run_list() -> None:
    """List the owner's runs, a card each; rerun the page when one has changed."""
    store, me = platform().store, owner()
    tasks = tasks_of(store, me)
    _undo_line(last_deleted(store, me))
    if not tasks:
        st.info("No runs yet. Begin with one of these.", icon=":material/history:")
        cards(sorted(entries_of_tasks()), moving=False)
    st.page_link("pages/search.py", label="Searches", icon=":material/manage_search:")
    most = st.session_state.get("runs_most", PAGE_LENGTH)
    which = _filter(tasks) if tasks else Filter()
    runs, is_open = _listed(which, most + 1)
    if runs:
        _choice(runs[:most])
    elif tasks:
        st.info("No matching runs. Change the filter.", icon=":material/search_off:")
    for run in runs[:most]:
        _card(run)
    if len(runs) > most:
        more = {"runs_most": most + PAGE_LENGTH}
        button("Show more", "runs_more", st.session_state.update, more)
    # A rerun would close open details.
    live_part(
        "runs_live",
        "runs",
        None if is_open else _state(runs),
        seconds=UPDATE_SECONDS,
        **_query(which, most),
    )


def _listed(which: Filter, most: int) -> tuple[list[Run], bool]:
    """Return the newest runs that match, and whether details of one are open.

    Runs that are newer than the open details are left out: a new card moves the cards
    below it, which the browser then builds anew, and a name that is being typed there
    would be lost.
    """
    store, me, now = platform().store, owner(), time.time()
    runs = listed(store, me, which, most)
    if not any(_has_details_open(run) for run in runs):
        st.session_state["runs_until"] = now
        return runs, False
    until = st.session_state.get("runs_until", now)
    return listed(store, me, replace(which, until=until), most), True


def runs_view(owner: str | None, _subject: str, query: Query) -> View | None:
    """Return a line about each of the listed runs."""
    if owner is None:
        return None
    which = Filter(
        task=query.get("task"), starred="starred" in query, text=query.get("text", "")
    )
    most = int(number(query, "most", 1, MOST_LISTED))
    runs = listed(platform().store, owner, which, most + 1)
    lines = [line_block(run.id, _line(run)) for run in runs[:most]]
    return View(
        key=("runs", repr(lines)), page=_state(runs), make=lambda: {"blocks": lines}
    )


def _query(which: Filter, most: int) -> dict[str, str]:
    """The query of `runs_view`."""
    query = {"most": str(min(most, MOST_LISTED)), "text": which.text}
    if which.task:
        query["task"] = which.task
    return query | ({"starred": "true"} if which.starred else {})


def _state(runs) -> str:
    """Digest of the state of the listed runs, apart from their lines."""
    shown = ("id", "status", "stop", "own_name", "note", "starred")
    state = [[getattr(run, name) for name in shown] for run in runs]
    return hashlib.blake2b(repr(state).encode(), digest_size=12).hexdigest()


def _undo_line(deleted) -> None:
    if not deleted:
        return
    one = f"**{as_text(deleted[0].name)}**"
    what = one if len(deleted) == 1 else f"{len(deleted)} runs"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/delete: Deleted {what}.", width="content")
        button(
            "Undo",
            "runs_undo",
            undo_delete,
            platform().store,
            owner(),
            [run.id for run in deleted],
            icon=":material/undo:",
            type="tertiary",
            help="Restores the runs of the latest deletion, within an hour.",
        )


def _filter(tasks) -> Filter:
    """Draw the filter of the list."""
    chosen = st.session_state.get("runs_task")
    with st.container(horizontal=True, vertical_alignment="center"):
        text = st.text_input(
            "Search",
            max_chars=MAX_SEARCH,
            **persistent("runs_search"),
            type="search",
            icon=":material/search:",
            placeholder="Name, note, data or setting",
            label_visibility="collapsed",
            live=True,
            width=280,
        )
        task = st.pills(
            "Task",
            sorted({*tasks, chosen} - {None}),
            **persistent("runs_task"),
            format_func=_task_name,
            label_visibility="collapsed",
        )
        starred = st.toggle(
            "Starred",
            **persistent("runs_starred"),
            help="Lists runs with a star only.",
        )
    return Filter(task=task, starred=starred, text=text or "")


def _choice(runs) -> None:
    """Draw the buttons for the ticked ones of the runs."""
    ticked = _ticked(runs)
    reason = _why_not_compared(ticked)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(reason or f"{len(ticked)} runs ticked.", width="stretch")
        button(
            "Compare",
            "runs_compare",
            lambda: Link("compare", f"runs={','.join(r.id for r in _ticked(runs))}"),
            icon=":material/compare_arrows:",
            disabled=reason is not None,
            help="Shows the ticked runs side by side: curves, settings, results.",
        )
        _delete_button("runs_delete", lambda: _ticked(runs), disabled=not ticked)


def _why_not_compared(ticked) -> str | None:
    if not ticked:
        return "Tick two to eight runs of one task to compare them."
    if len(ticked) == 1:
        return "1 run ticked. Tick another one of the same task to compare them."
    if len(ticked) > MOST_COMPARED:
        return f"{len(ticked)} runs ticked: at most eight can be compared. Untick some."
    if len(tasks := sorted({_task_name(run.task) for run in ticked})) > 1:
        return (
            f"The ticked runs are of different tasks ({', '.join(tasks)}): only runs "
            "of one task can be compared."
        )
    if len({digest_of_run(owner(), run.id) for run in ticked}) > 1:
        return (
            "The ticked runs learned from different data, so their results cannot be "
            "compared. Tick runs on the same data."
        )
    return None


def _delete_button(key: str, chosen, disabled: bool = False) -> None:
    """Draw a button that deletes the runs that a function returns at the click."""
    button(
        "Delete",
        key,
        lambda: delete(platform().store, owner(), [run.id for run in chosen()]),
        icon=":material/delete:",
        type="tertiary",
        disabled=disabled,
        help="Stops and deletes runs with all results; Undo restores them within an "
        "hour.",
    )


def _ticked(runs):
    return [r for r in runs if st.session_state.get(f"runs_tick_{r.id}")]


def _has_details_open(run) -> bool:
    return st.session_state.get(f"runs_details_{run.id}", False)


def _card(run) -> None:
    with st.container(border=True, key=f"runs_{run.id}", gap="xsmall"):
        name = as_text(run.name)
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.checkbox(
                f"Tick {name}",
                **persistent(f"runs_tick_{run.id}"),
                label_visibility="collapsed",
            )
            _star_button(run)
            st.markdown(f"**{name}**", width="stretch")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_state_in_words(run), width="content")
            live_line(f"runs_line_{run.id}", "runs", run.id, _line(run))
            with st.container(horizontal=True, width="content"):
                _actions(run)
        if particulars := _particulars(run):
            st.caption(particulars)


def _star_button(run) -> None:
    button(
        ":orange[★]" if run.starred else "☆",
        f"runs_star_{run.id}",
        star,
        platform().store,
        owner(),
        run.id,
        not run.starred,
        type="tertiary",
        help="Removes the star." if run.starred else "Adds a star, for the filter.",
    )


def _actions(run) -> None:
    if run.active:
        button(
            "Stop",
            f"runs_stop_{run.id}",
            platform().stop,
            owner(),
            run.id,
            icon=":material/stop:",
            type="tertiary",
            disabled=run.stop,
        )
    icon = ":material/open_in_full:"
    button("Open", f"runs_open_{run.id}", _open, run, icon=icon)
    with st.popover(
        "Details",
        key=f"runs_details_{run.id}",
        icon=":material/tune:",
        on_change="rerun",
    ):
        _own_words(run)
        st.caption(_settings(run))
        _delete_button(f"runs_delete_{run.id}", lambda: [run])


def _own_words(run) -> None:
    """Draw the boxes for the name and the note of a run."""
    name, note = f"runs_name_{run.id}", f"runs_note_{run.id}"
    state, where = st.session_state, (platform().store, owner(), run.id)
    st.text_input(
        "Name",
        run.own_name or "",
        max_chars=MAX_NAME,
        key=name,
        placeholder=_usual_name(run),
        help="Replaces the default name, which has task, data and settings.",
        on_change=intent(name, lambda: rename(*where, state[name])),
    )
    st.text_area(
        "Note",
        run.note or "",
        max_chars=MAX_NOTE,
        key=note,
        help="Your notes on this run.",
        on_change=intent(note, lambda: annotate(*where, state[note])),
    )


def _state_in_words(run) -> str:
    """The state of a run, and its outcome."""
    ended = "" if run.active else f" {as_text(_outcome(run))}"
    return BADGES[run.status] + ended


def _line(run) -> str:
    """The progress of an unfinished run, and the time since the request."""
    begun = f"· {ago(run.created)}"
    return f"{_outcome(run)} {begun}" if run.active else begun


def _open(run) -> Link:
    page, query = page_of(run)
    return Link(page, urlencode(query))


def _task_name(task: str) -> str:
    return get_task(task).TITLE


def _usual_name(run) -> str:
    return replace(run, own_name=None).name


def _particulars(run) -> str:
    """The default name of a renamed run, and the note."""
    usual = _usual_name(run) if run.own_name else ""
    note = shorten(run.note or "", SHORT_NOTE, placeholder=" …")
    return " · ".join(filter(None, (as_text(usual), as_text(note))))


def _outcome(run) -> str:
    if run.status == "queued":
        return f"number {place_in_queue(run)} in the queue"
    if run.status == "running":
        if not run.total:
            return "preparing the data and the network"
        return f"epoch {int(run.progress)} of {run.total}"
    if run.status == "failed":
        return run.error or "unknown reason"
    found = get_task(run.task).headline(run.summary)
    return " · ".join(filter(None, (found, duration(run.seconds))))


def _settings(run) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {setting_text(value)}"
        for name, value in run.settings.items()
    )
