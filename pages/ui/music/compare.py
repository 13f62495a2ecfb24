"""The melodies of several models over the same chords, from the same seed."""

import streamlit as st

from core.figures.palette import LETTERS
from core.music.config import Performance
from core.music.playing.takes import perform
from core.music.theory.progressions import DEFAULT_CHART
from pages.ui.address import bind, persistent
from pages.ui.compare.link import named
from pages.ui.controls import refusals, setting
from pages.ui.music.player import SOUNDS, player

BARS = 8
AT_FIRST = 2  # players


def melodies_view(runs, names, made) -> None:
    """Draw the chords, and a player and a piano roll for each chosen run."""
    chords = st.text_input(
        "Chords",
        **persistent(bind("compare_chords", DEFAULT_CHART)),
        help="All models improvise over these; one that was trained without chords "
        "plays freely.",
    )
    seed = setting("compare", Performance, "seed")
    letters = list(LETTERS[: len(runs)])
    playing = st.pills(
        "Players",
        letters,
        selection_mode="multi",
        default=letters[:AT_FIRST],
        key="compare_players",
        help=f"Whose melodies are shown, at most {SOUNDS} at a time.",
    )
    places = [letters.index(letter) for letter in playing[:SOUNDS]]
    takes = {}
    with refusals():
        how = Performance(seed=seed, bars=BARS)
        takes = {place: made(runs[place], perform, how, chords) for place in places}
    with st.grid(2, min_column_width=320):
        for place, take in takes.items():
            with st.container(border=True):
                st.markdown(named(place, names[place]))
                if take is None:
                    st.caption("The melody appears when training finishes.")
                    continue
                letter = LETTERS[place]
                name = f"Melody of {letter}"
                player(f"compare_{letter}", take.score, name, take.copied)
