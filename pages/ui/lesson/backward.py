"""Step 3: the network over a sequence, backward in time, and its gradients checked."""

import numpy as np
import streamlit as st

from core.figures import palette
from core.lesson.backward_equations import quantity_of
from core.lesson.backward_passes import PRESETS, presets_of
from core.lesson.demo import backward_demo, detectable_mistakes, initial_influence
from core.lesson.figures import initial_influence_figure
from core.stats import three_digits
from pages.ui.address import bind, persistent, set_widget
from pages.ui.charts import chart, ink
from pages.ui.controls import choose
from pages.ui.intents import button
from pages.ui.lesson.components import STATES, Quantity
from pages.ui.lesson.hidden_mistake import HIDDEN, TITLE, ask_for_mistake, plant_mistake
from pages.ui.lesson.sequence import SOURCES, Input, choose_input, heatmaps
from pages.ui.lesson.steps import choose_cell, code, question, reading
from pages.ui.once import once
from pages.ui.shape import sides

LOSS_STEPS = ("The last step", "Every step")
# By what the gradient is multiplied, beside the equations with their numbers.
FACTORS = {
    "rnn": "dh_prev = Waaᵀ diag(1 − h²) dh. The slope of tanh, 1 − h², is at most 1 "
    "and near 0 where a unit is saturated. Waaᵀ changes no norm at a *Recurrent scale* "
    "of 1, where it is orthogonal; below 1 it shrinks the gradient, above 1 it "
    "stretches it. What is left at the first step of the sine depends on the seed: "
    "0.4% of the norm with seed 0, 1% to 21% with seeds 1 to 5; in the LSTM 0.1% to 5% "
    "with seeds 0 to 5. On this sine the RNN is ahead before training, with four of "
    "these six seeds; over random inputs the LSTM is, as the chart below shows.",
    "lstm": "Along the cell state the forget gate f is the only factor. What passes "
    "through the gates, dh_prev, is multiplied by slopes and weights.",
    "gru": "On the direct way the update gate z is the only factor. The rest passes "
    "through slopes and weights; both may add up or cancel.",
    "mingru": "1 − z is the only factor, so what shrinks the gradient here is a gate "
    "that replaces the state.",
}
SCOPES = {"dx": "each step", "da0": "the initial state"}
DECADES = 5  # length of the axis of gradient norms

cached_influence = once(initial_influence)
cached_backward = once(backward_demo, most=100)
cached_detectable = once(detectable_mistakes, most=100)


def backward(page: str, choice) -> None:
    """Draw a backward pass, correct or not, and the check of its gradients."""
    cell = choose_cell(page, choice)
    choosing, seeing = sides()
    with choosing:
        preset = _choose_pass(page, cell)
        verdict = st.container()
        chosen, every_step = _choose(page, cell)
    if chosen is None:
        return
    given = cell, chosen.sequence, chosen.settings
    detectable = cached_detectable(*given, every_step) if preset == HIDDEN else ()
    planted = plant_mistake(page, cell, preset, detectable)
    with seeing, st.spinner("Checking gradients"):
        demo = cached_backward(*given, planted or preset, every_step)
    with verdict:
        _verdict(preset, demo.report)
        secret = planted is not None and not ask_for_mistake(
            page, cell, planted, detectable
        )
    with seeing:
        _gradients(page, cell, chosen, demo, preset, secret)
        mistake = PRESETS[planted or preset].mistake
        if mistake and not secret:
            st.caption(f"The mistake is in one line of `{mistake.name}`:")
            st.code(f"- {mistake.line}\n+ {mistake.wrong}", "diff")
        question(page, cell, "Backward", f"seen_backward {cell}")
    if not secret:
        st.caption(FACTORS[cell])
    _table(demo.report)
    passes = ("step_back", "unroll_back", "input_gradients")
    code(cell, *passes, "weight_gradients", "gradients")
    words, side = st.columns([3, 2], gap="large")
    with words:
        reading(cell, "Backward")
    with side:
        _initial_influence(page)


def _choose_pass(page: str, cell: str) -> str:
    """Draw the choice of the backward pass; return the preset."""
    titles = {name: PRESETS[name].title for name in presets_of(cell)}
    titles[HIDDEN] = TITLE
    preset = st.selectbox(
        "Backward pass",
        list(titles),
        format_func=titles.get,
        **persistent(bind(f"{page}_preset", "right", titles)),
        help="The correct one, networks with unfavourable weights, common "
        "mistakes, and one of these that you have to find.",
    )
    if preset != HIDDEN:
        button(
            TITLE,
            f"{page}_find",
            set_widget,
            f"{page}_preset",
            HIDDEN,
            icon=":material/bug_report:",
            help="A game: one of the common mistakes is hidden in the backward "
            "pass, and you find out which one.",
        )
    return preset


def _choose(page: str, cell: str) -> tuple[Input | None, bool]:
    """Return the input, and whether the loss depends on every step."""
    chosen = choose_input(page, cell, default=SOURCES[1])
    loss_steps = choose(
        "Loss depends on",
        LOSS_STEPS,
        f"{page}_asked",
        help="Which hidden states the loss depends on, and so where the gradient "
        "enters the backward pass.",
    )
    return chosen, loss_steps == LOSS_STEPS[1]


def _gradients(
    page: str, cell: str, chosen: Input, demo, preset: str, secret: bool
) -> None:
    """Draw the gradients over time, and the equations unless they are secret."""
    panels = [
        {"name": name, **_gradient(name)._asdict(), "values": values.tolist()}
        for name, values in demo.panels.items()
    ]
    heatmaps(
        f"{page}_backward_view",
        cell,
        chosen,
        [_norm_panel(demo, preset), *panels],
        backward=True,
        event=f"seen_backward {cell}",
        decades=DECADES,
        checks=[
            {"right": step.right, "digits": f"{max(0, step.digits):.0f}"}
            for step in demo.report.steps
        ],
        equations=None if secret else _equations(demo),
    )
    st.caption(
        "The colour shows the size of each gradient on a logarithmic scale, from "
        "0.0001 (faint) to 1 (full colour); brown is negative, teal is positive. The "
        "mark in each box tells whether the gradient with respect to that step's "
        "input agrees with finite differences; the number above it, how many digits "
        "agree."
    )


def _gradient(name: str) -> Quantity:
    """The name of a gradient, and its colour."""
    if name == "dz":
        return Quantity("Sum before tanh", name, palette.NAIVE)
    return STATES[quantity_of(name)]._replace(symbol=name)


def _verdict(preset: str, report) -> None:
    """Draw the badge, and the preset's effect unless it is secret."""
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
    """The norms of dh and dc over time; the correct ones dashed where they differ."""
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
    is_mistake = preset == HIDDEN or PRESETS[preset].wrong
    return {
        "name": "length",
        "title": "Norm of the gradient",
        "symbol": "",
        "colour": palette.NAIVE,
        "curves": curves,
        "dashed": "correct" if is_mistake else "with the usual weights",
    }


def _equations(demo):
    """The numbers of the equations, and of the ways of the gradient, to be drawn."""
    return {
        "equations": [
            {
                "left": _factor(one.left),
                "terms": [[_factor(factor) for factor in term] for term in one.terms],
                "sums": None
                if one.holds.all()
                else {"values": _rounded(one.right), "holds": one.holds.tolist()},
                "gate": one.gate,
            }
            for one in demo.equations
        ],
        "paths": [
            {
                "title": path.title,
                "norms": [
                    {"symbol": symbol, "values": _rounded(norm)}
                    for symbol, norm in path.gradients
                ],
                "factors": [
                    {
                        "symbol": symbol,
                        "colour": _colour(quantity),
                        "values": _rounded(ratio),
                    }
                    for (symbol, quantity), ratio in zip(
                        path.factors, path.ratios, strict=True
                    )
                ],
            }
            for path in demo.paths
        ],
    }


def _factor(factor):
    return {
        "symbol": factor.symbol,
        "colour": _colour(factor.quantity),
        "values": _rounded(factor.values),
    }


def _colour(quantity: str) -> str:
    return STATES[quantity].colour if quantity in STATES else palette.NAIVE


def _rounded(values):
    """Numbers rounded to the shown digits and a few more; None for NaN."""
    if np.ndim(values):
        return [_rounded(each) for each in values]
    return None if np.isnan(values) else float(f"{values:.6g}")


def _table(report) -> None:
    """Every gradient beside its finite difference, where they differ most."""
    with st.expander("All gradients, checked", icon=":material/fact_check:"):
        st.table(
            [
                {
                    "Gradient": gradient.name,
                    "Of": SCOPES.get(gradient.name, "all steps, summed"),
                    "Verdict": ":green[agrees]"
                    if gradient.right
                    else ":red[**differs**]",
                    "Digits that agree": f"{max(0.0, gradient.digits):.1f}",
                    "Largest difference at": _place(gradient),
                    "Backward pass": three_digits(gradient.analytic),
                    "Finite difference": three_digits(gradient.numeric),
                }
                for gradient in report.gradients
            ]
        )


def _place(gradient) -> str:
    """Where in an array its largest difference is; a sum over the steps has no step."""
    row, *rest = (index + 1 for index in gradient.worst)
    if gradient.name == "dx":
        return f"input {row}, step {rest[-1]}"
    if gradient.name.startswith("dW"):
        return f"row {row}, column {rest[0]}"
    return f"unit {row}"


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
        "gradient reaches further back than those of the GRU and the minGRU, though "
        "not as far as the LSTM's. What training then does to it is the subject of "
        "*Watch it learn*, under *Vanishing gradient*."
    )
