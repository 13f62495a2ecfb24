"""Texts that the networks have written."""

import streamlit as st

from pages.ui.compare.link import named
from pages.ui.words import as_text

MOST_TEXTS = 6


def samples_view(runs, names, made) -> None:
    """Draw the first samples of each run."""
    with st.grid(min(4, len(runs)), min_column_width=220):
        for place, run in enumerate(runs):
            if (samples := made(run, _samples)) is None:
                continue
            with st.container(border=True):
                st.markdown(named(place, names[place]))
                st.markdown("\n".join(f"- {as_text(text)}" for text in samples))
    st.caption("Written at each run's own temperature, from its own seed.")


def _samples(result) -> list[str]:
    return result.samples()[:MOST_TEXTS]
