"""The settings of a shared run, and the way to train with them oneself."""

import streamlit as st

from core.lesson.cells import lesson_page
from core.registry import get_task
from pages.ui.address import as_parameter
from pages.ui.lesson import learning_setup
from pages.ui.music import setup as music_setup
from pages.ui.stock.data import sample_of
from pages.ui.stock.setup import settings_of
from pages.ui.words import as_text, setting_text


def settings_view(run) -> None:
    """Draw the column: the data's name, the settings, the link to train with them."""
    st.markdown(f"**Data**: {as_text(run.title)}")
    changes = get_task(run.task).Config.from_json(run.config).changes
    changed = ", ".join(f"{_word(n)} {setting_text(v)}" for n, v in changes.items())
    st.markdown(f"**Settings**: {changed or 'the usual ones'}")
    with st.expander("All settings", icon=":material/tune:"):
        st.table(
            [
                {"Setting": _word(name), "Value": setting_text(value)}
                for name, value in run.settings.items()
            ],
            alt="Each setting of the run and its value",
        )
    page, parameters = _address_of(run)
    st.page_link(
        f"pages/{page}.py",
        label="Train with these settings",
        icon=":material/play_arrow:",
        query_params=parameters,
        help="Opens the page with them, for a training of your own. Uploaded data is "
        "not taken over.",
    )


def _address_of(run) -> tuple[str, dict[str, str]]:
    """The page that trains such a run, and its settings as parameters of an address."""
    values, page, more = run.settings, run.task, {}
    if run.task == "stock":
        values = settings_of(run) | sample_of(run)
    elif run.task == "music":
        values = music_setup.in_widgets(run)
    elif run.task in ("text", "adding"):
        page = lesson_page(run.settings)
        values = learning_setup.in_widgets(page, run)
        more = {f"{page}_step": "Learning"}
    return page, more | {f"{page}_{n}": as_parameter(v) for n, v in values.items()}


def _word(name: str) -> str:
    return name.replace("_", " ")
