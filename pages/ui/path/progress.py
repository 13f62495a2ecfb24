"""The finished stations: all steps done, and the question answered."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from core.runs import StoreError
from core.runs.classes.goals import applies
from core.runs.path import PathProgress
from pages.ui.live.part import live_part
from pages.ui.live.view import Query, View
from pages.ui.membership import current_progress, note_event
from pages.ui.path.stations import BY_KEY, STATIONS, Station, Trained
from pages.ui.session import owner, platform

UPDATE_SECONDS = 2.0
RUNS = 20  # number of a person's newest runs to look through


def current_station(progress: PathProgress | None) -> Station:
    """The current station; the first one before the start."""
    return BY_KEY.get(progress.station if progress else "", STATIONS[0])


def is_at(key: str) -> bool:
    """Whether this browser is on the path, at a station."""
    progress = current_progress()
    return bool(progress) and progress.shown and progress.station == key


def guessed(station: Station) -> str | None:
    """The option guessed before the page was opened, if any."""
    events = progress.events if (progress := current_progress()) else ()
    options = station.guess.options if station.guess else ()
    named = [f"guess {station.key} {place + 1}" for place in range(len(options))]
    return next((o for e, o in zip(named, options, strict=True) if e in events), None)


def is_step_done(station: Station, number: int, progress: PathProgress | None) -> bool:
    """Whether a step of a station is done; the first one has number 0."""
    events = progress.events if progress else frozenset()
    step = station.steps[number]
    whole = f"station {station.key}"
    return bool({step.event, step_event(station, number), whole} & events)


def leads_to(station: Station, page: str) -> bool:
    """Whether a step of a station is to open a page."""
    return f"page {page}" in {step.event for step in station.steps}


def step_event(station: Station, number: int) -> str:
    """The event of a step that the student ticks."""
    return f"step {station.key} {number + 1}"


def steps_done(station: Station, progress: PathProgress | None) -> int:
    """The number of finished steps of a station, without optional ones."""
    return sum(is_step_done(station, n, progress) for n in range(station.needed))


def is_checked(station: Station, progress: PathProgress | None) -> bool:
    """Whether all steps of a station are done."""
    return steps_done(station, progress) == station.needed


def is_answered(station: Station, progress: PathProgress | None) -> bool:
    """Whether the question of a station was answered correctly."""
    return progress is not None and f"answer {station.key}" in progress.events


def is_done(station: Station, progress: PathProgress | None) -> bool:
    """Whether a station is done."""
    return is_checked(station, progress) and is_answered(station, progress)


def note_what_is_done(station: Station, page: str) -> None:
    """Store the steps that the page and runs complete, and the end for the class."""
    progress = current_progress()
    if progress is None or not progress.shown:
        return
    for number in _done_by_runs(owner(), station, progress):
        note_event(step_event(station, number))
    if page == station.page:
        for number, step in enumerate(station.steps):
            if step.shows and step.shows(st.session_state):
                note_event(step_event(station, number))
    elif leads_to(station, page):
        note_event(f"page {page}")
    if is_done(station, current_progress()):
        note_event(f"station {station.key}")


def follow_station(key: str, station: Station) -> None:
    """Rerun the page when the station or its progress changes."""
    live_part(
        key,
        f"path/{station.key}",
        _page_of(station, current_progress()),
        seconds=UPDATE_SECONDS,
        on_change=_read_progress,
    )


def station_view(owner: str | None, key: str, _query: Query) -> View | None:
    """Return the steps done at a station, without storing them: the page does."""
    if owner is None or (station := BY_KEY.get(key)) is None:
        return None
    progress = platform().paths.progress(owner)
    by_runs = _done_by_runs(owner, station, progress) if progress else []
    return View(key=("path",), page=_page_of(station, progress, by_runs), make=dict)


def _page_of(
    station: Station, progress: PathProgress | None, by_runs: Sequence[int] = ()
) -> str:
    """Digest of the shown progress."""
    if progress is None:
        return "not begun"
    steps = [
        number
        for number in range(len(station.steps))
        if number in by_runs or is_step_done(station, number, progress)
    ]
    answered = is_answered(station, progress)
    return (
        f"at {progress.station}, shown {progress.shown}, {station.key} steps {steps}, "
        f"answered {answered}"
    )


def _read_progress() -> None:
    """Read the progress: a run, or another tab, has changed it."""
    with suppress(StoreError):
        st.session_state["path_progress"] = platform().paths.progress(owner())


def _done_by_runs(owner: str, station: Station, progress: PathProgress) -> list[int]:
    """Return the steps that a finished run completes and that are not stored yet."""
    open_steps = [
        (number, step.trained)
        for number, step in enumerate(station.steps)
        if step.trained and not is_step_done(station, number, progress)
    ]
    if not open_steps:
        return []
    runs = platform().store.runs_of(owner, RUNS)
    return [
        number
        for number, trained in open_steps
        if any(_meets(run, station, trained) for run in runs)
    ]


def _meets(run, station: Station, trained: Trained) -> bool:
    return (
        run.status == "done"
        and applies(station.page, station.query, run.task, run.settings)
        and trained.settings.items() <= run.settings.items()
        and trained.goal.reached(run.summary)
    )
