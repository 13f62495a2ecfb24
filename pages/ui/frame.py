"""What surrounds every page: the navigation, and what a page needs before it draws."""

from pathlib import Path

import streamlit as st

from core.process import one_thread
from core.registry import TASKS, get_task
from pages.ui.address import arrive, is_general, target_of
from pages.ui.admin import has_admin_page
from pages.ui.classes.bar import class_bar
from pages.ui.contrast import raise_contrast
from pages.ui.controls import take_decimal_commas
from pages.ui.path.panel import beside_path
from pages.ui.session import open_share, platform

ROOT = Path(__file__).parents[1]
ICON = ROOT / "ui" / "icon.png"
PAGES = (
    ("home", "Home", "home", "An overview, and whether the workers are ready."),
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
        "Train an LSTM on daily prices, and compare it with simple forecasts.",
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
LINKED = (  # in no menu: buttons and links lead to them
    (
        "became",
        "What became of RNNs",
        "history_edu",
        "Attention, state-space models, minGRU: what came after, and why.",
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
        "A run, or several side by side, that somebody has shared.",
    ),
    ("board", "Board", "grid_view", "What the students of a class are doing."),
)
ADMIN = (
    "admin",
    "Admin",
    "admin_panel_settings",
    "Workers, queue and failed runs. Needs a token.",
)


def navigate():
    """Set the page up and return the page that the address names."""
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
    """The tasks that have no page of their own."""
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
    """Run the script of a page; on the path, beside the steps of its station."""
    with beside_path(page.url_path):
        page.run()


def frame(*, class_line: bool = True) -> None:
    """Prepare a page. Its first line.

    `class_line` says whether a student sees the line of the class on this page.

    A link into a page of a server that nobody has opened yet does not pass through
    app.py: then the pages are made known here, and the page starts over, once, in the
    browser that followed the link. (Without a browser there is nothing to start over.)
    """
    if not st.session_state.pop("frame_entered", False):
        navigate()
        if st.context.url and not st.session_state.get("frame_restarted"):
            st.session_state["frame_restarted"] = True
            st.rerun()
        del st.session_state["frame_entered"]
    open_share(None)
    one_thread()
    raise_contrast()
    take_decimal_commas()
    platform().supervisor.warm()
    if class_line:
        class_bar()
