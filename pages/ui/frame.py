"""The frame of every page: navigation, set-up of a page, class line and path."""

from pathlib import Path

import streamlit as st

from core.process import one_thread
from core.registry import TASKS, get_task
from pages.ui.address import arrive, is_general, target_of
from pages.ui.admin import has_admin_page
from pages.ui.classes.bar import class_bar
from pages.ui.components import read
from pages.ui.controls import adapt_widgets, forget_presses
from pages.ui.path.panel import beside_path
from pages.ui.session import open_share, platform

ROOT = Path(__file__).parents[1]
# Contrast and sizes that the theme cannot set (WCAG 2.2: 1.4.3, 1.4.11, 2.5.8).
_contrast = st.components.v2.component(
    "contrast",
    css=read("contrast.css"),
    isolate_styles=False,  # the styles are for Streamlit's own elements
)
ICON = ROOT / "ui" / "icon.png"
PAGES = (
    ("home", "Home", "home", "An overview, and the state of the workers."),
    ("path", "Path", "route", "Ten stations in ninety minutes, over all pages."),
    (
        "rnn",
        "RNN",
        "repeat",
        "A recurrent network, from one cell to the backward pass.",
    ),
    ("lstm", "LSTM", "memory", "The long short-term memory, gate by gate."),
    (
        "gru",
        "GRU",
        "adjust",
        "The gated recurrent unit, and the minGRU, which needs no loop over time.",
    ),
    (
        "stock",
        "Prices",
        "candlestick_chart",
        "Train LSTMs on prices, and compare them with classical forecasts.",
    ),
    (
        "emoji",
        "Emoji",
        "mood",
        "Type a sentence, get an emoji; teach the LSTM where it is wrong.",
    ),
    (
        "music",
        "Music",
        "music_note",
        "Listen to an LSTM improvise over your chords, and train your own.",
    ),
    ("runs", "Runs", "history", "Your training runs, with their settings and results."),
    ("classes", "Class", "groups", "Start a class, or join one with its code."),
)
LINKED = (  # reached by links, not by the menu
    (
        "became",
        "What became of RNNs",
        "history_edu",
        "Attention, state-space models, minGRU: the successors of recurrent networks.",
    ),
    (
        "sheet",
        "The path on paper",
        "print",
        "The guided path to print, for students and for teachers.",
    ),
    ("search", "Search", "manage_search", "A search for better settings."),
    ("compare", "Compare", "compare_arrows", "Runs of one task side by side."),
    (
        "shared",
        "Shared run",
        "share",
        "A shared run, or several side by side.",
    ),
    ("board", "Board", "grid_view", "The trainings of the students of a class."),
)
ADMIN = (
    "admin",
    "Admin",
    "admin_panel_settings",
    "Workers, queue and failed runs. Needs a token.",
)


def navigate():
    """Set up the navigation and return the page of the address."""
    st.set_page_config(page_title="Unrolled", page_icon=str(ICON), layout="wide")
    st.session_state["frame_entered"] = True
    listed = [*PAGES, *([ADMIN] if has_admin_page() else [])]
    page = st.navigation(
        [_page(*each) for each in listed]
        + [_page_of_task(name) for name in tasks_without_script()]
        + [_page(*each, visibility="hidden") for each in LINKED],
        position="top",
    )
    arrive(page.url_path)
    return page


def tasks_without_script() -> list[str]:
    """The tasks with the general page."""
    return [name for name in TASKS if is_general(name) and name in get_task(name).PAGES]


def _page_of_task(name: str):
    help = get_task(name).ABOUT
    return target_of(name, icon=":material/model_training:", help=help)


def _page(name: str, title: str, icon: str, help: str, **options):
    return st.Page(
        ROOT / f"{name}.py",
        title=title,
        icon=f":material/{icon}:",
        default=name == "home",
        help=help,
        **options,
    )


def run_page(page) -> None:
    """Run the script of a page, on the path with the steps of its station."""
    with beside_path(page.url_path):
        page.run()
    forget_presses()


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
    platform().supervisor.warm()
    if class_line:
        class_bar()
