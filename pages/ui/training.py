"""The Train button, the settings of a run in the widgets, and its result."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import streamlit as st

from core.registry import get_task
from core.runs import Run, StoreError
from core.runs.estimate import Estimate, Estimates
from pages.ui.address import restore, set_widgets
from pages.ui.cache import cached_result
from pages.ui.intents import button, carry_out, once_a_press
from pages.ui.session import (
    count_workers,
    network_address,
    open_run,
    owner,
    platform,
    reader,
)
from pages.ui.shape import main_action
from pages.ui.words import roughly

LONG_SECONDS = 60.0  # shortest training for which a smaller one is offered
RESULTS = 3  # decoded ones in a session's cache


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
    also: Sequence[str] = (),
    begun: Callable[[Run], None] | None = None,
) -> Run | None:
    """Draw the Train button; return a started run.

    Parameters
    ----------
    prefix
        Of the page's widgets.
    task, config, data
        The training, once it is `ready`.
    place
        The container of the button.
    also
        Keys of other buttons that request a training.
    begun
        Called with the run, as part of the action.
    """
    button(
        "Train",
        f"{prefix}_train",
        draw=(main_action(place) if type == "primary" else place).button,
        type=type,
        icon=":material/play_arrow:",
        width="stretch",
        disabled=not ready,
        help=help,
    )
    if not ready:
        return None
    _say_how_long(prefix, task, config, data, place)
    for key in (f"{prefix}_train", *also):
        asked = prefix, task, config, data, True, begun
        if started := carry_out(key, begin, *asked):
            return started
    return None


def _say_how_long(prefix: str, task: str, config, data, place) -> None:
    """Draw the estimated time, and the button for a smaller training."""
    with suppress(StoreError):
        title = get_task(task).title(data)
        estimates = Estimates.read(platform().store, task, count_workers())
        expected = estimates.of(config, title)
        place.caption(_in_words(expected))
        if expected.seconds < LONG_SECONDS:
            return
        if found := estimates.smaller(config, title, LONG_SECONDS):
            smaller, seconds = found
            less = {
                name: value
                for name, value in smaller.values.items()
                if value != config.values[name]
            }
            words = ", ".join(f"{name} {value}" for name, value in less.items())
            button(
                f"Quicker: {words}, {roughly(seconds)}",
                f"{prefix}_quicker",
                set_widgets,
                prefix,
                less,
                draw=place.button,
                icon=":material/bolt:",
                type="tertiary",
                help="The same training, made smaller: its results are less certain.",
            )


def _in_words(expected: Estimate) -> str:
    """The estimate in words, with its basis and the queue."""
    time = roughly(expected.seconds).capitalize()
    if count := expected.trainings:
        known = f"here, from {count} training{'s' if count > 1 else ''} on this machine"
    else:
        known = "by the settings, a rough estimate"
    text = f":material/timer: {time} {known}."
    others = [
        f"{number} {word}"
        for number, word in (
            (expected.running, "training now"),
            (expected.queued, "waiting"),
        )
        if number
    ]
    if not others:
        return text
    wait = f": its turn comes in {roughly(expected.wait)}" if expected.wait else ""
    return f"{text} {' and '.join(others).capitalize()}{wait}."


def start(task: str, config, data) -> str:
    """Start a training, or join an equal one; return the id of the run."""
    me, here = owner(), network_address()
    return platform().start(me, task, config, data, address=here, join=True)


def begin(
    prefix: str, task: str, config, data, is_set: bool = False, begun=None
) -> Run | None:
    """Start a training and show it; `is_set` if the widgets have its settings."""
    run_id = once_a_press(start, task, config, data)
    if is_set:
        st.session_state[f"{prefix}_settings_of"] = run_id
    open_run(prefix, run_id)
    found = platform().store.get(owner(), run_id)
    if found and not found.active:  # a finished training was reused
        st.session_state[f"{prefix}_known"] = run_id
    if found and begun:
        begun(found)
    return found


def first_seen(prefix: str, run) -> bool:
    """Whether the page shows a run for the first time."""
    if run is None or st.session_state.get(f"{prefix}_settings_of") == run.id:
        return False
    st.session_state[f"{prefix}_settings_of"] = run.id
    return True


def recall_settings(prefix: str, run, settings=None) -> bool:
    """Set the widgets to a run's settings when the page first shows it.

    Settings in the page's address have precedence. Returns whether it was the first
    time.

    Parameters
    ----------
    settings
        By name; by default those of the run.
    """
    is_first = first_seen(prefix, run)
    if is_first:
        restore(prefix, run.settings if settings is None else settings)
    return is_first


def result_of_run(prefix: str, run, decode):
    """The result of a run, or None before it.

    Parameters
    ----------
    decode
        Makes a result of its stored bytes: the task's `Result.decode`.
    """
    if run is None or run.active or run.closing:
        return None

    def read():
        content = platform().store.result(reader(), run.id)
        return decode(content) if content else None

    return cached_result(prefix, "result", run, read, RESULTS)
