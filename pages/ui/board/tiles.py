"""The tiles: a component that updates in place, and its view."""

from urllib.parse import urlencode

import streamlit as st

from core.figures import palette
from core.registry import get_task
from core.runs.classes.board import Sort
from core.runs.classes.board_state import BoardState, Curve
from pages.ui.address import Link
from pages.ui.cache import shared_cache
from pages.ui.components import read
from pages.ui.intents import trigger_intent
from pages.ui.live.part import live_part
from pages.ui.live.route import live_path
from pages.ui.live.view import Query, View, digest
from pages.ui.path.stations import BY_KEY, place_of
from pages.ui.session import platform
from pages.ui.web.scripts import script
from pages.ui.words import duration

WORDS = {
    "queued": "Waiting",
    "running": "Training",
    "stopped": "Stopped",
    "done": "Finished",
    "failed": "Failed",
}
DOING = {  # activity by the first word of the latest event
    "bug": ("running", "Finding the bug"),
    "mistake": ("done", "Bug found"),
    "question": ("done", "Question right"),
    "quiz": ("running", "In the quiz"),
}
SORTS = {"progress": "Progress", "result": "Result", "name": "Name"}
WIDTH, HEIGHT = 200, 60  # units of a curve's SVG
PAGE = "tiles"  # constant: no widget depends on the view

_tiles = st.components.v2.component(
    "board_tiles",
    html='<div class="tiles" role="group" aria-label="The students"></div>',
    css=read("board/tiles.css"),
    js=script("board/tiles.js"),
)


def draw_tiles(
    code: str, task: str, sort: str, seconds: float, frozen, query: dict[str, str]
) -> None:
    """Draw the tiles of a class. A click opens a run in this session.

    Parameters
    ----------
    task
        Id of one task of the class; empty for all.
    frozen
        A state of the class to draw instead of the current one, or None.
    query
        Has the token of the screen, where tiles open nothing.
    """
    path = f"board/{code}"
    live_part(
        "board_live",
        path,
        PAGE,
        seconds=seconds,
        still=frozen and _view(frozen, task, sort),
        task=task,
        sort=sort,
        **query,
    )
    opened = trigger_intent(
        "board_tiles",
        "opened",
        lambda run: Link("shared", urlencode({"class": code, "run": str(run)})),
    )
    _tiles(key="board_tiles", data=live_path(path), on_opened_change=opened)


def tiles_view(owner: str | None, code: str, query: Query) -> View | None:
    """Return the tiles of a class, for readers who may see its board."""
    screen = query.get("screen", "")
    state = platform().boards.shown_to(owner, code, screen)
    task, sort = query.get("task", ""), query.get("sort", "")
    return state and _view(state, task, sort, opens=not screen)


def _view(state: BoardState, task: str, sort: str, *, opens: bool = True) -> View:
    known = {each.id for each in state.tasks}
    chosen = task if task in known else None
    content, key = shared_cache(
        _content, state, chosen, sort if sort in SORTS else "progress", opens
    )
    return View(key=("board", key), page=PAGE, make=lambda: content)


def _content(state: BoardState, task: str | None, sort: Sort, opens: bool):
    """Return the content and its digest, by which unchanged content is recognised."""
    tiles = platform().boards.tiles(state, task, sort)
    tasks = [each for each in state.tasks if task in (None, each.id)]
    trains = not tasks or any(each.task for each in tasks)
    content = {
        "text": summary(tiles, state.school_class.code),
        "board": board(tiles, len(tasks), trains),
    }
    for student in () if opens else content["board"]["students"]:
        student["run"] = None
    return content, digest(content)


def board(tiles, tasks: int, trains: bool = True) -> dict[str, object]:
    """Return the tiles as data of the component.

    `tasks` is their number, `trains` whether one of them is a training.
    """
    shown = {tile.run.task for tile in tiles if tile.run}
    return {
        "students": [_student(tile, tasks, trains, len(shown) == 1) for tile in tiles],
        "size": [WIDTH, HEIGHT],
        "curve": palette.MODEL,
    }


def summary(tiles, code: str) -> str:
    """Return the numbers of students by state, as a sentence."""
    if not tiles:
        return f"No students yet. They open the link, or type {code} on the page Class."
    states = [tile.run.status if tile.run else "none" for tile in tiles]
    counted = {
        "training": states.count("running"),
        "waiting": states.count("queued"),
        "finished": states.count("done"),
        "idle": sum(tile.idle is not None for tile in tiles),
    }
    parts = [f"{number} {word}" for word, number in counted.items() if number]
    people = "1 student" if len(tiles) == 1 else f"{len(tiles)} students"
    return " · ".join([people, *parts])


def _student(tile, tasks: int, trains: bool, one_training: bool) -> dict[str, object]:
    status, word = _status(tile, trains)
    title = _title(tile, one_training)
    done = f"{tile.done}/{tasks}" if tasks else ""
    figure = _figure(tile.value, tile.measure.percent)
    caption = tile.measure.title if figure else ""
    parts = (
        tile.member.name,
        word,
        title,
        figure and f"{caption} {figure}",
        done and f"{tile.done} of {tasks} tasks done",
    )
    return {
        "id": tile.member.id,
        "name": tile.member.name,
        "title": title,
        "status": status,
        "word": word,
        "figure": figure,
        "caption": caption,
        "curve": _line(tile.curve),
        "progress": round(tile.progress, 3),
        "done": done,
        "all": tasks > 0 and tile.done == tasks,
        "run": tile.run.id if tile.run and not tile.private else None,
        "label": ", ".join(filter(None, parts)),
    }


def _figure(value: float | None, percent: bool) -> str:
    """Format a figure: 0.0213, 1,234, 87%."""
    if value is None:
        return ""
    if percent:
        return f"{value:.0%}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _line(curve: Curve) -> str:
    """Return the points of an SVG line, whose vertical axis points down."""
    return " ".join(f"{WIDTH * x:.0f},{HEIGHT * (1 - y):.0f}" for x, y in curve.line)


def _title(tile, one_training: bool) -> str:
    """The station of the path, and the training with its changed settings."""
    at = BY_KEY.get(tile.doing.station)
    station = f"{place_of(at)}: {at.title}" if at else ""
    if tile.run is None:
        return station
    return " · ".join(filter(None, (station, _training(tile, one_training))))


def _training(tile, one_training: bool) -> str:
    if tile.private:
        return "own data"
    task = "" if one_training else get_task(tile.run.task).TITLE
    return ": ".join(filter(None, (task, tile.run.changes))) or "usual settings"


def _status(tile, trains: bool) -> tuple[str, str]:
    """The state of a tile, also in words; progress on private data is hidden."""
    run = tile.run
    if tile.idle is not None:
        return "idle", f"Idle {duration(60 * (tile.idle // 60))}"
    if run is None and not trains and tile.done:
        return "done", "Done"
    if run is None and (doing := DOING.get(tile.doing.event.partition(" ")[0])):
        return doing
    if run is None:
        return "none", "No training yet" if trains else "Not yet"
    if run.status == "running" and run.total and not tile.private:
        return "running", f"{int(run.progress)}/{run.total}"
    return run.status, WORDS[run.status]
