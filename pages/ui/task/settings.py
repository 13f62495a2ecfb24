"""The settings of a shared run, with a link to train with them."""

import streamlit as st

from core.registry import get_task
from pages.ui.address import target_of
from pages.ui.links import settings_of
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
    page, parameters = settings_of(run)
    st.page_link(
        target_of(page),
        label="Train with these settings",
        icon=":material/play_arrow:",
        query_params=parameters,
        help="Opens the page with these settings, without uploaded data.",
    )


def _word(name: str) -> str:
    return name.replace("_", " ")
