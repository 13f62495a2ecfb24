"""Steps 2 and 3: the network over a sequence, forward and backward in time."""

from typing import NamedTuple

import streamlit as st

from core import palette
from core.lesson.backward_passes import PRESETS, presets_of
from core.lesson.cells import CELLS
from core.lesson.demo import (
    MAX_LETTERS,
    SINE_STEPS,
    Sequence,
    SequenceDemo,
    backward_demo,
    initial_influence,
    sine_sequence,
    states,
    word_sequence,
)
from core.lesson.figures import initial_influence_figure, scan_figure
from core.task import DataError
from pages.ui.address import hold
from pages.ui.charts import chart, ink
from pages.ui.controls import checked, setting
from pages.ui.lesson.components import GATES, STATES, Quantity, heatmap_component
from pages.ui.lesson.hidden_mistake import HIDDEN, ask_for_mistake, plant_mistake
from pages.ui.lesson.steps import choose_cell, code, question, reading
from pages.ui.words import as_text, three_digits

SOURCES = ("A word", "A sine")
LOSS_STEPS = ("The last step", "Every step")
DECADES = 5  # of the axis of gradient norms
LINES = {
    "rnn": [palette.HIDDEN_STATE],
    "lstm": [palette.CELL_STATE, palette.HIDDEN_STATE],
    "gru": [palette.HIDDEN_STATE],
    "mingru": [palette.HIDDEN_STATE],
}

cached_influence = st.cache_data(initial_influence)
cached_backward = st.cache_data(max_entries=100, show_spinner="Checking gradients")(
    backward_demo
)


class Input(NamedTuple):
    """A sequence, its kind, and the settings of the network that reads it."""

    sequence: Sequence
    source: str
    settings: SequenceDemo


def choose_input(page: str, cell: str) -> Input | None:
    """Draw the widgets of both steps; None if the word or a setting is not valid."""
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
        key=hold(f"{prefix}_source", SOURCES[0], SOURCES),
        help="What the network reads: the letters of a word, one-hot encoded, or two "
        f"periods of a sine in {SINE_STEPS} steps.",
        persist_state="session",
    )
    if source == "A word":
        word = st.text_input(
            "Word",
            max_chars=MAX_LETTERS,
            key=hold(f"{prefix}_word", "hello", high=MAX_LETTERS),
            help=f"The network reads it letter by letter. 2 to {MAX_LETTERS} letters.",
            width=160,
            persist_state="session",
        )
    with st.popover("Network", icon=":material/tune:"):
        values = {name: setting(prefix, SequenceDemo, name) for name in names}
    try:
        sequence = word_sequence(word) if source == "A word" else sine_sequence()
    except DataError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return None
    settings = checked(SequenceDemo, st, **values)
    return settings and Input(sequence, source, settings)


def _heatmaps(key: str, cell: str, chosen: Input, panels, **more) -> None:
    heatmap_component(
        key,
        {
            "cell": CELLS[cell].title,
            "labels": list(chosen.sequence.labels),
            "stepName": "letter" if chosen.source == "A word" else "point",
            "lines": LINES[cell],
            "negative": palette.NEGATIVE,
            "positive": palette.POSITIVE,
            "panels": panels,
            "units": chosen.settings.units,
            **more,
        },
    )


def forward(page: str) -> None:
    """Draw the forward pass, to be played step by step."""
    cell = choose_cell(page)
    question(page, cell, "Forward")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choose_input(page, cell)
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
    _heatmaps(f"{page}_forward_view", cell, chosen, panels, backward=False)
    st.caption(
        "Each square is one unit at one time step. "
        + ("Gates are between 0 (empty) and 1 (full colour). " if cell != "rnn" else "")
        + "States are shown from −1 (brown) through 0 to 1 (teal), always on the same "
        "scale. The weights are random: this network has not been trained."
    )
    if cell == "mingru":
        code(cell, "forward", "scan")
        words, side = st.columns([3, 2], gap="large")
        with words:
            reading(cell, "Forward")
        with side:
            _loop_and_scan(page)
    else:
        code(cell, "forward")
        reading(cell, "Forward")


def backward(page: str) -> None:
    """Draw a backward pass, correct or not, and the check of its gradients."""
    cell = choose_cell(page)
    question(page, cell, "Backward")
    titles = {name: PRESETS[name].title for name in presets_of(cell)}
    titles[HIDDEN] = "Hidden mistake"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choose_input(page, cell)
        preset = st.selectbox(
            "Backward pass",
            list(titles),
            format_func=titles.get,
            key=hold(f"{page}_preset", "right", titles),
            help="The correct one, networks with unfavourable weights, common "
            "mistakes, and one of these that you have to find.",
            width=230,
            persist_state="session",
        )
        loss_steps = st.segmented_control(
            "Loss depends on",
            LOSS_STEPS,
            required=True,
            key=hold(f"{page}_asked", LOSS_STEPS[0], LOSS_STEPS),
            help="Which hidden states the loss depends on, and so where the gradient "
            "enters the backward pass.",
            persist_state="session",
        )
    planted = plant_mistake(page, cell, preset)
    if chosen is None:
        return
    used = planted or preset
    demo = cached_backward(
        cell, chosen.sequence, chosen.settings, used, loss_steps == "Every step"
    )
    _verdict(preset, demo.report)
    if planted:
        ask_for_mistake(page, cell, planted)
    heatmaps = [
        {"name": name, **_gradient(name)._asdict(), "values": values.tolist()}
        for name, values in demo.panels.items()
    ]
    _heatmaps(
        f"{page}_backward_view",
        cell,
        chosen,
        [_norm_panel(demo, preset), *heatmaps],
        backward=True,
        decades=DECADES,
        checks=[
            {"right": step.right, "digits": f"{max(0, step.digits):.0f}"}
            for step in demo.report.steps
        ],
    )
    st.caption(
        "The colour shows the size of each gradient on a logarithmic scale, from "
        "0.0001 (faint) to 1 (full colour); brown is negative, teal is positive. The "
        "mark in each box tells whether the gradient with respect to that step's "
        "input agrees with finite differences; the number above it, how many digits "
        "agree."
    )
    _table(demo.report)
    code(cell, "backward", "cell_backward")
    words, side = st.columns([3, 2], gap="large")
    with words:
        reading(cell, "Backward")
    with side:
        _initial_influence(page)


def _gradient(name: str) -> Quantity:
    """The name of a gradient: "df" is that of "f"."""
    if name == "dsum":
        return Quantity("Sum before tanh", "dz", palette.NAIVE)
    state = STATES[name[1:]]
    return Quantity(state.title, "d" + state.symbol, state.colour)


def _verdict(preset: str, report) -> None:
    """The badge, and what the preset does, unless it has to be found."""
    digits = f"{max(0.0, report.digits):.1f} digits agree"
    badge = (
        f":green-badge[:material/check: {digits}]"
        if report.right
        else f":red-badge[:material/error: {digits}]"
    )
    explanation = "" if preset == HIDDEN else PRESETS[preset].explanation
    st.markdown(f"{badge} **{report.where}** {explanation}")
    if preset == "dropped":
        st.info(
            "This mistake is hard to notice. It raises no error, and the loss still "
            "falls in training, because the output layer and the weights of each "
            "step's own input keep learning. The comparison with finite differences "
            "reveals it at once.",
            icon=":material/search:",
        )


def _norm_panel(demo, preset: str):
    """The norms of da and dc over time; the correct ones dashed where they differ."""
    curves = [
        {
            "name": f"‖{name}‖",
            "values": values.tolist(),
            "colour": _gradient(name).colour,
            "dashed": False,
        }
        for name, values in demo.norms.items()
    ]
    if preset != "right":
        curves += [
            {
                "values": values.tolist(),
                "colour": _gradient(name).colour,
                "dashed": True,
            }
            for name, values in demo.correct_norms.items()
        ]
    return {
        "name": "length",
        "title": "Norm of the gradient",
        "symbol": "",
        "colour": palette.NAIVE,
        "curves": curves,
    }


def _table(report) -> None:
    """Every gradient beside its finite difference, where they differ most."""
    with st.expander("All gradients, checked", icon=":material/fact_check:"):
        st.table(
            [
                {
                    "Gradient": gradient.name,
                    "Verdict": ":green[agrees]"
                    if gradient.right
                    else ":red[**differs**]",
                    "Digits that agree": f"{max(0.0, gradient.digits):.1f}",
                    "Largest difference at": ", ".join(
                        str(index + 1) for index in gradient.worst
                    ),
                    "Backward pass": three_digits(gradient.analytic),
                    "Finite difference": three_digits(gradient.numeric),
                }
                for gradient in report.gradients
            ]
        )


def _initial_influence(page: str) -> None:
    """The influence of an input against its distance, in each network."""
    st.markdown("**Influence of past inputs before any training**")
    chart(
        initial_influence_figure(cached_influence(0), ink()),
        f"{page}_fading",
        "Influence of an input on the last state against the distance in steps, "
        "for an RNN, an LSTM, a GRU and a minGRU",
    )
    st.caption(
        "Relative to that of the last input; 16 units, initial weights, mean of 8 "
        "random sequences. The RNN's weights are orthogonal at the start, so that its "
        "gradient reaches back nearly as far as the LSTM's, and further than those of "
        "the GRU and the minGRU. What training then does to it is the subject of "
        "*Learning*, under *Vanishing gradient*."
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
