"""The poll of a class on the pages of its students."""

from statistics import median
from typing import NamedTuple

import streamlit as st

from core.runs.classes.poll_figures import guess_alt, guess_histogram
from core.runs.classes.polls import LARGEST, Poll
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink
from pages.ui.classes.countdown import countdown
from pages.ui.controls import choose_answer, show_value
from pages.ui.intents import intent
from pages.ui.lesson.texts import QUESTIONS
from pages.ui.session import owner, platform
from pages.ui.words import as_text


class Asked(NamedTuple):
    """The question of a poll in Markdown, with the teacher's texts escaped."""

    text: str
    options: tuple[str, ...]  # empty where a number is to be guessed
    # The right option, as an index, or the right number; None for an opinion
    right: float | None
    why: str  # empty for a question of the teacher


def asked_question(poll: Poll) -> Asked | None:
    """The question of a poll; None if it was removed from the lessons."""
    if (own := poll.own) is not None:
        options = tuple(map(as_text, own.options))
        return Asked(as_text(own.text), options, own.answer, "")
    page, _, step = poll.question.partition(" ")
    question = QUESTIONS.get((page, step))
    if question is None or len(question.options) != len(poll.answers):
        return None
    return Asked(*question)


def poll_prompt(member) -> None:
    """Draw the current poll of a member's class, if there is one.

    The right answer and the other students' answers are sent to the browser after the
    reveal only.
    """
    poll = platform().polls.current(member.code)
    question = poll and asked_question(poll)
    if not question:
        return
    own = platform().polls.own_answer(owner(), poll)
    with st.container(border=True, key="class_poll"):
        if poll.revealed is not None:
            _reveal(poll, question, own)
        elif poll.is_over:
            st.markdown(
                f":material/timer_off: **The time is over.** {question.text}  \n"
                "Your teacher shows the answers."
            )
        else:
            _ask(poll, question, own)


def _ask(poll: Poll, question: Asked, own: float | None) -> None:
    st.markdown(f":material/how_to_vote: **Question to your class.** {question.text}")
    if poll.until is not None:
        countdown(f"class_countdown_{poll.id}", poll.until)
    if poll.is_number:
        _ask_for_number(poll, own)
    else:
        _ask_to_choose(poll, question, own)
    if own is None:
        st.caption("Answers are anonymous.")
    elif poll.until is None:
        st.caption("Answered. You can change it until your teacher shows the answer.")
    else:
        st.caption("Answered. You can change it until the time is over.")


def _ask_to_choose(poll: Poll, question: Asked, own: float | None) -> None:
    key = f"class_answer_{poll.id}"
    show_value(key, own)  # perhaps from another tab
    choose_answer(
        question.text,
        range(len(question.options)),
        format_func=question.options.__getitem__,
        key=key,
        required=True,
        on_change=intent(key, _answer, platform().polls.answer, poll.id, key),
    )


def _ask_for_number(poll: Poll, own: float | None) -> None:
    key = f"class_guess_{poll.id}"
    st.session_state.setdefault(key, own)
    st.number_input(
        "Your guess",
        key=key,
        value=None,
        min_value=-LARGEST,
        max_value=LARGEST,
        format="%g",
        placeholder="A number, then Enter",
        width=240,
        on_change=intent(key, _answer, platform().polls.guess, poll.id, key),
    )


def _answer(give, poll_id: str, key: str) -> None:
    platform().classes.note_activity(owner())
    if (given := st.session_state[key]) is not None:
        give(owner(), poll_id, given)


def _reveal(poll: Poll, question: Asked, own: float | None) -> None:
    if own is None:
        badge = ":gray-badge[:material/remove: Not answered]"
    elif question.right is None:
        badge = ":blue-badge[:material/how_to_vote: Answered]"
    elif own == question.right:
        badge = ":green-badge[:material/check: Correct]"
    else:
        badge = ":orange-badge[:material/close: Not quite]"
    st.markdown(f"{badge} **{question.text}**")
    if poll.is_number:
        _reveal_numbers(poll, question, own)
        return
    for option, text in enumerate(question.options):
        mark = ":material/check: " if option == question.right else ""
        words = f"**{mark}{text}**" if option == question.right else text
        yours = " · your answer" if option == own else ""
        count = f"{poll.answers[option]} of {poll.answered}"
        share = poll.share(option)
        st.progress(share, text=f"{words}{yours} · {count}, {share:.0%}")
    st.markdown(question.why)


def _reveal_numbers(poll: Poll, question: Asked, own: float | None) -> None:
    """Draw the guesses of the class, with a summary in words."""
    parts = [f"{poll.answered} guesses"]
    if poll.numbers:
        parts.append(f"the middle one is {median(poll.numbers):g}")
    if own is not None:
        parts.append(f"yours is {own:g}")
    if question.right is not None:
        parts.append(f"right is **{question.right:g}**")
    st.markdown(", ".join(parts) + ".")
    if poll.numbers:
        figure = shared_cache(guess_histogram, poll, question.right, ink())
        chart(figure, f"class_guesses_{poll.id}", guess_alt(poll, question.right))
