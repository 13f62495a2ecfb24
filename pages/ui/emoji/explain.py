"""Explanations of an answer: words, prefixes, neighbours, order, map."""

import streamlit as st

from core.emoji import Result
from core.emoji.figures import (
    after_each_word,
    after_each_word_alt,
    importance,
    importance_alt,
)
from core.emoji.judging.explain import NearestNeighbours, explain, shuffle_words
from core.emoji.labels import Labels
from core.emoji.model.answering import Answer
from core.emoji.pretrained import load
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink
from pages.ui.controls import choose
from pages.ui.emoji.models import ActiveModel, cached_for_model
from pages.ui.emoji.sentence_map import MOST_TYPED, map_view
from pages.ui.words import as_text

MAX_HISTORY = 200


def explain_view(active: ActiveModel, answer: Answer) -> None:
    """Draw one of the views of an answer."""
    views = {
        "Words": _words,
        "Word by word": _word_by_word,
        "Neighbours": _neighbours,
        "Word order": _word_order,
        "Map": None,
    }
    view = choose(
        "Explain by",
        list(views),
        "emoji_why",
        label_visibility="collapsed",
    )
    if view == "Map":
        map_view(active, _answers_to_typed(active, answer))
    elif answer.is_none:
        st.info(
            "The answer is none of the emojis: an explanation needs one."
            if answer.english
            else "The sentence is not English, so there is nothing to explain.",
            icon=":material/block:",
        )
    elif answer.label is None:
        st.info("Type a sentence first, then this shows why.", icon=":material/edit:")
    else:
        views[view](active, answer)


def _answers_to_typed(active: ActiveModel, answer: Answer) -> list[Answer]:
    """The current answer, and the answers to sentences typed before."""
    before = [text for text in typed_texts() if text != answer.text]
    return [answer, *active.result.answer(before[: MOST_TYPED - 1])]


def _words(active: ActiveModel, answer: Answer) -> None:
    st.markdown(
        f"How much the probability of **{as_text(answer.name)}** falls when one "
        "word is left out. A negative value means that the word makes this answer "
        "less likely."
    )
    explanation = explain(active.result.model, answer.text)
    figure = shared_cache(_importance, active.result, answer.text, ink())
    chart(figure, "emoji_importance", importance_alt(explanation))


def _importance(result: Result, text: str, ink: str):
    return importance(explain(result.model, text), ink)


def _word_by_word(active: ActiveModel, answer: Answer) -> None:
    st.markdown(
        "The probabilities after each word of the sentence. Where the lines cross, the "
        "answer changes."
    )
    explanation = explain(active.result.model, answer.text)
    labels = active.result.labels
    figure = after_each_word(explanation, ink(), labels)
    chart(figure, "emoji_after", after_each_word_alt(explanation, labels))


def _neighbours(active: ActiveModel, answer: Answer) -> None:
    st.markdown(
        "The training sentences that are most similar to the network. Similarity is "
        "the cosine of the two hidden representations; 1 means the same direction."
    )
    with st.spinner("Reading the training sentences.", show_time=False):
        found = cached_for_model(active, "neighbours", _training_sentences)
        found = found.nearest(answer.text)
    st.dataframe(
        {
            "Training sentence": [item.text for item in found],
            "Label": [str(active.result.labels[item.label]) for item in found],
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


def _training_sentences(active: ActiveModel) -> NearestNeighbours:
    return NearestNeighbours(active.result.model, active.result.data.learned)


def _word_order(active: ActiveModel, answer: Answer) -> None:
    st.markdown(
        "The same words in random order. A model that uses word order sometimes "
        "changes its answer; **v1**, which averages the word vectors, never does."
    )
    ours = shuffle_words(active.result.model, answer.text)
    if ours is None:
        st.info(
            "This sentence has only one order. Type one of two or more words.",
            icon=":material/shuffle:",
        )
        return
    shown, v1 = {"This model": (ours, active.result.labels)}, load("v1").model
    if active.result.labels == v1.labels:  # others cannot be compared with it
        shown["v1, mean of words"] = shuffle_words(v1, answer.text), v1.labels
    with st.grid(2, min_column_width=150):
        for name, (found, _) in shown.items():
            st.metric(
                f"{name}: same answer",
                f"{found.same_answer:.0%}",
                help=f"Share of {len(found.texts)} other orders in which the answer "
                "stays the same.",
            )
    st.dataframe(
        {"Shuffled": ours.texts}
        | {
            name.split(",")[0]: [
                _answer_text(row, labels) for row in found.probabilities
            ]
            for name, (found, labels) in shown.items()
        },
        column_config={"Shuffled": st.column_config.TextColumn(width="medium")},
        hide_index=True,
        height=250,
        key="emoji_orders",
        alt=f"Answers to {as_text(answer.text)[:80]} with its words in other orders",
    )


def _answer_text(row, labels: Labels) -> str:
    return f"{labels[row.argmax()]} {row.max():.0%}"


def add_to_history(answer: Answer) -> None:
    """Add a sentence; it replaces the last one while it is being typed."""
    if not answer.name:
        return
    texts, now = _history(), answer.text.strip()
    if texts and (now.startswith(texts[-1]) or texts[-1].startswith(now)):
        texts.pop()
    texts.append(now)
    del texts[:-MAX_HISTORY]


def typed_texts() -> list[str]:
    """The typed sentences without repetition, newest first."""
    return list(dict.fromkeys(reversed(_history())))


def _history() -> list[str]:
    return st.session_state.setdefault("emoji_asked", [])
