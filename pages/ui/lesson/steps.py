"""What the steps of a lesson share: the choice of a step, the question, the code."""

from typing import NamedTuple

import streamlit as st

from core.lesson.demo import LETTERS, SINE_STEPS, SequenceDemo, sine, word
from core.source import source
from core.task import DataError
from pages.ui.address import hold
from pages.ui.controls import checked, setting
from pages.ui.lesson.questions import QUESTIONS
from pages.ui.words import as_text

STEPS = ("The cell", "Forward", "Backward", "Learning")
SOURCES = ("A word", "A sine")


class Reading(NamedTuple):
    """A sequence, the settings of the network that reads it, and its kind."""

    sequence: object
    settings: SequenceDemo
    source: str


def choose_step(cell: str) -> str:
    """Let a person choose one of the four steps; the address remembers it."""
    return st.segmented_control(
        "Step",
        STEPS,
        required=True,
        key=hold(f"{cell}_step", STEPS[0], STEPS),
        help="Four views of the same network; use them in any order.",
        label_visibility="collapsed",
        persist_state="session",
    )


def question(cell: str, step: str) -> None:
    """Ask one thing before the view shows it; explain once it is answered."""
    asked = QUESTIONS[cell, step]
    with st.container(border=True):
        answer = st.pills(
            f":material/psychology: **Predict first.** {asked.text}",
            asked.options,
            key=f"{cell}_ask_{step.lower().replace(' ', '_')}",
            persist_state="session",
            wrap=True,
        )
        if answer is None:
            return
        if answer == asked.options[asked.right]:
            st.markdown(f":green-badge[:material/check: Correct] {asked.why}")
        else:
            st.markdown(f":orange-badge[:material/close: Not quite] {asked.why}")


def choose_sequence(cell: str) -> Reading | None:
    """The settings of the views over time; None while one cannot be taken."""
    names = ["units", "seed", "recurrent_scale"]
    if cell == "lstm":
        names.append("forget_bias")
    task = f"{cell}_sequence"
    kind = st.segmented_control(
        "Sequence",
        SOURCES,
        required=True,
        key=hold(f"{task}_source", SOURCES[0], SOURCES),
        help="What the network reads: the letters of a word, one-hot encoded, or two "
        f"periods of a sine in {SINE_STEPS} steps.",
        persist_state="session",
    )
    if kind == "A word":
        text = st.text_input(
            "Word",
            max_chars=LETTERS,
            key=hold(f"{task}_word", "hello", high=LETTERS),
            help=f"The network reads it letter by letter. 2 to {LETTERS} letters.",
            width=160,
            persist_state="session",
        )
    with st.popover("Network", icon=":material/tune:"):
        values = {name: setting(task, SequenceDemo, name) for name in names}
    try:
        sequence = word(text) if kind == "A word" else sine()
    except DataError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return None
    settings = checked(SequenceDemo, st, **values)
    return settings and Reading(sequence, settings, kind)


def code(cell: str, *names: str) -> None:
    """Show functions of the lesson, from their source."""
    with st.expander("The code of this step", icon=":material/code:"):
        st.caption(f"From `core/{cell}.py`: the code that this page runs.")
        for name in names:
            st.code(source(f"core.{cell}", f"{cell}_{name}"), "python")
