"""The menu of pages to which a task or an invitation leads."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from core.registry import get_task, tasks_on
from core.runs.classes.links import (
    LESSONS,
    LONGEST_LINK,
    PATH,
    STEPS,
    linked_pages,
    page_title,
)
from pages.ui.address import as_parameter, persistent, visited_pages
from pages.ui.lesson.learning_setup import UNUSED
from pages.ui.path.stations import STATIONS, place_of


def choose_link(page_key: str, link_key: str) -> str:
    """Draw the menu, and a field for a link from elsewhere; return the link."""
    found = destinations(visited_pages())
    chosen = st.selectbox(
        "Page",
        list(found),
        index=None,
        format_func=lambda link: found.get(link, link),
        key=page_key,
        placeholder="Choose a station, a lesson or a page",
        help="*As I have it now* has the settings that you left on that page in this "
        "tab.",
    )
    typed = st.text_input(
        "Or a link",
        **persistent(link_key),
        max_chars=LONGEST_LINK,
        placeholder="Paste what “Copy link to these settings” has copied",
        autocomplete="off",
        help="Students open the page with exactly these settings.",
    )
    return typed or chosen or ""


def destinations(visited: Mapping[str, str]) -> dict[str, str]:
    """The titles of the pages to choose from, by their links.

    `visited` has the query of the latest settings by page.
    """
    found = {
        f"{page}?{query}": f"{page_title(page)} · as I have it now"
        for page, query in visited.items()
        if page in linked_pages()
    }
    for each in STATIONS:
        title = f"{place_of(each)} · {each.title}"
        found[f"{PATH}?station={each.key}"] = title
    for page in LESSONS:
        for step in STEPS:
            link = f"{page}?{urlencode({f'{page}_step': step})}"
            found[link] = f"{page_title(page)} · {step}"
    for page in linked_pages():
        for task in tasks_on(page):
            for name, preset in get_task(task).Config.presets.items():
                if UNUSED.get(page, set()).isdisjoint(preset):
                    link, title = _preset(page, task, name)
                    found[link] = title
    return found


def _preset(page: str, task: str, name: str) -> tuple[str, str]:
    """Return the link to a preset, and its title."""
    if page in LESSONS:
        given = {"step": STEPS[-1], "task": task, f"recipe_{task}": name}
    else:
        preset = get_task(task).Config.presets[name]
        given = {key: as_parameter(value) for key, value in preset.items()}
    query = urlencode({f"{page}_{key}": value for key, value in given.items()})
    parts = page_title(page), get_task(task).TITLE if page in LESSONS else "", name
    return f"{page}?{query}", " · ".join(filter(None, parts))
