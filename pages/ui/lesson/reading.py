"""A short reading beside each step, and where to read on."""

import streamlit as st

from core.lesson.demo import fading
from core.lesson.demo_figures import fading_figure
from pages.ui.charts import PLAIN, ink
from pages.ui.glossary import glossary
from pages.ui.lesson.texts import READINGS, REFERENCES

checked_fading = st.cache_data(fading)


def reading(cell: str, step: str, figure=None) -> None:
    """The background of a step, beside its figure if it has one."""
    title, text = READINGS[cell, step]
    words, side = st.columns([3, 2], gap="large") if figure else (st.container(), None)
    with words:
        st.subheader(title)
        st.markdown(text)
    if figure:
        with side:
            figure(cell)


def fading_past(cell: str) -> None:
    """How the influence of an input falls with its distance, in both networks."""
    st.markdown("**Influence of past inputs before any training**")
    st.plotly_chart(
        fading_figure(checked_fading(0), ink()),
        key=f"{cell}_fading",
        theme=None,
        config=PLAIN,
        alt="Influence of an input on the last state against the distance in steps, "
        "for an RNN and an LSTM",
    )
    st.caption(
        "Relative to that of the last input; 16 units, initial weights, mean of 8 "
        "random sequences."
    )


def appendix() -> None:
    """The glossary, and the literature."""
    glossary()
    with st.expander("References", icon=":material/menu_book:"):
        st.markdown(REFERENCES)
