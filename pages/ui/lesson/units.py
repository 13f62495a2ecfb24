"""Step 2, trained: the unit that counts: which one follows what, in a text."""

import base64
import math

import streamlit as st

from core.figures import palette
from core.lesson.trained import (
    FEWEST,
    FULL_RISE,
    TrainedNetwork,
    forgotten,
    unit_study,
)
from pages.ui.address import bind
from pages.ui.cache import shared_cache
from pages.ui.charts import metric
from pages.ui.lesson.components import unit_text
from pages.ui.lesson.steps import show_functions
from pages.ui.membership import note_event
from pages.ui.words import as_text

COLOURS = ("Its state", "What is lost without it")
BACKGROUND = """
The network was not trained to count, but it must predict where a name ends: in each of
the four examples one unit follows the position in the name most closely.
Switch it off, and the loss rises most at the ends of the names.

A correlation alone does not show that a unit matters: nothing may read it. That is what
switching it off is for. And among many units the best one correlates with anything a
little. How much it does *by chance* is found by shifting the property along the text
and taking the best of all units again, which 95% of the shifts stay below. The longer
the text, the smaller it is: about 0.1 for the 196 names that the examples read on this
page, 0.05 for all 783 that were held out. With random weights the states follow a text
as well, so the best unit *before training* is the one to beat.

What a network knows is spread over many units. Several others follow the position
less closely, and in the LSTM three of them cost more at the ends of the names than the
one that follows it most closely. A unit that follows a property is seldom the only one,
and it may do other things besides.
Units that count the characters of a line, or that are on inside quotation marks, were
first shown by Karpathy et al. (2015).
"""


def unit_that_counts(page: str, name: str, trained: TrainedNetwork) -> None:
    """Draw the text in the colours of a chosen unit, and what is lost without it."""
    study = shared_cache(unit_study, trained)
    st.markdown(
        f"The network reads {_what_it_reads(study)} Choose a unit, and the text is "
        "coloured by its state. Play the epochs to watch it learn."
    )
    st.pills(
        "Try",
        study.followed,
        format_func=lambda name: _in_words(study, name).capitalize(),
        key=f"{page}_units_try",
        on_change=_choose_best,
        args=(page, study),
        help="Chooses the unit that follows it best.",
        wrap=True,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = _choose_unit(page, study, trained.config.cell)
        by = st.segmented_control(
            "Colour the text by",
            COLOURS,
            required=True,
            key=bind(f"{page}_units_colours", COLOURS[0], COLOURS),
            help="The state of the unit (of an LSTM tanh of its cell state), or how "
            "much worse each character is predicted when the unit is switched off.",
            persist_state="session",
        )
    _meaning(study, number)
    lost = None
    colours = {"title": f"Unit {number}", **_state(study, number)}
    if by != COLOURS[0]:
        lost = shared_cache(forgotten, trained, study, number)
        note_event(f"unit {trained.config.cell}")
        colours = {"title": f"Without unit {number}", **_rise(lost)}
    unit_text(
        f"{page}_units_text",
        {"network": name, "text": study.text, **colours},
        event=f"seen_unit {trained.config.cell}",
    )
    if lost:
        _what_is_lost(lost, number)
    st.subheader("What a unit stands for")
    st.markdown(BACKGROUND)
    with st.expander("The code of this step", icon=":material/code:"):
        show_functions("core.lesson.units", "meanings", "switched_off")


def _what_it_reads(study) -> str:
    what = "names" if study.is_names else "a text"
    if study.is_held_out:
        return f"{what} on which it was not trained."
    return f"{what} on which it was trained: nothing is held out."


def _in_words(study, name: str) -> str:
    """A property in words: of a list of names each line is a name."""
    return name.replace("line", "name") if study.is_names else name


def _choose_best(page: str, study) -> None:
    """Choose the unit that follows the chosen property best."""
    if chosen := st.session_state[f"{page}_units_try"]:
        st.session_state[f"{page}_units_unit"] = study.best_of(chosen).number


def _choose_unit(page: str, study, cell: str) -> int:
    """Let a person choose a unit; those that follow a property come first."""
    key = f"{page}_units_unit"
    if st.session_state.get(key) not in study.numbers:
        st.session_state.pop(key, None)
    return st.selectbox(
        f"Unit, of {len(study.numbers)}",
        study.numbers,
        format_func=lambda number: _unit(study, number),
        key=bind(key, study.numbers[0], study.numbers),
        on_change=_forget_property,
        args=(page, cell),
        help="Those that follow a property of the text come first, the clearest at "
        "the top, with their correlation.",
        width=380,
        persist_state="session",
    )


def _forget_property(page: str, cell: str) -> None:
    note_event(f"unit_chosen {cell}")
    st.session_state[f"{page}_units_try"] = None


def _unit(study, number: int) -> str:
    meaning = study.meaning_of(number)
    if meaning is None:
        return f"Unit {number}"
    follows = _in_words(study, meaning.property)
    return f"Unit {number}: {follows}, {_signed(meaning.correlation)}"


def _meaning(study, number: int) -> None:
    """Say which property a unit follows, if it follows any beyond chance."""
    meaning = study.meaning_of(number)
    if meaning is None:
        st.markdown(
            f":gray-badge[No plain meaning] Unit {number} follows none of the "
            "properties above by more than chance."
        )
        return
    size = f"{meaning.correlation:.2f}".replace("-", "−")
    before = study.before_training[meaning.property]
    badge = (
        ":green-badge[:material/check: A plain meaning]"
        if abs(meaning.correlation) > before
        else ":orange-badge[:material/casino: No more than random weights]"
    )
    st.markdown(
        f"{badge} Unit {number} follows **{_in_words(study, meaning.property)}**: "
        f"correlation {size} in this text. The best of all units reaches {before:.2f} "
        f"before training, and {meaning.chance:.2f} by chance."
    )


def _state(study, number: int):
    """The colours of the text by a unit's state, and its correlation, by epoch."""
    meaning = study.meaning_of(number)
    follows = _in_words(study, meaning.property) if meaning else "its states in the end"
    return {
        "levels": [_as_text(levels) for levels in study.levels_of(number)],
        "epochs": study.epochs,
        "curve": study.correlation_by_epoch(number).round(3).tolist(),
        "follows": follows,
        "chance": meaning.chance if meaning else None,
        "full": study.full,
        "reads": "state",
        "scale": [f"−{study.full:.2g}", f"{study.full:.2g}"],
        "negative": palette.NEGATIVE,
        "positive": palette.POSITIVE,
    }


def _rise(lost):
    """The colours of the text by the rise of its loss: brown is worse."""
    return {
        "levels": [_as_text(lost.rise)],
        "full": FULL_RISE,
        "reads": "rise of the loss, in nats:",
        "scale": ["predicted better", "worse"],
        "negative": palette.POSITIVE,
        "positive": palette.NEGATIVE,
    }


def _as_text(levels) -> str:
    return base64.b64encode(levels.tobytes()).decode()


def _what_is_lost(lost, number: int) -> None:
    """Draw the rise of the loss, and what the network writes with the unit and not."""
    st.markdown(f"##### The network without unit {number}")
    figures = [("Over the whole text", lost.everywhere)]
    if lost.ends:
        figures += [
            ("At the ends of names", lost.ends.there),
            ("At all other characters", lost.ends.elsewhere),
        ]
    with st.container(horizontal=True):
        for label, rise in figures:
            is_known = not math.isnan(rise.low)
            metric(
                label,
                f"{_signed(rise.mean)} nats",
                f"{_signed(rise.low)} to {_signed(rise.high)}"
                if is_known
                else "too short for an interval",
                "Mean rise of the loss of the next character when the unit is held at "
                "its mean, and its 95% interval, from a bootstrap over the lines.",
            )
    missed = ", ".join(
        f"{as_text(_visible(character))} {_signed(rise)}"
        for character, rise in lost.missed
    )
    if missed:
        st.markdown(
            f"Predicted worse without it, in nats, each a mean of at least {FEWEST} "
            f"places: {missed}."
        )
    whole, without = st.columns(2)
    for place, label, samples in (
        (whole, "With all units it writes", lost.samples),
        (without, f"Without unit {number}", lost.samples_without),
    ):
        with place:
            st.markdown(f"**{label}**")
            st.markdown(" · ".join(as_text(each) or "–" for each in samples))


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _visible(character: str) -> str:
    return {"\n": "the line break (↵)", " ": "the space"}.get(
        character, f"“{character}”"
    )
