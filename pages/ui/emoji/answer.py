"""The text input, and the answer beneath it."""

import streamlit as st

from core.emoji import Result
from core.emoji.figures import class_bars, class_bars_alt
from core.emoji.labels import LABELS, NONE, NONE_NAME, Label, Labels, name_of
from core.emoji.model.answering import Answer, none_threshold
from core.emoji.text.rows import Rows
from pages.ui.address import bind, persistent, set_widget
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink
from pages.ui.controls import show_value
from pages.ui.emoji.drawing import draw_large
from pages.ui.emoji.explain import add_to_history
from pages.ui.emoji.models import SHARED, SHIPPED, ActiveModel
from pages.ui.emoji.setup import OWN_CLASSES
from pages.ui.emoji.teach import (
    label_of,
    remove,
    teach,
    teachable,
)
from pages.ui.intents import button, intent
from pages.ui.membership import note_event
from pages.ui.session import is_shared
from pages.ui.words import as_text, counted

SUGGESTIONS = (
    "the team made me proud",
    "the team let me down",
    "I have not eaten yet",
    "she stole my heart",
    "not bad at all",
    "the train leaves at nine",
)
FEWEST_WORDS = 3  # fewest words of a typed sentence
ALMOST_ONE = 0.995
ICONS = ("favorite", "sports_baseball", "mood", "mood_bad", "restaurant")


def text_input() -> str:
    """Draw the text input and the suggestions."""
    text = st.text_input(
        "Sentence",
        **persistent(bind("emoji_text", SUGGESTIONS[0])),
        live=True,
        placeholder="Type a sentence; the answer appears as you type",
        label_visibility="collapsed",
        icon=":material/edit:",
        on_change=intent("emoji_text", _note_typed),
    )
    st.pills(
        "Or try one of these",
        SUGGESTIONS,
        key="emoji_suggestion",
        label_visibility="collapsed",
        on_change=intent("emoji_suggestion", _use_suggestion),
        wrap=True,
    )
    return text


def _note_typed() -> None:
    """Record the event of a typed sentence for class and path."""
    if len(st.session_state["emoji_text"].split()) >= FEWEST_WORDS:
        note_event("sentence emoji")


def _use_suggestion() -> None:
    if chosen := st.session_state["emoji_suggestion"]:
        set_widget("emoji_text", chosen)
    st.session_state["emoji_suggestion"] = None


def answer_view(active: ActiveModel, text: str) -> Answer:
    """Draw a model's answer to a text."""
    answer = active.result.answer([text])[0]
    add_to_history(answer)
    left, right = st.columns([1, 2], gap="large", vertical_alignment="center")
    with left:
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width=120):
                draw_large(answer)
            with st.container(gap="xxsmall"):
                never_sure = active.result.never_sure
                st.markdown(f"## {_headline(answer, never_sure)}")
                st.markdown(_confidence(answer, never_sure))
        _tokens(answer)
        if active.name == SHIPPED:
            st.caption("Answered by the built-in model.")
        else:
            model, epochs = active.result.config.model, active.result.epochs
            whose = "the shared" if active.name == SHARED else "your"
            lesson = active.result.data
            how = counted(epochs, "epoch")
            if lesson.base:
                how = f"taught {len(lesson.taught)} in {how}"
            st.caption(f"Answered by {whose} model: {model}, {how}.")
    with right:
        if answer.english:
            figure = shared_cache(_bars, active.result, answer.text, ink())
            chart(figure, "emoji_bars", class_bars_alt(*_shares(active.result, answer)))
        else:
            st.info(
                "This seems to be another language. Type the sentence in English.",
                icon=":material/translate:",
            )
    if answer.name and not is_shared():
        _correct(active, answer)
    return answer


def _bars(result: Result, text: str, ink: str):
    shares, labels = _shares(result, result.answer([text])[0])
    needed = result.threshold
    if shares.argmax() == len(result.labels):
        needed = none_threshold(needed)
    return class_bars(shares, needed, ink, labels)


def _shares(result: Result, answer: Answer):
    """The drawn probabilities and their labels; "none of them" comes last."""
    if not result.detects_none:
        return answer.probabilities, answer.labels
    return answer.shares, (*answer.labels, Label(NONE_NAME))


def _headline(answer: Answer, never_sure: str) -> str:
    if not answer.name:
        return "No sentence"
    if not answer.english:
        return "I read English only"
    name = "none of these" if answer.is_none else answer.name
    name = as_text(name[:1].upper() + name[1:])
    if answer.mixed:
        what = "Mixed feelings" if answer.labels == LABELS else "Not sure"
        return f"{what}. {name} or {as_text(answer.second_name)}?"
    if never_sure:
        return f"{name}?"
    return name if answer.sure else f"Not sure. {name}?"


def _confidence(answer: Answer, never_sure: str) -> str:
    """The confidence in words and as a number, or why no answer can be sure."""
    if not answer.name:
        return "Type a sentence above."
    if not answer.english:
        return "" if answer.is_none else f"If it is English: {as_text(answer.name)}"
    if never_sure:
        return never_sure
    almost = answer.confidence >= ALMOST_ONE
    number = "**over 99%**" if almost else f"**{answer.confidence:.0%}**"
    if answer.sure:
        return f"Sure: {number}"
    second = f"{as_text(answer.second_name)} with {answer.shares[answer.second]:.0%}"
    return f"{number}, then {second}"


def _tokens(answer: Answer) -> None:
    """Draw the tokens, unknown words highlighted, and the notices."""
    words = [
        as_text(token.word)
        if token.word
        else f":orange-background[{as_text(token.text)}]"
        for token in answer.tokenized.tokens
    ]
    if words and answer.english:
        st.caption(" · ".join(words) + f" → {as_text(answer.emoji or answer.name)}")
    if answer.unknown and answer.english:
        st.caption(":orange-background[Highlighted words] are not in the vocabulary.")
    for notice in answer.notices if answer.english else ():
        st.caption(f":material/info: {as_text(notice)}")


def _correct(active: ActiveModel, answer: Answer) -> None:
    """Draw the correction: choosing the right answer teaches the sentence."""
    show_value("emoji_correct", label_of(answer.text, answer.labels))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("It should be", width="content")
        st.pills(
            "It should be",
            list(teachable(answer.labels).values()),
            format_func=lambda n: _pill(answer.labels, n),
            key="emoji_correct",
            label_visibility="collapsed",
            on_change=intent("emoji_correct", _teach, answer.text, answer.labels),
            wrap=True,
        )
        if (label := st.session_state["emoji_correct"]) is not None:
            learned = active.result.data.taught.label_of.get(answer.text.strip())
            st.caption(
                f"{'Learned' if learned == label else 'Noted'} as "
                f"{as_text(name_of(label, answer.labels))}. Press it again to undo.",
                width="content",
            )
            if learned != label:
                button(
                    "Learn it now",
                    "emoji_learn_now",
                    icon=":material/bolt:",
                    help="Updates the current model in seconds, until it has learned "
                    "all that you taught. *Train* retrains from scratch.",
                )
        elif st.session_state.get("emoji_source") != OWN_CLASSES:
            st.caption(
                "Another emoji? Choose *Own classes* under *Sentences*: it makes a "
                "second model, of your emojis only.",
                width="content",
            )


def _pill(labels: Labels, index: int) -> str:
    """A class on a button; the built-in five look the same on every machine."""
    if index == NONE:
        return f":material/block: {NONE_NAME}"
    if labels == LABELS:
        return f":material/{ICONS[index]}: {labels[index].name}"
    return as_text(str(labels[index]))


def _teach(text: str, labels: Labels) -> None:
    label = st.session_state["emoji_correct"]
    if label is None:
        remove(text)
    else:
        teach(Rows.of([(text.strip(), label)]), labels)
