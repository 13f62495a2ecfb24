"""What the pages share about starting a training."""

import streamlit as st

from core.task import UserError
from pages.ui.session import network_address, open_run, owner, platform
from pages.ui.words import as_text

SAME_SECONDS = 5.0  # in which another click on Train belongs to a double click


def train(
    prefix: str,
    task: str,
    config,
    data,
    place,
    *,
    ready: bool,
    help: str,
    type: str = "primary",
    asked: bool = False,
) -> str | None:
    """Draw the Train button; return the run that it has started, and show it.

    Parameters
    ----------
    prefix
        Of the page's widgets.
    task, config, data
        What is trained, once it is `ready`.
    place
        Where the button stands, and why a training cannot start.
    asked
        Whether something else on the page has just asked for a training.
    """
    pressed = place.button(
        "Train",
        type=type,
        icon=":material/play_arrow:",
        width="stretch",
        key=f"{prefix}_train",
        disabled=not ready,
        help=help,
    )
    if not (ready and (pressed or asked)):
        return None
    run_id = begin(prefix, task, config, data, place)
    if run_id:  # the widgets hold what it was asked for
        st.session_state[f"{prefix}_settings_of"] = run_id
    return run_id


def begin(prefix: str, task: str, config, data, place) -> str | None:
    """Start a training and show it; or say in a place why it cannot be, or not now."""
    try:
        run_id = platform().start(
            owner(),
            task,
            config,
            data,
            address=network_address(),
            same_within=SAME_SECONDS,
        )
    except UserError as error:
        place.error(as_text(str(error)), icon=":material/error:")
        return None
    open_run(prefix, run_id)
    return run_id


def first_seen(prefix: str, run) -> bool:
    """Whether a run's settings still have to be put into the widgets."""
    if run is None or st.session_state.get(f"{prefix}_settings_of") == run.id:
        return False
    st.session_state[f"{prefix}_settings_of"] = run.id
    return True
