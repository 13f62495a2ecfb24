"""Step 2: the network unrolled over a sequence, its insides as heatmaps over time."""

import streamlit as st

from core.lesson.demo import states
from pages.ui.lesson.components import heatmap_component
from pages.ui.lesson.names import GATES, STATES, sequence_data
from pages.ui.lesson.reading import reading
from pages.ui.lesson.steps import choose_sequence, code, question


def forward(cell: str) -> None:
    """Draw the forward pass, to be played step by step."""
    question(cell, "Forward")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choose_sequence(cell)
    if chosen is None:
        return
    panels = [
        {
            "name": name,
            **STATES[name]._asdict(),
            "values": values.tolist(),
            "gate": name in GATES,
        }
        for name, values in states(cell, chosen.sequence, chosen.settings).items()
    ]
    heatmap_component(
        f"{cell}_forward_view",
        sequence_data(cell, chosen.sequence, chosen.source)
        | {"panels": panels, "units": chosen.settings.units, "back": False},
    )
    st.caption(
        "Each square is one unit at one time step. "
        + (
            "Gates are between 0 (empty) and 1 (full colour). "
            if cell == "lstm"
            else ""
        )
        + "States are shown from −1 (brown) through 0 to 1 (teal), always on the same "
        "scale. The weights are random: this network has not been trained."
    )
    code(cell, "forward")
    reading(cell, "Forward")
