"""The question that a class is asked, as a student sees it on every page."""

import streamlit as st

from core.runs.classes.polls import Poll
from core.task import UserError
from pages.ui.lesson.texts import QUESTIONS, Question
from pages.ui.membership import note_presence
from pages.ui.session import owner, platform
from pages.ui.words import as_text


def asked_question(poll: Poll) -> Question | None:
    """The question of a poll; None if the lessons do not have it any more."""
    page, _, step = poll.question.partition(" ")
    question = QUESTIONS.get((page, step))
    is_same = question is not None and len(question.options) == len(poll.answers)
    return question if is_same else None


def poll_prompt(member) -> None:
    """Draw the question that the class of a member is asked; nothing without one.

    Nothing of the right answer and of what the others have answered is sent to the
    browser before the teacher reveals it.
    """
    poll = platform().polls.current(member.code)
    question = poll and asked_question(poll)
    if not question:
        return
    own = platform().polls.own_answer(owner(), poll)
    with st.container(border=True, key="class_poll"):
        if poll.revealed is None:
            _ask(poll, question, own)
        else:
            _reveal(poll, question, own)


def _ask(poll: Poll, question: Question, own: int | None) -> None:
    key = f"class_answer_{poll.id}"
    st.session_state[key] = own  # it may have been changed in another tab
    st.markdown(f":material/how_to_vote: **Your class is asked.** {question.text}")
    st.pills(
        question.text,
        range(len(question.options)),
        format_func=question.options.__getitem__,
        key=key,
        required=True,
        on_change=_answer,
        args=(poll.id, key),
        label_visibility="collapsed",
        wrap=True,
    )
    if own is None:
        st.caption("Choose an answer. Nobody sees who has chosen which one.")
    else:
        st.caption("Answered. You can change it until your teacher shows the answer.")


def _answer(poll_id: str, key: str) -> None:
    note_presence()
    try:
        platform().polls.answer(owner(), poll_id, st.session_state[key])
    except UserError as error:
        st.toast(as_text(str(error)), icon=":material/info:")


def _reveal(poll: Poll, question: Question, own: int | None) -> None:
    if own is None:
        badge = ":gray-badge[:material/remove: Not answered]"
    elif own == question.right:
        badge = ":green-badge[:material/check: Correct]"
    else:
        badge = ":orange-badge[:material/close: Not quite]"
    st.markdown(f"{badge} **{question.text}**")
    for option, text in enumerate(question.options):
        mark = ":material/check: " if option == question.right else ""
        words = f"**{mark}{text}**" if option == question.right else text
        yours = " · your answer" if option == own else ""
        count = f"{poll.answers[option]} of {poll.answered}"
        share = poll.share(option)
        st.progress(share, text=f"{words}{yours} · {count}, {share:.0%}")
    st.markdown(question.why)
