"""The frame of every page: navigation, set-up of a page, class line and path."""

from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.process import one_thread
from core.registry import TASKS, get_task
from pages.ui.address import arrive, is_general, script_of
from pages.ui.admin import has_admin_page
from pages.ui.classes.bar import class_bar
from pages.ui.components import read
from pages.ui.controls import adapt_widgets
from pages.ui.intents import flash_place, forget_intents, run_intents
from pages.ui.path.panel import beside_path
from pages.ui.session import open_share, platform
from pages.ui.web.scripts import script

ROOT = Path(__file__).parents[1]
# Contrast and sizes that the theme cannot set (WCAG 2.2: 1.4.3, 1.4.11, 2.5.8), and
# what frame.js does on all pages.
_contrast = st.components.v2.component(
    "contrast",
    css=read("contrast.css", "shape.css"),
    js=script("frame.js"),
    isolate_styles=False,  # the styles are for Streamlit's own elements
)
ICON = ROOT / "ui" / "icon.png"


class Entry(NamedTuple):
    """A page in the menu; with the label of its link, also a card on Home."""

    name: str
    title: str
    icon: str
    help: str
    link: str = ""


FIRST = (
    Entry("home", "Home", "home", "An overview, and the state of the workers."),
    Entry("path", "Path", "route", "Eleven stations in two hours, from page to page."),
    Entry(
        "rnn",
        "RNN",
        "repeat",
        "The simplest recurrent network: every multiplication in its cell, and the "
        "gradient that vanishes on the way back.",
        "Open the RNN",
    ),
    Entry(
        "lstm",
        "LSTM",
        "memory",
        "Three gates and a second state keep what the RNN loses. Every gradient is "
        "checked against finite differences.",
        "Open the LSTM",
    ),
    Entry(
        "gru",
        "GRU",
        "adjust",
        "One state and two gates; and the minGRU of 2024, all of whose steps can be "
        "computed at once. Four cells compared.",
        "Open the GRU",
    ),
)
LAST = (
    Entry(
        "runs",
        "Runs",
        "history",
        "Everything you trained in this browser, with settings and results. "
        "Training continues when you close the page.",
        "See your runs",
    ),
    Entry(
        "classes",
        "Class",
        "groups",
        "Join a class with its code, or start one: watch the trainings of your "
        "students, set tasks, and ask questions.",
        "Start or join a class",
    ),
)
LINKED = (  # reached by links, not by the menu
    Entry(
        "became",
        "What became of RNNs",
        "history_edu",
        "Attention, state-space models, minGRU: the successors of recurrent networks, "
        "and how they follow from the networks here.",
        "Read about the successors",
    ),
    Entry(
        "sheet",
        "The path on paper",
        "print",
        "The guided path to print, for students and for teachers.",
    ),
    Entry("search", "Search", "manage_search", "A search for better settings."),
    Entry("compare", "Compare", "compare_arrows", "Runs of one task side by side."),
    Entry("shared", "Shared run", "share", "A shared run, or several side by side."),
    Entry("board", "Board", "grid_view", "The trainings of the students of a class."),
)
ADMIN = Entry(
    "admin",
    "Admin",
    "admin_panel_settings",
    "Workers, queue and failed runs. Needs a token.",
)


def navigate():
    """Set up the navigation and return the page of the address."""
    st.set_page_config(page_title="Unrolled", page_icon=str(ICON), layout="wide")
    admin = [ADMIN] if has_admin_page() else []
    page = st.navigation(
        [_page(entry) for entry in (*entries(), *admin)]
        + [_page(entry, visibility="hidden") for entry in LINKED],
        # A link to the screen of a class is for a projector.
        position="hidden" if "screen" in st.query_params else "top",
    )
    run_intents(page.url_path)
    arrive(page.url_path)
    st.session_state["frame_entered"] = True
    return page


def entries() -> list[Entry]:
    """The pages in the menu, those of the tasks in the middle."""
    return [*FIRST, *entries_of_tasks(), *LAST]


def entries_of_tasks() -> list[Entry]:
    """The tasks with a page of their own."""
    return [
        Entry(task.name, task.TITLE, task.ICON, task.ABOUT, task.LINK)
        for task in map(get_task, TASKS)
        if task.name in task.PAGES
    ]


def _page(entry: Entry, **options):
    if is_general(entry.name):
        options["url_path"] = entry.name
    return st.Page(
        script_of(entry.name),
        title=entry.title,
        icon=f":material/{entry.icon}:",
        default=entry.name == "home",
        help=entry.help,
        **options,
    )


def run_page(page) -> None:
    """Run the script of a page, on the path with the steps of its station."""
    with beside_path(page.url_path or "home"):
        page.run()
    forget_intents()


def frame(*, class_line: bool = True) -> None:
    """Prepare a page. Its first line.

    `class_line` draws the class line for students.

    On a new server the first request of a page other than Home does not run app.py:
    then the pages are registered here, and the browser reruns the page once.
    """
    if not st.session_state.pop("frame_entered", False):
        navigate()
        if st.context.url and not st.session_state.get("frame_restarted"):
            st.session_state["frame_restarted"] = True
            st.rerun()
        del st.session_state["frame_entered"]
    open_share(None)
    one_thread()
    _contrast(key="contrast")
    adapt_widgets()
    flash_place()
    platform().supervisor.warm()
    if class_line:
        class_bar()
