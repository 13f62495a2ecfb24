"""The box to type in, and the answer beneath it."""

import streamlit as st

from core.emoji import Result
from core.emoji.figures import top_five, top_five_alt
from core.emoji.labels import LABELS
from core.emoji.model.answering import Answer
from core.emoji.text.rows import Rows
from core.task import DataError
from pages.ui.address import hold
from pages.ui.cache import shared_cache
from pages.ui.emoji import history, taught
from pages.ui.emoji.drawn import large
from pages.ui.emoji.models import SHIPPED, Voice
from pages.ui.theme import PLAIN, ink
from pages.ui.words import as_text

FIRST = "the team made me proud"
SUGGESTIONS = (
    FIRST,
    "the team let me down",
    "I have not eaten yet",
    "she stole my heart",
    "not bad at all",
    "the train leaves at nine",
)
VERY_SURE, ALMOST_ONE = 0.9, 0.995
ICONS = ("favorite", "sports_baseball", "mood", "mood_bad", "restaurant")


def ask() -> str:
    """Let a person type a sentence, or take one of ours."""
    text = st.text_input(
        "Sentence",
        key=hold("emoji_text", FIRST),
        live=True,
        placeholder="Type a sentence; the answer appears as you type",
        label_visibility="collapsed",
        icon=":material/edit:",
        persist_state="session",
    )
    st.pills(
        "Or try one of these",
        SUGGESTIONS,
        key="emoji_suggestion",
        label_visibility="collapsed",
        on_change=_take_suggestion,
        wrap=True,
    )
    return text


def _take_suggestion() -> None:
    if chosen := st.session_state["emoji_suggestion"]:
        st.session_state["emoji_text"] = chosen
    st.session_state["emoji_suggestion"] = None


def answer_view(voice: Voice, text: str) -> Answer:
    """Draw what a model answers to a text."""
    answer = voice.result.answer([text])[0]
    history.note(answer, voice.name)
    said, bars = st.columns([1, 2], gap="large", vertical_alignment="center")
    with said:
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width=120):
                large(answer)
            with st.container(gap="xxsmall"):
                st.markdown(f"## {_headline(answer)}")
                st.markdown(_how_sure(answer))
        _reading(voice, answer)
    with bars:
        st.plotly_chart(
            shared_cache(_bars, voice.result, answer.text, ink()),
            key="emoji_bars",
            theme=None,
            config=PLAIN,
            alt=top_five_alt(answer.probabilities),
        )
    _correct(voice, answer)
    return answer


def _bars(result: Result, text: str, ink: str):
    return top_five(result.answer([text])[0].probabilities, result.threshold, ink)


def _headline(answer: Answer) -> str:
    if answer.label is None:
        return "No sentence"
    name = answer.name.capitalize()
    return name if answer.sure else f"Not sure. {name}?"


def _how_sure(answer: Answer) -> str:
    """The confidence in words and as a number."""
    if answer.label is None:
        return "Type a sentence above."
    almost = answer.confidence >= ALMOST_ONE
    number = "**over 99%**" if almost else f"**{answer.confidence:.0%}**"
    if answer.sure:
        degree = "Very sure" if answer.confidence >= VERY_SURE else "Fairly sure"
        return f"{degree}: {number}"
    second = LABELS[answer.probabilities.argsort()[-2]]
    share = answer.probabilities[answer.probabilities.argsort()[-2]]
    return f"Only {number}, then {second.name} with {share:.0%}"


def _reading(voice: Voice, answer: Answer) -> None:
    """The words as they were read, those unknown marked, and what to know of them."""
    words = [
        as_text(token.word)
        if token.word
        else f":orange-background[{as_text(token.text)}]"
        for token in answer.tokenized.tokens
    ]
    if words:
        st.caption(" · ".join(words) + f" → {answer.emoji}")
    if answer.unknown:
        st.caption(
            ":orange-background[Marked words] have no word vector of their own; they "
            "are read as an unknown word."
        )
    for notice in answer.notices:
        st.caption(f":material/info: {as_text(notice)}")
    st.caption(_who(voice))


def _correct(voice: Voice, answer: Answer) -> None:
    """Let a person say what the answer should be: that teaches the sentence."""
    if answer.label is None:
        return
    st.session_state["emoji_correct"] = taught.label_of(answer.text)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("It should be", width="content")
        st.pills(
            "It should be",
            range(len(LABELS)),
            format_func=lambda n: f":material/{ICONS[n]}: {LABELS[n].name}",
            key="emoji_correct",
            label_visibility="collapsed",
            on_change=_teach,
            args=(answer.text,),
            wrap=True,
        )
        if (label := st.session_state["emoji_correct"]) is not None:
            learned = voice.result.data.taught.texts
            todo = (
                "" if answer.text.strip() in learned else "Press *Train* to learn it. "
            )
            st.caption(
                f"Taught as {LABELS[label].name}. {todo}Press the emoji again to undo.",
                width="content",
            )


def _teach(text: str) -> None:
    label = st.session_state["emoji_correct"]
    if label is None:
        taught.take_back(text)
        return
    try:
        taught.teach(Rows.of([(text.strip(), label)]))
    except DataError as error:
        st.error(as_text(str(error)), icon=":material/error:")


def _who(voice: Voice) -> str:
    """Who answers, in a few words."""
    config = voice.result.config
    if voice.name == SHIPPED:
        return "Answered by the bundled model."
    return f"Answered by your model: {config.model}, {voice.result.epochs} epochs."
