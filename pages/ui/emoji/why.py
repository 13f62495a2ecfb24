"""Why the model answers as it does: words, reading, neighbours, order."""

import streamlit as st

from core.emoji import Result
from core.emoji.figures import (
    after_each_word,
    after_each_word_alt,
    importance,
    importance_alt,
)
from core.emoji.judging.explain import explain, shuffle_words
from core.emoji.labels import LABELS
from core.emoji.model.answering import Answer
from pages.ui.address import hold
from pages.ui.cache import shared_cache
from pages.ui.emoji.history import history_view
from pages.ui.emoji.models import Voice, neighbourhood, shipped
from pages.ui.theme import PLAIN, ink
from pages.ui.words import as_text

VIEWS = ("Words", "Word by word", "Neighbours", "Word order", "History")


def why(voice: Voice, answer: Answer) -> None:
    """Draw one of the views of an answer."""
    view = st.segmented_control(
        "Explain by",
        VIEWS,
        required=True,
        key=hold("emoji_why", VIEWS[0], VIEWS),
        label_visibility="collapsed",
        persist_state="session",
    )
    if view == "History":
        history_view()
    elif answer.label is None:
        st.info("Type a sentence first, then this shows why.", icon=":material/edit:")
    else:
        {
            "Words": _words,
            "Word by word": _word_by_word,
            "Neighbours": _neighbours,
            "Word order": _word_order,
        }[view](voice, answer)


def _words(voice: Voice, answer: Answer) -> None:
    st.markdown(
        f"How much the probability of **{answer.name}** falls when one word is left "
        "out. A negative value means that the word makes this answer less likely."
    )
    explanation = explain(voice.result.model, answer.text)
    st.plotly_chart(
        shared_cache(_importance, voice.result, answer.text, ink()),
        key="emoji_importance",
        theme=None,
        config=PLAIN,
        alt=importance_alt(explanation),
    )


def _importance(result: Result, text: str, ink: str):
    return importance(explain(result.model, text), ink)


def _word_by_word(voice: Voice, answer: Answer) -> None:
    st.markdown(
        "The probabilities after each word of the sentence. Where the lines cross, the "
        "answer changes."
    )
    explanation = explain(voice.result.model, answer.text)
    st.plotly_chart(
        after_each_word(explanation, ink()),
        key="emoji_after",
        theme=None,
        config=PLAIN,
        alt=after_each_word_alt(explanation),
    )


def _neighbours(voice: Voice, answer: Answer) -> None:
    st.markdown(
        "The training sentences that are most similar to the network. Similarity is "
        "the cosine of the two hidden representations; 1 means the same direction."
    )
    with st.spinner("Reading the training sentences.", show_time=False):
        found = neighbourhood(voice).nearest(answer.text)
    st.dataframe(
        {
            "Training sentence": [item.text for item in found],
            "Label": [f"{item.emoji} {LABELS[item.label].name}" for item in found],
            "Similarity": [item.similarity for item in found],
        },
        column_config={
            "Training sentence": st.column_config.TextColumn(width="medium"),
            "Similarity": st.column_config.NumberColumn(format="%.2f"),
        },
        hide_index=True,
        key="emoji_neighbours",
        alt="The five most similar training sentences, with their labels",
    )


def _word_order(voice: Voice, answer: Answer) -> None:
    st.markdown(
        "The same words in random order. A model that uses word order sometimes "
        "changes its answer; **v1**, which averages the word vectors, never does."
    )
    ours = shuffle_words(voice.result.model, answer.text)
    if ours is None:
        st.info(
            "This sentence has only one order. Type one of two or more words.",
            icon=":material/shuffle:",
        )
        return
    theirs = shuffle_words(shipped("v1").model, answer.text)
    with st.grid(2, min_column_width=150):
        for name, found in (("This model", ours), ("v1, mean of words", theirs)):
            st.metric(
                f"{name}: same answer",
                f"{found.same_answer:.0%}",
                help=f"Share of {len(found.texts)} other orders in which the answer "
                "stays the same.",
            )
    st.dataframe(
        {
            "Shuffled": ours.texts,
            "This model": [_named(row) for row in ours.probabilities],
            "v1": [_named(row) for row in theirs.probabilities],
        },
        column_config={"Shuffled": st.column_config.TextColumn(width="medium")},
        hide_index=True,
        height=250,
        key="emoji_orders",
        alt=f"Answers to {as_text(answer.text)[:80]} with its words in other orders",
    )


def _named(row) -> str:
    label = LABELS[row.argmax()]
    return f"{label.emoji} {label.name} {row.max():.0%}"
