"""A question of the lessons for the class, on the board."""

import streamlit as st

from core.lesson.cells import CELLS
from core.runs.classes.poll_figures import poll_alt, poll_bars
from core.runs.classes.polls import Poll
from core.task import UserError
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink
from pages.ui.classes.poll import asked_question
from pages.ui.fragments import repeated
from pages.ui.lesson.texts import QUESTIONS, Question, question_key
from pages.ui.session import owner, platform
from pages.ui.words import as_text

TEACHER_SECONDS, STUDENT_SECONDS = 1.0, 2.0  # between two looks


def poll_panel(code: str) -> None:
    """Draw the question that a class is asked; let its teacher ask, reveal and close.

    It updates by itself, so it belongs outside of other fragments. Students who see
    the board see the bars only after the reveal: whoever sees what most have chosen
    chooses it too. The teacher sees them from the first answer on; who shows this
    screen to the class can hide them until then.
    """
    teaches = platform().classes.is_teacher(owner(), code)
    every = TEACHER_SECONDS if teaches else STUDENT_SECONDS
    repeated(_panel, every)(code, teaches)


def _panel(code: str, teaches: bool) -> None:
    poll = platform().polls.current(code)
    question = poll and asked_question(poll)
    if question:
        with st.container(border=True, key="board_poll"):
            _draw_poll(poll, question, teaches)
    elif teaches:
        _choose(code)


def _choose(code: str) -> None:
    """Let the teacher choose a question, and see it before the class does."""
    with st.popover("Ask the class", icon=":material/how_to_vote:"):
        chosen = st.selectbox(
            "Question",
            list(QUESTIONS),
            format_func=lambda each: (
                f"{CELLS[each[0]].title} · {each[1]}: {QUESTIONS[each].text}"
            ),
            key="board_question",
            help="The questions with which the steps of the lessons begin.",
            persist_state="session",
        )
        question = QUESTIONS[chosen]
        options = "\n".join(f"- {text}" for text in question.options)
        st.markdown(f"{question.text}\n\n{options}")
        st.button(
            "Ask the class",
            key="board_ask",
            icon=":material/send:",
            help="All students are asked, each on the page that they are on.",
            on_click=_try,
            args=(
                platform().polls.ask,
                code,
                question_key(*chosen),
                len(question.options),
            ),
        )


def _draw_poll(poll: Poll, question: Question, teaches: bool) -> None:
    revealed = poll.revealed is not None
    st.header(question.text, anchor=False)
    right = question.right if revealed else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_count(poll, question), anchor=False, width="stretch")
        hidden = teaches and _buttons(poll)
    if revealed or (teaches and not hidden):
        chart(
            shared_cache(poll_bars, poll, question.options, right, ink()),
            "board_poll_bars",
            poll_alt(poll, question.options, right),
        )
    else:
        for text in question.options:
            st.subheader(f":small[:material/circle:] {text}", anchor=False)
    if revealed:
        st.subheader(question.why, anchor=False)


def _count(poll: Poll, question: Question) -> str:
    if poll.revealed is None:
        return f"{poll.answered} of {poll.members} have answered"
    return f"{poll.answers[question.right]} of {poll.answered} had it right"


def _buttons(poll: Poll) -> bool:
    """Draw what the teacher can do; return whether the bars are hidden meanwhile."""
    hidden = False
    if poll.revealed is None:
        hidden = st.toggle(
            "Hide the bars",
            key="board_hide_bars",
            help="Until the reveal: whoever sees what most have chosen chooses it too.",
            persist_state="session",
        )
        st.button(
            "Reveal",
            key="board_reveal",
            type="primary",
            icon=":material/visibility:",
            help="Shows the right answer and why it is right, here and to all "
            "students. From then on nobody can answer.",
            on_click=_try,
            args=(platform().polls.reveal, poll.id),
        )
    st.button(
        "Close",
        key="board_close",
        icon=":material/close:",
        help="Takes the question away, here and from all students.",
        on_click=_try,
        args=(platform().polls.close, poll.id),
    )
    return hidden


def _try(change, *args) -> None:
    """Do what the teacher has pressed; say why if it cannot be done."""
    try:
        change(owner(), *args)
    except UserError as error:
        st.toast(as_text(str(error)), icon=":material/info:")
