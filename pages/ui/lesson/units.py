"""Step 2, trained: the property of the text that each unit follows."""

import base64
import math

import streamlit as st

from core.figures import palette
from core.lesson.trained import TrainedNetwork
from core.lesson.units import ablation, in_bytes, unit_study
from pages.ui.address import bind, persistent
from pages.ui.cache import shared_cache
from pages.ui.charts import metric
from pages.ui.controls import choose
from pages.ui.intents import intent
from pages.ui.lesson.components import unit_text
from pages.ui.lesson.steps import show_functions
from pages.ui.membership import note_event

COLOURS = ("Its state", "What is lost without it")
FULL_RISE = 2.0  # nats a character
BACKGROUND = """
The network was not trained to count, but it must predict where a name ends: in three
of the four examples a unit follows the position in the name more closely than any unit
of twenty untrained networks (in the GRU unit 17 comes near, 0.79 against 0.80). Switch
it off, and the loss rises most at the ends of the names. A correlation alone does not
show that: nothing may read the unit.

Among many units one always fits a little, and with random weights the text drives the
states as well. So the best unit of *untrained networks* is the one to beat. The newest
character alone also says something about the position, without any memory.

What a network knows is spread over many units. Several others follow the position
less closely, and in the LSTM three of them cost more at the ends of the names.
Units that count the characters of a line, or that are on inside quotation marks, were
first shown by Karpathy et al. (2015).
"""


def unit_that_counts(
    page: str, name: str, trained: TrainedNetwork, choosing, seeing
) -> None:
    """Draw the text in the colours of a chosen unit, and the loss without it."""
    study, cell = shared_cache(unit_study, trained), trained.config.cell
    unseen = "not trained." if study.is_held_out else "trained: nothing is held out."
    with choosing:
        number = _choose_unit(page, study, cell)
        by = choose(
            "Colour the text by",
            COLOURS,
            f"{page}_units_colours",
            help="The state of the unit (of an LSTM tanh of its cell state), or how "
            "much worse each character is predicted when the unit is switched off.",
            wrap=True,
        )
        follows = study.followed_by(number)
        st.markdown(_meaning(number, follows))
        st.caption(
            f"The text is one on which the network was {unseen} Play the epochs to "
            "watch it learn."
        )
    means = {}
    if by == COLOURS[0]:
        colours = _state(study, number, follows)
    else:
        rise, means = shared_cache(ablation, study.reading, number)
        note_event(f"unit {cell}")
        colours = _rise(rise)
    with seeing:
        unit_text(
            f"{page}_units_text",
            {"network": name, "text": study.reading.text, **colours},
            event=f"seen_unit {cell}",
        )
        _mean_rises(means)
    st.subheader("What a unit stands for")
    st.markdown(BACKGROUND)
    with st.expander("The code of this step", icon=":material/code:"):
        show_functions("core.lesson.units", "correlations", "switched_off")


def _choose_unit(page: str, study, cell: str) -> int:
    """Draw the choice of a unit; the default follows a property."""
    numbers = range(1, study.levels.shape[1] + 1)

    def title(number: int) -> str:
        follows = study.followed_by(number)
        found = follows and f": {follows.name}, {_signed(follows.correlations[-1])}"
        return f"Unit {number}{found or ''}"

    return st.selectbox(
        f"Unit, of {len(numbers)}",
        numbers,
        format_func=title,
        **persistent(bind(f"{page}_units_unit", study.opening(), numbers)),
        on_change=intent(f"{page}_units_unit", note_event, f"unit_chosen {cell}"),
        help="With the property of the text that it follows, if there is one, and its "
        "correlation with it.",
    )


def _meaning(number: int, follows) -> str:
    """The property that a unit follows, beside its rivals, in words."""
    if follows is None:
        return (
            f"Unit {number} follows none of the properties more closely than the best "
            "unit of twenty untrained networks."
        )
    return (
        f"Unit {number} follows **{follows.name}**: correlation "
        f"{_signed(follows.correlations[-1])} in this text. The best unit of twenty "
        f"untrained networks reaches {follows.rivals.untrained:.2f}; a guess from the "
        f"newest character alone, {follows.rivals.one_character:.2f}."
    )


def _state(study, number: int, follows):
    """The colours of the text by a unit's state, and its correlation, by epoch."""
    return {
        "levels": [_as_text(levels) for levels in study.levels[:, number - 1]],
        "epochs": study.epochs,
        "follows": follows and follows.name,
        "correlations": follows.correlations.round(3).tolist() if follows else [],
        "full": study.full,
        "reads": "state",
        "scale": [f"−{study.full:.2g}", f"{study.full:.2g}"],
        "negative": palette.NEGATIVE,
        "positive": palette.POSITIVE,
    }


def _rise(rise):
    """The colours of the text by the rise of its loss: brown is worse."""
    return {
        "levels": [_as_text(in_bytes(rise, FULL_RISE))],
        "full": FULL_RISE,
        "reads": "rise of the loss, in nats:",
        "scale": ["predicted better", "worse"],
        "negative": palette.POSITIVE,
        "positive": palette.NEGATIVE,
    }


def _mean_rises(means) -> None:
    """Draw how much the loss rises, by place."""
    with st.container(horizontal=True):
        for label, rise in means.items():
            metric(
                label,
                f"{_signed(rise.value)} nats",
                "too short for an interval"
                if math.isnan(rise.low)
                else f"{_signed(rise.low)} to {_signed(rise.high)}",
                "Mean rise of the loss of the next character when the unit is held at "
                "its mean, and its 95% interval, from a bootstrap over the lines.",
            )


def _as_text(levels) -> str:
    return base64.b64encode(levels.tobytes()).decode()


def _signed(value: float) -> str:
    return f"{value:+z.2f}".replace("-", "−")
