"""A question of the lessons for the class, on the board."""

import streamlit as st

from core.lesson.cells import CELLS
from core.runs.classes.poll_figures import poll_alt, poll_bars
from core.runs.classes.polls import Poll
from core.task import UserError
from pages.ui.charts import theme
from pages.ui.classes.poll import asked_question
from pages.ui.lesson.texts import QUESTIONS, Question, question_key
from pages.ui.live.part import live_part
from pages.ui.live.run import ink_of
from pages.ui.live.view import Block, Query, View, digest, figure_block, text_block
from pages.ui.session import owner, platform
from pages.ui.words import as_text


def poll_panel(state, seconds: float, *, is_frozen: bool = False) -> None:
    """Draw the question that a class is asked; let its teacher ask, reveal and close.

    Students who see the board see the bars only after the reveal: before it, most
    would choose what most have chosen. The teacher sees them from the first answer on,
    and can hide them while the screen is shown to the class.

    It also has the page drawn anew when what the board shows around its tiles changes.
    """
    code, teaches = state.school_class.code, state.is_teacher(owner())
    poll, question = _asked(code)
    query = {"frozen": "true"} if is_frozen else {}
    if question:
        with st.container(border=True, key="board_poll"):
            hidden = _heading(poll, question, teaches)
            if hidden:
                query["hidden"] = "true"
            _follow(state, poll, seconds, query)
            _texts(question, poll.revealed is not None, teaches and not hidden)
        return
    with st.container(horizontal=True):
        if teaches:
            _choose(code)
        _follow(state, None, seconds, query)


def _asked(code: str) -> tuple[Poll, Question] | tuple[None, None]:
    poll = platform().polls.current(code)
    question = poll and asked_question(poll)
    return (poll, question) if poll and question else (None, None)


def _follow(state, poll: Poll | None, seconds: float, query: dict[str, str]) -> None:
    live_part(
        "board_poll_live",
        f"poll/{state.school_class.code}",
        _page(state, owner(), poll, query),
        seconds=seconds,
        ink=theme(),
        **query,
    )


def poll_view(owner: str | None, code: str, query: Query) -> View | None:
    """Return how many have answered, and the bars where they may be seen."""
    state = platform().boards.shown_to(owner, code)
    if owner is None or state is None:
        return None
    poll, question = _asked(code)
    page = _page(state, owner, poll, query)
    if poll is None or question is None:
        return View(key=("poll",), page=page, make=dict)
    count, revealed = _count(poll, question), poll.revealed is not None
    if not revealed and ("hidden" in query or not state.is_teacher(owner)):
        # The key is as silent as the content: browsers see a digest of it.
        key = "poll", poll.id, count
        return View(key=key, page=page, make=lambda: {"blocks": [_large(count)]})
    right = question.right if revealed else None
    ink = ink_of(query)

    def make() -> dict[str, object]:
        figure = poll_bars(poll, question.options, right, ink)
        alt = poll_alt(poll, question.options, right)
        bars = figure_block("board_poll_bars", figure, alt)
        return {"blocks": [_large(count), bars]}

    return View(key=("poll", poll, ink), page=page, make=make)


def _large(text: str) -> Block:
    return text_block(text, tone="large")


def _page(state, owner: str, poll: Poll | None, query: Query) -> str:
    """Digest of what the widgets of the board depend on.

    Those who see the names beside the tiles, or tiles that stand still, have to see
    who is taken off the board.
    """
    named = state.is_teacher(owner) or "frozen" in query
    people = [(m.id, m.name, m.hidden) for m in state.members.values() if named]
    asked = poll and (poll.id, poll.revealed)
    return digest(state.school_class, state.tasks, people, asked)


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


def _heading(poll: Poll, question: Question, teaches: bool) -> bool:
    """Draw the question and the buttons; return whether the bars are hidden."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(question.text, anchor=False, width="stretch")
        if not teaches:
            return False
        with st.container(
            horizontal=True, vertical_alignment="center", width="content"
        ):
            return _buttons(poll)


def _texts(question: Question, revealed: bool, has_bars: bool) -> None:
    """Draw what can be read below the count: the options where there are no bars."""
    if revealed:
        st.subheader(question.why, anchor=False)
    elif not has_bars:
        for text in question.options:
            st.subheader(f":small[:material/circle:] {text}", anchor=False)


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
