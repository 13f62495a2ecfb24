"""Which stations are done: the check is met, and the question answered."""

from core.runs.classes.goals import applies
from core.runs.path import PathProgress
from pages.ui.membership import current_progress, note_event
from pages.ui.path.stations import BY_KEY, STATIONS, Station
from pages.ui.session import owner, platform

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
    progress, goal = current_progress(), station.check.goal
    if progress is None or not progress.shown:
        return
    if goal.is_of_a_run and not is_checked(station, progress):
        runs = platform().store.runs_of(owner(), RUNS)
        if any(_meets(run, station) for run in runs):
            note_event(f"check {station.key}")
    if is_done(station, current_progress()):
        note_event(f"station {station.key}")


def _meets(run, station: Station) -> bool:
    return (
        run.status == "done"
        and applies(station.page, station.query, run.task, run.settings)
        and station.check.settings.items() <= run.settings.items()
        and station.check.goal.reached(run.summary)
    )
