"""Step 2: the network over a sequence, forward in time; and the choice of one."""

from typing import NamedTuple

import streamlit as st

from core.lesson.cells import CELLS
from core.lesson.demo import (
    MAX_LETTERS,
    SINE_STEPS,
    WORD,
    Sequence,
    SequenceDemo,
    is_own_word,
    sine_sequence,
    states,
    word_sequence,
)
from core.lesson.figures import scan_figure
from pages.ui.address import bind, is_given, persistent
from pages.ui.charts import chart, ink
from pages.ui.controls import checked, choose, refusals, setting, settings_grid
from pages.ui.lesson.components import heatmap_component, state_panels
from pages.ui.lesson.steps import choose_cell, code, question, reading
from pages.ui.lesson.trained import inside
from pages.ui.membership import note_event
from pages.ui.shape import sides

SOURCES = ("A word", "A sine")
NETWORKS = ("Fresh", "Trained")


class Input(NamedTuple):
    """A sequence, its kind, and the settings of the network that reads it."""

    sequence: Sequence
    source: str
    settings: SequenceDemo


def choose_input(page: str, cell: str, default: str = SOURCES[0]) -> Input | None:
    """Draw the widgets of both steps; None if the word or a setting is not valid.

    `default` is shown until a person, or an address, chooses the sequence.
    """
    names = ["units", "seed"]
    if CELLS[cell].recurrent:
        names.append("recurrent_scale")
    if CELLS[cell].keep:
        names.append("forget_bias")
    prefix = f"{page}_sequence"
    source = st.segmented_control(
        "Sequence",
        SOURCES,
        required=True,
        **persistent(_hold_source(prefix, default)),
        help="What the network reads: the letters of a word, one-hot encoded, or two "
        f"periods of a sine in {SINE_STEPS} steps.",
    )
    if source == "A word":
        word = st.text_input(
            "Word",
            max_chars=MAX_LETTERS,
            **persistent(bind(f"{prefix}_word", WORD, high=MAX_LETTERS)),
            help=f"The network reads it letter by letter. 2 to {MAX_LETTERS} letters.",
        )
    with (
        st.expander("Weights", icon=":material/tune:"),
        settings_grid(),
    ):
        values = {name: setting(prefix, SequenceDemo, name) for name in names}
    with refusals():
        sequence = word_sequence(word) if source == "A word" else sine_sequence()
        settings = checked(SequenceDemo, st, **values)
        return settings and Input(sequence, source, settings)
    return None


def _hold_source(prefix: str, default: str) -> str:
    """Store the kind of sequence, whose default depends on the step.

    What a person chooses in one step is there in the other as well. An address that
    has a word, and not the kind, is from a step in which a word is the default.
    """
    source, word, untouched = (f"{prefix}_{n}" for n in ("source", "word", "default"))
    state = st.session_state
    if is_given(word) and not is_given(source):
        state[source] = SOURCES[0]
    given = is_given(word) or is_given(source) or state.get(word, WORD) != WORD
    if given or state.get(source) not in (None, state.get(untouched)):
        state.pop(untouched, None)
    else:
        state[source] = state[untouched] = default
    return bind(source, default, SOURCES)


def heatmaps(key: str, cell: str, chosen: Input, panels, **more) -> None:
    """Draw quantities over time, played forward, or backward from the end."""
    heatmap_component(
        key,
        cell,
        chosen.sequence.labels,
        "letter" if chosen.source == "A word" else "point",
        panels,
        chosen.settings.units,
        **more,
    )


def forward(page: str, choice) -> None:
    """Draw the forward pass with a player."""
    cell = choose_cell(page, choice)
    choosing, seeing = sides()
    network = choose(
        "Network",
        NETWORKS,
        f"{page}_forward_network",
        place=choosing,
        help="Fresh: random weights, as before training. Trained: one that has learned "
        "to write, at any epoch, and what its units do.",
    )
    if network == "Trained":
        inside(page, cell, choosing, seeing)
        return
    with choosing:
        chosen = choose_input(page, cell)
    with seeing:
        if chosen:
            _fresh(page, cell, chosen)
        question(page, cell, "Forward", f"seen_sequence {cell}")
    if cell == "mingru":
        code(cell, "step", "unroll", "scan")
        words, side = st.columns([3, 2], gap="large")
        with words:
            reading(cell, "Forward")
        with side:
            _loop_and_scan(page)
    else:
        code(cell, "step", "unroll")
        reading(cell, "Forward")


def _fresh(page: str, cell: str, chosen: Input) -> None:
    """Draw an untrained network that reads a word or a sine."""
    if is_own_word(chosen.sequence):
        note_event(f"word {cell}")
    panels = state_panels(states(cell, chosen.sequence, chosen.settings))
    heatmaps(
        f"{page}_forward_view",
        cell,
        chosen,
        panels,
        backward=False,
        event=f"seen_sequence {cell}",
    )
    st.caption(
        "Each square is one unit at one time step. "
        + ("Gates are between 0 (empty) and 1 (full colour). " if cell != "rnn" else "")
        + "States are shown from −1 (brown) through 0 to 1 (teal), always on the same "
        "scale. The weights are random: this network has not been trained."
    )


def _loop_and_scan(page: str) -> None:
    """The steps that must wait for each other, in the loop and in the scan."""
    st.markdown("**Steps that must wait for each other**")
    chart(
        scan_figure(ink()),
        f"{page}_scan",
        "Steps one after the other against the length of the sequence: as many as "
        "its length in the loop, the binary logarithm of it in the scan",
    )
    st.caption(
        "Each round of the scan works on all time steps at once. Altogether it does "
        "more arithmetic than the loop, T log₂ T operations in place of T. Measured "
        "on one processor, with 32 units and T = 1,024: for a single sequence the scan "
        "takes a tenth of the loop's time, for 32 sequences at once 1.7 times as long. "
        "It pays where much can run in parallel."
    )
