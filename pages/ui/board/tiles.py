"""The tiles: a component that changes in place, and what it is given."""

import json
from pathlib import Path

import streamlit as st

from core import palette
from core.runs.classes.board import CURVE_HEIGHT, CURVE_WIDTH
from pages.ui.words import duration

HERE = Path(__file__).parent
WORDS = {
    "queued": "Waiting",
    "running": "Training",
    "stopped": "Stopped",
    "done": "Finished",
    "failed": "Failed",
}
TRAININGS = {
    "stock": "Prices",
    "text": "Writing",
    "adding": "Adding",
    "emoji": "Emoji",
    "music": "Music",
}

_tiles = st.components.v2.component(
    "board_tiles",
    html='<div class="tiles" role="group" aria-label="The students"></div>',
    css=(HERE / "tiles.css").read_text(),
    js=(HERE / "tiles.js").read_text(),
)


def tiles_component(key: str, content: bytes) -> None:
    """Draw what `encoded` made of tiles; a click opens the address of a run.

    The browser goes there: where a part that is drawn each second changes the page,
    what others of them have sent may still arrive, and Streamlit's page breaks.
    """
    _tiles(key=key, data=content)


def encoded(tiles, tasks: int, trains: bool = True) -> bytes:
    """Write tiles for the component.

    Parameters
    ----------
    tasks
        How many there are to do.
    trains
        Whether a training is among them; a step of a lesson may have none.
    """
    shown = {tile.run.task for tile in tiles if tile.run}
    board = {
        "students": [_student(tile, tasks, trains, len(shown) == 1) for tile in tiles],
        "size": [CURVE_WIDTH, CURVE_HEIGHT],
        "curve": palette.MODEL,
    }
    return json.dumps(board, ensure_ascii=False, separators=(",", ":")).encode()


def _student(tile, tasks: int, trains: bool, one_training: bool) -> dict[str, object]:
    status, word = _status(tile, trains)
    title = _title(tile, one_training)
    done = f"{tile.done}/{tasks}" if tasks else ""
    parts = (
        tile.member.name,
        word,
        title,
        tile.headline and f"{tile.caption} {tile.headline}",
        done and f"{tile.done} of {tasks} tasks done",
    )
    return {
        "id": tile.member.id,
        "name": tile.member.name,
        "title": title,
        "status": status,
        "word": word,
        "figure": tile.headline,
        "caption": tile.caption,
        "curve": tile.curve,
        "progress": round(tile.progress, 3),
        "done": done,
        "all": tasks > 0 and tile.done == tasks,
        "run": tile.run.id if tile.run and not tile.private else None,
        "label": ", ".join(filter(None, parts)),
    }


def _title(tile, one_training: bool) -> str:
    """What is trained, short: the task where there are several, and the settings."""
    if tile.private:
        return "own data"
    if tile.run is None:
        return ""
    task = "" if one_training else TRAININGS[tile.run.task]
    return ": ".join(filter(None, (task, tile.run.changes))) or "usual settings"


def _status(tile, trains: bool) -> tuple[str, str]:
    """The state of a tile, and in words; how a run of own data gets on is private."""
    run = tile.run
    if tile.idle is not None:
        return "idle", f"Idle {duration(60 * (tile.idle // 60))}"
    if run is None and not trains:
        return ("done", "Done") if tile.done else ("none", "Not yet")
    if run is None:
        return "none", "No training yet"
    if run.status == "running" and run.total and not tile.private:
        return "running", f"{int(run.progress)}/{run.total}"
    return run.status, WORDS[run.status]
