"""A question with a few answers to choose from, as lessons and path ask it."""

import streamlit as st

from pages.ui.address import persistent
from pages.ui.controls import choose_answer
from pages.ui.lesson.texts import Question


def ask(heading: str, question: Question, key: str, **more) -> str | None:
    """Draw a question and its answers; return the chosen one.

    Its words stand above the answers: as their label they would be read out to people
    who do not see them with the marks of Markdown in between.
    """
    st.markdown(f":material/psychology: **{heading}** {question.text}")
    return choose_answer(question.text, question.options, **persistent(key), **more)


def ask_and_explain(question: Question, key: str) -> bool:
    """Ask, and explain after an answer; return whether it is right."""
    with st.container(border=True):
        answer = ask("Question.", question, key)
        if answer is None:
            return False
        right = answer == question.options[question.right]
        badge = (
            ":green-badge[:material/check: Correct]"
            if right
            else ":orange-badge[:material/close: Not quite]"
        )
        st.markdown(f"{badge} {question.why}")
        return right
