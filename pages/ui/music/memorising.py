"""The lesson in memorising: the classic recipe beside a model judged fairly."""

import streamlit as st

from core.music import Performance, Result
from core.music.film import FIRST_CHORDS
from core.music.generating import Take, perform
from core.music.roll import borrowing
from pages.ui.music.models import shipped
from pages.ui.music.player import player
from pages.ui.words import as_text, three_digits

# Each as it was made to be played, with nothing to keep it from copying.
WAYS = {
    "ragtime": Performance(originality="free"),
    "seed": Performance(originality="free", temperature=0.0),
}
TITLES = {"ragtime": "Default LSTM", "seed": "Classic recipe"}


@st.cache_resource(show_spinner=False)
def _take(name: str) -> Take:
    return perform(shipped(name).result, WAYS[name], FIRST_CHORDS.text)


def memorising_view() -> None:
    """Draw both models over the same chords, with their figures."""
    st.markdown("##### Learned, or learned by heart?")
    st.markdown(
        "Both learned from the same rags and play over the same chords, unguarded. The "
        "classic recipe takes sixty snippets, a hundred times over, and always plays "
        "the likeliest token. On its own snippets it is nearly perfect. Only pieces "
        "that it never saw tell what that is worth. (Its tokens are degrees of the "
        "chord: over other chords, what it has by heart comes out as other notes, "
        "which the copy rate cannot see.)"
    )
    st.table([_row(shipped(name).result, name) for name in WAYS])
    with st.grid(2, min_column_width=320):
        for name in WAYS:
            with st.container():
                st.markdown(f"**{TITLES[name]}**")
                take = _take(name)
                player(f"music_{name}", take.score, TITLES[name], take.borrowed)
                st.caption(_copied(take))


def _row(result: Result, name: str) -> dict:
    return {
        "Loss in nats": TITLES[name],
        "On what it learned": three_digits(result.judgement.train),
        "On rags it never saw": three_digits(result.judgement.nats),
        "Best Markov, on those": three_digits(result.markov.nats),
        "Right onsets there": f"{result.judgement.onset_accuracy:.1%}",
    }


def _copied(take: Take) -> str:
    rate = take.originality.rates[8]
    longest = borrowing(take.borrowed) if take.borrowed else "none of six notes"
    return (
        f"Copied runs of eight notes: {rate:.1%}. Longest borrowed run: "
        f"{as_text(longest)}."
    )
