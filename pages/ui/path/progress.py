"""Which stations are done: the check is met, and the question answered."""

from contextlib import suppress

import streamlit as st

from core.runs import StoreError
from core.runs.classes.goals import applies
from core.runs.path import PathProgress
from pages.ui.live.part import live_part
from pages.ui.live.view import Query, View
from pages.ui.membership import current_progress, note_event
from pages.ui.path.stations import BY_KEY, STATIONS, Station
from pages.ui.session import owner, platform

UPDATE_SECONDS = 2.0
RUNS = 20  # of a person, the newest ones, among which one may meet a check


def current_station(progress: PathProgress | None) -> Station:
    """The station where somebody is; the first one if the path was never started."""
    return BY_KEY.get(progress.station if progress else "", STATIONS[0])


def is_checked(station: Station, progress: PathProgress | None) -> bool:
    """Whether the check of a station was met."""
    events = progress.events if progress else frozenset()
    return station.check.goal.event in events or f"check {station.key}" in events


def is_answered(station: Station, progress: PathProgress | None) -> bool:
    """Whether the question of a station was answered correctly."""
    return progress is not None and f"answer {station.key}" in progress.events


def is_done(station: Station, progress: PathProgress | None) -> bool:
    """Whether a station is done."""
    return is_checked(station, progress) and is_answered(station, progress)


def note_what_is_done(station: Station) -> None:
    """Look whether a run meets the check of a station, and tell the class if all is."""
    progress = current_progress()
    if progress is None or not progress.shown:
        return
    if _is_met_by_a_run(owner(), station, progress):
        note_event(f"check {station.key}")
    if is_done(station, current_progress()):
        note_event(f"station {station.key}")


def follow_station(key: str, station: Station) -> None:
    """Draw the page anew when another station is the present one, or more is done."""
    live_part(
        key,
        f"path/{station.key}",
        _page_of(station, current_progress()),
        seconds=UPDATE_SECONDS,
        on_change=_read_progress,
    )


def station_view(owner: str | None, key: str, _query: Query) -> View | None:
    """Return what is done at a station. It is only looked at: the page notes it."""
    if owner is None or (station := BY_KEY.get(key)) is None:
        return None
    progress = platform().paths.progress(owner)
    is_met = progress is not None and _is_met_by_a_run(owner, station, progress)
    page = _page_of(station, progress, is_met=is_met)
    return View(key=("path",), page=page, make=dict)


def _page_of(
    station: Station, progress: PathProgress | None, *, is_met: bool = False
) -> str:
    """What the page shows of a station, and of where somebody is."""
    if progress is None:
        return "not begun"
    checked = is_met or is_checked(station, progress)
    answered = is_answered(station, progress)
    return (
        f"at {progress.station}, shown {progress.shown}, {station.key} checked "
        f"{checked}, answered {answered}"
    )


def _read_progress() -> None:
    """Read the progress: a run, or another tab, has changed it."""
    with suppress(StoreError):
        st.session_state["path_progress"] = platform().paths.progress(owner())


def _is_met_by_a_run(owner: str, station: Station, progress: PathProgress) -> bool:
    """Whether a run meets the check of a station, and it has not been noted yet."""
    if not station.check.goal.is_of_a_run or is_checked(station, progress):
        return False
    return any(_meets(run, station) for run in platform().store.runs_of(owner, RUNS))


def _meets(run, station: Station) -> bool:
    return (
        run.status == "done"
        and applies(station.page, station.query, run.task, run.settings)
        and station.check.settings.items() <= run.settings.items()
        and station.check.goal.reached(run.summary)
    )
