"""Links: to the page of a run; to give to others, to copy, and as a QR code."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from core.lesson.cells import lesson_page
from pages.ui.address import copy_component

LESSON_TASKS = ("text", "adding")  # the others are on the page of their name
LEARNING = "Learning"  # the step of a lesson that shows its runs
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

copy_button = copy_component("copy_share", "Copy link", "Link to share")


def page_of(run) -> tuple[str, dict[str, str]]:
    """The page that shows a run, and what its address holds."""
    if run.task not in LESSON_TASKS:
        return run.task, {"run": run.id}
    page = lesson_page(run.settings)
    return page, {"run": run.id, f"{page}_step": LEARNING}


def link_to(page: str, query: Mapping[str, str]) -> str:
    """A page as others can open it: with the address that this browser has used."""
    here = urlsplit(st.context.url or "")
    folder = here.path.rpartition("/")[0]
    return here._replace(
        path=f"{folder}/{page}", query=urlencode(query), fragment=""
    ).geturl()


def qr_code(link: str) -> str:
    """A QR code as SVG, dark on white in both modes: many cameras read no other."""
    code = segno.make(link, error="m", micro=False)
    return code.svg_inline(omitsize=True, dark="#000", light="#fff")


def hint_for_this_machine(link: str) -> None:
    """Say so if nobody else can follow a link."""
    if urlsplit(link).hostname in THIS_MACHINE:
        st.caption(
            ":material/info: This address leads here on this machine only. For others, "
            "open the dashboard under the machine's address in the network first."
        )
