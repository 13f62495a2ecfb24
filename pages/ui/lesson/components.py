"""The lessons' animations: components of the browser's own, without a build step."""

import json
from typing import NamedTuple

import streamlit as st

from core.figures import palette
from core.lesson.cells import CELLS
from pages.ui.components import read
from pages.ui.intents import intent, trigger_intent
from pages.ui.live.route import live_path
from pages.ui.membership import note_event, wants_event
from pages.ui.web.scripts import script


class Quantity(NamedTuple):
    """A quantity in words, as a symbol, and in its colour."""

    title: str
    symbol: str
    colour: str


STATES = {
    "f": Quantity("Forget gate", "f", palette.FORGET_GATE),
    "i": Quantity("Input gate", "i", palette.INPUT_GATE),
    "z": Quantity("Update gate", "z", palette.UPDATE_GATE),
    "r": Quantity("Reset gate", "r", palette.RESET_GATE),
    "cc": Quantity("Candidate", "c̃", palette.CANDIDATE),
    "o": Quantity("Output gate", "o", palette.OUTPUT_GATE),
    "c": Quantity("Cell state", "c", palette.CELL_STATE),
    "h": Quantity("Hidden state", "h", palette.HIDDEN_STATE),
}
LINES = {  # lines between steps of the unrolled network
    "rnn": [palette.HIDDEN_STATE],
    "lstm": [palette.CELL_STATE, palette.HIDDEN_STATE],
    "gru": [palette.HIDDEN_STATE],
    "mingru": [palette.HIDDEN_STATE],
}
GATES = ("f", "i", "o", "z", "r")  # values between 0 and 1; the others are around zero
PALETTE = {
    "rows": {state.symbol: (state.title, state.colour) for state in STATES.values()},
    "gates": GATES,
    "networks": palette.NETWORKS,
    "negative": palette.NEGATIVE,
    "positive": palette.POSITIVE,
}

_cell = st.components.v2.component(
    "lesson_cell",
    html="""
    <div class="lesson" role="group" aria-label="One step of the cell">
      <div class="head">
        <p class="sentence shaded" aria-live="polite"></p>
        <div class="bar experiments" role="group" aria-label="Teach or change it"></div>
        <div class="bar controls"></div>
      </div>
      <div class="blocks"></div>
      <p class="keys">Its memory is numbers: green above 0, brown below. Click a box to
        see them.</p>
    </div>""",
    css=read("components/player.css", "lesson/cell.css"),
    js=script("lesson/cell.js"),
)

_heatmaps = st.components.v2.component(
    "lesson_heatmaps",
    html="""
    <div class="lesson" role="group" aria-label="The network over time">
      <div class="bar"></div>
      <canvas class="strip" role="img" aria-label="The unrolled network"></canvas>
      <p class="readout shaded" aria-live="polite"></p>
      <div class="top"></div>
      <div class="panels"></div>
      <p class="scale" aria-hidden="true"></p>
      <p class="keys">Up and down choose a unit; point at a square for its value.</p>
    </div>""",
    css=read("components/player.css", "lesson/heatmap.css"),
    js=script("lesson/heatmap.js"),
)

_SCRUBBER = {
    "html": f"""
    <div class="lesson" role="group" aria-label="Epoch by epoch"
      data-palette='{json.dumps(PALETTE)}'>
      <div class="bar"></div>
      <div class="written"></div>
      <h4>Its error, epoch by epoch: lower is better</h4>
      <canvas class="curve" role="img" aria-label="Loss after each epoch"></canvas>
      <p class="losses"></p>
      <p class="readout quiet" aria-live="polite">Point at a square, or go to it by Tab
      and arrows, to read its value.</p>
      <div class="views"></div>
    </div>""",
    "css": read("components/player.css", "lesson/scrubber/scrubber.css"),
}
_scrubber = st.components.v2.component(
    "lesson_scrubber", **_SCRUBBER, js=script("lesson/scrubber/scrubber.js")
)
_live_scrubber = st.components.v2.component(
    "live_scrubber", **_SCRUBBER, js=script("lesson/scrubber/live_scrubber.js")
)

_unit_text = st.components.v2.component(
    "lesson_unit_text",
    html="""
    <div class="lesson" role="group" aria-label="What one unit does in a text">
      <div class="scale" aria-hidden="true">
        <span class="less"></span><i></i><span class="more"></span>
      </div>
      <div class="text box" role="textbox" aria-readonly="true" aria-multiline="true"
        tabindex="0" aria-label="Text in the colours of the unit"></div>
      <p class="readout quiet" aria-live="polite">Point at a character to read its
      value, or go there by Tab and the arrow keys.</p>
      <div class="bar"></div>
      <p class="follows quiet"></p>
    </div>""",
    css=read("components/player.css", "lesson/unit_text.css"),
    js=script("lesson/unit_text.js"),
)


_zoom = st.components.v2.component(
    "lesson_zoom",
    html="""
    <div class="lesson" role="group" aria-label="From the text to one multiplication">
      <nav class="crumbs" aria-label="Where you are"></nav>
      <div class="bar"></div>
      <div class="row text"></div>
      <section class="level box step"></section>
      <section class="level box unit-level" hidden></section>
      <section class="level box sum" hidden></section>
    </div>""",
    css=read("components/player.css", "lesson/zoom.css"),
    js=script("lesson/zoom.js"),
)


def _watched(data, event: str | None):
    """Report the player's last step once, for the question and for the path."""
    watched = event is not None and (not has_played(event) or wants_event(event))
    return {**data, "watched": watched}


def has_played(event: str) -> bool:
    """Whether the view of an event was played to its end in this session."""
    return event in st.session_state.get("played", ())


def _note_played(event: str) -> None:
    st.session_state["played"] = {*st.session_state.get("played", ()), event}
    note_event(event)


def cell_component(key: str, data, save_edits, *, event: str) -> None:
    """Draw one step of a cell, editable in the browser.

    Changes are passed to `save_edits`, in the format of `core.lesson.demo.edited`;
    `event` is noted when somebody has stepped to the end.
    """
    _cell(
        key=key,
        data=_watched(data, event),
        on_edits_change=trigger_intent(key, "edits", save_edits),
        on_seen_change=intent(f"{key} seen", _note_played, event),
    )


def state_panels(states):
    """Gates and states by name, (units, T), as panels of `heatmap_component`."""
    return [
        {
            "name": name,
            **STATES[name]._asdict(),
            "values": values.tolist(),
            "gate": name in GATES,
        }
        for name, values in states.items()
    ]


def heatmap_component(
    key: str,
    cell: str,
    labels,
    step_name: str,
    panels,
    units: int,
    *,
    event: str | None = None,
    **more,
) -> None:
    """Draw heatmaps over time with a player.

    Parameters
    ----------
    key
        Of the component.
    cell
        A key of `core.lesson.cells.CELLS`.
    labels, step_name
        Name of each step, and what a step is: a letter, say.
    panels
        Of one quantity each: its name, title, symbol, colour and values.
    units
        Rows of each panel.
    event
        Noted when somebody has played to the end.
    more
        What one step of the lesson alone has, such as the equations.
    """
    data = {
        "cell": CELLS[cell].title,
        "labels": list(labels),
        "stepName": step_name,
        "lines": LINES[cell],
        "negative": palette.NEGATIVE,
        "positive": palette.POSITIVE,
        "panels": panels,
        "units": units,
        **more,
    }
    _heatmaps(
        key=key,
        data=_watched(data, event),
        on_seen_change=intent(f"{key} seen", _note_played, event),
    )


def scrubber(key: str, snapshots: bytes) -> None:
    """Draw a file of `core.lesson.snapshot_file`, with a slider over its epochs."""
    _scrubber(key=key, data=snapshots)


def live_scrubber(key: str, path: str) -> None:
    """Draw the latest snapshot that the live part of a path has been sent."""
    _live_scrubber(key=key, data=live_path(path))


def zoom_component(key: str, cell: str, numbers) -> None:
    """Draw a text with the way to each multiplication: see `core.lesson.zoom.zoom`."""
    before = {
        f"{name}_prev": Quantity(f"{STATES[name].title} before", f"{name}ₜ₋₁", colour)
        for name, colour in (("h", palette.HIDDEN_STATE), ("c", palette.CELL_STATE))
    }
    named = {**STATES, **before, "s": Quantity("State's part", "s", palette.NAIVE)}
    rows = [n for n in (*STATES, "s") if n in numbers["values"]]
    _zoom(
        key=key,
        data={
            **numbers,
            "cell": CELLS[cell].title,
            "rows": rows,
            "names": {
                name: {**quantity._asdict(), "gate": name in GATES}
                for name, quantity in named.items()
            },
            "negative": palette.NEGATIVE,
            "positive": palette.POSITIVE,
        },
    )


def unit_text(key: str, data, *, event: str) -> None:
    """Draw a text coloured by a unit, at each epoch.

    `event` is noted when somebody has played to the last epoch.
    """
    _unit_text(
        key=key,
        data=_watched(data, event),
        on_seen_change=intent(f"{key} seen", _note_played, event),
    )
