"""The form of a search for better settings, on each task's page."""

import dataclasses
import typing

import streamlit as st

from core.registry import get_task
from core.runs.estimate import Estimates
from core.runs.search.engine import FRESH_SEEDS
from core.runs.search.ranges import around, between, is_wide, most_trainings
from core.runs.search.space import Dimension, Extent, Plan
from core.task import UserError, bounds_of
from pages.ui.address import Link, persistent
from pages.ui.controls import checked, setting, setting_name, settings_grid
from pages.ui.intents import button, carry_out
from pages.ui.session import count_workers, network_address, owner, platform
from pages.ui.words import as_text, roughly, setting_text

FIRST_CHOICE = ("units", "learning_rate")  # first settings on every task's page
ENDS = {"low": "from", "high": "to"}


def search_expander(
    prefix: str, task: str, config, data, *, names, ready: bool
) -> None:
    """Draw the section, closed and empty at first.

    Parameters
    ----------
    prefix
        Of the page's widgets.
    task, config, data
        The training to improve, once it is `ready`.
    names
        The settings of the page.
    """
    expander = st.expander(
        "Search these settings",
        key=f"{prefix}_search_open",
        icon=":material/manage_search:",
        on_change="rerun",
    )
    if expander.open:
        with expander:
            _form(prefix, task, config, data, names, ready)


def _form(prefix: str, task: str, config, data, names, ready: bool) -> None:
    module = get_task(task)
    st.caption(
        "Tries other settings on these data, each with several random seeds, and tests "
        "whether the best settings are significantly better than those above. Settings "
        "are selected by the validation part; the test part is used once, at the end."
    )
    if config is None:
        st.info("First correct the settings above.", icon=":material/tune:")
        return
    chosen = _choose_settings(
        prefix, [name for name in module.SEARCHABLE if name in names]
    )
    space, problems = _draw_space(prefix, module.Config, chosen, config)
    with settings_grid():
        extent_values = {
            item.name: setting(f"{prefix}_search", Extent, item.name)
            for item in dataclasses.fields(Extent)
        }
    place = st.container()
    extent = checked(Extent, place, **extent_values)
    if ready:
        try:
            module.check_search(config, data)
        except UserError as error:
            problems.append(str(error))
    for problem in problems:
        place.error(as_text(problem), icon=":material/error:")
    if not chosen:
        place.info("Choose at least one setting.", icon=":material/tune:")
    ready = ready and extent is not None and bool(chosen) and not problems
    if extent:
        title = module.title(data) if ready else ""
        place.caption(_extent_in_words(task, config, title, extent))
    if _start_button(prefix, place, ready):
        plan = Plan(space=tuple(space), extent=extent)
        carry_out(f"{prefix}_search_start", _start, task, config, data, plan)


def _choose_settings(prefix: str, names: list[str]) -> list[str]:
    """Draw the settings that can be searched; return the chosen ones in their order."""
    chosen = st.pills(
        "Settings to search",
        names,
        selection_mode="multi",
        default=[name for name in names if name in FIRST_CHOICE],
        **persistent(f"{prefix}_search_settings"),
        format_func=setting_name,
        help="Settings that do not change the validation part. With fewer settings, "
        "the same number of trials searches more finely.",
    )
    return [name for name in names if name in chosen]


def _draw_space(prefix: str, kind, names, config) -> tuple[list[Dimension], list[str]]:
    """Draw the range of each setting; return the valid ones, and the errors."""
    space, problems = [], []
    for name in names:
        try:
            space.append(_dimension(prefix, kind, name, config.values[name]))
        except UserError as error:
            problems.append(str(error))
    return space, problems


def _start_button(prefix: str, place, ready: bool) -> bool:
    """Draw the button, or the search that has to end first; tell if it was pressed."""
    active = next((s for s in platform().studies.of_owner(owner()) if s.active), None)
    if active:
        place.info(
            "Your last search has not ended. You can have one search at a time.",
            icon=":material/hourglass_top:",
        )
        with place:
            search_link(active.id, "See that search")
    pressed = button(
        "Start search",
        f"{prefix}_search_start",
        draw=place.button,
        icon=":material/manage_search:",
        width="stretch",
        disabled=not ready or active is not None,
        help="Starts the search and opens its page. It runs in the background.",
    )
    return pressed and ready


def search_link(study_id: str, label: str) -> None:
    """Draw a link to a search's page."""
    st.page_link(
        "pages/search.py",
        label=label,
        icon=":material/manage_search:",
        query_params={"study": study_id},
    )


def _start(task: str, config, data, plan: Plan) -> Link:
    me, here = owner(), network_address()
    study_id = platform().start_search(me, task, config, data, plan, address=here)
    return Link("search", f"study={study_id}")


def _dimension(prefix: str, kind, name: str, value) -> Dimension:
    """Draw the range of a setting, or its options; a UserError if they are invalid."""
    field = next(item for item in dataclasses.fields(kind) if item.name == name)
    bounds = bounds_of(field)
    usual, key = around(kind, name, value), f"{prefix}_search_{name}"
    if bounds.options:
        options = st.pills(
            setting_name(name),
            bounds.options,
            selection_mode="multi",
            default=list(usual.options),
            # music's "start" is not the Start button
            **persistent(f"{key}_options"),
            help=bounds.help,
        )
        ordered = tuple(option for option in bounds.options if option in options)
        return Dimension(name=name, options=ordered).checked(kind)
    whole = typing.get_type_hints(kind)[name] is int
    _follow(key, value, {f"{key}_low": usual.low, f"{key}_high": usual.high})
    with settings_grid():
        low, high = (
            st.number_input(
                f"{setting_name(name)} {word}",
                **persistent(f"{key}_{end}"),
                value=None,
                step=1.0 if whole else usual.high / 20,
                format="%.10g" if whole else "%.5g",
                help=f"{bounds.help} It may be {bounds.allowed}.",
            )
            for end, word in ENDS.items()
        )
    scale = "; searched on a logarithmic scale" if is_wide(low, high) else ""
    st.caption(f"Now {setting_text(value)}{scale}.")
    return between(kind, name, low, high)


def _follow(key: str, value, ends) -> None:
    """Set the boxes to a range around a setting whenever the setting changes."""
    state = st.session_state
    if state.get(f"{key}_around") != value or any(box not in state for box in ends):
        state[f"{key}_around"] = value
        state.update(ends)


def _extent_in_words(task: str, config, title: str, extent: Extent) -> str:
    """The number of trainings, and the estimated time."""
    confirmed = max(FRESH_SEEDS, extent.seeds)
    count = most_trainings(extent)
    text = (
        f"Up to {count} trainings: {extent.trials} trials with {extent.seeds} "
        f"{'seeds' if extent.seeds > 1 else 'seed'} each, some of them stopped early; "
        f"then the best and the current settings with {confirmed} new seeds each."
    )
    workers = count_workers()
    estimates = Estimates.read(platform().store, task, workers)
    expected = estimates.of(config, title)
    most = roughly(count * expected.seconds / workers)
    return (
        f"{text} One training takes {roughly(expected.seconds)}: at that rate "
        f"{most} at most with {workers} {'workers' if workers > 1 else 'worker'}."
    )
