"""Links to runs, settings and classes, also as QR codes."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from core.registry import get_task
from pages.ui.address import as_parameter, copy_component
from pages.ui.task_views import widgets_of

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

copy_button = copy_component("copy_share", "Copy link", "Link to share")


def page_of(run) -> tuple[str, dict[str, str]]:
    """The page of a run, and the parameters of its address."""
    task = get_task(run.task)
    page = task.page_of(run.settings)
    return page, {"run": run.id} | task.address_on(page)


def settings_of(run) -> tuple[str, dict[str, str]]:
    """The page of a run's task, and parameters with its settings."""
    task = get_task(run.task)
    page = task.page_of(run.settings)
    values = widgets_of(page, run)
    given = {f"{page}_{name}": as_parameter(value) for name, value in values.items()}
    return page, task.address_on(page) | given


def link_to(page: str, query: Mapping[str, str]) -> str:
    """The full address of a page, on the host that this browser uses."""
    here = urlsplit(st.context.url or "")
    folder = here.path.rpartition("/")[0]
    return here._replace(
        path=f"{folder}/{page}", query=urlencode(query), fragment=""
    ).geturl()


def qr_code(link: str) -> str:
    """A QR code as SVG, dark on white in both modes, as many cameras require."""
    code = segno.make(link, error="m", micro=False)
    return code.svg_inline(omitsize=True, dark="#000", light="#fff")


def hint_for_this_machine(link: str) -> None:
    """Draw a hint if a link works on this machine only."""
    if urlsplit(link).hostname in THIS_MACHINE:
        st.caption(
            ":material/info: This address works on this machine only. For others, "
            "first open the dashboard under the machine's address in the network."
        )
