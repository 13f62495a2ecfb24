"""The answers of several models to one sentence."""

import streamlit as st

from pages.ui.address import bind, persistent
from pages.ui.compare.link import named
from pages.ui.emoji.answer import SUGGESTIONS
from pages.ui.words import as_text, percent


def answers_view(runs, names, made) -> None:
    """Draw a text input, and each model's answer."""
    text = st.text_input(
        "Sentence",
        **persistent(bind("compare_text", SUGGESTIONS[0])),
        help="All models answer this sentence.",
        icon=":material/edit:",
    )
    answers = [
        (named(place, names[place]), model.answer([text])[0])
        for place, run in enumerate(runs)
        if (model := made(run, _model))
    ]
    st.table(
        [
            {"Run": name, "Answer": _answer(answer)}
            | {
                as_text(label.name[:1].upper() + label.name[1:]): percent(float(share))
                for label, share in zip(
                    answer.labels, answer.probabilities, strict=True
                )
            }
            for name, answer in answers
        ],
        hide_index=True,
        border="horizontal",
        alt="Answer of each model, with the probability of each emoji",
    )


def _answer(answer) -> str:
    if not answer.name:
        return "–"
    if not answer.english:
        return answer.title
    return f"{answer.emoji} {as_text(answer.name)}" + ("" if answer.sure else "?")


def _model(result):
    return result.model
