"""The melody that is heard: what of it is copied, and how it compares."""

import streamlit as st

from core.music import Result
from core.music.comparisons import (
    beside_corpus,
    beside_corpus_alt,
    copy_rates,
    copy_rates_alt,
)
from core.music.generating import Take
from core.music.roll import borrowing
from pages.ui.cache import shared_cache
from pages.ui.charts import PLAIN, ink
from pages.ui.music.models import Voice
from pages.ui.music.takes import Played
from pages.ui.words import as_text

FIGURES = """
**Pitch-class entropy**: how many of the twelve pitch classes are used, and how evenly.
**Scale consistency**: the share of notes that fit the best-fitting scale. **Groove
consistency**: how similar neighbouring bars are in rhythm. **Polyphony**: notes
sounding at a time; a melody has one. **Empty-beat rate**: the share of beats without a
note.
"""


def melody_view(voice: Voice, now: Played) -> None:
    """Draw all of it."""
    take, result = now.take, voice.result
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### How much is copied")
            st.markdown(_copied(voice, now))
            rates = take.originality.rates
            alt = copy_rates_alt(rates, result.human)
            _chart("copied", shared_cache(_copies, result, take, ink()), alt)
            st.caption(
                "The share of its passages of so many notes that occur, in any key, in "
                "the training pieces. Held-out pieces by composers share some as well, "
                "which shows how much is common property."
            )
        with st.container():
            st.markdown("##### Compared with the training pieces")
            alt = beside_corpus_alt(take.figures, result.usual)
            _chart("figures", shared_cache(_beside, result, take, ink()), alt)
            st.caption(FIGURES)


def _copied(voice: Voice, now: Played) -> str:
    """The longest borrowed run in words, and what the guard did."""
    take, human = now.take, voice.result.human
    longest = "No passage of six notes or more occurs in the training pieces."
    if found := take.borrowed:
        longest = (
            f"Longest copied passage: **{as_text(borrowing(found))}** "
            f"({as_text(found.source)}), marked blue on the roll."
        )
    usual = (
        f"Held-out pieces by composers share passages with them too: half of these "
        f"pieces one of {human.median:.0f} notes or more, one in twenty one of more "
        f"than {human.rare:.0f}."
    )
    if now.how.originality == "free":
        guard = "The guard against copying was off."
    elif take.refused:
        times = "once" if take.refused == 1 else f"{take.refused} times"
        guard = f"The guard {times} rejected a note that would have copied more."
    else:
        guard = "The guard rejected no note."
    return f"{longest} {usual} {guard}"


def _copies(result: Result, take: Take, ink: str):
    return copy_rates(take.originality.rates, result.human, ink)


def _beside(result: Result, take: Take, ink: str):
    return beside_corpus(take.figures, result.usual, ink)


def _chart(name: str, figure, alt: str) -> None:
    st.plotly_chart(figure, key=f"music_{name}", theme=None, config=PLAIN, alt=alt)
