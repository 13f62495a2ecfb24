"""Find the bug, a game: the backward pass has a mistake, and its evidence tells which.

A person may use all that the page shows of the pass: the badge, the mark and the digits
of each step, the table, and the norms beside the correct ones. The page shows neither
the equations nor an explanation before the mistake is found.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass, field

import streamlit as st

from core.lesson.backward_passes import PRESETS, hidden_mistake, mistakes_of
from core.lesson.cells import CELLS
from pages.ui.address import persistent, set_widget
from pages.ui.controls import choose_answer
from pages.ui.intents import button, intent
from pages.ui.membership import note_event

TITLE = "Find the bug"
HIDDEN = "hidden"  # the choice beside the presets
PARAMETER = "mistake"  # address parameter for a reload; links to settings omit it
SEEDS = 9999


@dataclass
class Score:
    """The mistakes of a cell found in this session."""

    found: set[str] = field(default_factory=set)  # mistakes that were found
    rounds: int = 1  # how many mistakes were looked for, the present one included
    wrong: int = 0  # wrong guesses in all rounds
    # Suspects that were guessed wrongly in this round
    ruled_out: set[str] = field(default_factory=set)
    over: bool = False  # whether the mistake of this round has been found


def plant_mistake(
    page: str, cell: str, preset: str, detectable: Collection[str]
) -> str | None:
    """Return the hidden mistake; None while another preset is chosen.

    A reload and a look at another page keep it; a link to the game brings a new one,
    and so does the other cell of the page. With other settings it may not be among
    the detectable ones any more: then another one begins a round.
    """
    given = st.query_params.get(PARAMETER, "")
    if preset != HIDDEN:
        if given:
            del st.query_params[PARAMETER]
        return None
    note_event(f"bug {cell}")
    key = f"{page}_mistake"
    shown = st.session_state.setdefault(f"{page}_mistake_cell", cell)
    followed_link = st.query_params.get(f"{page}_preset") == HIDDEN and not given
    if shown != cell:
        st.session_state[f"{page}_mistake_cell"] = cell
        _hide_another(page, cell, detectable)
    elif given.isdecimal() and 1 <= int(given) <= SEEDS:
        if st.session_state.get(key) != int(given):
            _hide(page, cell, int(given))
    elif key not in st.session_state or followed_link:
        _hide_another(page, cell, detectable)
    seed = st.session_state[key]
    planted = hidden_mistake(cell, seed, detectable)
    if st.session_state.setdefault(f"{page}_planted", planted) != planted:
        _hide(page, cell, seed)
    st.session_state[f"{page}_planted"] = planted
    st.query_params[PARAMETER] = str(seed)
    return planted


def ask_for_mistake(
    page: str, cell: str, planted: str, detectable: Collection[str]
) -> bool:
    """Draw the suspects and judge a guess; return whether the mistake is found."""
    suspects = {name: PRESETS[name].title for name in mistakes_of(cell)}
    score = _score(page, cell)
    labels = suspects | {name: f"~~{suspects[name]}~~" for name in score.ruled_out}
    with st.container(border=True):
        _task(cell, score, len(suspects))
        answer = choose_answer(
            "Which mistake is hidden?",
            list(suspects),
            format_func=labels.get,
            **persistent(f"{page}_suspect"),
            on_change=intent(f"{page}_suspect", _judge, page, cell, planted),
        )
        for name in suspects:
            if name not in detectable:
                st.caption(
                    f"Not hidden here: *{suspects[name]}*. With these settings it "
                    "changes no gradient; with another seed, or more units, it does."
                )
        if score.over:
            st.markdown(
                f":green-badge[:material/check: Found] **{suspects[planted]}.** "
                f"{PRESETS[planted].evidence} {PRESETS[planted].explanation}"
            )
        elif answer is not None:
            st.markdown(
                f":orange-badge[:material/close: Not this one] "
                f"*{suspects[answer]}* would look different: {PRESETS[answer].evidence}"
            )
        with st.container(horizontal=True):
            _buttons(page, cell, score, detectable)
    return score.over


def _task(cell: str, score: Score, count: int) -> None:
    st.markdown(
        f"#### :material/bug_report: {TITLE}\n"
        f":blue-badge[Round {score.rounds}] "
        f":green-badge[{len(score.found)} of {count} found] "
        f":orange-badge[{_guesses(score.wrong)}]\n\n"
        f"One of these mistakes is hidden in this backward pass of the "
        f"{CELLS[cell].title}. **Which one?** Your evidence: at which steps dx "
        "agrees, which gradients differ (*All gradients, checked*), and the norms "
        "beside the correct ones (dashed). Other evidence comes with another "
        "sequence, or when the loss depends on every step."
    )


def _buttons(page: str, cell: str, score: Score, detectable: Collection[str]) -> None:
    count = len(mistakes_of(cell))
    if score.over and len(score.found) == count:
        st.success(
            f"You have found all {count} mistakes of the {CELLS[cell].title}, in "
            f"{score.rounds} rounds with {_guesses(score.wrong)}.",
            icon=":material/trophy:",
        )
    if score.over:
        button(
            "Next bug",
            f"{page}_another",
            _begin_round,
            page,
            cell,
            detectable,
            type="primary",
            icon=":material/casino:",
            help="Hides one of the mistakes again, and it may be one that you have "
            "found already.",
        )
    button(
        "End the game",
        f"{page}_end_game",
        set_widget,
        f"{page}_preset",
        "right",
        icon=":material/close:",
        help="Shows the correct backward pass.",
    )


def _guesses(wrong: int) -> str:
    return f"{wrong} wrong guess{'' if wrong == 1 else 'es'}"


def _score(page: str, cell: str) -> Score:
    return st.session_state.setdefault(f"{page}_score_{cell}", Score())


def _judge(page: str, cell: str, planted: str) -> None:
    """Judge a guess; store a found mistake as an event of the class."""
    score, answer = _score(page, cell), st.session_state[f"{page}_suspect"]
    if score.over or answer is None:
        return
    if answer == planted:
        note_event(f"mistake {cell}")
        score.over = True
        score.found.add(planted)
    elif answer not in score.ruled_out:
        score.ruled_out.add(answer)
        score.wrong += 1


def _begin_round(page: str, cell: str, detectable: Collection[str]) -> None:
    """Hide the next mistake, or start again when all have been found."""
    score = _score(page, cell)
    if len(score.found) == len(mistakes_of(cell)):
        score.found.clear()
        score.rounds, score.wrong = 0, 0
    _hide_another(page, cell, detectable)
    st.query_params[PARAMETER] = str(st.session_state[f"{page}_mistake"])


def _hide_another(page: str, cell: str, detectable: Collection[str]) -> None:
    """Hide a random mistake; found ones are less likely."""
    last = st.session_state.get(f"{page}_mistake")
    seeds = [number for number in range(1, SEEDS + 1) if number != last]
    seed = random.choice(seeds)
    if hidden_mistake(cell, seed, detectable) in _score(page, cell).found:
        seed = random.choice(seeds)
    _hide(page, cell, seed)


def _hide(page: str, cell: str, seed: int) -> None:
    """Hide the mistake of a seed in a new round."""
    score = _score(page, cell)
    if score.over:
        score.rounds += 1
    score.over = False
    score.ruled_out.clear()
    st.session_state[f"{page}_mistake"] = seed
    for name in ("planted", "suspect"):
        st.session_state.pop(f"{page}_{name}", None)
