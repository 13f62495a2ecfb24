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
from pages.ui.music.models import Voice
from pages.ui.music.takes import Played
from pages.ui.shared import once
from pages.ui.theme import PLAIN, ink
from pages.ui.words import as_text

FIGURES = """
**Pitch-class entropy**: how many of the twelve tones it uses, and how evenly.
**Scale consistency**: share of its notes that one scale holds. **Groove consistency**:
how alike neighbouring bars are in rhythm. **Polyphony**: notes that sound at a time; a
melody has one. **Empty-beat rate**: share of beats in which nothing sounds.
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
            _chart("copied", once(_copies, result, take, ink()), alt)
            st.caption(
                "Share of its runs of that many notes, in any key, that are somewhere "
                "in the pieces it learned from. Pieces by people that it never saw "
                "have some too: that is how much is anybody's."
            )
        with st.container():
            st.markdown("##### Beside what it learned from")
            alt = beside_corpus_alt(take.figures, result.usual)
            _chart("figures", once(_beside, result, take, ink()), alt)
            st.caption(FIGURES)


def _copied(voice: Voice, now: Played) -> str:
    """The longest borrowed run in words, and what the guard did."""
    take, human = now.take, voice.result.human
    longest = "No run of six notes or more is in what it learned from."
    if found := take.borrowed:
        longest = (
            f"Longest borrowed run: **{as_text(borrowing(found))}** "
            f"({as_text(found.source)}), marked blue on the roll."
        )
    usual = (
        f"Pieces by people share such runs too: half of them one of {human.median:.0f} "
        f"notes or more, one in twenty one of more than {human.rare:.0f}."
    )
    if now.how.originality == "free":
        guard = "Nothing kept it from copying."
    elif take.refused:
        times = "once" if take.refused == 1 else f"{take.refused} times"
        guard = f"The guard refused a note {times} that would have copied more."
    else:
        guard = "The guard had nothing to refuse."
    return f"{longest} {usual} {guard}"


def _copies(result: Result, take: Take, ink: str):
    return copy_rates(take.originality.rates, result.human, ink)


def _beside(result: Result, take: Take, ink: str):
    return beside_corpus(take.figures, result.usual, ink)


def _chart(name: str, figure, alt: str) -> None:
    st.plotly_chart(figure, key=f"music_{name}", theme=None, config=PLAIN, alt=alt)
