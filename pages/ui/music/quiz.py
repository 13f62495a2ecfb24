"""Human or model? A blind quiz, phrase by phrase, with its score."""

import secrets

import streamlit as st

from core.music.playing.quiz import KINDS, Question, count_right, questions
from pages.ui.cache import session_cache
from pages.ui.charts import metric
from pages.ui.controls import choose
from pages.ui.intents import button
from pages.ui.music.models import OWN, SHARED, Model
from pages.ui.music.player import listen, player
from pages.ui.words import as_text

COUNT = 8
LABELS = {"heard": "What listeners hear", "network": "The network alone"}
PLAYS = {
    "heard": "led by the plan, the best of six candidates",
    "network": "without the plan",
}
SEEDS = 1_000_000
INFERRED = (
    " The chords are inferred from the composer's melody, so the model, which hears "
    "them, is told something of it."
)


def quiz_view(model: Model) -> None:
    """Draw the current question, or the score."""
    kind = choose(
        "About",
        LABELS,
        "music_quiz_kind",
        help="What plays where it is not the composer. What listeners hear: the "
        "network led by the plan, the best of several candidates. Network alone: what "
        "it samples without either. Both scores are kept.",
    )
    st.markdown(
        "Eight phrases of four bars. Each continues a held-out piece: **as the "
        f"composer wrote it, or as {_who(model)} continues it**, {PLAYS[kind]}, over "
        "the same chords, with the same accompaniment by rule, chosen at random."
        + (INFERRED if any(p.inferred for p in model.result.corpus.test) else "")
    )
    states = st.session_state.setdefault("music_quizzes", {})
    state = states.get(kind)
    if state is None or state["version"] != model.version:
        seed = secrets.randbelow(SEEDS)
        state = {"version": model.version, "seed": seed, "answers": [], "told": 0}
        states[kind] = state
    found = session_cache(
        "music",
        "quiz",
        (model.version, state["seed"], kind),
        lambda: questions(model.result, state["seed"], COUNT, kind),
        len(KINDS),
    )
    if not found:
        st.info(
            "The held-out pieces are too short for phrases of four bars. Choose "
            "another model above.",
            icon=":material/info:",
        )
        return
    answers = state["answers"]
    if answers and state["told"] < len(answers):
        _reveal(found[len(answers) - 1], answers, found, state)
    elif len(answers) < len(found):
        _question(found[len(answers)], len(answers), len(found), state)
    else:
        scores = st.session_state.setdefault("music_quiz_scores", {})
        scores[model.version, kind] = f"{count_right(answers, found)} of {len(found)}"
        _score(answers, found, {k: scores.get((model.version, k)) for k in KINDS}, kind)


def _who(model: Model) -> str:
    names = {OWN: "your model", SHARED: "the shared model"}
    return names.get(model.name, "the model chosen above")


def _question(question: Question, place: int, count: int, state: dict) -> None:
    st.markdown(f"##### Phrase {place + 1} of {count}")
    listen("music_quiz_sound", question.score, f"Phrase {place + 1}")
    with st.container(horizontal=True):
        for label, human, icon in (
            ("Human", True, "person"),
            ("Model", False, "memory"),
        ):
            button(
                label,
                f"music_quiz_{label.lower()}",
                _answer,
                state["answers"],
                place,
                human,
                icon=f":material/{icon}:",
            )


def _answer(answers: list[bool], place: int, human: bool) -> None:
    if len(answers) == place:  # a second click is no answer to the next phrase
        answers.append(human)


def _reveal(question: Question, answers, found, state: dict) -> None:
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
    last = len(answers) == len(found)
    with st.container(horizontal=True, vertical_alignment="center"):
        button(
            "See the score" if last else "Next phrase",
            "music_quiz_next",
            state.update,
            {"told": len(answers)},
            icon=":material/arrow_forward:",
        )
        st.markdown(f"{count_right(answers, found)} of {len(answers)} right so far")


def _score(answers, found, scores: dict, kind: str) -> None:
    guessing = f"by guessing: {len(found) // 2}"
    metric(f"Your score, {LABELS[kind].lower()}", scores[kind], guessing, None)
    (other,) = set(KINDS) - {kind}
    st.markdown(f"{LABELS[other]}: {scores[other] or 'not played yet'}.")
    st.markdown(
        "A score far above guessing means that you can hear the difference. With eight "
        "answers, one or two more than half can be chance."
    )
    st.dataframe(
        {
            "Piece": [f"{one.title}, bar {one.bar}" for one in found],
            "It was": ["human" if one.human else "model" for one in found],
            "You said": ["human" if said else "model" for said in answers],
        },
        hide_index=True,
        key="music_quiz_list",
        alt="The phrases, who played them, and what you said",
    )
    button(
        "Play again",
        "music_quiz_again",
        st.session_state["music_quizzes"].pop,
        kind,
        None,
        icon=":material/replay:",
        help="Eight other phrases.",
    )
