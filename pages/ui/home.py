"""Parts of the home page: the drawing of an LSTM, and the state of the workers."""

import streamlit as st

from core.palette import CELL_STATE, HIDDEN_STATE
from pages.ui.fragments import repeated
from pages.ui.session import platform

UPDATE_SECONDS = 2
STEPS = 6
WIDTH, HEIGHT = 132, 176  # of one time step, in the drawing's own units
CELL_Y, HIDDEN_Y = 76, 100  # the two states' lines
SUBSCRIPTS = "₁₂₃₄₅₆"


def _step(step: int) -> str:
    """One time step: input below, cell, output above, both states on to the next."""
    x, t = step * WIDTH + 66, SUBSCRIPTS[step]
    return f"""
    <g style="--step:{step}">
      <line x1="{x}" y1="142" x2="{x}" y2="112"/>
      <line x1="{x}" y1="64" x2="{x}" y2="38"/>
      {_state(x, CELL_Y, "c")}{_state(x, HIDDEN_Y, "a")}
      <rect x="{x - 36}" y="62" width="72" height="52" rx="10"/>
      <circle class="node" cx="{x}" cy="155" r="14"/>
      <circle class="node a" cx="{x}" cy="24" r="14"/>
      <text x="{x}" y="93">LSTM</text>
      <text class="small" x="{x}" y="159">x{t}</text>
      <text class="small" x="{x}" y="28">a{t}</text>
    </g>"""


def _state(x: int, y: int, name: str) -> str:
    """The line of a state to the next step, and a pulse that moves along it."""
    return f"""
      <line class="{name}" x1="{x + 36}" y1="{y}" x2="{x + WIDTH - 36}" y2="{y}"/>
      <circle class="pulse {name}" cx="{x + 36}" cy="{y}" r="5"/>"""


_drawing = st.components.v2.component(
    "unrolled_network",
    html=f"""
    <svg viewBox="0 0 {STEPS * WIDTH} {HEIGHT}" role="img"
         aria-label="An LSTM unrolled over {STEPS} time steps">
      {"".join(map(_step, range(STEPS)))}
    </svg>""",
    css=f"""
    svg {{ width: 100%; max-height: 200px; display: block }}
    line, rect, circle {{ stroke: var(--st-gray-color); stroke-width: 1.5 }}
    rect {{ fill: var(--st-secondary-background-color) }}
    .node {{ fill: var(--st-background-color) }}
    line.c {{ stroke: {CELL_STATE}; stroke-width: 2.5 }}
    line.a {{ stroke: {HIDDEN_STATE}; stroke-width: 2.5 }}
    .node.a {{ stroke: {HIDDEN_STATE}; stroke-width: 2.5 }}
    text {{ fill: var(--st-text-color); font: 600 14px var(--st-font);
            text-anchor: middle }}
    .small {{ font-size: 12px; font-weight: 400 }}
    .pulse {{ opacity: 0; stroke: none }}
    .pulse.c {{ fill: {CELL_STATE} }}
    .pulse.a {{ fill: {HIDDEN_STATE} }}
    @media (prefers-reduced-motion: no-preference) {{
      .pulse {{ animation: pass {STEPS * 0.8}s linear infinite;
                animation-delay: calc(var(--step) * 0.8s) }}
    }}
    @keyframes pass {{
      0% {{ opacity: 0; transform: translateX(0) }}
      2% {{ opacity: 1 }}
      14% {{ opacity: 1 }}
      16% {{ opacity: 0; transform: translateX({WIDTH - 72}px) }}
      100% {{ opacity: 0; transform: translateX({WIDTH - 72}px) }}
    }}""",
)


def unrolled_network(key: str) -> None:
    """Draw an LSTM that is unrolled in time, with its two states passing on."""
    _drawing(key=key)


def workers() -> None:
    """Draw how many workers there are, and how many of them train."""
    repeated(_draw_workers, UPDATE_SECONDS)()


def _draw_workers() -> None:
    view = platform().supervisor.view
    if view is None or not view.workers:
        st.caption(
            ":material/hourglass_top: The workers are starting. You can look around "
            "and press Train already: the run waits for them."
        )
        return
    count, busy = len(view.workers), view.busy
    plural = "s" if count > 1 else ""
    work = f"{busy} training" if busy else "none training"
    waiting = len(view.tasks) - busy
    queue = f", {waiting} in the queue" if waiting > 0 else ""
    st.caption(
        f":green[:material/check_circle:] {count} worker{plural} ready, {work}{queue}."
    )
