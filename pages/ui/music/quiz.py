"""Human or model? A blind quiz, phrase by phrase, with its score."""

import secrets

import streamlit as st

from core.music.quiz import Question, questions, rightly
from pages.ui.cache import session_cache
from pages.ui.music.models import OWN, Voice
from pages.ui.music.player import listen, player
from pages.ui.words import as_text

COUNT = 8
SEEDS = 1_000_000


def quiz_view(voice: Voice) -> None:
    """Draw the question that is due, or the score."""
    st.markdown(
        "Eight phrases of four bars. Each continues a held-out piece: **as the "
        f"composer wrote it, or as {_who(voice)} continues it**, over the same chords "
        "and with the same instruments, chosen at random."
    )
    state = st.session_state.get("music_quiz")
    if state is None or state["version"] != voice.version:
        state = st.session_state["music_quiz"] = _new(voice)
    asked = session_cache(
        "music",
        "quiz",
        (voice.version, state["seed"]),
        lambda: questions(voice.result, state["seed"], COUNT),
    )
    if not asked:
        st.info(
            "The held-out pieces are too short for phrases of four bars. Choose "
            "another model above.",
            icon=":material/info:",
        )
        return
    answers = state["answers"]
    if answers and state["told"] < len(answers):
        _reveal(asked[len(answers) - 1], answers, asked, state)
    elif len(answers) < len(asked):
        _question(asked[len(answers)], len(answers), len(asked), state)
    else:
        _score(answers, asked)


def _who(voice: Voice) -> str:
    return "your model" if voice.name == OWN else "the model chosen above"


def _new(voice: Voice) -> dict:
    seed = secrets.randbelow(SEEDS)
    return {"version": voice.version, "seed": seed, "answers": [], "told": 0}


def _question(question: Question, place: int, count: int, state: dict) -> None:
    st.markdown(f"##### Phrase {place + 1} of {count}")
    listen("music_quiz_sound", question.score, f"Phrase {place + 1}")
    with st.container(horizontal=True):
        for label, human, icon in (
            ("Human", True, "person"),
            ("Model", False, "memory"),
        ):
            st.button(
                label,
                key=f"music_quiz_{label.lower()}",
                icon=f":material/{icon}:",
                on_click=state["answers"].append,
                args=(human,),
            )


def _reveal(question: Question, answers, asked, state: dict) -> None:
    right = answers[-1] == question.human
    by = "the composer" if question.human else "the model"
    show = st.success if right else st.warning
    piece = f"{as_text(question.title)}, from bar {question.bar}"
    show(
        f"{'Right' if right else 'Wrong'}: that was **{by}**. "
        + (piece if question.human else f"It continued from before {piece}")
        + ".",
        icon=":material/check:" if right else ":material/close:",
    )
    player("music_quiz_told", question.score, "The phrase again")
    last = len(answers) == len(asked)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "See the score" if last else "Next phrase",
            key="music_quiz_next",
            icon=":material/arrow_forward:",
            on_click=state.update,
            kwargs={"told": len(answers)},
        )
        st.markdown(f"{rightly(answers, asked)} of {len(answers)} right so far")


def _score(answers, asked) -> None:
    right = rightly(answers, asked)
    st.metric(
        "Your score",
        f"{right} of {len(asked)}",
        delta=f"by guessing: {len(asked) // 2}",
        delta_color="off",
        delta_arrow="off",
    )
    st.markdown(
        "A score far above guessing means that you can hear the difference. With eight "
        "answers, one or two more than half can be chance."
    )
    st.dataframe(
        {
            "Piece": [f"{one.title}, bar {one.bar}" for one in asked],
            "It was": ["human" if one.human else "model" for one in asked],
            "You said": ["human" if said else "model" for said in answers],
        },
        hide_index=True,
        key="music_quiz_list",
        alt="The phrases, who played them, and what you said",
    )
    st.button(
        "Play again",
        key="music_quiz_again",
        icon=":material/replay:",
        help="Eight other phrases.",
        on_click=lambda: st.session_state.pop("music_quiz"),
    )
