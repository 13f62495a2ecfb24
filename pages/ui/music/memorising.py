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
    st.markdown("##### Learned or memorised?")
    st.markdown(
        "Both models were trained on the same rags and play over the same chords, "
        "without the guard against copying. The classic recipe is trained on sixty "
        "snippets for a hundred epochs and here always plays the most likely token. On "
        "its own snippets it is nearly perfect; only held-out pieces show whether it "
        "has learned more than these. (Its tokens are degrees of the chord: over other "
        "chords, memorised tokens become other notes, which the copy rate does not "
        "count.)"
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
        "On its training data": three_digits(result.judgement.train),
        "On held-out rags": three_digits(result.judgement.nats),
        "Best Markov chain, held-out": three_digits(result.markov.nats),
        "Onset accuracy, held-out": f"{result.judgement.onset_accuracy:.1%}",
    }


def _copied(take: Take) -> str:
    rate = take.originality.rates[8]
    longest = borrowing(take.borrowed) if take.borrowed else "none of six or more"
    return (
        f"Copied passages of eight notes: {rate:.1%}. Longest copied passage: "
        f"{as_text(longest)}."
    )
