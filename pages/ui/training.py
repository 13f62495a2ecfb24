"""The Train button, the settings of a run in the widgets, and its result."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

import streamlit as st

from core.registry import get_task
from core.runs import Run, StoreError
from core.runs.estimate import Estimate, Estimates
from pages.ui.address import restore, set_widgets
from pages.ui.cache import cached_result
from pages.ui.intents import button, carry_out, once_a_press
from pages.ui.live.panel import replay_again
from pages.ui.search.setup import search_expander
from pages.ui.session import (
    count_workers,
    network_address,
    open_run,
    owner,
    platform,
    reader,
)
from pages.ui.shape import main_action
from pages.ui.task_views import widgets_of
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
    names: Collection[str],
    help: str = "Starts training with these settings.",
    type: str = "primary",
    stays: bool = True,
    also: Sequence[str] = (),
    begun: Callable[[str], None] | None = None,
) -> Run | None:
    """Draw the Train button, and the search of settings; return a started run.

    Parameters
    ----------
    prefix
        Of the page's widgets.
    task, config, data
        The training, once it is `ready`.
    place
        The container of the button.
    names
        The settings of the page.
    stays
        Whether the button is always in view on a phone.
    also
        Keys of other buttons that request a training.
    begun
        Called with the id of the run, as part of the action.
    """
    started = None
    button(
        "Train",
        f"{prefix}_train",
        draw=(main_action(place) if stays else place).button,
        type=type,
        icon=":material/play_arrow:",
        width="stretch",
        disabled=not ready,
        help=help,
    )
    if ready:
        _say_how_long(prefix, task, config, data, place)
        asked = prefix, task, config, data, True, begun
        started = carry_out(f"{prefix}_train", begin, *asked, also=also)
    if get_task(task).SEARCHABLE:
        search_expander(prefix, task, config, data, names=names, ready=ready)
    return started


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
    run = platform().store.get(owner(), run_id)
    if run and not run.active:
        replay_again(prefix, run)
    if begun:
        begun(run_id)
    return run


def recall_settings(page: str, run) -> bool:
    """Set the widgets to a run's settings when the page first shows it.

    Settings in the page's address have precedence. Returns whether it was the first
    time.
    """
    if run is None or st.session_state.get(f"{page}_settings_of") == run.id:
        return False
    st.session_state[f"{page}_settings_of"] = run.id
    restore(page, widgets_of(page, run))
    return True


def result_of(run, decode=None):
    """The result of a run, or None before it.

    `decode` makes it of its stored bytes; by default as its task does.
    """
    if run is None or run.active or run.closing:
        return None
    decode = decode or get_task(run.task).Result.decode

    def read():
        content = platform().store.result(reader(), run.id)
        return decode(content) if content else None

    return cached_result(run.task, "result", run, read, RESULTS)
