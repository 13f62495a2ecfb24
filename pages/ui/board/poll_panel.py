"""The poll of a class on the board, and its controls on the teacher's page."""

import streamlit as st

from core.lesson.cells import CELLS
from core.runs.classes.poll_figures import (
    guess_alt,
    guess_histogram,
    poll_alt,
    poll_bars,
)
from core.runs.classes.polls import (
    MAX_OPTION,
    MAX_QUESTION,
    MOST_OPTIONS,
    OwnQuestion,
    Poll,
    polls_to_csv,
)
from core.task import UserError
from pages.ui.address import bind, persistent
from pages.ui.charts import theme
from pages.ui.classes.countdown import countdown
from pages.ui.classes.poll import Asked, asked_question
from pages.ui.controls import show_value
from pages.ui.intents import button, intent
from pages.ui.lesson.texts import QUESTIONS, question_key
from pages.ui.live.part import live_part
from pages.ui.live.run import ink_of
from pages.ui.live.view import Block, Query, View, digest, figure_block, text_block
from pages.ui.membership import change_class
from pages.ui.session import owner, platform

LESSONS, NUMBER = "Of the lessons", "A number to guess"
KINDS = {
    LESSONS: "From the lessons",
    "To choose": "Multiple choice",
    NUMBER: "Number to guess",
}
TIMES = {
    "Until you show the answers": None,
    "20 seconds": 20.0,
    "1 minute": 60.0,
    "3 minutes": 180.0,
}
PLACES = range(1, MOST_OPTIONS + 1)  # of the answers to a question of their own
CLOCK_WIDTH = 90  # pixels


def poll_panel(state, seconds: float, query: dict[str, str]) -> None:
    """Draw the current poll; on the teacher's page with `console` also its controls.

    Before the reveal, the bars would influence the answers: they are on the teacher's
    page, and on the screen if the teacher has chosen so.

    The live part also reruns the page when the widgets around the tiles change.
    """
    code, console = state.school_class.code, "console" in query
    poll, question = _asked(code)
    if not poll or not question:
        if console:
            _choose(code)
        _follow(state, None, seconds, query)
        return
    with st.container(border=True, key="board_poll"):
        _heading(poll, question)
        _follow(state, poll, seconds, query)
        revealed = poll.revealed is not None
        _texts(question, revealed, _shows_bars(state, owner(), poll, query))
        if console:
            _buttons(poll, state.school_class)


def _asked(code: str) -> tuple[Poll, Asked] | tuple[None, None]:
    poll = platform().polls.current(code)
    question = poll and asked_question(poll)
    return (poll, question) if poll and question else (None, None)


def _shows_bars(state, owner: str, poll: Poll, query: Query) -> bool:
    teaches = state.is_teacher(owner)
    screen = teaches or state.is_screen(query.get("screen", ""))
    chosen = screen and state.school_class.bars_shown
    return poll.revealed is not None or chosen or (teaches and "console" in query)


def _follow(state, poll: Poll | None, seconds: float, query: dict[str, str]) -> None:
    live_part(
        "classes_poll_live" if "console" in query else "board_poll_live",
        f"poll/{state.school_class.code}",
        _page(state, poll, query),
        seconds=seconds,
        ink=theme(),
        **query,
    )


def poll_view(owner: str | None, code: str, query: Query) -> View | None:
    """Return the number of answers, and the bars for readers who may see them."""
    state = platform().boards.shown_to(owner, code, query.get("screen", ""))
    if owner is None or state is None:
        return None
    poll, question = _asked(code)
    page = _page(state, poll, query)
    if poll is None or question is None:
        return View(key=("poll",), page=page, make=dict)
    count, revealed = _count(poll, question), poll.revealed is not None
    texts = poll.own.options if poll.own else question.options  # texts as typed
    shows_bars = _shows_bars(state, owner, poll, query)
    if not shows_bars or (poll.is_number and not poll.numbers):
        # The key holds no more than the content: browsers get its digest.
        key = "poll", poll.id, count
        return View(key=key, page=page, make=lambda: {"blocks": [_large(count)]})
    right = question.right if revealed else None
    ink = ink_of(query)

    def make() -> dict[str, object]:
        if poll.is_number:
            figure = guess_histogram(poll, right, ink)
            alt = guess_alt(poll, right)
        else:
            figure = poll_bars(poll, texts, right, ink)
            alt = poll_alt(poll, texts, right)
        bars = figure_block("board_poll_bars", figure, alt)
        return {"blocks": [_large(count), bars]}

    return View(key=("poll", poll, ink), page=page, make=make)


def _large(text: str) -> Block:
    return text_block(text, tone="large")


def _page(state, poll: Poll | None, query: Query) -> str:
    """Digest of the state that the widgets of the board depend on.

    With the names where a frozen board has to hide some.
    """
    named = "frozen" in query
    people = [(m.id, m.name, m.hidden) for m in state.members.values() if named]
    asked = poll and (poll.id, poll.revealed, poll.is_over)
    return digest(state.school_class, state.tasks, people, asked)


def _choose(code: str) -> None:
    """Draw the menu in which the teacher chooses or writes a question."""
    with st.popover("Ask the class", icon=":material/how_to_vote:"):
        kind = st.segmented_control(
            "Kind of question",
            list(KINDS),
            format_func=KINDS.get,
            key=bind("board_question_kind", LESSONS, KINDS),
            required=True,
            label_visibility="collapsed",
            help="One of the lessons, or one of your own.",
        )
        st.selectbox(
            "Time to answer",
            list(TIMES),
            key="board_question_time",
            help="Students can answer until then; afterwards you show the answers.",
        )
        if kind == LESSONS:
            _choose_of_lessons(code)
        else:
            _write_own(code, is_number=kind == NUMBER)


def _choose_of_lessons(code: str) -> None:
    chosen = st.selectbox(
        "Question",
        list(QUESTIONS),
        format_func=lambda each: (
            f"{CELLS[each[0]].title} · {each[1]}: {QUESTIONS[each].text}"
        ),
        **persistent("board_question"),
        help="The questions about the steps of the lessons.",
    )
    question = QUESTIONS[chosen]
    options = "\n".join(f"- {text}" for text in question.options)
    st.markdown(f"{question.text}\n\n{options}")
    button(
        "Ask the class",
        "board_ask",
        _ask_of_lessons,
        code,
        icon=":material/send:",
        help="The question appears on the current page of every student.",
    )


def _ask_of_lessons(code: str) -> None:
    chosen = st.session_state["board_question"]
    seconds = TIMES[st.session_state["board_question_time"]]
    options = len(QUESTIONS[chosen].options)
    question = question_key(*chosen)
    platform().polls.ask(owner(), code, question, options, seconds)


def _write_own(code: str, *, is_number: bool) -> None:
    """Draw the fields of a question of the teacher's."""
    st.text_input(
        "Your question",
        key="board_own_text",
        max_chars=MAX_QUESTION,
        autocomplete="off",
        help="One sentence, shown to all students as typed.",
    )
    if is_number:
        st.number_input(
            "The right number (optional)",
            key="board_own_number",
            value=None,
            format="%g",
            help="It is marked in the histogram once you show the answers.",
        )
    else:
        _own_answers()
    button(
        "Ask the class",
        "board_own_ask",
        _ask_own,
        code,
        is_number,
        icon=":material/send:",
        help="The question appears on the current page of every student.",
    )


def _own_answers() -> None:
    """Draw the fields of the answers, and the choice of the right one."""
    with st.grid(2, min_column_width=150):
        typed = [
            st.text_input(
                f"Answer {place}" + (" (optional)" if place > 2 else ""),
                key=f"board_own_option_{place}",
                max_chars=MAX_OPTION,
                autocomplete="off",
            )
            for place in PLACES
        ]
    options = [place for place, text in enumerate(typed) if text.strip()]
    if st.session_state.get("board_own_right") not in options:
        st.session_state["board_own_right"] = None
    st.selectbox(
        "Right answer",
        [None, *options],
        format_func=lambda place: (
            "No right answer (opinion)" if place is None else typed[place]
        ),
        key="board_own_right",
        help="Hidden until you show the answers.",
    )


def _ask_own(code: str, is_number: bool) -> None:
    state = st.session_state
    text, seconds = state["board_own_text"], TIMES[state["board_question_time"]]
    if is_number:
        question = OwnQuestion.of(text, [], number=state["board_own_number"])
    else:
        options = [state[f"board_own_option_{place}"] for place in PLACES]
        if sum(bool(each.strip()) for each in options) < 2:
            raise UserError("Type at least two answers.")
        question = OwnQuestion.of(text, options, state["board_own_right"])
    platform().polls.ask_own(owner(), code, question, seconds)


def polls_csv(code: str, me: str):
    """Return a function that makes the file of all questions and answers."""

    def content() -> bytes:
        found = []
        for poll in platform().polls.all_of(me, code):
            asked = asked_question(poll)
            if asked is None:
                continue
            text = poll.own.text if poll.own else asked.text
            options = poll.own.options if poll.own else asked.options
            found.append((poll, text, options, asked.right))
        return polls_to_csv(found).encode("utf-8-sig")

    return content


def _heading(poll: Poll, question: Asked) -> None:
    """Draw the question, and the time left."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(question.text, anchor=False, width="stretch")
        if poll.revealed is None and poll.until is not None:
            with st.container(width=CLOCK_WIDTH):
                countdown(f"board_countdown_{poll.id}", poll.until)


def _texts(question: Asked, revealed: bool, has_bars: bool) -> None:
    """Draw the texts below the count: the explanation, or the options without bars."""
    if revealed and question.why:
        st.subheader(question.why, anchor=False)
    elif not revealed and not has_bars:
        for text in question.options:
            st.subheader(f":small[:material/circle:] {text}", anchor=False)


def _count(poll: Poll, question: Asked) -> str:
    if poll.revealed is None or question.right is None:
        return f"{poll.answered} of {poll.members} have answered"
    if poll.is_number:
        right = sum(number == question.right for number in poll.numbers)
        return f"{right} of {poll.answered} had it exactly"
    return f"{poll.answers[int(question.right)]} of {poll.answered} had it right"


def _buttons(poll: Poll, school_class) -> None:
    """Draw the teacher's controls of a poll."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if poll.revealed is None:
            show_value("board_hide_bars", not school_class.bars_shown)
            st.toggle(
                "Hide the bars on the screen",
                key="board_hide_bars",
                help="Until the reveal: visible answers would influence the others.",
                on_change=intent("board_hide_bars", _hide_bars, poll.code),
            )
            button(
                "Reveal",
                "board_reveal",
                platform().polls.reveal,
                owner(),
                poll.id,
                type="primary",
                icon=":material/visibility:",
                help="Shows the right answer with the reason, on the screen and to all "
                "students, and closes the answers.",
            )
        button(
            "Close",
            "board_close",
            platform().polls.close,
            owner(),
            poll.id,
            icon=":material/close:",
            help="Removes the question from the screen and from the students' pages.",
        )


def _hide_bars(code: str) -> None:
    hidden = st.session_state["board_hide_bars"]
    change_class(platform().classes.show_bars, code, not hidden)
