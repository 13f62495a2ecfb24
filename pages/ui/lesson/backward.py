"""Step 3: the backward pass, step by step, with every gradient checked."""

import streamlit as st

from core import palette
from core.lesson.presets import PRESETS, presets_of
from core.lesson.way_back import way_back
from pages.ui.address import hold
from pages.ui.lesson.components import heatmap_component
from pages.ui.lesson.names import gradient, sequence_data
from pages.ui.lesson.reading import fading_past, reading
from pages.ui.lesson.steps import choose_sequence, code, question
from pages.ui.words import three_digits

ASKED = ("The last step", "Every step")
DECADES = 5  # of the axis of lengths

checked_way_back = st.cache_data(max_entries=100, show_spinner="Checking gradients")(
    way_back
)


def backward(cell: str) -> None:
    """Draw the backward pass, right or broken on purpose, and the verdict on it."""
    question(cell, "Backward")
    titles = {name: PRESETS[name].way.title for name in presets_of(cell)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choose_sequence(cell)
        preset = st.selectbox(
            "Backward pass",
            list(titles),
            format_func=titles.get,
            key=hold(f"{cell}_preset", "right", titles),
            help="The correct one, networks with unfavourable weights, and common "
            "mistakes.",
            width=230,
            persist_state="session",
        )
        asked = st.segmented_control(
            "Loss depends on",
            ASKED,
            required=True,
            key=hold(f"{cell}_asked", ASKED[0], ASKED),
            help="Which hidden states the loss depends on, and so where the gradient "
            "enters the backward pass.",
            persist_state="session",
        )
    if chosen is None:
        return
    found = checked_way_back(
        cell, chosen.sequence, chosen.settings, preset, asked == ASKED[1]
    )
    _verdict(preset, found.report)
    heatmap_component(
        f"{cell}_backward_view",
        sequence_data(cell, chosen.sequence, chosen.source)
        | {
            "panels": [_lengths(found, preset), *_heatmaps(found)],
            "units": chosen.settings.units,
            "back": True,
            "decades": DECADES,
            "checks": [
                {"right": step.right, "digits": f"{max(0, step.digits):.0f}"}
                for step in found.report.steps
            ],
        },
    )
    st.caption(
        "The colour shows the size of each gradient on a logarithmic scale, from "
        "0.0001 (faint) to 1 (full colour); brown is negative, teal is positive. The "
        "mark in each box tells whether the gradient with respect to that step's "
        "input agrees with finite differences; the number above it, how many digits "
        "agree."
    )
    _table(found.report)
    code(cell, "backward", "cell_backward")
    reading(cell, "Backward", fading_past)


def _verdict(preset: str, report) -> None:
    """The badge, and what the preset does."""
    chosen = PRESETS[preset]
    digits = f"{max(0.0, report.digits):.1f} digits agree"
    badge = (
        f":green-badge[:material/check: {digits}]"
        if report.right
        else f":red-badge[:material/error: {digits}]"
    )
    st.markdown(f"{badge} **{report.where}** {chosen.way.explanation}")
    if preset == "dropped":
        st.info(
            "This mistake is hard to notice. It raises no error, and the loss still "
            "falls in training, because the output layer and the weights of each "
            "step's own input keep learning. The comparison with finite differences "
            "reveals it at once.",
            icon=":material/search:",
        )


def _heatmaps(found):
    return [
        {"name": name, **gradient(name)._asdict(), "values": values.tolist()}
        for name, values in found.panels.items()
    ]


def _lengths(found, preset: str):
    """The norms of da and dc over time; the correct ones dashed where they differ."""
    curves = [
        {
            "name": f"‖{name}‖",
            "values": values.tolist(),
            "colour": gradient(name).colour,
            "dashed": False,
        }
        for name, values in found.norms.items()
    ]
    if preset != "right":
        curves += [
            {"values": values.tolist(), "colour": gradient(name).colour, "dashed": True}
            for name, values in found.right_norms.items()
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
                    "Gradient": one.name,
                    "Verdict": ":green[agrees]" if one.right else ":red[**differs**]",
                    "Digits that agree": f"{max(0.0, one.digits):.1f}",
                    "Largest difference at": ", ".join(
                        str(place + 1) for place in one.worst
                    ),
                    "Backward pass": three_digits(one.analytic),
                    "Finite difference": three_digits(one.numeric),
                }
                for one in report.gradients
            ]
        )
